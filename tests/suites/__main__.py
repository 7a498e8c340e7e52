"""``python -m tests.suites WORDS`` shows the cases whose names hold the words, and what each fix is to make of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from difflib import unified_diff

from .case import RENAMES, Case, Expected
from .suite import CASES


def shown(case: Case) -> Iterator[str]:
    yield f"== {case}\n"
    for path, file in case.files.items():
        yield f"--- {path}\n{file.before}"
    for rename in RENAMES:
        yield f"## a new name for the {rename}: {case.expected(rename).value}\n"
        if case.expected(rename) is not Expected.LEFT_ALONE:
            for path, file in case.files.items():
                lines = (text.splitlines(keepends=True) for text in (file.before, file.after(rename)))
                yield from unified_diff(*lines, path, path, n=0)


if __name__ == "__main__":
    found = [case for case in CASES if all(word in str(case) for word in sys.argv[1:])]
    sys.stdout.writelines(line for case in found for line in (*shown(case), "\n"))
