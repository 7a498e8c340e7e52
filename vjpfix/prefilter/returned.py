"""What a function of masked bytes (see ``masked``) returns, as far as tuples and lists go."""

from __future__ import annotations

import re

from vjpfix.prefilter.functions import Functions, bindings
from vjpfix.prefilter.parts import arguments_at, depth_between, elements_at

_RETURN = re.compile(rb"\breturn\b")
_NAME = re.compile(rb"(?!\d)[\w\x80-\xff]+")
_TRAILER = re.compile(rb"\s*(?:\.\s*([\w\x80-\xff]+)|[(\[])")
_WORDS = re.compile(rb"\b(?:for|lambda|yield)\b")
_OPENED = re.compile(rb"\s*\[")
_ENDED = re.compile(rb"[ \t]*(?:[\n;]|\Z)")
_CONSTANTS = (b"None", b"True", b"False")
MAX_DEPTH = 10


class Returned:
    """The returns of the functions of one file. ``arrays``: the names of functions that give no tuple."""

    def __init__(self, functions: Functions, arrays: frozenset[bytes]) -> None:
        self.functions = functions
        self.arrays = arrays

    def fit(self, index: int, wanted: int | None, given: bytes) -> bool:
        """Whether each return of a function surely is of so many values, or of what nobody knows.

        ``wanted`` None: any number; ``given``: a parameter of which something is known.
        """
        start, end = self.functions.body(index), self.functions.end(index)
        inner = list(self.functions.inner(index))
        code = self.functions.code
        places = [
            match.end()
            for match in _RETURN.finditer(code, start, end)
            if not any(first <= match.start() < last for first, last in inner)
        ]
        body = code[start:end]
        return bool(places) and all(self._fits(code, at, wanted, (body, given), 0) for at in places)

    def fits(self, body: bytes, wanted: int | None, given: bytes) -> bool:
        """The same of the body of a lambda."""
        return self._fits(body, 0, wanted, (b"", given), 0)

    def _fits(
        self, code: bytes, at: int, wanted: int | None, around: tuple[bytes, bytes], depth: int
    ) -> bool:
        parts, end, is_tuple = elements_at(code, at)
        if is_tuple:
            return _count_fits(parts, wanted)
        text = code[at:end].strip()
        if depth > MAX_DEPTH or not text:
            return False
        closed = arguments_at(text, 1)[1] == len(text) - 1
        if text.startswith(b"(") and closed:
            inside = arguments_at(text, 1)[0]
            if len(inside) > 1 or not inside or text[:-1].rstrip().endswith(b","):
                return _count_fits(inside, wanted)
            return self._fits(inside[0], 0, wanted, around, depth + 1)
        if text.startswith(b"[") and closed:
            inside = arguments_at(text, 1)[0]
            return _is_comprehension(inside) or _count_fits(inside, wanted)
        return self._is_unknown(text, wanted, around, depth)

    def _is_unknown(self, text: bytes, wanted: int | None, around: tuple[bytes, bytes], depth: int) -> bool:
        """Whether an expression is a name, an attribute, an item or a call of which nothing is known."""
        name = _NAME.match(text)
        if not name or name[0] in _CONSTANTS:
            return False
        if name.end() == len(text):
            return self._name_fits(text, wanted, around, depth)
        at, last, called = name.end(), name[0], b""
        while at < len(text):
            trailer = _TRAILER.match(text, at)
            if not trailer:
                return False
            at, called, last = trailer.end(), b"", trailer[1] or b""
            if not last:
                called = text[: trailer.start()] if text[at - 1 : at] == b"(" else b""
                at = arguments_at(text, at)[1] + 1
        return not called or self._gives_anything(called)

    def _gives_anything(self, called: bytes) -> bool:
        """Whether nothing is known of the value of what is called so."""
        last = re.split(rb"\s*\.\s*", called)[-1]
        if last in self.arrays:
            return False
        if not _NAME.fullmatch(called):
            return True
        code = self.functions.code
        return next(bindings(code, called), None) is None and not re.search(
            rb"\bas[ \t]+" + re.escape(called) + rb"\b", code
        )

    def _name_fits(self, name: bytes, wanted: int | None, around: tuple[bytes, bytes], depth: int) -> bool:
        """Of a name the value that is given to it, where that is plain."""
        body, given = around
        if name == given:
            return False
        plain = re.compile(rb"(?<![\w.\x80-\xff])" + re.escape(name) + rb"[ \t]*=(?!=)")
        return all(
            _is_list(body, match.end()) or self._fits(body, match.end(), wanted, around, depth + 1)
            for match in plain.finditer(body)
        )


def _is_list(code: bytes, at: int) -> bool:
    """Whether a value is a list and nothing more: it may have grown since."""
    opened = _OPENED.match(code, at)
    return bool(opened and _ENDED.match(code, arguments_at(code, opened.end())[1] + 1))


def _count_fits(parts: list[bytes], wanted: int | None) -> bool:
    if any(_WORDS.search(part) for part in parts):
        return False
    return wanted is None or len(parts) == wanted or any(part.startswith(b"*") for part in parts)


def _is_comprehension(parts: list[bytes]) -> bool:
    return any(not depth_between(p, 0, word.start()) for p in parts for word in re.finditer(rb"\bfor\b", p))
