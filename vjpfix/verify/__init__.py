"""A fix tried before it is written: a command run on two copies of the project, as it is and with the fix."""

from vjpfix.verify.model import Trial, Verdict, Verification
from vjpfix.verify.trying import Attempt, verify

__all__ = ["Attempt", "Trial", "Verdict", "Verification", "verify"]
