"""The configuration: ``[tool.vjpfix]`` of the nearest ``pyproject.toml`` that has such a table."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from vjpfix.globs import pattern_spec
from vjpfix.jaxfacts.transforms import LIKE
from vjpfix.model import VjpfixError
from vjpfix.toml_table import Table, parse_codes

__all__ = [
    "KIND_SUFFIXES",
    "RENAMES",
    "Config",
    "Configs",
    "Configured",
    "ExtraDerivative",
    "ExtraTransform",
    "load",
    "parse_codes",
    "project_root",
]

KIND_SUFFIXES = {"maps": "mapped", "differentiates": "grad", "compiles": "jitted", "wraps": "wrapped"}
RENAMES = ("transformed", "original")

_FILE = "pyproject.toml"
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
    """A custom-derivative decorator the built-in table lacks; it works ``like`` one of LIKE."""

    name: str
    like: str


@dataclass(frozen=True, slots=True)
class Config:
    """What the user set. The defaults are those of a project without a table.

    ``root`` is what the patterns of ``exclude`` and ``per_file_ignores`` are relative to. ``select``,
    ``extend_select``, ``ignore``: codes or prefixes of codes; without a ``select`` the rules are those that
    are on by default. ``suffixes``: a kind or a default suffix to the suffix wanted instead. ``names``: a
    primal's name to the exact new name that a fix gives. ``rename``: what gets it, one of RENAMES.
    ``docstrings``: a fix changes references to the name in docstrings. ``path``: the file that all this is
    from. Of the command line are ``exclude_below``, more patterns with the folder that they count from, and
    ``force_exclude``: what is excluded is left out even if it is given by name.
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
    path: Path | None = field(default=None, compare=False)
    exclude_below: tuple[tuple[Path, tuple[str, ...]], ...] = ()
    force_exclude: bool = False

    def of(self, _folder: str) -> Config:
        """The configuration of a folder, where all have the same (see ``Configs``)."""
        return self

    def project(self, folder: Path) -> Path | None:
        """As ``project_root``; what was made by hand and not read says itself where the project is."""
        own = self.root if self.path is None and folder.is_relative_to(self.root) else None
        return project_root(folder) or own

    @property
    def exclusions(self) -> tuple[tuple[Path, tuple[str, ...]], ...]:
        """All patterns of what to leave out, with the folders that they count from."""
        return ((self.root, self.exclude), *self.exclude_below)

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


class Configured(Protocol):
    """What knows the configuration of each folder, given by its real path: one for all, or ``Configs``."""

    def of(self, folder: str, /) -> Config:
        """Errors: ``VjpfixError`` where it cannot be read."""

    def project(self, folder: Path) -> Path | None:
        """The top of the project that a folder lies in; None where nothing tells of one."""


class Configs:
    """The configuration of each folder: that of the nearest file with a table, and each file is read once.

    ``adjusted``: what becomes of a configuration that was read; it may raise ``VjpfixError``.
    """

    def __init__(self, adjusted: Callable[[Config], Config] = lambda config: config) -> None:
        self._adjusted = adjusted
        self._found: dict[str, Config | VjpfixError] = {}

    @property
    def without_table(self) -> Config:
        """What holds where there is no table."""
        return self._adjusted(Config(root=Path(os.sep)))

    def of(self, folder: str, /) -> Config:
        """As ``load(folder)``; where a file cannot be used, its error is raised for each of its folders."""
        unknown = [Path(folder)]
        while str(unknown[-1]) not in self._found and unknown[-1].parent != unknown[-1]:
            unknown.append(unknown[-1].parent)
        for each in reversed(unknown):
            if str(each) not in self._found:
                self._found[str(each)] = self._look(each)
        found = self._found[folder]
        if isinstance(found, VjpfixError):
            raise found
        return found

    def project(self, folder: Path) -> Path | None:
        """As ``project_root``."""
        return project_root(folder)

    def _look(self, folder: Path) -> Config | VjpfixError:
        """The configuration of a folder, where that of the folder above is known."""
        try:
            if (table := _table_in(folder)) is not None:
                return self._adjusted(_configure(folder / _FILE, table))
            if folder.parent == folder:
                return self.without_table
        except VjpfixError as error:
            return error
        above = self._found[str(folder.parent)]
        if isinstance(above, VjpfixError) or above.path or not _is_root(folder, above.root):
            return above
        return replace(above, root=folder)


def load(start: Path, explicit: Path | None = None) -> Config:
    """The configuration of a folder or file.

    Arguments: the folder (or file) to look upwards from, and a ``pyproject.toml`` to use instead of the
    search. Result: its ``[tool.vjpfix]``, or the defaults when there is none. Raises VjpfixError, with the
    file as its path, for a file that cannot be read or is not TOML, an unknown key, a wrong type or value,
    and an explicit file without the table.
    """
    if explicit is None:
        start = start.resolve()
        return Configs().of(str(start if start.is_dir() else start.parent))
    path = explicit.resolve()
    table = _read(path)
    if table is None:
        raise VjpfixError(f"has no {_SECTION} table; add one or leave the file out", path)
    return _configure(path, table)


def project_root(folder: Path) -> Path | None:
    """The top of the project that a folder (a real path) lies in; None where nothing tells of one.

    It is the folder of the nearest table, or else of the nearest ``.git`` or ``pyproject.toml``; or that of
    the git repository around it, which may hold several projects that import each other.
    """
    folders = (folder, *folder.parents)
    marked = [each for each in folders if _is_marked(each)]
    found = next((each for each in marked if _has_table(each)), marked[0] if marked else None)
    if found is None:
        return None
    return next((each for each in (found, *found.parents) if _is_repository(each)), found)


def _is_root(folder: Path, above: Path) -> bool:
    """Whether a folder is a root of its own, where ``above`` is that of the folder above it."""
    return _is_marked(folder) or not _is_marked(above)


def _is_marked(folder: Path) -> bool:
    return _is_repository(folder) or _is_file(folder / _FILE)


def _has_table(folder: Path) -> bool:
    try:
        return _table_in(folder) is not None
    except VjpfixError:
        return True  # as far as can be told


def _table_in(folder: Path) -> dict[str, object] | None:
    path = folder / _FILE
    return _read(path) if _is_file(path) else None


# A Path raises where a folder may not be entered.
def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113


def _is_repository(folder: Path) -> bool:
    return os.path.exists(folder / ".git")  # noqa: PTH110


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
        path=path,
    )


def _transform(row: Table) -> ExtraTransform:
    row.allow_only(("name", "kind", "suffix"))
    kind = row.choice("kind", KIND_SUFFIXES)
    suffix = row.suffix("suffix") if "suffix" in row.raw else KIND_SUFFIXES[kind]
    return ExtraTransform(row.dotted("name"), kind, suffix)


def _derivative(row: Table) -> ExtraDerivative:
    row.allow_only(("name", "like"))
    return ExtraDerivative(row.dotted("name"), row.choice("like", LIKE))
