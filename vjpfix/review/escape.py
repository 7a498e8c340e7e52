"""Text from users' files and file names, made safe to show: what would steer the terminal is spelled out."""

from __future__ import annotations

import unicodedata

_NAMED = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ZERO_WIDTH_SPACES = frozenset({"Zl", "Zp"})


def escape(text: str, encoding: str = "utf-8") -> str:
    r"""Spell out every character of ``text`` that is not a plain visible one.

    Control characters (so ANSI escapes too) become ``\x1b``, bidirectional and other format controls,
    line separators, lone surrogates (undecodable file names) and unassigned characters ``\u202e``; so
    does whatever ``encoding``, the screen's, has no bytes for. A backslash stays as it is.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join([escape_character(character, encoding) for character in text])


def escape_character(character: str, encoding: str = "utf-8") -> str:
    """What ``escape`` makes of one character."""
    if " " <= character <= "~":
        return character
    category = unicodedata.category(character)
    if category[0] == "C" or category in _ZERO_WIDTH_SPACES or not _encodes(character, encoding):
        return _NAMED.get(character) or _spelled(ord(character))
    return character


def _encodes(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _spelled(number: int) -> str:
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
