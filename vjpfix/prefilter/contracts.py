"""In which functions of a file the contract of ``defvjp`` may be broken, by the bytes of the file.

What is read is what analysis reads (``analyse.contract``): where rules are attached, what they take and
return, where functions get none, and where forward mode is asked of one. Whatever is not plain may be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from vjpfix.analyse.applied import MODES
from vjpfix.analyse.derivatives import Mode
from vjpfix.analyse.shapes import ARRAY_FUNCTIONS, ARRAY_METHODS
from vjpfix.analyse.transforms import Contract, Role, Table
from vjpfix.prefilter.attached import Attached, Attachments
from vjpfix.prefilter.forward import ForwardCalls
from vjpfix.prefilter.functions import MODULE, NAME, Functions, Takes, occurrences, takes_of
from vjpfix.prefilter.made import Makers, Primal
from vjpfix.prefilter.masked import masked
from vjpfix.prefilter.parts import arguments_at, lambda_of
from vjpfix.prefilter.returned import Returned

EVERYWHERE = None
FOR_EACH = b"defjvps"  # it takes a rule for each argument
_PARTIAL = re.compile(rb"(?:\w+\.)?partial\(")


@dataclass(frozen=True, slots=True)
class Contracts:
    """Built once from the table. ``makers``: the decorators with a contract.

    ``reverse``: those of functions of which derivatives by the transforms of ``forward`` are looked for.
    ``roles``, ``keywords``: what setters take. ``arrays``: what functions are called that give no tuple.
    ``closures``: functions with rules that are made in others are all looked at.
    """

    makers: frozenset[bytes]
    reverse: frozenset[bytes]
    roles: Mapping[bytes, tuple[Role, ...]]
    keywords: Mapping[bytes, Role]
    forward: frozenset[bytes]
    arrays: frozenset[bytes]
    closures: bool

    @classmethod
    def of(
        cls, table: Table, *, forward: bool = True, reverse: bool = False, closures: bool = False
    ) -> Contracts:
        """The look for a table. ``forward``, ``reverse``: derivatives in such a mode are looked at.

        ``closures``: so is what functions with rules close over.
        """
        rows = [row for row in table.derivatives.values() if row.contract]
        last = {name: name.rpartition(".")[2].encode() for name in (*table.derivatives, *table.transforms)}
        modes = {name for name, mode in MODES.items() if (reverse if mode is Mode.REVERSE else forward)}
        functions = {name.rpartition(".")[2].encode() for name in ARRAY_FUNCTIONS}
        reversing = [row for row in rows if reverse or row.contract is Contract.VJP]
        methods = {method.encode() for method in ARRAY_METHODS}
        return cls(
            frozenset(last[name] for row in rows for name in row.names),
            frozenset(last[name] for row in reversing for name in row.names),
            {setter.encode(): roles for row in rows for setter, roles in row.setters.items()},
            {keyword.encode(): role for row in rows for keyword, role in row.keywords.items()},
            frozenset(last[name] for name, row in table.transforms.items() if row.names[0] in modes),
            frozenset({*functions, *methods, b"where", b"dict", b"float", b"set"}),
            closures,
        )

    def homes(self, data: bytes) -> frozenset[str] | None:
        """The functions with which to look for what is wrong in a file, in any encoding ("": the module).

        None: all of the file has to be looked at.
        """
        if not any(word in data for word in self.makers):
            return frozenset()
        if b"\x00" in data:
            return EVERYWHERE
        code = masked(data)
        if self._calls_in_strings(data, code):
            return EVERYWHERE
        names: set[bytes] = set()
        for found in _File(code, self).homes():
            if found is None:
                return EVERYWHERE
            names |= found
        if not b"".join(names).isascii():
            return EVERYWHERE
        return frozenset(name.decode("ascii") for name in names)

    def _calls_in_strings(self, data: bytes, code: bytes) -> bool:
        """Whether an f-string may call a transform."""
        calls = [word + b"(" for word in self.forward]
        hidden = [call for call in calls if data.count(call) > code.count(call)]
        return any(re.search(rb"\{[^}]*" + re.escape(call), data) for call in hidden)


class _File:
    """One file. The homes are known by their places in ``functions``; None is the whole file."""

    def __init__(self, code: bytes, look: Contracts) -> None:
        self.look = look
        self.functions = Functions(code)
        self.returned = Returned(self.functions, look.arrays)
        self.makers = Makers(self.functions, look.makers, look.reverse)
        self.attachments = Attachments(self.functions, look.roles, look.keywords)

    def homes(self) -> Iterator[frozenset[bytes] | None]:
        """Where something may be wrong: in a function, or for some functions of the module."""
        if self.look.closures and self.makers.work_in_functions():
            yield EVERYWHERE  # what is differentiated stands anywhere
        for attached in self.attachments.all:
            if not self._fits(attached):
                home = self.functions.home(attached.around)
                yield self._named(home) if home != MODULE else attached.names
        others = self.makers.bare(self.attachments.all)
        if self.look.forward and any(occurrences(self.functions.code, self.look.reverse)):
            others = chain(others, ForwardCalls(self.functions, self.makers, self.look.forward).homes())
        yield from (None if home is None else self._named(home) for home in others)

    def _named(self, home: int) -> frozenset[bytes]:
        return frozenset([b"" if home == MODULE else self.functions.headers[home].name])

    def _fits(self, attached: Attached) -> bool:
        """Whether rules that are attached keep to the contract, or are attached to something else."""
        if not attached.owner:
            return False
        candidates = self.functions.visible(attached.owner, attached.around)
        primals = [primal for index in candidates if (primal := self.makers.primal(index))]
        if bound := self.functions.binds(attached.owner, attached.around):
            made = self.makers.assigned(bound[0], attached.owner, attached.around) if bound[0] >= 0 else []
            if candidates or len(bound) > 1 or not made:
                return False
            primals = made
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
        if primal.nondiff is None or any(n >= len(primal.takes.names) for n in primal.nondiff):
            return False
        for_each = attached.setter == FOR_EACH
        if for_each and len(attached.rules or ()) != primal.size:
            return False
        if attached.below is None and (parts := lambda_of(rule)):
            takes, body = takes_of(parts[0]), parts[1]
            return _takes_what_it_is_given(primal, role, takes, for_each=for_each) and (
                for_each or self.returned.fits(body, *_wanted(primal, role, takes))
            )
        if attached.below is not None:
            functions = [attached.below]
        elif not NAME.fullmatch(rule) or self.functions.binds(rule, attached.around):
            return (for_each and rule == b"None") or self._is_partial(rule, attached.around)
        else:
            functions = self.functions.visible(rule, attached.around)
        return all(
            _takes_what_it_is_given(primal, role, takes, for_each=for_each)
            and (for_each or self.returned.fit(index, *_wanted(primal, role, takes)))
            for index in functions
            for takes in [self.functions.takes(index)]
        )

    def _is_partial(self, rule: bytes, around: tuple[int, ...]) -> bool:
        """Whether it is ``partial`` of something: what that takes then is not looked at."""
        opened = _PARTIAL.match(rule)
        if not opened or arguments_at(rule, opened.end())[1] != len(rule) - 1:
            return False
        return not self.functions.binds(b"partial", around) and b"as partial" not in self.functions.code


def _takes_what_it_is_given(primal: Primal, role: Role, takes: Takes, *, for_each: bool) -> bool:
    """Whether a rule can be called as JAX calls it, and surely is called in the order it wants."""
    assert primal.nondiff is not None  # noqa: S101  # the caller has asked
    if for_each:
        return primal.size is not None and takes.takes(primal.size + 2)
    given = primal.size if role is Role.FWD else len(primal.nondiff) + 2
    if given is not None and not takes.takes(given):
        return False
    order = range(len(primal.takes.names)) if role is Role.FWD else primal.nondiff
    return not _in_another_order(takes.names, [primal.takes.names[n] for n in order])


def _wanted(primal: Primal, role: Role, takes: Takes) -> tuple[int | None, bytes]:
    """How many values a rule has to return, and its parameter of which something may be known."""
    if role is not Role.BWD:
        return 2, b""
    wanted = None if primal.size is None else primal.size - len(primal.nondiff or ())
    return wanted, b"".join(takes.names[-1:])


def _in_another_order(names: Sequence[bytes], first: Sequence[bytes]) -> bool:
    """Whether these names may be among others, but not at their start."""
    plain, wanted = [name.strip(b"_") for name in names], [name.strip(b"_") for name in first]
    return set(wanted) <= set(plain) and plain[: len(wanted)] != wanted
