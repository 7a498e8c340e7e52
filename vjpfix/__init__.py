"""vjpfix: find and fix custom-derivative functions of JAX whose name was taken over by a transform.

The guard may import this before pytest starts, which would warn of it but for this: PYTEST_DONT_REWRITE.
"""

# It imports nothing: a module of that name in the current folder would run (see ``__main__``).
TYPE_CHECKING = False
if TYPE_CHECKING:
    from vjpfix.runtime.guard import GuardError, GuardWarning, guard

__version__ = "0.1.0"
__all__ = ["GuardError", "GuardWarning", "__version__", "guard"]


def __getattr__(name: str) -> object:
    """The parts that watch a program that runs, imported when they are asked for."""
    if name in ("guard", "GuardError", "GuardWarning"):
        from vjpfix.runtime import guard

        return getattr(guard, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
