"""The CPU time of ``vjpfix check`` over a tree or a file beside its peers', in one run: quote ratios, not seconds.

    tests/benchmarks/corpus.sh CORPUS
    python tests/benchmarks/compare.py CORPUS [--rounds 5] [--cold]

The peers, as far as they are installed: a Python that does nothing (for a single file), ``rg -l`` for the names of
the decorators (what a first look costs), ``ruff check`` for undefined names without its cache, ``ast-grep`` for
the calls that attach rules. The commands take turns, so that a machine whose speed drifts is unfair to none.
``--cold`` (Linux, as root) empties the disk cache before each run, as after a start of the machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
from pathlib import Path

CACHES = Path("/proc/sys/vm/drop_caches")
DECORATORS = "custom_vjp|custom_jvp|custom_gradient"


def commands(folder: Path) -> dict[str, list[str]]:
    """The commands that this machine can run, ``vjpfix`` first."""
    scripts = Path(sysconfig.get_path("scripts"))
    candidates = {
        "vjpfix check": [sys.executable, "-m", "vjpfix", "check", str(folder), "--output-format", "concise"],
        "python": [sys.executable, "-c", "pass"],
        "rg -l": ["rg", "-l", "-g", "*.py", DECORATORS, str(folder)],
        "ruff check": ["ruff", "check", "--no-cache", "--isolated", "-q", "--select", "F821", str(folder)],
        "ast-grep": ["ast-grep", "run", "-l", "python", "-p", "$F.defvjp($$$)", str(folder)],
    }
    found = {}
    for name, command in candidates.items():
        program = shutil.which(command[0]) or shutil.which(str(scripts / command[0]))
        if program:
            found[name] = [program, *command[1:]]
    return found


def seconds(command: list[str], *, cold: bool = False) -> float:
    """The CPU time of one run, its output thrown away."""
    if cold:
        os.sync()
        CACHES.write_text("3")
    start = os.times()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    end = os.times()
    return end.children_user + end.children_system - start.children_user - start.children_system


def main() -> None:
    """Print the median of each command and the median of its ratio to ``vjpfix check``, round by round."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cold", action="store_true", help="empty the disk cache before each run")
    arguments = parser.parse_args()
    runs = commands(arguments.folder)
    for command in runs.values():
        seconds(command)  # the first run pays for the disk
    times = [
        {name: seconds(command, cold=arguments.cold) for name, command in runs.items()}
        for _ in range(arguments.rounds)
    ]
    print(f"{'command':<14}{'median s':>9}{'vjpfix / it':>13}")
    for name in runs:
        median = statistics.median(one[name] for one in times)
        ratio = statistics.median(one["vjpfix check"] / one[name] for one in times)
        print(f"{name:<14}{median:>9.2f}{ratio:>13.2f}")


if __name__ == "__main__":
    sys.exit(main())
