"""Calls whose effect on the functions they are given is known, so that they are no reason to refuse.

Facts about libraries, by qualified name. Anything not named here may call what it is given, now or later.
"""

from __future__ import annotations

from vjpfix.jaxfacts.transforms import Table

# Give a function back without calling it.
GIVES_BACK = frozenset(
    [
        "functools.partial",
        "functools.wraps",
        "functools.update_wrapper",
        "functools.lru_cache",
        "functools.cache",
        "functools.cached_property",
        "functools.singledispatch",
        "contextlib.contextmanager",
        "abc.abstractmethod",
        "builtins.property",
        "builtins.staticmethod",
        "builtins.classmethod",
        "builtins.callable",
        "builtins.id",
        "typing.cast",
        "typing.overload",
        "typing.final",
        "dataclasses.dataclass",
        "pytest.fixture",
    ]
)
GIVES_BACK_PREFIXES = ("pytest.mark.", "jax.tree_util.register_", "jax.custom_")
# May call what they are given, and forget it.
FORGETS = frozenset(
    f"builtins.{name}"
    for name in [
        "all",
        "any",
        "dict",
        "float",
        "frozenset",
        "hasattr",
        "int",
        "isinstance",
        "len",
        "list",
        "max",
        "min",
        "print",
        "repr",
        "round",
        "set",
        "sorted",
        "str",
        "sum",
        "tuple",
        "type",
        "abs",
        "bool",
        "format",
        "hash",
        "next",
    ]
)
JAX = "jax."
# Libraries whose functions nobody changes.
CONSTANT = (JAX, "functools.", "builtins.", "equinox.", "flax.")
# They make a value of a function and some arguments, and do nothing else.
PARTIAL = ("functools.partial", "jax.tree_util.Partial", "equinox.Partial")
MAKES = frozenset(
    [PARTIAL[0], "jax.P", "jax.sharding.PartitionSpec", "jax.sharding.NamedSharding", "jax.make_mesh"]
)
# They ask for the function's name, which those of Equinox do not have: they raise where they stand.
ASKS_FOR_NAME = frozenset(["jax.named_call", "jax.profiler.annotate_function"])
NAMELESS = "equinox."
FORGETS_PREFIXES = (JAX, "numpy.", "time.", "math.")
# Context managers that let exceptions pass.
PASSES_ERRORS = (JAX, "numpy.", "warnings.", "time.", "builtins.open", "flax.", "equinox.", "tempfile.")


def gives_function_back(name: str, table: Table) -> bool:
    """True when calling ``name`` only wraps its function argument."""
    if table.derivative(name) or name in GIVES_BACK or name.startswith(GIVES_BACK_PREFIXES):
        return True
    transform = table.transform(name)
    return transform is not None and not transform.applies


def forgets(name: str) -> bool:
    """True when calling ``name`` may run its arguments but cannot keep them for later."""
    return name in FORGETS or name.startswith(FORGETS_PREFIXES)


def short_name(name: str) -> str:
    """A qualified name as a reader of JAX's documentation calls it: ``vmap``, ``lax.map``."""
    return name.removeprefix(JAX)


def is_of_jax(name: str) -> bool:
    """True for what JAX itself gives under this qualified name."""
    return name.startswith(JAX)


def never_swallows(name: str) -> bool:
    """True when the context manager ``name`` cannot end its body early without an error."""
    return name.startswith(PASSES_ERRORS)
