"""In which functions of a file the contract of ``defvjp`` may be broken, by the bytes of the file.

What is read is what analysis reads (``analyse.contract``): where rules are attached, what they take and
return, where functions get none, and where forward mode is asked of one. Whatever is not plain may be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vjpfix.analyse.applied import MODES
from vjpfix.analyse.derivatives import Mode
from vjpfix.analyse.shapes import ARRAY_FUNCTIONS, ARRAY_METHODS
from vjpfix.analyse.transforms import Contract, Role, Table
from vjpfix.prefilter.attached import Attached, Attachments
from vjpfix.prefilter.forward import ForwardCalls
from vjpfix.prefilter.functions import MODULE, NAME, Functions
from vjpfix.prefilter.made import Makers, Primal
from vjpfix.prefilter.masked import masked
from vjpfix.prefilter.returned import Returned

EVERYWHERE = None


@dataclass(frozen=True, slots=True)
class Contracts:
    """Built once from the table. ``makers``: the decorators with a contract, ``reverse``: of ``custom_vjp``."""

    makers: frozenset[bytes]
    reverse: frozenset[bytes]
    roles: Mapping[bytes, tuple[Role, ...]]
    keywords: Mapping[bytes, Role]
    forward: frozenset[bytes]
    arrays: frozenset[bytes]

    @classmethod
    def of(cls, table: Table, *, forward: bool = True, reverse: bool = False) -> Contracts:
        """The look for a table. ``forward``, ``reverse``: derivatives in such a mode are looked at."""
        rows = [row for row in table.derivatives.values() if row.contract]
        last = {name: name.rpartition(".")[2].encode() for name in (*table.derivatives, *table.transforms)}
        modes = {name for name, mode in MODES.items() if (reverse if mode is Mode.REVERSE else forward)}
        functions = {name.rpartition(".")[2].encode() for name in ARRAY_FUNCTIONS}
        return cls(
            frozenset(last[name] for row in rows for name in row.names),
            frozenset(last[name] for row in rows for name in row.names if row.contract is Contract.VJP),
            {setter.encode(): roles for row in rows for setter, roles in row.setters.items()},
            {keyword.encode(): role for row in rows for keyword, role in row.keywords.items()},
            frozenset(last[name] for name, row in table.transforms.items() if row.names[0] in modes),
            frozenset({*functions, *(m.encode() for m in ARRAY_METHODS), b"where", b"dict", b"float", b"set"}),
        )

    def homes(self, data: bytes) -> frozenset[str] | None:
        """The outermost functions in which something may be wrong ("": the module), in a file in any encoding.

        None: all of the file has to be looked at.
        """
        if not any(word in data for word in self.makers):
            return frozenset()
        if b"\x00" in data:
            return EVERYWHERE
        file = _File(masked(data), self)
        names: set[str] = set()
        for index in file.homes():
            name = b"" if index == MODULE or index is None else file.functions.headers[index].name
            if index is None or not name.isascii():
                return EVERYWHERE
            names.add(name.decode("ascii"))
        return frozenset(names)


class _File:
    """One file. The homes are known by their places in ``functions``; None is the whole file."""

    def __init__(self, code: bytes, look: Contracts) -> None:
        self.look = look
        self.functions = Functions(code)
        self.returned = Returned(self.functions, look.arrays)
        self.makers = Makers(self.functions, look.makers, look.reverse)
        self.attachments = Attachments(self.functions, look.roles, look.keywords)

    def homes(self) -> Iterator[int | None]:
        """Where something may be wrong."""
        if not self.functions.are_plain:
            yield EVERYWHERE
        for attached in self.attachments.all:
            if not self._fits(attached):
                yield self.functions.home(attached.around)
        yield from self.makers.bare(self.attachments.all)
        if self.look.forward and self.makers.reverse.search(self.functions.code):
            yield from ForwardCalls(self.functions, self.makers, self.look.forward).homes()

    def _fits(self, attached: Attached) -> bool:
        """Whether rules that are attached keep to the contract, or are attached to something else."""
        if not attached.owner or self.functions.binds(attached.owner, attached.around):
            return False
        candidates = self.functions.visible(attached.owner, attached.around)
        primals = [primal for index in candidates if (primal := self.makers.primal(index))]
        if not primals:
            return True
        if attached.rules is None:
            return False
        return all(
            self._rule_fits(primal, role, rule, attached)
            for primal in primals
            for role, rule in attached.rules
        )

    def _rule_fits(self, primal: Primal, role: Role, rule: bytes, attached: Attached) -> bool:
        if attached.below is not None:
            return self._function_fits(primal, role, attached.below)
        if not NAME.fullmatch(rule) or self.functions.binds(rule, attached.around):
            return False
        functions = self.functions.visible(rule, attached.around)
        return all(self._function_fits(primal, role, index) for index in functions)

    def _function_fits(self, primal: Primal, role: Role, index: int) -> bool:
        takes, size = self.functions.takes(index), primal.size
        if primal.nondiff is None or (size is not None and any(n >= size for n in primal.nondiff)):
            return False
        given = size if role is Role.FWD else len(primal.nondiff) + 2
        if given is not None and not takes.takes(given):
            return False
        order = range(len(primal.takes.names)) if role is Role.FWD else primal.nondiff
        if _in_another_order(takes.names, [primal.takes.names[n] for n in order]):
            return False
        if role is not Role.BWD:
            return self.returned.fit(index, 2, b"")
        wanted = None if size is None else size - len(primal.nondiff)
        return self.returned.fit(index, wanted, b"".join(takes.names[-1:]))


def _in_another_order(names: Sequence[bytes], first: Sequence[bytes]) -> bool:
    """Whether these names may be among others, but not at their start."""
    plain, wanted = [name.strip(b"_") for name in names], [name.strip(b"_") for name in first]
    return set(wanted) <= set(plain) and plain[: len(wanted)] != wanted
