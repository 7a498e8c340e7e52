"""How a program imports what it uses and how it spells it from then on."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from .text import Lines

JAX_STYLES = ("import", "import_as", "from", "from_as", "mixed", "custom_derivatives")
PARTIAL_STYLES = ("from", "from_as", "import", "import_as")
FEATURES = frozenset(
    {f"imports:{style}" for style in JAX_STYLES} | {f"partial:{style}" for style in PARTIAL_STYLES}
)


@dataclass
class Spelling:
    """One program's way to import. It remembers what was asked for, so that the header imports just that."""

    jax_style: str
    partial_style: str
    asked: dict[str, str] = field(default_factory=dict)
    uses_partial: bool = False

    @property
    def features(self) -> frozenset[str]:
        partial = {f"partial:{self.partial_style}"} if self.uses_partial else set()
        return frozenset({f"imports:{self.jax_style}"} | partial)

    def jax(self, name: str) -> str:
        spelled = SPELLINGS[self.jax_style](name)
        self.asked[name] = spelled
        return spelled

    def partial(self) -> str:
        self.uses_partial = True
        return {
            "from": "partial",
            "from_as": "bind",
            "import": "functools.partial",
            "import_as": "ft.partial",
        }[self.partial_style]

    def header(self) -> Lines:
        """The import statements, one a line."""
        return [*self._partial_imports(), *self._jax_imports()]

    def _partial_imports(self) -> Lines:
        lines = {
            "from": "from functools import partial",
            "from_as": "from functools import partial as bind",
            "import": "import functools",
            "import_as": "import functools as ft",
        }
        return [lines[self.partial_style]] if self.uses_partial else []

    def _jax_imports(self) -> Lines:
        names = [name if spelled == name else f"{name} as {spelled}" for name, spelled in self.asked.items()]
        derivative = [name for name in names if name in ("custom_vjp", "custom_jvp")]
        others = [name for name in names if name not in derivative]
        if self.jax_style in ("import", "import_as"):
            return ["import jax" if self.jax_style == "import" else "import jax as J"]
        if self.jax_style == "mixed":
            plain = [name for name, spelled in self.asked.items() if name == spelled]
            return ["import jax", *from_jax("jax", plain)]
        if self.jax_style == "custom_derivatives":
            return [*from_jax("jax.custom_derivatives", derivative), *from_jax("jax", others)]
        return from_jax("jax", names)


def from_jax(module: str, names: list[str]) -> Lines:
    return [f"from {module} import {', '.join(names)}"] if names else []


SPELLINGS: dict[str, Callable[[str], str]] = {
    "import": lambda name: f"jax.{name}",
    "import_as": lambda name: f"J.{name}",
    "from": lambda name: name,
    "from_as": lambda name: {"vmap": "v", "custom_vjp": "custom_vjp"}.get(name, f"jax_{name}"),
    "mixed": lambda name: name if name in ("vmap", "custom_vjp", "jit") else f"jax.{name}",
    "custom_derivatives": lambda name: name,
}


def spelling(rng: random.Random) -> Spelling:
    return Spelling(rng.choice(JAX_STYLES), rng.choice(PARTIAL_STYLES))
