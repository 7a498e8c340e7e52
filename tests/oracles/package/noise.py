"""How a file's text becomes its bytes, and files that have nothing to do with the mistake."""

from __future__ import annotations

from .text import Draw

DRESS = {
    "plain": "",
    "crlf": "crlf",
    "bom": "bom",
    "crlf_bom": "crlf bom",
    "no_final_newline": "cut",
    "cookie": "latin-1",
    "blank_end": "blank",
}
_WEIGHTS = (12, 2, 2, 1, 2, 1, 1)
COOKIE = "# -*- coding: latin-1 -*-\n# gr\xf6\xdfer\n"


def dressed(draw: Draw) -> str:
    """One way to write a file."""
    name = draw.rng.choices(list(DRESS), _WEIGHTS)[0]
    draw.features.add(f"dress:{name}")
    return DRESS[name]


def put_on(dress: str, text: str) -> bytes:
    """The bytes of a text that ends in one newline."""
    if dress == "cut":
        text = text.rstrip("\n")
    elif dress == "blank":
        text += "\n\n"
    elif dress == "latin-1":
        return (COOKIE + text).encode("latin-1")
    if "crlf" in dress:
        text = text.replace("\n", "\r\n")
    return text.encode("utf-8-sig" if "bom" in dress else "utf-8")


BYSTANDERS = {
    "readme": ("README.md", "Call {f}(x) from {m}, or {m}.{f}(x).\n"),
    "words_alone": ("words.py", '"""{m}.{f} and {f} of {m}."""\n# {f}(x)\n{f}_ = 1.0\n'),
    "other_names": ("other_names.py", "def run({f}, m):\n    return {f}(m.{f})\n"),
    "broken_elsewhere": ("old_script.py", "print 'nothing of interest'\n"),
    "data": ("data.json", '{{"{f}": "{m}.{f}"}}\n'),
}
