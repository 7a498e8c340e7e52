"""The time and memory that a fix across modules takes: many modules, a thousand of which import one rebound name.

    python tests/benchmarks/importers.py [--modules 20000] [--importers 1000] [--rounds 3] [--keep FOLDER]

Writes a made-up project and measures, in turns, in one run: ``rg -l -w NAME`` over it (what finding the files
costs), LibCST alone over the files that change (parse, positions, a transformer that changes nothing, print;
its own import is not counted), ``vjpfix diff`` and ``vjpfix fix --dry-run``. Quote the last column,

    vjpfix / (3 x rg + LibCST)

and not seconds. The memory is the largest of one process, of the command and of those it waited for. Ends with
1 where vjpfix did not change the files that it should, for then the figures are of something else.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NAME = "soft_threshold"
PACKAGE = "signalkit"
HOME = f"{PACKAGE}.numerics.shrinkage"
IN_A_FOLDER = 100
OWN_USE = 100  # one in so many of the other modules has something else of that name

EXPORTS = f'__all__ = ["{NAME}", "shrink_all"]\n'
DEFINITION = f'''"""Shrinkage operators with rules of their own."""

import functools

import jax
import jax.numpy as jnp

{EXPORTS}

@functools.partial(jax.custom_vjp, nondiff_argnums=(1,))
def {NAME}(values, level):
    """Move each value towards zero by ``level``."""
    return jnp.sign(values) * jnp.maximum(jnp.abs(values) - level, 0.0)


def {NAME}_fwd(values, level):
    return {NAME}(values, level), values


def {NAME}_bwd(level, values, cotangent):
    return (cotangent * (jnp.abs(values) > level),)


{NAME}.defvjp({NAME}_fwd, {NAME}_bwd)
{NAME} = jax.vmap({NAME}, in_axes=(0, None))


def shrink_all(groups, level):
    """Every group by the same level."""
    return [{NAME}(group, level) for group in groups]
'''

# What an importer says, what it says where it uses the name.
FORMS = (
    (f"from {HOME} import {NAME}", NAME),
    (f"from {HOME} import {NAME} as shrink", "shrink"),
    (f"from ..numerics.shrinkage import {NAME}", NAME),
    (f"from {PACKAGE}.numerics import {NAME}", NAME),
    (f"from {PACKAGE}.numerics import shrinkage", f"shrinkage.{NAME}"),
    (f"import {HOME}", f"{HOME}.{NAME}"),
    (f"import {HOME} as shrinkage", f"shrinkage.{NAME}"),
    (f"from {HOME} import *", NAME),
    (f"import importlib\n\nshrinkage = importlib.import_module('{HOME}')", f"shrinkage.{NAME}"),
)

WORDS = """
window frame kernel batch tensor sample weight channel offset bucket cursor record segment index
merge split scale gather reduce normalize encode project clip filter align stack update trace
"""
NOUNS, VERBS = (line.split() for line in WORDS.strip().splitlines())
FUNCTION = '''

def {verb}_{noun}s({noun}s, {other}=None, *, axis=0, strict=True):
    """{Verb} the {noun}s along an axis.

    Arguments: the {noun}s, shape (n, d), and an optional {other}. Result: as many {noun}s as came in.
    """
    if {other} is None:
        {other} = {number}
    found = []
    for position, {noun} in enumerate({noun}s):
        if strict and {noun} is None:
            raise ValueError(f"{noun} {{position}} is missing")  # a caller's mistake
        value = {noun} * {other} + position % {number}
        found.append((axis, value) if axis else value)
    return {{"{noun}": found, "axis": axis}}
'''
CLASS = '''

class {Noun}{Verb}r:
    """Keeps a {noun} and the {other} it was made with."""

    {other}: int = {number}

    def __init__(self, {noun}, *, limit={number}):
        self.{noun} = {noun}
        self.limit = limit

    def {verb}(self, amount):
        total = sum(amount for _ in range(self.limit)) if self.limit > {number} else 0
        return [self.{noun}, total, self.{other}]
'''


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took: seconds, and the peak of its memory in MB."""

    seconds: float
    megabytes: float


def project(root: Path, modules: int, importers: int) -> list[Path]:
    """Write the project; the files that the fix changes."""
    chosen = random.Random(0)
    home = root / PACKAGE / "numerics"
    home.mkdir(parents=True)
    (root / "pyproject.toml").write_text(f'[project]\nname = "{PACKAGE}"\nversion = "1.0"\n')
    (root / PACKAGE / "__init__.py").write_text("")
    (home / "__init__.py").write_text(f"from {HOME} import {NAME}, shrink_all\n\n{EXPORTS}")
    (home / "shrinkage.py").write_text(DEFINITION)
    changed = [home / "__init__.py", home / "shrinkage.py"]
    using = {number: order for order, number in enumerate(sorted(chosen.sample(range(modules), importers)))}
    for number in range(modules):
        folder = root / PACKAGE / f"part_{number // IN_A_FOLDER:03}"
        if number % IN_A_FOLDER == 0:
            folder.mkdir()
            (folder / "__init__.py").write_text(f'"""Part {number // IN_A_FOLDER}."""\n')
        path = folder / f"{chosen.choice(NOUNS)}_{number:05}.py"
        form = using.get(number)
        path.write_text(_module(chosen, form))
        if form is not None:
            changed.append(path)
    return changed


