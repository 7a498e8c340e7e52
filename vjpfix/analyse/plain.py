"""The bytes of a file as Python reads its names, to look for words in them.

Letters that Python takes for plain ones (NFKC, PEP 3131) are plain ones here, in whatever encoding.
"""

from __future__ import annotations

import re
from unicodedata import normalize

_COOKIE = re.compile(rb"(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
_EMACS = ("utf-8", "latin-1", "iso-8859-1", "iso-latin-1")  # with `-unix` and the like behind it
_WORD = re.compile(rb"[\w\x80-\xff]+")


def plain(data: bytes) -> bytes:
    """The text of a file in UTF-8, as Python reads its names; the file itself where Python reads none."""
    cookie = _COOKIE.match(data) if b"coding" in data else None
    if data.isascii() and not cookie:
        return data
    try:
        text = data.decode(_codec(cookie[1].decode()) if cookie else "utf-8")
    except (LookupError, UnicodeError):
        return data
    return normalize("NFKC", text).encode("utf-8", "surrogatepass")


def words(text: bytes) -> frozenset[bytes]:
    """All words of a text (see ``plain``)."""
    return frozenset(_WORD.findall(text))


def _codec(declared: str) -> str:
    name = declared.lower().replace("_", "-")
    return next((known for known in _EMACS if name.startswith(f"{known}-")), name)
