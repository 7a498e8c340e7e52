"""``python -m tests.oracles.truth test.test_textwrap textwrap``: runs tests with modules that tell what they read.

Prints how many reads there were, and each that saw a binding which the flow says it cannot see.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import sys
import unittest
from collections import defaultdict
from pathlib import Path

from tests.oracles.truth.tagging import READ, Tagged
from vjpfix.semantic.flow import Flow
from vjpfix.semantic.module import module_of

reads: dict[tuple[str, int], set[int]] = defaultdict(set)
counted = 0
tagged: dict[str, Tagged] = {}


class Loader(importlib.machinery.SourceFileLoader):
    def source_to_code(self, data, path, *, _optimize=-1):
        found = tagged[self.name] = Tagged(module_of(ast.parse(data)))
        return compile(found.tree, path, "exec", dont_inherit=True, optimize=_optimize)

    def get_code(self, fullname):  # never from a cache
        path = self.get_filename(fullname)
        return self.source_to_code(Path(path).read_bytes(), path)

    def exec_module(self, module):
        name = self.name

        def read(number, tag, value):
            global counted
            counted += 1
            reads[name, number].add(tag)
            return value

        module.__dict__[READ] = read
        super().exec_module(module)


class Finder(importlib.abc.MetaPathFinder):
    def __init__(self, names):
        self.names = names

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in self.names:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = Loader(fullname, spec.loader.path)
        return spec


def wrong():
    for name, found in tagged.items():
        flow = Flow(found.module, lambda _: True)
        for (module, number), tags in reads.items():
            if module == name:
                node = found.reads[number]
                seen = flow.reaching(found.module.references[node])
                for tag in tags:
                    if found.bindings[tag] not in seen:
                        line = getattr(found.bindings[tag].node, "lineno", 0)
                        yield f"{name}:{node.lineno}: {node.id} has the value of line {line}"


def main(names):
    for each in names:
        sys.modules.pop(each, None)
    sys.meta_path.insert(0, Finder(frozenset(names)))
    suite = unittest.defaultTestLoader.loadTestsFromNames([each for each in names if "test" in each])
    with open("/dev/null", "w") as nowhere:  # noqa: PTH123
        result = unittest.TextTestRunner(stream=nowhere).run(suite)
    for each in wrong():
        print(each)
    failed = len(result.failures) + len(result.errors)
    print(f"{counted} reads at {len(reads)} places, {result.testsRun} tests, {failed} failed")


if __name__ == "__main__":
    main(sys.argv[1:])
