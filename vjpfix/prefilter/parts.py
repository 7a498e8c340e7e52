"""Expressions in masked bytes (see ``masked``): what stands between their outermost commas."""

from __future__ import annotations

import re

_MARK = re.compile(rb"[()\[\]{},;\n]")
_LAMBDA = re.compile(rb"\A(?:[\w\x80-\xff]+\s*=\s*)?lambda\b")


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


def given_at(code: bytes, start: int) -> list[bytes]:
    """The arguments of a call; a lambda's parameters are no arguments."""
    found: list[bytes] = []
    for part in arguments_at(code, start)[0]:
        if found and _LAMBDA.search(found[-1]) and not lambda_of(found[-1]):
            found[-1] += b", " + part
        else:
            found.append(part)
    return found


def lambda_of(text: bytes) -> tuple[list[bytes], bytes] | None:
    """The parameters and the body of a lambda that a text is, perhaps behind a keyword."""
    start = _LAMBDA.search(text)
    if not start:
        return None
    for colon in re.finditer(rb":(?!=)", text[start.end() :]):
        at = start.end() + colon.start()
        if not depth_between(text, start.end(), at):
            return arguments_at(text[start.end() : at], 0)[0], text[at + 1 :].strip()
    return None


def depth_between(code: bytes, start: int, end: int) -> int:
    """How many more brackets are opened than closed."""
    opened = sum(code.count(sign, start, end) for sign in (b"(", b"[", b"{"))
    return opened - sum(code.count(sign, start, end) for sign in (b")", b"]", b"}"))
