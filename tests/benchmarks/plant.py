"""The mistake, planted in real code: is it found, is the fix right, does what imports the name still work?

    python tests/benchmarks/plant.py FOLDER [--limit N] [--strategy transformed|original] [--verbose]

FOLDER holds checkouts of repositories. In a copy of each, one at a time, every function whose rules are
attached in the scope that binds it (those of modules first) is rebound by ``jax.vmap`` or ``jax.jit`` of it
below its rules, and a new module beside it imports and uses it. vjpfix looks at the planted file, and for
importers in the whole repository. A fix is written to the copy and judged: every file it touches must compile
and bind the same names but for the new one, the importer must be as it would be written by hand, and no
finding may be left. Modules that can be imported here (with JAX on the CPU) must still be importable, and the
importer must hold the transformed function. Ends with 1 if something is wrong or was not found.
"""

from __future__ import annotations

import argparse
import os
import shutil
import symtable
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from plant_imports import import_failures
from plant_sites import FORMS, Site, importer, module_of, planted, sites

from vjpfix.cli.batches import batches
from vjpfix.config import Config
from vjpfix.discover import find, read
from vjpfix.model import Change, Problem, Refusal, Report, Rewritten, Safety, VjpfixError
from vjpfix.pipeline import run
from vjpfix.settings import Settings, settings

IMPORTER = "imports_a_planted_function"
VERDICTS = ("fixed", "refused", "quiet", "missed", "wrong")
COLUMNS = ("functions", "in modules", *VERDICTS, "imported", "not imported")


@dataclass(slots=True)
class Verdict:
    """What became of one planted function: one of VERDICTS, why, and whether its modules were imported."""

    word: str
    why: list[str] = field(default_factory=list)
    imported: bool | None = None


class Scratch:
    """Files of a copy that are written for one case, and put back after it."""

    def __init__(self) -> None:
        self.before: dict[Path, tuple[bytes, int]] = {}

    def write(self, path: Path, data: bytes) -> None:
        if path not in self.before:
            exists = path.exists()
            self.before[path] = (path.read_bytes(), path.stat().st_mtime_ns) if exists else (b"", 0)
        path.write_bytes(data)

    def restore(self) -> None:
        """Put all back, with its time, so that bytecode that was compiled before is still good."""
        for path, (data, time_ns) in self.before.items():
            if not time_ns:
                path.unlink()
                continue
            path.write_bytes(data)
            os.utime(path, ns=(time_ns, time_ns))
        self.before.clear()


@dataclass(frozen=True, slots=True)
class Repository:
    """A copy of a checkout. ``importable``: the modules with sites that can be imported as they are."""

    root: Path
    settings: Settings
    original: bool
    importable: frozenset[str]

    def judge(self, site: Site, number: int) -> Verdict:
        """Plant one mistake, look, and put everything back."""
        scratch = Scratch()
        try:
            return _Case(self, site, number, scratch).verdict()
        except Exception:  # a crash is a result here
            return Verdict("wrong", [traceback.format_exc()])
        finally:
            scratch.restore()


