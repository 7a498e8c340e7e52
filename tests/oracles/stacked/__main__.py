"""More seeds than a test has time for: ``python -m tests.oracles.stacked FIRST LAST``."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from .check import complaints, told
from .generate import generate


def main(first: int, last: int) -> int:
    count: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as top:
        for seed in range(first, last):
            program = generate(seed)
            for original in (False, True):
                try:
                    found = list(complaints(program, Path(top).resolve(), original=original))
                except Exception as error:
                    found = [f"crash: {error!r}"]
                count[f"must {program.must}"] += 1
                if found:
                    count["failures"] += 1
                    print(f"original={original}", told(program, found), flush=True)
    print(dict(count))
    return count["failures"]


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]), int(sys.argv[2]))))
