"""Both copies made, a command run on each under the guard, and nothing left of it."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vjpfix.model import Change, Rewritten
from vjpfix.runtime import child
from vjpfix.runtime.command import run
from vjpfix.runtime.pytest_results import results
from vjpfix.runtime.report import Gradient, Place, Report
from vjpfix.verify.commands import here, of_module, on_copy, search, top_of, variables
from vjpfix.verify.comparing import compare
from vjpfix.verify.copying import Copy, copies
from vjpfix.verify.model import Run, Trial, Verification
from vjpfix.verify.names import fixed
from vjpfix.verify.survey import PREFIX, Limits, survey


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a fix is tried: the ``command``, empty for the modules themselves, and its time limit in seconds.

    ``skip_gradients``: functions that are not compared with finite differences.
    """

    command: tuple[str, ...]
    timeout: float
    skip_gradients: tuple[str, ...]


def verify(
    changes: Sequence[Change],
    files: Sequence[Rewritten],
    project: Path,
    attempt: Attempt,
    say: Callable[[str], None],
    limits: Limits = Limits(),  # noqa: B008  # it is frozen
) -> Verification:
    """Run a command on a copy of the ``project`` as it is, and on one with the fix.

    Arguments: the changes of the fix and the files as they leave them; ``say`` gets what is done now. Nothing
    is written but in a temporary folder, which is gone afterwards, however this ends. Raises VjpfixError
    where the project cannot be copied, or the command not be started.
    """
    root = _top_of_packages(Path(os.path.realpath(project)))
    folder = Path.cwd() if Path.cwd().is_relative_to(root) else root
    found = survey(root, limits)
    modules = list(dict.fromkeys(Path(os.path.realpath(change.finding.path)) for change in changes))
    commands = [attempt.command] if attempt.command else [of_module(path, folder) for path in modules]
    functions = fixed(changes, files)
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name:
        temporary = Path(os.path.realpath(name))
        both = copies(found, root, temporary, files)
        trials = []
        for number, command in enumerate(commands):
            before, after = (
                _run(command, folder, copy, modules, attempt, temporary / f"{copy.name}-{number}", say)
                for copy in both
            )
            trials.append(Trial(tuple(command), before, after, compare(before, after, functions)))
    return Verification(tuple(trials), tuple(found.left_out))


def _top_of_packages(root: Path) -> Path:
    """The project, where what was given is a package: the folder from which it is imported."""
    return top_of(root / "__init__.py")


def _run(
    command: Sequence[str],
    folder: Path,
    copy: Copy,
    modules: Sequence[Path],
    attempt: Attempt,
    place: Path,
    say: Callable[[str], None],
) -> Run:
    """Run a command on a copy. ``place``: what its reports are called in the temporary folder."""
    say(f"running {shlex.join(command)} on a copy {copy.name.replace('-', ' ')}")
    reports = place.with_name(f"{place.name}-reports")
    reports.mkdir()
    environment = child.environment(
        reports,
        variables(os.environ, folder, copy, place.parent),
        check_gradients=True,
        skip_gradients=attempt.skip_gradients,
        search=search(modules, copy),
        moved=(str(copy.original), str(copy.top)),
    )
    ended = run(
        on_copy(command, folder, copy),
        here(folder, copy),
        environment,
        place.with_name(f"{place.name}.log"),
        attempt.timeout,
    )
    documents = child.reports(reports)
    return Run(
        ended.code,
        ended.seconds,
        ended.output,
        results(reports),
        tuple(dict.fromkeys(_report(each, copy) for doc in documents for each in doc["reports"])),
        tuple(_gradient(each, copy) for doc in documents for each in doc["gradients"]),
        frozenset(name for doc in documents for name in doc["called"]),
        bool(documents),
    )


def _report(fields: dict[str, object], copy: Copy) -> Report:
    found = Report.of_json(fields)
    return replace(found, call=_moved(found.call, copy), rebinding=_moved(found.rebinding, copy))


def _gradient(fields: dict[str, object], copy: Copy) -> Gradient:
    found = Gradient.of_json(fields)
    return replace(found, call=_moved(found.call, copy))


def _moved(place: Place | None, copy: Copy) -> Place | None:
    return place and Place(copy.original_of(place.file), place.line)
