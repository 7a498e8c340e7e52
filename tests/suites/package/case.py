"""What one case of the package suite is, and the module most of them start from."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

ADDED = re.compile("⟦(.*?)⟧", re.DOTALL)
HERE = "# here"

PRIMAL = """\
import jax
from probing import probe


@jax.custom_vjp
def f(x):
    return x


def f_fwd(x):
    return f(100), x


def f_bwd(residuals, g):
    return (g,)


def double(x):
    return probe(x)


f.defvjp(f_fwd, f_bwd)
"""
OPS = PRIMAL + "f⟦_mapped⟧ = jax.vmap(f)\n"
OTHER = """\
from probing import probe


def f(site):
    return probe(site, "other")
"""


@dataclass(frozen=True, slots=True)
class PackageCase:
    """A folder with a finding, and what the fix makes of it.

    ``id`` says why the case is there. ``marked``: the files by path, with what the fix adds in ``⟦…⟧``.
    ``refused``: what a reason has to match, as "path:line: message"; every line that ends in ``# here`` has to
    be the place of a reason. ``options``: fields of the configuration; ``switches``: keywords of ``settings``;
    ``paths``: what is given to the tool. ``roots``: the import path; ``scripts``: files that are run from their
    own folder and not imported; ``not_run``: files that cannot be run.
    ``harmless``: no rule reaches the transformed version.
    """

    id: str
    marked: Mapping[str, str]
    refused: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    switches: Mapping[str, object] = field(default_factory=dict)
    paths: tuple[str, ...] = ("",)
    roots: tuple[str, ...] = ("",)
    scripts: tuple[str, ...] = ()
    not_run: tuple[str, ...] = ()
    harmless: bool = False

    @property
    def files(self) -> dict[str, str]:
        """Every file as it is."""
        return {path: ADDED.sub("", laid_out(text)) for path, text in self.marked.items()}

    @property
    def after(self) -> dict[str, str]:
        """The files that the fix changes, as it leaves them."""
        return {
            path: ADDED.sub(r"\1", laid_out(text)) for path, text in self.marked.items() if ADDED.search(text)
        }

    @property
    def places(self) -> Iterator[tuple[str, int]]:
        """The lines that a reason has to name."""
        for path, text in self.files.items():
            for number, line in enumerate(text.splitlines(), 1):
                if line.endswith(HERE):
                    yield path, number


def laid_out(text: str) -> str:
    return textwrap.dedent(text).removeprefix("\n") if text.startswith("\n") else text


def stored(text: str) -> bytes:
    return text.encode("latin-1" if "coding: latin-1" in text else "utf-8")


def unmarked(text: str) -> str:
    return ADDED.sub("", text)


def package(case_id: str, files: Mapping[str, str], *, ops: str = OPS, **more: object) -> PackageCase:
    """A case about ``package/ops.py`` and the files around it."""
    own = {"package/__init__.py": "", "package/ops.py": ops}
    return PackageCase(case_id, own | dict(files), **more)  # type: ignore[arg-type]


def refusal(
    case_id: str, reason: str, files: Mapping[str, str], *, ops: str = OPS, **more: object
) -> PackageCase:
    """A case in which ``package/ops.py`` must stay as it is."""
    return package(case_id, files, ops=unmarked(ops), refused=reason, **more)
