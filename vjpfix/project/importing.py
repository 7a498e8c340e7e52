"""The import statements of a file, told from its text alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
