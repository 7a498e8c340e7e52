"""Which file an import means, told from the folders alone, and what a file imports, told from its text.

A module is known by its *key*: its absolute path without suffix, for a package the folder's. A file and its
stub share a key. Folders without ``__init__`` are keys as well: they may be namespace packages. No search
path is known here, so a dotted name stands for the files whose path ends in it, less those that this would
cut out of a regular package (PEP 328, PEP 420); where more than one is left, the answer is not sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

SEPARATOR = "/"
_GAP = rb"(?:[ \t\f]|\\\r?\n?)"
_REST = rb"((?:[^\r\n#;\\]|\\\r?\n?)*+)"
_STATEMENT = re.compile(
    rb"[\r\n;:][ \t\f]*+(?:"
    rb"from%(end)b((?:[\w.\x80-\xff]|%(gap)b)*?)(?<![\w\x80-\xff])import%(end)b"
    rb"%(gap)b*+(?:\(((?:[^()#]|#[^\r\n]*+)*+)|%(rest)b)"
    rb"|import%(end)b%(rest)b)" % {b"gap": _GAP, b"end": rb"(?![\w\x80-\xff])", b"rest": _REST}
)
_COMMENT = re.compile(rb"#[^\r\n]*")
_BLANKS = re.compile(rb"[ \t\f\\\r\n]+")
_WORD = re.compile(rb"(?!\d)[\w\x80-\xff]+")


@dataclass(frozen=True, slots=True)
class Found:
    """The keys of the modules that an import may mean. ``sure``: there is one, and it is that."""

    keys: tuple[str, ...] = ()
    sure: bool = True

    @property
    def key(self) -> str | None:
        """The one module that is meant, if that is sure."""
        return self.keys[0] if self.sure and len(self.keys) == 1 else None


def key_of(path: str) -> str:
    """The key of the module in a file (its path with forward slashes)."""
    return path.removesuffix(".pyi").removesuffix(".py").removesuffix("/__init__")


class Layout:
    """The modules of a project: the absolute paths of its files, and the folder they lie in."""

    def __init__(self, files: Iterable[str], root: str) -> None:
        self.root = root
        self.files: dict[str, list[str]] = {}
        self.packages: set[str] = set()
        self._by_tail: dict[str, list[str]] = {}
        folders: set[str] = set()
        for path in files:
            key = key_of(path)
            if key not in self.files:
                self.files[key] = []
                self._add(key)
            self.files[key].append(path)
            if path.rpartition("/")[2].startswith("__init__."):
                self.packages.add(key)
            folder = parent(key)
            while len(folder) > len(root) and folder not in folders:
                folders.add(folder)
                folder = parent(folder)
        self.folders = folders
        for folder in folders - self.files.keys():
            self._add(folder)

    def _add(self, key: str) -> None:
        self._by_tail.setdefault(tail_of(key), []).append(key)

    def is_module(self, key: str) -> bool:
        return key in self.files or key in self.folders

    def package_of(self, path: str) -> str:
        """The key of the package that a file's relative imports start from."""
        key = key_of(path)
        return key if path.rpartition("/")[2].startswith("__init__.") else parent(key)

    def dotted(self, key: str) -> str:
        """The name under which a module is imported, as far as its regular packages tell."""
        top = parent(key)
        while top in self.packages:
            top = parent(top)
        return key[len(top) + 1 :].replace(SEPARATOR, ".")

    def absolute(self, dotted: str, importer: str) -> Found:
        """The module that ``dotted`` means in the file ``importer``."""
        tail = SEPARATOR + dotted.replace(".", SEPARATOR)
        candidates = [key for key in self._by_tail.get(dotted.rpartition(".")[2], ()) if key.endswith(tail)]
        modules = [key for key in candidates if key in self.files]
        if not modules:
            return Found(tuple(candidates))  # the parts of a namespace package
        candidates = modules
        here = parent(importer)
        tops = {key: key[: -len(tail)] for key in candidates}
        whole = [key for key in candidates if tops[key] not in self.packages]
        beside = [key for key in candidates if tops[key] == here]
        if beside and here not in self.packages:
            return Found(tuple(beside[:1]))  # a script's own folder comes first
        if beside and not whole:
            return Found(tuple(beside))  # a file of a package that is run as a script
        if beside or not whole:
            return Found(tuple(candidates), sure=whole == beside)
        near = [key for key in whole if self._is_near(tops[key], here)]
        chosen = near or (whole if "." in dotted or self.packages.issuperset(whole) else [])
        if len(chosen) > 1:
            deepest = max(len(tops[key]) for key in chosen)
            around = [key for key in chosen if len(tops[key]) == deepest and _inside(here, tops[key])]
            chosen = around if len(around) == 1 else chosen
        return Found(tuple(chosen or whole), sure=len(chosen) == 1)

    def _is_near(self, top: str, here: str) -> bool:
        """Whether a folder is likely on the search path of a file in ``here``."""
        is_source = top == self.root or PurePath(top).name == "src" or f"{top}/setup" in self.files
        return is_source or _inside(here, top)

    def relative(self, level: int, dotted: str, importer: str) -> Found:
        """The module that ``from ..dotted import`` means, with ``level`` dots."""
        key = self.package_of(importer)
        for _ in range(level - 1):
            key = parent(key)
        if dotted:
            key += SEPARATOR + dotted.replace(".", SEPARATOR)
        return Found((key,)) if self.is_module(key) else Found()

    def child(self, found: Found, name: str) -> Found:
        """The submodule ``name`` of a package."""
        keys = tuple(key for key in (f"{key}/{name}" for key in found.keys) if self.is_module(key))
        is_namespace = all(key not in self.files for key in keys)
        return Found(keys, found.sure and (len(keys) == 1 or is_namespace))


def tail_of(key: str) -> str:
    """The last part of a module's name."""
    return key.rpartition(SEPARATOR)[2]


def parent(key: str) -> str:
    """The folder that a key or a path lies in."""
    return key.rpartition(SEPARATOR)[0]


def _inside(path: str, top: str) -> bool:
    return path == top or path.startswith(top + SEPARATOR)


@dataclass(frozen=True, slots=True)
class Told:
    """A module that a statement imports.

    ``level``: the dots before its name; 0 as well where it is no ``from``. ``names``: the words behind
    ``import`` where it is one.
    """

    level: int
    module: str
    names: tuple[str, ...] = ()


def told(text: bytes) -> Iterator[Told]:
    """What a text (see ``plain``) imports, or seems to: a line of a string may read so."""
    for match in _STATEMENT.finditer(b"\n" + text):
        source, in_brackets, on_line, modules = match.groups()
        if source is None:
            for part in modules.split(b","):
                dotted = _BLANKS.sub(b" ", part).replace(b" .", b".").replace(b". ", b".").split()
                yield from (Told(0, _decoded(module)) for module in dotted[:1])
        else:
            dots_and_name = _BLANKS.sub(b"", source)
            name = dots_and_name.lstrip(b".")
            names = _WORD.findall(_COMMENT.sub(b"", in_brackets or on_line or b""))
            yield Told(len(dots_and_name) - len(name), _decoded(name), tuple(map(_decoded, names)))


def _decoded(name: bytes) -> str:
    return name.decode("utf-8", "replace")
