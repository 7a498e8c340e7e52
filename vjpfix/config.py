"""The configuration: ``[tool.vjpfix]`` of the nearest ``pyproject.toml`` that has such a table."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vjpfix.model import VjpfixError
from vjpfix.toml_table import Table, parse_codes, pattern_spec

__all__ = [
    "DERIVATIVES",
    "KIND_SUFFIXES",
    "RENAMES",
    "Config",
    "ExtraDerivative",
    "ExtraTransform",
    "load",
    "parse_codes",
]

KIND_SUFFIXES = {"maps": "mapped", "differentiates": "grad", "compiles": "jitted", "wraps": "wrapped"}
RENAMES = ("transformed", "original")
DERIVATIVES = ("jax.custom_vjp", "jax.custom_jvp", "jax.custom_gradient")

_SECTION = "[tool.vjpfix]"
_KEYS = (
    "select",
    "extend-select",
    "ignore",
    "exclude",
    "per-file-ignores",
    "suffixes",
    "names",
    "rename",
    "docstrings",
    "transforms",
    "custom-derivatives",
)


@dataclass(frozen=True, slots=True)
class ExtraTransform:
    """A transform the built-in table does not know: qualified name, kind (a key of KIND_SUFFIXES), suffix."""

    name: str
    kind: str
    suffix: str


@dataclass(frozen=True, slots=True)
class ExtraDerivative:
    """A custom-derivative decorator the built-in table lacks; it works ``like`` one of DERIVATIVES."""

    name: str
    like: str


@dataclass(frozen=True, slots=True)
class Config:
    """What the user set. The defaults are those of a project without a table.

    ``root`` is what the patterns of ``exclude`` and ``per_file_ignores`` are relative to. ``select``,
    ``extend_select``, ``ignore``: codes or prefixes of codes; without a ``select`` the rules are those that
    are on by default. ``suffixes``: a kind or a default suffix to the suffix wanted instead. ``names``: a
    primal's name to the exact new name that a fix gives. ``rename``: what gets it, one of RENAMES.
    ``docstrings``: a fix changes references to the name in docstrings.
    """

    root: Path
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    suffixes: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    rename: str = "transformed"
    docstrings: bool = False
    transforms: tuple[ExtraTransform, ...] = ()
    custom_derivatives: tuple[ExtraDerivative, ...] = ()

    def selects(self, code: str, default: bool, path: Path) -> bool:
        """Whether findings of a rule are shown for a file: ``per_file_ignores`` beats ``chooses``."""
        return self.chooses(code, default) and not self._ignored_in(code, path)

    def chooses(self, code: str, default: bool) -> bool:
        """Whether findings of a rule are shown for any file.

        Arguments: the rule's ``code``, whether it is on by ``default``. The longest prefix wins, as in ruff;
        between equals, ``ignore`` does.
        """
        chosen = _specificity(code, (self.select or ()) + self.extend_select)
        if default and self.select is None:
            chosen = max(chosen, 0)
        return chosen > _specificity(code, self.ignore)

    def _ignored_in(self, code: str, path: Path) -> bool:
        return any(
            _specificity(code, codes) >= 0 and _covers(pattern, self.root, path)
            for pattern, codes in self.per_file_ignores.items()
        )


def load(start: Path, explicit: Path | None = None) -> Config:
    """The configuration for a run.

    Arguments: the folder (or file) to look upwards from, and a ``pyproject.toml`` to use instead of the
    search. Result: its ``[tool.vjpfix]``, or the defaults when there is none. Raises VjpfixError, with the
    file as its path, for a file that cannot be read or is not TOML, an unknown key, a wrong type or value,
    and an explicit file without the table.
    """
    if explicit is not None:
        path = explicit.resolve()
        table = _read(path)
        if table is None:
            raise VjpfixError(f"has no {_SECTION} table; add one or leave the file out", path)
        return _configure(path, table)
    start = start.resolve()
    folders = (start, *start.parents) if start.is_dir() else tuple(start.parents)
    for folder in folders:
        path = folder / "pyproject.toml"
        if path.is_file() and (table := _read(path)) is not None:
            return _configure(path, table)
    marked = (f for f in folders if (f / ".git").exists() or (f / "pyproject.toml").is_file())
    return Config(root=next(marked, folders[0]))


def _specificity(code: str, prefixes: Iterable[str]) -> int:
    lengths = (0 if prefix == "ALL" else len(prefix) for prefix in prefixes if _stands_for(prefix, code))
    return max(lengths, default=-1)


def _stands_for(prefix: str, code: str) -> bool:
    return prefix == "ALL" or code.startswith(prefix)


def _covers(pattern: str, root: Path, path: Path) -> bool:
    negated = pattern.startswith("!")
    for absolute in (Path(os.path.abspath(path)), path.resolve()):  # noqa: PTH100 - links must stay
        if absolute.is_relative_to(root):
            matched = pattern_spec(pattern.removeprefix("!")).match_file(
                absolute.relative_to(root).as_posix()
            )
            return matched != negated
    return False


def _read(path: Path) -> dict[str, object] | None:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise VjpfixError(f"cannot be read: {error.strerror}", path) from error
    # Most files on the way up are not about us, and reading TOML costs an import.
    if b"vjpfix" not in data:
        return None
    import tomllib

    try:
        tool = tomllib.loads(data.decode()).get("tool", {})
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise VjpfixError("is not UTF-8, which TOML has to be; save it as UTF-8", path, line) from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        line = int(place[1]) if place else data.count(b"\n") + 1
        reason = re.sub(r" \(at .*\)$", "", str(error))
        raise VjpfixError(f"is not valid TOML: {reason}", path, line) from error
    table = tool.get("vjpfix") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise VjpfixError(f"'vjpfix' in [tool] must be a table, written {_SECTION}", path)
    return table


def _configure(path: Path, raw: dict[str, object]) -> Config:
    table = Table(path, _SECTION, raw)
    table.allow_only(_KEYS)
    return Config(
        root=path.parent,
        select=table.codes("select") if "select" in raw else None,
        extend_select=table.codes("extend-select"),
        ignore=table.codes("ignore"),
        exclude=table.patterns("exclude"),
        per_file_ignores=table.per_file_ignores("per-file-ignores"),
        suffixes=table.suffixes("suffixes"),
        names=table.names("names"),
        rename=table.choice("rename", RENAMES) if "rename" in raw else RENAMES[0],
        docstrings=table.truth("docstrings"),
        transforms=tuple(_transform(row) for row in table.rows("transforms")),
        custom_derivatives=tuple(_derivative(row) for row in table.rows("custom-derivatives")),
    )


def _transform(row: Table) -> ExtraTransform:
    row.allow_only(("name", "kind", "suffix"))
    kind = row.choice("kind", KIND_SUFFIXES)
    suffix = row.suffix("suffix") if "suffix" in row.raw else KIND_SUFFIXES[kind]
    return ExtraTransform(row.dotted("name"), kind, suffix)


def _derivative(row: Table) -> ExtraDerivative:
    row.allow_only(("name", "like"))
    return ExtraDerivative(row.dotted("name"), row.choice("like", DERIVATIVES))
