"""Where a rule takes the function from, and in which part of its code."""

from __future__ import annotations

from dataclasses import dataclass

from vjpfix.jaxfacts.transforms import Role


@dataclass(frozen=True, slots=True)
class Way:
    """Where the name is kept.

    ``read``: the expression in the rule. ``rebind``: the statement that gives the name to ``{made}``; and
    ``f`` how it writes the function. ``before``: lines above the function; ``install``: lines below its
    rules; ``after``: lines below the rebinding. ``default``: a parameter that each rule has besides. ``live``:
    whether the rule sees the new version. ``plain``: whether the guard can follow the name without running
    the rule; ``found``: whether the source says which line gave it away. ``module``: whether the function
    stands in a module of its own, and ``enclosed``: whether in a function.
    """

    name: str
    read: str = "f"
    rebind: str = "f = {made}"
    f: str = "f"
    before: str = ""
    install: str = ""
    after: str = ""
    default: str = ""
    outer: str = "f"
    live: bool = True
    plain: bool = False
    found: bool = True
    module: bool = False
    enclosed: bool = False


def _held(name: str, before: str, held: str, **others: object) -> Way:
    """Kept in something: ``held`` is how it is written, there and in the rule."""
    given = {"read": held, "rebind": f"{held} = {{made}}", "f": held, "install": f"{held} = f", "outer": held}
    return Way(name, before=before, **{**given, **others})  # type: ignore[arg-type]


OPS = "ops = types.SimpleNamespace()"
CLASS = "class Ops:\n    pass\n"

LIVE = (
    Way("a global", plain=True),
    Way("globals()", rebind="globals()['f'] = {made}", plain=True),
    Way("a variable of an enclosing function", plain=True, enclosed=True),
    Way(
        "an attribute of its module",
        module=True,
        rebind="lib.f = {made}",
        f="lib.f",
        outer="lib.f",
        plain=True,
    ),
    Way(
        "setattr of its module",
        module=True,
        rebind="setattr(lib, 'f', {made})",
        f="lib.f",
        outer="lib.f",
        plain=True,
    ),
    _held("an attribute", OPS, "ops.f"),
    _held("setattr", OPS, "ops.f", rebind="setattr(ops, 'f', {made})"),
    _held("getattr", OPS, "ops.f", read="getattr(ops, 'f')", found=False),
    _held(
        "an attribute of an attribute",
        "ops = types.SimpleNamespace(inner=types.SimpleNamespace())",
        "ops.inner.f",
    ),
    _held("an attribute of an object", CLASS + "\nops = Ops()", "ops.f"),
    _held("an attribute of a class", CLASS, "Ops.f"),
    _held(
        "a static method",
        CLASS,
        "Ops.f",
        rebind="Ops.f = staticmethod({made})",
        install="Ops.f = staticmethod(f)",
    ),
    _held("a dictionary", "ops = {}", "ops['f']"),
    _held("a dictionary that is updated", "ops = {}", "ops['f']", rebind="ops.update(f={made})"),
    _held("a list", "ops = [None]", "ops[0]", found=False),
    _held(
        "a look-up",
        "ops = {}\n\ndef look_up(name):\n    return ops[name]\n",
        "ops['f']",
        read="look_up('f')",
        found=False,
    ),
    _held("a partial of a method", OPS, "ops.f", read="functools.partial(getattr(ops, 'f'))", found=False),
    Way("a partial made afterwards", read="late", after="late = functools.partial(f)  # rebinding"),
    Way("another name", read="other", rebind="other = {made}", outer="other"),
)

CAPTURED = (
    Way("a default argument", default=", f=f", live=False),
    Way("another name from before", read="original", install="original = f", live=False),
    Way("a partial made before", read="early", install="early = functools.partial(f)", live=False),
    Way("a compiled version made before", read="early", install="early = jax.jit(f{static})", live=False),
    Way("an attribute from before", read="ops.f", before=OPS, install="ops.f = f", live=False),
    Way("a dictionary from before", read="ops['f']", before="ops = {}", install="ops['f'] = f", live=False),
    Way("an attribute from before, in its module", read="ops.f", before=OPS, install="ops.f = f", module=True,
        rebind="lib.f = {made}", f="lib.f", outer="lib.f", live=False),
    Way("a local name of the rule", read="(lambda f: f)(original)", install="original = f", live=False),
    Way("only its name", read="NAMED", live=False),
    Way("an import of before", module=True, rebind="from LIB import f; f = {made}", live=False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """The part of the code that calls the function: of which role, and ``how``."""

    role: Role | None
    how: str = "directly"


HELPED = {
    "directly": "",
    "by a helper": "def helper({params}):\n    return {call}  # call\n",
    "by a helper of a helper": "def helper({params}):\n    return further({args})\n\n"
    "def further({params}):\n    return {call}  # call\n",
    "by a compiled helper": "@functools.partial(jax.jit{static})\ndef helper({params}):\n    return {call}  # call\n",
    "by an object": "class Helper:\n    def run(self, {params}):\n        return {call}  # call\n\nhelper = Helper().run\n",
}
INLINE = {
    "directly": "{call}",
    "in a lambda": "(lambda: {call})()",
    "in a compiled lambda": "jax.jit(lambda: {call})()",
    "in a checkpoint": "jax.checkpoint(lambda: {call})()",
    "in a scan": "jax.tree.map(lambda leaf: leaf[0], jax.lax.scan(lambda c, _: (c, {call}), 0., None, length=1)[1])",
    "in a cond": "jax.lax.cond(True, lambda: {call}, lambda: {call})",
}
BOUNDARIES = ("by a compiled helper", "in a compiled lambda", "in a checkpoint", "in a scan", "in a cond")
HOWS = tuple(dict.fromkeys((*HELPED, *INLINE)))
PLACES = (
    *(Place(role, how) for role in (Role.FWD, Role.BWD, Role.JVP) for how in HOWS),
    Place(Role.PRIMAL),
)
NOWHERE = Place(None, "nowhere")
