"""The modules of a project: found by what they mention, parsed once and only where they can matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from vjpfix.model import SourceFile, VjpfixError
from vjpfix.project.layout import Found, Layout, key_of, parent, tail_of, told
from vjpfix.project.view import NOTHING, Import, View
from vjpfix.semantic.exports import exports, is_literal
from vjpfix.words import plain

_STAR = re.compile(rb"\bimport[ \t\f\\\r\n]*\*")
_DYNAMIC = re.compile(rb"getattr|vars\(|dir\(|__dict__|\binspect\b")
_BY_NAME = re.compile(rb"\bimport_module\b|\b__import__\b")
# Imports by a name that is spelled out.
_SPELLED = re.compile(
    rb"""import[ \t]+import_module\b(?![ \t]+as\b)|\bimport_module\(\s*(?:'[\w.]*\w'|"[\w.]*\w")\s*[,)]"""
)
_WORD = re.compile(rb"[\w\x80-\xff]+")
# What is for type checkers alone, and does not run: everything below the line that is indented deeper.
_CHECKED = re.compile(
    rb"^([ \t]*)if[ \t]+(?:\w+\.)?TYPE_CHECKING[ \t]*:[^\n]*\n(?:\1[ \t][^\n]*\n|[ \t]*\r?\n)*", re.MULTILINE
)
# Folders whose modules nobody installs.
_PRIVATE = frozenset(("tests", "test", "testing", "docs", "examples", "benchmarks", "scripts", "conftest"))
# What stands among the names of modules for a module that is got by an unknown name, or from around the file.
_ANY, _HERE = b"*", b"."


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name that a module has, under the module's key."""

    key: str
    name: str


