"""Run the guard's tests on several releases of JAX, each in an environment of its own.

``python tests/jax/guard_versions.py`` makes the environments in a temporary folder, or in ``--folder``, where the
next run finds them again. It needs a package index and takes some minutes for each release. It ends with a
table and the reason for each test that was left out, and with 1 if a test failed.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import venv
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEWEST = "newest"
DEADLINE = 7200  # in seconds, for each step of a release
VERSIONS = ("0.4.30", "0.6.2", "0.8.3", NEWEST)

# The newest releases of these that an old JAX works with; what a newer JAX needs, pip finds out.
FITTING = {"0.4.30": ("numpy<2.1", "scipy<1.15", "equinox==0.11.10", "flax==0.10.2")}

TESTS = (
    "tests/jax/test_explain_demo.py",
    *map(str, sorted((ROOT / "tests" / "jax").glob("test_guard_*.py"))),
)


@dataclass(frozen=True)
class Outcome:
    """What came of a release: how many tests passed, which failed, and why how many were left out."""

    asked: str
    jax: str
    python: str
    passed: int
    failed: tuple[str, ...]
    left_out: Counter[str]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Run the guard's tests on several releases of JAX.")
    parser.add_argument("versions", nargs="*", default=VERSIONS, help=f"such as 0.6.2, or {NEWEST}")
    parser.add_argument("--folder", type=Path, help="where the environments are made, and kept")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a test sends it; the background ignores it
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        outcomes = [tried(version, folder.absolute() / version) for version in options.versions]
    print(table(outcomes))
    return 1 if any(outcome.failed or not outcome.passed for outcome in outcomes) else 0


def tried(version: str, folder: Path) -> Outcome:
    """The outcome of a release, in an environment in this folder."""
    say(f"JAX {version}: installing")
    python = environment(version, folder)
    say(f"JAX {version}: testing")
    results = folder / "results.xml"
    results.unlink(missing_ok=True)
    subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junit-xml={results}", *TESTS],
        cwd=ROOT,
        env={**os.environ, "JAX_PLATFORMS": "cpu", "PYTEST_ADDOPTS": ""},
        check=False,
        timeout=DEADLINE,
    )
    shown = "import jax, platform; print(jax.__version__, platform.python_version())"
    jax, its_python = subprocess.run(
        [python, "-c", shown], check=True, capture_output=True, text=True, timeout=DEADLINE
    ).stdout.split()
    return read(results, version, jax, its_python)


def environment(version: str, folder: Path) -> Path:
    """The Python of an environment with a release of JAX, pytest and this checkout's vjpfix."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    jax = ("jax", "jaxlib") if version == NEWEST else (f"jax=={version}", f"jaxlib=={version}")
    others = FITTING.get(version, ("equinox", "flax"))
    tools = ("pytest>=8.2", "pytest-xdist>=3.6", str(ROOT))
    pip = (python, "-m", "pip", "install", "--quiet", "--upgrade")
    subprocess.run([*pip, *jax, *others, *tools], check=True, timeout=DEADLINE)
    return python


def read(results: Path, version: str, jax: str, python: str) -> Outcome:
    """What pytest wrote in a JUnit file; nothing passed where there is none."""
    cases = list(ET.parse(results).iter("testcase")) if results.exists() else []
    failed, left_out = [], Counter[str]()
    for case in cases:
        skipped = case.find("skipped")
        if skipped is not None:
            left_out[skipped.get("message", "no reason is given")] += 1
        elif case.find("failure") is not None or case.find("error") is not None:
            failed.append(f"{case.get('classname')}::{case.get('name')}")
    passed = len(cases) - len(failed) - left_out.total()
    return Outcome(version, jax, python, passed, tuple(failed), left_out)


def table(outcomes: Sequence[Outcome]) -> str:
    """The numbers of each release, then what failed and what was left out."""
    lines = [f"{'JAX':<10} {'Python':<8} {'passed':>8} {'failed':>8} {'left out':>8}"]
    lines += [
        f"{each.jax:<10} {each.python:<8} {each.passed:>8} {len(each.failed):>8} {each.left_out.total():>8}"
        for each in outcomes
    ]
    for each in outcomes:
        lines += [f"JAX {each.jax}: failed: {name}" for name in each.failed]
        lines += [
            f"JAX {each.jax}: left out: {count} because {reason}" for reason, count in each.left_out.items()
        ]
    return "\n".join(lines)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