def _module(chosen: random.Random, form: int | None) -> str:
    """A module of 2 to 4 kB; with a ``form``, one that imports the name and uses it twice."""
    imported, used = ("", "") if form is None else FORMS[form % len(FORMS)]
    parts = [f'"""Helpers for every {chosen.choice(NOUNS)}."""\n\nimport math\n\n{imported}\n']
    size = chosen.randrange(1900, 3200)
    while sum(map(len, parts)) < size:
        noun, other = chosen.sample(NOUNS, 2)
        verb, number = chosen.choice(VERBS), chosen.randrange(2, 99)
        words = {"noun": noun, "other": other, "verb": verb, "number": number}
        words |= {"Noun": noun.title(), "Verb": verb.title()}
        parts.append(chosen.choice([FUNCTION, FUNCTION, CLASS]).format(**words))
    if used:
        parts.append(f"\n\ndef shrunk(values, level=0.5):\n    return {used}(values, math.sqrt(level))\n")
        parts.append(f"\n\ndef operator():\n    return {used}\n")
    elif chosen.randrange(OWN_USE) == 0:
        parts.append(f"\n\ndef cut(values, {NAME}):\n    return [v for v in values if v > {NAME}]\n")
    return "".join(parts)


def libcst_alone(files: Sequence[Path]) -> float:
    """The seconds that LibCST takes for these files: what no rewrite through it can do without."""
    import libcst
    from libcst.metadata import MetadataWrapper, PositionProvider

    class NoOp(libcst.CSTTransformer):
        METADATA_DEPENDENCIES = (PositionProvider,)

        def leave_Name(self, original_node: libcst.Name, updated_node: libcst.Name) -> libcst.Name:
            self.get_metadata(PositionProvider, original_node)
            return updated_node

    start = time.perf_counter()
    for path in files:
        text = path.read_text()
        wrapper = MetadataWrapper(libcst.parse_module(text), unsafe_skip_copy=True)
        assert wrapper.visit(NoOp()).code == text
    return time.perf_counter() - start


def measured(command: list[str], cwd: Path, output: Path) -> Run:
    """Run a command, its output to a file; errors of the command itself (code 2 and above) are shown."""
    start = time.perf_counter()
    with output.open("wb") as stream:
        process = subprocess.Popen(command, cwd=cwd, stdout=stream, stderr=stream)
        # The usage of this one process: what all children took together tells nothing about the last one.
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        sys.exit(f"{command} ended with {code}:\n{output.read_text()[-2000:]}")
    return Run(seconds, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3))


def rounds(root: Path, changed: Sequence[Path], count: int, scratch: Path) -> dict[str, list[Run]]:
    """The runs of each command, which take turns."""
    files = scratch / "files"
    files.write_text("\n".join(map(str, changed)))
    vjpfix = shutil.which(str(Path(sysconfig.get_path("scripts"), "vjpfix"))) or shutil.which("vjpfix")
    tool = [vjpfix] if vjpfix else [sys.executable, "-m", "vjpfix"]
    commands = {
        "rg": [shutil.which("rg") or sys.exit("rg is needed"), "-l", "-w", NAME, "."],
        "libcst": [sys.executable, __file__, "--libcst", str(files)],
        "vjpfix diff": [*tool, "diff", "."],
        "vjpfix fix": [*tool, "fix", "--dry-run", "."],
    }
    found: dict[str, list[Run]] = {name: [] for name in commands}
    measured(commands["rg"], root, scratch / "rg")  # the first run pays for the disk
    for _ in range(count):
        for name, command in commands.items():
            output = scratch / name
            run = measured(command, root, output)
            if name == "libcst":
                run = Run(float(output.read_text()), run.megabytes)
            found[name].append(run)
    return found


def report(found: dict[str, list[Run]]) -> None:
    """Print the median of each command, and what vjpfix takes beside the work nobody can do without."""
    print(f"{'command':<14}{'median s':>9}{'peak MB':>9}{'/ (3 rg + LibCST)':>19}")
    for name, runs in found.items():
        ratios = [
            run.seconds / (3 * rg.seconds + cst.seconds)
            for run, rg, cst in zip(runs, found["rg"], found["libcst"], strict=True)
        ]
        seconds = statistics.median(run.seconds for run in runs)
        memory = max(run.megabytes for run in runs)
        ratio = f"{statistics.median(ratios):>19.2f}" if name.startswith("vjpfix") else ""
        print(f"{name:<14}{seconds:>9.2f}{memory:>9.0f}{ratio}")


def complaint(patch: str, changed: Sequence[Path], root: Path) -> str:
    """How the files of a patch differ from those that have to change; empty where they do not."""
    patched = set(re.findall(r"^\+\+\+ (?:b/)?(.+?)\t?$", patch, re.MULTILINE))
    wanted = {path.relative_to(root).as_posix() for path in changed}
    if patched == wanted:
        return ""
    examples = sorted(patched ^ wanted)[:5]
    return f"vjpfix changed {len(patched)} files and should change {len(wanted)}: {examples}\n{patch[-2000:]}"


def main() -> int:
    """Write the project, run everything, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--modules", type=int, default=20_000)
    parser.add_argument("--importers", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="write the project to this new folder, and leave it there")
    parser.add_argument("--libcst", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.libcst:
        print(libcst_alone([Path(line) for line in arguments.libcst.read_text().splitlines()]))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        root = (arguments.keep or scratch / "project").resolve()
        changed = project(root, arguments.modules, arguments.importers)
        found = rounds(root, changed, arguments.rounds, scratch)
        print(f"{arguments.modules} modules, {len(changed)} files to change, {arguments.rounds} rounds")
        report(found)
        wrong = complaint((scratch / "vjpfix diff").read_text(), changed, root)
    if wrong:
        print(wrong)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
