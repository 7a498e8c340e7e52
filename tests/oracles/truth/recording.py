"""What tagged code reads when it runs, and what of it the flow says it cannot see."""

from __future__ import annotations

import ast
import builtins
from collections import defaultdict
from collections.abc import Iterator
from types import CodeType
from typing import Any

from tests.oracles.truth.tagging import READ, TAG, Tagged
from vjpfix.semantic.binder import module_of
from vjpfix.semantic.flow import Flow


class Record:
    """``count``: how many reads there were; ``reads``: by the module and number of each, the bindings it saw."""

    def __init__(self) -> None:
        self.count = 0
        self.reads: dict[tuple[str, int], set[int]] = defaultdict(set)
        self.tagged: dict[str, Tagged] = {}

    def code(self, name: str, source: str | bytes, path: str) -> CodeType:
        """The code of a module, which runs in a namespace that holds what ``namespace`` gives."""
        found = self.tagged[name] = Tagged(module_of(ast.parse(source)))
        return compile(found.tree, path, "exec", dont_inherit=True)

    def namespace(self, name: str) -> dict[str, Any]:
        """What tagged code needs. A builtin, which a name may fall back to, is no binding."""

        def read(number: int, tag: int | None, value: object) -> object:
            self.count += 1
            if tag is not None:
                self.reads[name, number].add(tag)
            return value

        return {READ: read, **{builtin + TAG: None for builtin in dir(builtins)}}

    def wrong(self) -> Iterator[str]:
        """Each read that saw a binding which the flow says it cannot see."""
        flows = {name: Flow(found.module, lambda _: True) for name, found in self.tagged.items()}
        for (name, number), tags in self.reads.items():
            found = self.tagged[name]
            node = found.reads[number]
            seen = flows[name].reaching(found.module.references[node])
            for binding in (found.bindings[tag] for tag in tags):
                if binding not in seen:
                    line = getattr(binding.node, "lineno", 0)
                    yield f"{name}:{node.lineno}: {node.id} has the value of line {line}"
