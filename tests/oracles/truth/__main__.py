"""``python -m tests.oracles.truth test.test_textwrap textwrap``: runs tests with modules that tell what they read.

``optax.*`` are all modules of a package. The tests are those of the modules that are named, with ``test`` in their
names. Prints how many reads there were, and each that saw a binding which the flow says it cannot see.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import unittest
from contextlib import redirect_stdout
from fnmatch import fnmatch
from pathlib import Path

from tests.oracles.truth.recording import Record

record = Record()


class Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):  # never from a cache
        path = self.get_filename(fullname)
        return record.code(fullname, Path(path).read_bytes(), path)

    def exec_module(self, module):
        module.__dict__.update(record.namespace(self.name))
        super().exec_module(module)


class Finder(importlib.abc.MetaPathFinder):
    def __init__(self, patterns):
        self.patterns = patterns

    def find_spec(self, fullname, path=None, target=None):
        if not any(fnmatch(fullname, pattern) for pattern in self.patterns):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = Loader(fullname, spec.loader.path)
        return spec


def main(names):
    for each in names:
        sys.modules.pop(each, None)
    sys.meta_path.insert(0, Finder(names))
    tests = [each for each in names if "test" in each and "*" not in each]
    with open("/dev/null", "w") as nowhere, redirect_stdout(nowhere):  # noqa: PTH123
        suite = unittest.defaultTestLoader.loadTestsFromNames(tests)
        result = unittest.TextTestRunner(stream=nowhere).run(suite)
    for each in record.wrong():
        print(each)
    failed = len(result.failures) + len(result.errors)
    print(f"{record.count} reads at {len(record.reads)} places, {result.testsRun} tests, {failed} failed")


if __name__ == "__main__":
    main(sys.argv[1:])