class _Case:
    """One planted mistake; ``number`` chooses its transform and the form of its import."""

    def __init__(self, repository: Repository, site: Site, number: int, scratch: Scratch) -> None:
        self.repository, self.site, self.scratch = repository, site, scratch
        self.form = number % FORMS
        self.module, _ = module_of(site.path, repository.root)
        jitted = bool((number + number // FORMS) % 2)
        self.text, self.line = planted(read(site.path).text, site, jitted=jitted)
        self.user = site.path.with_name(f"{IMPORTER}.py") if site.scope == "module" else None

    def importer(self, name: str, bound: str = "") -> str:
        package = self.site.path.stem == "__init__"
        return importer(self.module, name, self.form, package=package, bound=bound)

    def verdict(self) -> Verdict:
        source = read(self.site.path)
        mark = source.data[:3] if source.bom else b""
        self.scratch.write(self.site.path, mark + self.text.encode(source.encoding))
        if self.user:
            self.scratch.write(self.user, self.importer(self.site.name).encode())
        report = self.look()
        found = [o for o in report.outcomes if o.finding.subject == self.site.name]
        found = [o for o in found if o.finding.span.line == self.line and o.finding.path == self.site.path]
        if report.problems:
            return Verdict("wrong", [_said(problem) for problem in report.problems])
        match found:
            case []:
                return Verdict("missed" if self.site.reads else "quiet")
            case [Refusal(reasons=reasons)]:
                return Verdict("refused", [f"{n.message} ({n.path.name}:{n.span.line})" for n in reasons])
            case [Change(safety=safety, reason=reason)] if safety is not Safety.SAFE:
                return Verdict("refused", [f"{safety.value}: {reason}"])
            case [Change() as change]:
                return self.fixed(change, report)
        return Verdict("wrong", [f"{len(found)} findings about one rebinding"])

    def look(self) -> Report:
        return run([self.site.path], self.repository.settings)

    def fixed(self, change: Change, report: Report) -> Verdict:
        made, problems = batches([change], report, self.repository.settings)
        files = [file for batch in made for file in batch.files]
        if problems or not files:
            return Verdict("wrong", [_said(problem) for problem in problems] or ["no file would change"])
        wrong = [fault for file in files for fault in self.faults(file, change.new_name)]
        for file in files:
            self.scratch.write(file.source.path, file.data)
        again = [o for o in self.look().outcomes if o.finding.subject == self.site.name]
        if any(outcome.finding.span.line == self.line for outcome in again):
            wrong.append("the finding is still there")
        if self.user:
            wrong += self.user_faults(change.new_name)
        imported = None
        if self.module in self.repository.importable:
            failed = self.broken(files, change.new_name)
            imported = not failed
            wrong += failed
        return Verdict("wrong" if wrong else "fixed", wrong, imported)

    def faults(self, file: Rewritten, new: str) -> Iterator[str]:
        """What is wrong with one rewritten file by itself."""
        path = file.source.path
        try:
            compile(file.data, str(path), "exec", dont_inherit=True)
            after = _module_names(file.text)
        except (SyntaxError, ValueError) as error:
            yield f"{path.name} does not compile any more: {error}"
            return
        before = _module_names(file.source.text)
        here = path == self.site.path
        if here and after != before | ({new} if self.site.scope == "module" else set()):
            yield f"{path.name} binds other names: {sorted(before ^ after)}"
        if not here and not (after <= before | {new} and before - after <= {self.site.name}):
            yield f"{path.name} binds other names: {sorted(before ^ after)}"

    def user_faults(self, new: str) -> Iterator[str]:
        assert self.user
        text = self.user.read_text()
        wanted = [self.importer(new), self.importer(new, bound=self.site.name)]
        if self.repository.original:
            wanted = [self.importer(self.site.name)]
        if text not in wanted:
            yield f"the importer is not what it should be:\n{text}"

    def broken(self, files: list[Rewritten], new: str) -> list[str]:
        """What could be imported before the fix and cannot be after it."""
        paths = [self.site.path, *([self.user] if self.user else [])]
        paths += sorted({file.source.path for file in files} - set(paths))
        held, primal = (self.site.name, new) if self.repository.original else (new, self.site.name)
        root = self.repository.root
        after = import_failures(paths, root, held if self.user else "", primal)
        if not after:
            return []
        for file in files:
            self.scratch.write(file.source.path, file.source.data)
        before = import_failures(paths, root, self.site.name if self.user else "")
        return [f"{name}: {why}" for name, why in after.items() if name not in before]


def _module_names(text: str) -> set[str]:
    symbols = symtable.symtable(text, "module", "exec").get_symbols()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}


def _said(problem: Problem) -> str:
    return f"{problem.path}:{problem.line}: {problem.message}"


def _all_sites(root: Path, config: Config) -> tuple[list[Site], list[str]]:
    """The functions to plant at, those of modules first, and the files that could not be read."""
    found: list[Site] = []
    unread: list[str] = []
    for path in find([root], config):
        try:
            found += sites(path, read(path).text) if isinstance(path, Path) else ()
        except (SyntaxError, VjpfixError) as error:
            unread.append(f"{path.name}: {error}")
    return sorted(found, key=lambda site: site.scope != "module"), unread


def _survey(checkout: Path, copy: Path, number: int, arguments: argparse.Namespace) -> Counter[str]:
    """Judge one repository, printing its row and what is wrong with it."""
    start = time.perf_counter()
    shutil.copytree(checkout, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    config = Config(root=copy)
    original = arguments.strategy == "original"
    found, unread = _all_sites(copy, config)
    found = found[: arguments.limit]
    files = sorted({site.path for site in found})
    failed = import_failures(files, copy, keep=True) if files and not arguments.no_import else {}
    names = [] if arguments.no_import else [module_of(path, copy)[0] for path in files]
    tuned = settings(config, original=True) if original else settings(config)
    repository = Repository(copy, tuned, original, frozenset(names) - failed.keys())
    counts: Counter[str] = Counter()
    told = [f"not read: {file}" for file in unread]
    told += [f"not imported: {name}: {why}" for name, why in failed.items()]
    for site in found:
        verdict = repository.judge(site, number + counts["functions"])
        counts.update(["functions", verdict.word])
        counts["in modules"] += site.scope == "module"
        counts["imported"] += verdict.imported is not None
        counts["not imported"] += verdict.word == "fixed" and verdict.imported is None
        if verdict.word in ("missed", "wrong") or (arguments.verbose and verdict.word == "refused"):
            place = f"{site.path.relative_to(copy)}:{site.line} {site.name}"
            told.append("\n    ".join([f"{verdict.word}: {place}", *verdict.why]))
    _row(checkout.name, counts, time.perf_counter() - start)
    for line in told if arguments.verbose else [t for t in told if t.startswith(("missed", "wrong"))]:
        print(f"  {line}", flush=True)
    return counts


def _row(name: str, counts: Counter[str], seconds: float) -> None:
    cells = "".join(f"{counts[column]:>{len(column) + 2}}" for column in COLUMNS)
    print(f"{name:<18}{cells}{seconds:>9.1f}", flush=True)


def main() -> int:
    """Print one row for each repository, and the totals; 1 if something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, help="at most so many functions of each repository")
    parser.add_argument("--strategy", choices=["transformed", "original"], default="transformed")
    parser.add_argument("--no-import", action="store_true", help="import nothing (faster)")
    parser.add_argument("--verbose", action="store_true", help="list refusals and what could not be imported")
    arguments = parser.parse_args()
    start = time.perf_counter()
    total: Counter[str] = Counter()
    print(f"{'repository':<18}{''.join(f'  {column}' for column in COLUMNS)}  seconds")
    for checkout in sorted(path for path in arguments.folder.iterdir() if path.is_dir()):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder).resolve() / checkout.name
            total += _survey(checkout, copy, total["functions"], arguments)
    _row("total", total, time.perf_counter() - start)
    return int(bool(total["missed"] + total["wrong"]))


if __name__ == "__main__":
    sys.exit(main())
