"""Expressions in masked bytes (see ``masked``): what stands between their outermost commas."""

from __future__ import annotations

import re

_MARK = re.compile(rb"[()\[\]{},;\n]")


def arguments_at(code: bytes, start: int) -> tuple[list[bytes], int]:
    """What stands between the commas behind an opening bracket, and where the bracket closes."""
    return _parts(code, start, b"")


def elements_at(code: bytes, start: int) -> tuple[list[bytes], int, bool]:
    """What stands between the commas of the rest of a statement, where it ends, and whether it has any."""
    found, end = _parts(code, start, b";\n")
    return found, end, len(found) > 1 or code[start:end].rstrip().endswith(b",")


def _parts(code: bytes, start: int, ends: bytes) -> tuple[list[bytes], int]:
    found: list[bytes] = []
    depth, at, end = 0, start, len(code)
    for mark in _MARK.finditer(code, start):
        sign = mark[0]
        if sign in b"([{":
            depth += 1
        elif depth and sign in b")]}":
            depth -= 1
        elif not depth and sign == b",":
            found.append(code[at : mark.start()].strip())
            at = mark.end()
        elif not depth and (sign in b")]}" or sign in ends):
            end = mark.start()
            break
    last = code[at:end].strip()
    return ([*found, last] if last else found), end


def depth_between(code: bytes, start: int, end: int) -> int:
    """How many more brackets are opened than closed."""
    opened = sum(code.count(sign, start, end) for sign in (b"(", b"[", b"{"))
    return opened - sum(code.count(sign, start, end) for sign in (b")", b"]", b"}"))
