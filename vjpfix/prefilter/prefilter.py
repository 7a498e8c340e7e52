"""The filter itself: what a table makes it look for, and the functions that may have rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from vjpfix.analyse.suspects import NOBODY, Suspects
from vjpfix.analyse.transforms import OTHER_MEANING, Table
from vjpfix.prefilter.bindings import Bindings
from vjpfix.prefilter.blocks import Blocks
from vjpfix.prefilter.contracts import Contracts
from vjpfix.prefilter.lines import CONTINUED, code_of, line_at, offsets, targets_of
from vjpfix.prefilter.outline import HEADER
from vjpfix.prefilter.own_rules import OwnRules
from vjpfix.prefilter.reaching import Reaching, shortest
from vjpfix.prefilter.stacked import is_stacked

_BACKWARD_OWNER = re.compile(rb"[ \t\n]*\.[ \t\n)]*([\w\x80-\xff]+)")

MAX_DECORATORS = 8  # lines between a decorator and its function
NEAR, FAR = 200, 10_000  # bytes before a setter, in which the name that it belongs to stands


@dataclass(frozen=True, slots=True)
class Prefilter:
    """Built once from the table. ``suspects``, ``homes`` and ``reaches`` are the whole interface."""

    common: bytes
    needles: tuple[bytes, ...]
    bare: tuple[bytes, ...]
    setters: tuple[bytes, ...]
    wrappers: bool
    reaching: Reaching
    transforms: frozenset[bytes]
    stacked: bool
    contracts: Contracts | None

    @classmethod
    def of(
        cls,
        table: Table,
        *,
        wrappers: bool = True,
        attributes: bool = True,
        imports: bool = True,
        own_rules: bool = True,
        stacked: bool = True,
        contracts: Contracts | None = None,
    ) -> Prefilter:
        """The filter for a table. ``wrappers``: rebinding by ``jit`` alone matters too (VJP003).

        ``attributes``: so does what takes over a name of another module (VJP005), ``imports``: and rebinding
        an imported name (VJP006), ``own_rules``: and rules that call transformed versions (VJP101, VJP102),
        ``stacked``: and decorators above the custom-derivative decorator (VJP004). ``contracts``: how to look
        at the contracts of rules (VJP2xx, VJP3xx); None: any file with rules matters.
        """
        rows = tuple(table.derivatives.values())
        words = {name.rpartition(".")[2].encode() for row in rows for name in row.names}
        bare = {name.rpartition(".")[2].encode() for row in rows if not row.setters for name in row.names}
        setters = {setter.encode() for row in rows for setter in row.setters}
        reaching = Reaching.of(table, attributes=attributes, imports=imports)
        needles = shortest(words)
        transforms = _harmful(table) if own_rules else frozenset[bytes]()
        return cls(
            _start_of(needles),
            needles,
            tuple(sorted(bare)),
            shortest(setters),
            wrappers,
            reaching,
            transforms,
            stacked,
            contracts,
        )

    def reaches(self, data: bytes) -> bool:
        """Whether a file with this content may do something to a name of another module."""
        return self.reaching.reaches(data)

    def holds_rules(self, data: bytes) -> bool:
        """Whether a file with this content may make functions with custom rules."""
        return self.common in data and any(needle in data for needle in self.needles)

    def homes(self, data: bytes) -> frozenset[str] | None:
        """The outermost functions in which the contract of a rule may be broken (see ``Contracts.homes``)."""
        if not self.holds_rules(data):
            return frozenset()
        return self.contracts.homes(data) if self.contracts else None

    def suspects(self, data: bytes) -> Suspects | None:
        """The names that may be taken over in a file with this content, in any encoding.

        NOBODY: full analysis would find nothing. None: any name may be. With the functions in which
        decorators or rules are to be looked at.
        """
        if not self.holds_rules(data):
            return NOBODY
        if b"\x00" in data:
            return None  # no text: reading it will say so
        if b"\\" in data:
            data = CONTINUED.sub(b" ", data)
        data = data.replace(b"\r", b"\n")
        bare = [word for word in self.bare if word in data]
        attached = [at for word in (*self.setters, *bare) for at in offsets(data, word)]
        owners = [(at, owner) for at in attached if (owner := _owner(data, at))]
        names = {owner for _, owner in owners}
        for word in bare:
            made = _made_by(data, word)
            if made is None:
                return None
            names |= made
        if not names:
            return NOBODY
        bindings = Bindings(data, set(names), attached, needles=self.needles, wrappers=self.wrappers)
        taken = bindings.taken_over()
        if taken is None:
            return None
        places = list(self._others(data, owners, bindings.names - names))
        if not places:
            return taken
        homes = [bindings.outline.outermost_around(at) for at in places]
        known = all(homes) and b"".join(homes).isascii()
        return replace(taken, whole=frozenset(home.decode("ascii") for home in homes) if known else None)

    def _others(self, data: bytes, owners: list[tuple[int, bytes]], aliased: set[bytes]) -> Iterator[int]:
        """Where something else may be wrong about a function with rules than that its name is taken over.

        Arguments: where rules are attached to which name, and names that are perhaps the same.
        """
        blocks = Blocks(data)
        if self.stacked:
            for at, name in owners:
                if any(is_stacked(blocks, at, each, self.needles) for each in (name, *aliased)):
                    yield at
        if self.transforms:
            yield from OwnRules(blocks, self.transforms).transforming(owners)


def _harmful(table: Table) -> frozenset[bytes]:
    """The words of the transforms that break a rule which calls them in the place of the primal."""
    rows = [row for row in table.transforms.values() if row.kind in OTHER_MEANING and row.breaks]
    return frozenset(name.rpartition(".")[2].encode() for row in rows for name in row.names)


def _owner(data: bytes, at: int) -> bytes:
    """The word whose attribute is named at an offset."""
    for window in (NEAR, FAR):
        before = data[max(0, at - window) : at][::-1]
        found = _BACKWARD_OWNER.match(before)
        if found and (found.end() < window or at <= window):
            return found[1][::-1]
    return b""


def _made_by(data: bytes, word: bytes) -> set[bytes] | None:
    """What a decorator without setters may have made: functions below it, values of a call of it.

    None: it has another name, under which it may have made anything.
    """
    names: set[bytes] = set()
    named = rb"\b" + word + rb"\b"
    for place in re.finditer(named, data):
        start, line = line_at(data, place.start())
        if b"@" in line or re.search(named + rb"\(", line):
            names.update(targets_of(code_of(line)))
            below = data[start:].split(b"\n", MAX_DECORATORS)[1:MAX_DECORATORS]
            names.update(match[2] for text in below if (match := HEADER.match(text)) and match[2])
        elif re.search(rb"\bdef " + named, line):
            continue  # something else by that name
        elif b"=" in line or (b" as " in line and not re.search(named + rb" as " + named, line)):
            return None
    return names


def _start_of(words: tuple[bytes, ...]) -> bytes:
    """What all of these start with."""
    first, last = min(words), max(words)
    same = (i for i, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(same, min(len(first), len(last)))]
