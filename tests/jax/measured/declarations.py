"""How each custom-derivative decorator of the table is used: a program for each way to attach rules."""

from __future__ import annotations

from dataclasses import dataclass

from vjpfix.analyse.transforms import Role

from .program import imports


@dataclass(frozen=True, slots=True)
class Declaration:
    """A decorator with one way to attach rules.

    ``source``: the primal, its rules and what attaches them. Where a rule takes the primal's value from
    stands a word for its role: FWD, BWD, JVP or PRIMAL. ``setters``, ``keywords``: what the source uses of
    the table's row.
    """

    name: str
    source: str
    setters: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(role for role in Role if role.name in self.source)

    def program(self, role: Role, target: str, rebinding: str) -> str:
        """The source in which the rule of this role calls ``f``, and ``target`` is a transform of ``f``."""
        source = self.source
        for other in self.roles:
            source = source.replace(other.name, "f(x)" if other is role else "jnp.sum(x ** 2)")
        return f"{imports(self.name)}{source}\n{target} = {rebinding}\nuse = {target}\n"


VJP = """
@{name}
def f(x):
    return jnp.sum(x ** 2)

def f_fwd(x):
    y = FWD
    return y, (x, y)

def f_bwd(res, g):
    x, y = res
    return (2. * x * y * g * BWD,)

"""

JVP = """
@{name}
def f(x):
    return jnp.sum(x ** 2)

def f_jvp(primals, tangents):
    (x,), (g,) = primals, tangents
    y = JVP
    return y, jnp.sum(2. * x * y * g)

"""

EQUINOX_VJP = """
@equinox.filter_custom_vjp
def f(x):
    return jnp.sum(x ** 2)

def f_fwd(perturbed, x):
    y = FWD
    return y, y

def f_bwd(y, g, perturbed, x):
    return 2. * x * y * g * BWD

"""

# The first argument alone is differentiated, and it is given to both rules.
EQUINOX_OLD_VJP = EQUINOX_VJP.replace("perturbed, ", "")

# The cotangent comes with those of the modules among the arguments.
NNX_VJP = VJP.replace("x, y = res", "(x, y), (_, g) = res, g")

GRADIENT = """
@jax.custom_gradient
def f(x):
    return jnp.sum(x ** 2), lambda g: 2. * x * g * FWD
"""


def _declaration(name: str, source: str, attach: str, setters: str, keywords: str = "") -> Declaration:
    return Declaration(
        name, source.format(name=name) + attach, tuple(setters.split()), tuple(keywords.split())
    )


DECLARATIONS = (
    _declaration("jax.custom_vjp", VJP, "f.defvjp(f_fwd, f_bwd)", "defvjp"),
    _declaration("jax.custom_vjp", VJP, "f.defvjp(bwd=f_bwd, fwd=f_fwd)", "defvjp", "fwd bwd"),
    _declaration("jax.custom_jvp", JVP, "f.defjvp(f_jvp)", "defjvp"),
    _declaration("jax.custom_jvp", JVP, "f.defjvp(jvp=f_jvp)", "defjvp", "jvp"),
    _declaration(
        "jax.custom_jvp",
        "@{name}\ndef f(x):\n    return jnp.sum(x ** 2)\n\n",
        "f.defjvps(lambda g, y, x: jnp.sum(2. * x * g * JVP))",
        "defjvps",
    ),
    _declaration("jax.custom_gradient", GRADIENT, "", ""),
    _declaration(
        "equinox.filter_custom_vjp", EQUINOX_VJP, "f.def_fwd(f_fwd)\nf.def_bwd(f_bwd)", "def_fwd def_bwd"
    ),
    _declaration(
        "equinox.filter_custom_vjp",
        EQUINOX_VJP,
        "f.def_fwd(fn_fwd=f_fwd)\nf.def_bwd(fn_bwd=f_bwd)",
        "def_fwd def_bwd",
        "fn_fwd fn_bwd",
    ),
    _declaration("equinox.filter_custom_vjp", EQUINOX_OLD_VJP, "f.defvjp(f_fwd, f_bwd)", "defvjp"),
    _declaration(
        "equinox.filter_custom_vjp",
        EQUINOX_OLD_VJP,
        "f.defvjp(fn_bwd=f_bwd, fn_fwd=f_fwd)",
        "defvjp",
        "fn_fwd fn_bwd",
    ),
    _declaration("equinox.filter_custom_jvp", JVP, "f.def_jvp(f_jvp)", "def_jvp"),
    _declaration("equinox.filter_custom_jvp", JVP, "f.def_jvp(fn_jvp=f_jvp)", "def_jvp", "fn_jvp"),
    _declaration("equinox.filter_custom_jvp", JVP, "f.defjvp(f_jvp)", "defjvp"),
    _declaration("flax.nnx.custom_vjp", NNX_VJP, "f.defvjp(f_fwd, f_bwd)", "defvjp"),
    _declaration("flax.nnx.custom_vjp", NNX_VJP, "f.defvjp(bwd=f_bwd, fwd=f_fwd)", "defvjp", "fwd bwd"),
)