class Project:
    """All modules under one folder.

    Arguments: ``files``: by absolute path the path that a reader is shown; ``root``: the folder; ``load``:
    reads the bytes of a file, ``decode`` makes a ``SourceFile`` of them (both raise ``VjpfixError``);
    ``links``: by what they lead to (a file or a folder) the links that give modules a second name. What is
    read is kept only where it was asked for.
    """

    def __init__(
        self,
        files: Mapping[str, Path],
        root: str,
        load: Callable[[str], bytes],
        decode: Callable[[Path, Path, bytes], SourceFile],
        links: Mapping[str, Path] | None = None,
    ) -> None:
        self.files = files
        self._file_of = {path: file for file, path in files.items()}
        self.layout = Layout(files, root)
        self._links = links or {}
        self._load = load
        self._decode = decode
        self._data: dict[str, bytes] = {}
        self._sources: dict[str, SourceFile] = {}
        self._views: dict[str, View | VjpfixError] = {}
        self._imported: dict[str, set[str]] = {}
        self._run: dict[str, set[str]] = {}
        self._mentions: dict[str, list[str]] = {}
        self._names: dict[str, frozenset[bytes]] = {}
        self._in_progress: set[tuple[str, str]] = set()
        self._reserved: dict[str, set[str]] = {}

    def search(self, words: Iterable[str]) -> None:
        """Look once through all files, and keep those that hold a word, import all names or look names up."""
        any_word = _words(words)
        self._mentions.clear()
        for file in self.files:
            data = self.peek(file)
            if any_word.search(data) or (b"*" in data and _STAR.search(data)) or _DYNAMIC.search(data):
                self._data[file] = data

    def mentioning(self, name: str) -> list[str]:
        """The files whose text holds a word."""
        if name not in self._mentions:
            word = _words([name])
            self._mentions[name] = [file for file, data in self._data.items() if word.search(data)]
        return self._mentions[name]

    def may_name(self, file: str, key: str) -> bool:
        """Whether a file may get a module: it has the last part of the name, or hides what it imports."""
        told = self._told(file)
        return _encoded(tail_of(key)) in told or _ANY in told or (_HERE in told and key in self.imports(file))

    def _told(self, file: str) -> frozenset[bytes]:
        """The last parts of modules' names that the text of a file holds, and how else it may get modules."""
        if file not in self._names:
            data = self.data(file)
            told = self._tails.intersection(_WORD.findall(data))
            if _BY_NAME.search(_SPELLED.sub(b"", data)):
                told |= {_ANY}
            if b"from ." in data:
                told |= {_HERE}
            self._names[file] = told
        return self._names[file]

    @cached_property
    def _tails(self) -> frozenset[bytes]:
        return frozenset(_encoded(tail_of(key)) for key in self.layout.files)

    def star_importers(self) -> list[str]:
        """The files that import all names of some module."""
        if "*" not in self._mentions:
            stars = (file for file, data in self._data.items() if b"*" in data and _STAR.search(data))
            self._mentions["*"] = list(stars)
        return self._mentions["*"]

    def is_attribute(self, name: str) -> bool:
        """Whether an object that is no imported module is asked for an attribute ``name`` anywhere."""
        spelled = re.compile(rb"\.\s*" + re.escape(name.encode()) + rb"(?!\w)")
        for file, data in list(self._data.items()):
            if spelled.search(data):
                try:
                    view = self.view(file)
                except VjpfixError:
                    continue  # who mentions it and cannot be read is reported, if that matters
                for node in view.attributes.get(name, ()):
                    if not view.module_of(node.value, self.member).keys and not view.is_foreign(node.value):
                        return True
        return False

    def others(self, keys: Iterable[str], name: str, *, everywhere: bool) -> Iterator[tuple[str, str]]:
        """The modules of ``keys`` that files without the word ``name`` may let get away, with these files.

        By a look-up of names that are not spelled out; ``everywhere``: in any way.
        """
        tails = [(key, _encoded(tail_of(key))) for key in keys]
        word = _words([name])
        for file in self.files if everywhere else list(self._data):
            data = self.data(file) if file in self._data else self.peek(file)
            if word.search(data) or not (everywhere or _DYNAMIC.search(data)):
                continue
            for key, tail in tails:
                if tail in data and key_of(file) != key and self._may_import(file, data, key):
                    yield key, file

    def _may_import(self, file: str, data: bytes, key: str) -> bool:
        return b"import_module" in data or not self._chain(Found((key,))).isdisjoint(self.imports(file))

    def peek(self, file: str) -> bytes:
        """The text of a file (see ``plain``), which is not kept; nothing where it cannot be read."""
        try:
            return plain(self._load(file))
        except VjpfixError:
            return b""

    def data(self, file: str) -> bytes:
        """The text of a file (see ``plain``); nothing where it cannot be read."""
        if file not in self._data:
            self._data[file] = self.peek(file)
        return self._data[file]

    def reserve(self, path: Path, name: str) -> None:
        """A fix will bring a name into a file."""
        self._reserved.setdefault(self._file_of[path], set()).add(name)

    def is_reserved(self, file: str, name: str) -> bool:
        """Whether a fix will bring a name into a file."""
        return name in self._reserved.get(file, ())

    def file_at(self, path: Path) -> str:
        """The absolute path of a file, by the path that a reader is shown."""
        return self._file_of[path]

    def link_to(self, key: str, name: str) -> Path | None:
        """A link by which other modules may import a name of a module under a second name of that module."""
        own = self.layout.files.get(key, ())
        places = (*own, *map(str, PurePosixPath(key).parents))
        link = next((self._links[place] for place in places if place in self._links), None)
        if link is None:
            return None
        by_link = _words([tail_of(key_of(link.as_posix()))])
        others = (self.data(file) for file in self.mentioning(name) if file not in own)
        return link if any(by_link.search(data) or _BY_NAME.search(data) for data in others) else None

    def public_name(self, symbol: Symbol) -> str:
        """The dotted name of a symbol that others can import; nothing for what is private to the project."""
        dotted = self.layout.dotted(symbol.key)
        parts = [*dotted.split("."), symbol.name]
        private = any(part.startswith("_") or part in _PRIVATE for part in parts)
        is_packaged = parent(symbol.key) in self.layout.packages or symbol.key in self.layout.packages
        return f"{dotted}.{symbol.name}" if is_packaged and not private else ""

    def source(self, file: str) -> SourceFile:
        """A file as it was read. Errors: ``VjpfixError`` where it cannot be read, or is no text."""
        if file not in self._sources:
            self._sources[file] = self._decode(self.files[file], Path(file), self._load(file))
        return self._sources[file]

    def source_at(self, path: Path) -> SourceFile:
        """A file as it was read, by the path that a reader is shown."""
        return self.source(self._file_of[path])

    def view(self, file: str) -> View:
        """A file, parsed. Errors: ``VjpfixError``."""
        if file not in self._views:
            try:
                self._views[file] = View(self.files[file], file, self.source(file).text, self.layout)
            except VjpfixError as error:
                self._views[file] = error
            except RecursionError:
                self._views[file] = VjpfixError("is nested too deeply", self.files[file])
        found = self._views[file]
        if isinstance(found, VjpfixError):
            raise found
        return found

    def member(self, found: Found, name: str) -> Found:
        """The module that ``name`` means in a module: one that it imports by that name, or a part of it."""
        keys: list[str] = []
        sure = found.sure
        for key in found.keys:
            bound = self._bound(key, name)
            inner = self.layout.child(Found((key,)), name) if bound is None else bound
            keys += inner.keys
            sure = sure and inner.sure
        return Found(tuple(dict.fromkeys(keys)), sure) if keys else NOTHING

    def _bound(self, key: str, name: str) -> Found | None:
        """What a module binds a name to; None where it does not bind it."""
        place = (key, name)
        file = self._source_file(key)
        if file is None or name.encode() not in self.data(file) or place in self._in_progress:
            return None
        try:
            view = self.view(file)
        except VjpfixError:
            return None
        module = view.module.scope
        if name not in module.bound:
            return None
        self._in_progress.add(place)
        found = [view.meaning(each, self.member) for each in view.bound(module, name)]
        self._in_progress.discard(place)
        keys = tuple(dict.fromkeys(key for each in found for key in each.keys))
        if not view.bound(module, name):
            part = self.layout.child(Found((key,)), name)
            # Importing a part makes it an attribute of its package, over whatever has its name there.
            is_over = any(set(part.keys) & {*each.module.keys, *self._part(each)} for each in view.imports)
            return NOTHING if is_over else Found(part.keys, sure=False)
        return Found(keys, view.is_only_imported(module, name) and all(each.sure for each in found))

    def source_view(self, key: str) -> View | None:
        """The source of a module, parsed; None where there is only a stub. Errors: ``VjpfixError``."""
        file = self._source_file(key)
        return self.view(file) if file else None

    def _source_file(self, key: str) -> str | None:
        return next((file for file in self.layout.files.get(key, ()) if not file.endswith(".pyi")), None)

    def _part(self, each: Import) -> tuple[str, ...]:
        return self.layout.child(each.module, each.name).keys if each.name else ()

    def gives_to_star(self, key: str, name: str) -> bool | None:
        """Whether ``from module import *`` brings a name that the module has; None where nobody can tell."""
        view = self.source_view(key)
        if view is None or "__all__" not in view.module.scope.bound:
            return not name.startswith("_")
        if any(export.name == name for export in exports(view.tree, view.positions)):
            return True
        if not is_literal(view.tree):
            return None
        return any(each.name == "*" for each in view.imports)  # another module's list may hold it

    def imports(self, file: str) -> set[str]:
        """The keys of the modules that a file may import, told from its text alone."""
        if file not in self._imported:
            self._imported[file] = self._imports(file, self.data(file))
        return self._imported[file]

    def _imports(self, file: str, data: bytes) -> set[str]:
        keys: set[str] = set()
        for each in told(data):
            found = (
                self.layout.relative(each.level, each.module, file)
                if each.level
                else self.layout.absolute(each.module, file)
            )
            keys.update(self._chain(found))
            for name in each.names:
                keys.update(self.layout.child(found, name).keys)
        return keys & self.layout.files.keys()

    def _chain(self, found: Found) -> set[str]:
        """The modules with the packages around them, which an import runs first."""
        keys = set(found.keys)
        for key in found.keys:
            while (key := parent(key)) in self.layout.packages:
                keys.add(key)
        return keys

    def reached_before(self, file: str, line: int) -> set[str]:
        """The keys of the modules that may run because of the imports above a line of a file.

        The packages around the file have started before it.
        """
        started = {key_of(file), *self._chain(Found((key_of(file),)))}
        seen: set[str] = set()
        above = b"".join(self.data(file).splitlines(keepends=True)[: line - 1])
        todo = self._imports(file, _CHECKED.sub(b"", above)) - started
        while todo:
            key = todo.pop()
            seen.add(key)
            for each in self.layout.files[key]:
                todo |= self._run_by(each) - seen - started
        return seen

    def _run_by(self, file: str) -> set[str]:
        """The keys of the modules that a file may run."""
        if file not in self._run:
            self._run[file] = self._imports(file, _CHECKED.sub(b"", self.data(file)))
        return self._run[file]


def _encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _words(words: Iterable[str]) -> re.Pattern[bytes]:
    # The word first, for regular expressions are fast only at looking for what they start with.
    parts = (re.escape(word.encode()) for word in sorted(words))
    return re.compile(b"|".join(part + rb"(?<![\w]" + part + rb")(?!\w)" for part in parts))
