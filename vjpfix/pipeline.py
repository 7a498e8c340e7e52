"""The stages in order: which files are worth a look, what is found in them, what is done about it.

Nothing is written here. What knows Python is imported with the first file that may matter: most have nothing
to say, and nor have most runs of a hook.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vjpfix.discover import Skipped, decode, find_names, read_bytes
from vjpfix.model import Change, Finding, Problem, Refusal, Report, Rewritten, SourceFile, VjpfixError
from vjpfix.remarks import on_homeless, on_skipped, on_unasked
from vjpfix.settings import Settings
from vjpfix.words import plain

if TYPE_CHECKING:
    from vjpfix.finding import Looked
    from vjpfix.whole import Whole


def run(paths: Sequence[Path], settings: Settings, tick: Callable[[], None] = lambda: None) -> Report:
    """Find everything in the files that ``paths`` stand for; ``tick`` is called after each file.

    The order of ``paths`` does not matter. Raises ``VjpfixError`` where no file can be looked at because of
    one mistake in a configuration; it is a problem of the report where others can.
    """
    # A Path's own ``is_symlink`` raises where its folder may not be looked into.
    paths = sorted(paths, key=lambda path: (os.path.islink(path), os.path.realpath(path)))  # noqa: PTH114
    wrong: dict[Problem, VjpfixError] = {}
    problems: list[Problem] = []
    looked: list[Looked] = []
    skipped: list[Skipped] = []
    names: list[str] = []
    unasked = 0
    for found in find_names(paths, settings.configs, skipped.append):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        try:
            own = settings.of(found)
        except VjpfixError as error:
            wrong[error.problem] = error
            continue
        names.append(found)
        unasked += not own.chosen
        try:
            looked += _look(found, own)
        except VjpfixError as error:
            problems.append(Problem(error.message, error.path or Path(found), error.line))
        tick()
    if len(wrong) == 1 and not names and not problems:
        raise next(iter(wrong.values()))
    wholes: list[Whole] = []
    homeless: list[Path] = []
    if looked:
        from vjpfix.finding import found_in

        wholes, homeless, more = found_in(looked, paths, names, settings)
        problems += more
    remarks = (*on_skipped(skipped), *on_homeless(homeless), *on_unasked(unasked))
    report = _report(wholes, [*wrong, *problems], len(names) - unasked)
    return replace(report, remarks=remarks, unasked=unasked)


def _look(found: str, settings: Settings) -> Iterator[Looked]:
    """A file, if there may be anything to say about it: most have none of the words, and stop here."""
    data = read_bytes(found)
    text = plain(data)
    makes, taken = settings.prefilter.makes(text), settings.prefilter.taken(text)
    if makes or taken or settings.prefilter.comments(data):
        from vjpfix.finding import looked_at

        path = Path(found)
        yield looked_at(decode(path, path.resolve(), data), settings, makes=makes, taken=taken)


def run_data(path: Path, data: bytes, settings: Settings) -> Report:
    """Find everything in one file's content that is at hand (standard input, another tool's tree)."""
    from vjpfix.finding import looked_at, whole_of

    try:
        own = settings.of(path)
        looked = looked_at(decode(path, path, data), own)
        report = _report([whole_of([looked], settings, [])], [], int(bool(own.chosen)))
        unasked = 1 - report.files
        return replace(report, remarks=tuple(on_unasked(unasked)), unasked=unasked)
    except VjpfixError as error:
        return Report((), (Problem(error.message, error.path or path, error.line),), {}, 1)


def _report(wholes: Iterable[Whole], problems: Sequence[Problem], files: int) -> Report:
    outcomes: list[Change | Refusal] = []
    sources: dict[Path, SourceFile] = {}
    rewritten: dict[Finding, tuple[Rewritten, ...]] = {}
    for whole in wholes:
        outcomes += whole.outcomes
        sources |= whole.sources
        rewritten |= whole.rewritten
    return Report(tuple(outcomes), tuple(problems), sources, files, rewritten)
