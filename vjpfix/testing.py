"""For people's own tests: check a function with custom rules at some arguments, by running it."""

from vjpfix.runtime.checking import CheckError, check_custom_jvp, check_custom_vjp

__all__ = ["CheckError", "check_custom_jvp", "check_custom_vjp"]
