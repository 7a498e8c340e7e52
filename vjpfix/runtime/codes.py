"""What compiled Python code says: which names it reads, and under which name a running frame calls."""

from __future__ import annotations

import dis
import functools
from collections.abc import Iterator
from itertools import pairwise
from types import CodeType

_READS = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_CLASSDEREF")


@functools.lru_cache(maxsize=4096)
def names_read(code: CodeType) -> dict[str, int]:
    """The global and enclosing names that a function's code reads, nested functions included.

    Each with the line of its first read. What is read as an attribute of something else is not among them,
    and neither is a name of which only an attribute is read (``f.__name__``).
    """
    found: dict[str, int] = {}
    for each, own in _with_nested(code, frozenset()):
        for read, then in pairwise(dis.get_instructions(each)):
            of_attribute = then.opname in ("LOAD_ATTR", "LOAD_METHOD")
            if read.opname in _READS and read.argval not in own and not of_attribute:
                found.setdefault(read.argval, line_of(read) or each.co_firstlineno)
    return found


def _with_nested(code: CodeType, outer: frozenset[str]) -> Iterator[tuple[CodeType, frozenset[str]]]:
    """Code and that of the functions in it, each with the names that are variables of its own or of one of
    those around it, from the outermost on."""
    own = outer.union(code.co_varnames, code.co_cellvars)
    yield code, own
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _with_nested(constant, own)


def line_of(instruction: dis.Instruction) -> int | None:
    return instruction.positions.lineno if instruction.positions else None


def called_as(code: CodeType, at: int) -> str:
    """The last name in the expression that is being called: ``f`` in ``f(x)``, ``ops.f(x)``, ``ops["f"](x)``.

    Arguments: the code of a frame, and the offset of its last instruction. Empty where the code was compiled
    without positions, or where what is called has no name.
    """
    instructions = [each for each in dis.get_instructions(code) if each.offset <= at]
    if not instructions or not (start := _start(instructions[-1])):
        return ""
    name, constant = "", ""
    for each in instructions[:-1]:
        if each.opname.startswith("LOAD_CONST") and isinstance(each.argval, str):
            constant = each.argval
        elif _start(each) == start:
            if each.opname.startswith("LOAD_") and isinstance(each.argval, str):
                name = each.argval
            elif each.opname.startswith(("BINARY_SUBSCR", "BINARY_OP")):
                name = constant
    return name


def _start(instruction: dis.Instruction) -> tuple[int, int] | None:
    where = instruction.positions
    if where is None or where.lineno is None or where.col_offset is None:
        return None
    return where.lineno, where.col_offset
