"""The work of ``diagnose``: read the text, find the files it names, look through them, name the cause."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from vjpfix.cli.endings import line_of, say
from vjpfix.cli.options import STDIN
from vjpfix.model import Problem, Report, VjpfixError

if TYPE_CHECKING:
    from vjpfix.diagnose.model import Diagnosis, Raised
    from vjpfix.settings import Settings

_OUTPUTS = (".log", ".txt", ".out", ".xml")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MOST = 20_000_000  # bytes of a log; what is asked about stands at its end


def text_of(path: str) -> str:
    """The text of a file, or of standard input for ``-``. Errors: ``VjpfixError`` where it cannot be read."""
    if path == STDIN:
        if sys.stdin.isatty():
            say("paste the error, then press Ctrl-D (on Windows Ctrl-Z and Enter)")
        return _decoded(sys.stdin.buffer.read())
    try:
        return _decoded(Path(path).read_bytes())
    except IsADirectoryError:
        raise VjpfixError("is a folder; give the file that holds the error", Path(path)) from None
    except FileNotFoundError:
        raise VjpfixError("does not exist; check the path", Path(path)) from None
    except OSError as error:
        raise VjpfixError(f"cannot be read: {error.strerror}", Path(path)) from None


def newest(paths: Sequence[str]) -> str:
    """The newest of these files, and of those in these folders that look like outputs of pytest."""
    try:
        found = [file for path in paths or (".",) for file in _outputs(Path(path))]
        if found:
            return str(max(found, key=lambda file: (file.stat().st_mtime_ns, str(file))))
    except OSError as error:
        raise VjpfixError(f"cannot be read: {error.strerror}", Path(str(error.filename))) from None
    where = ", ".join(paths) or "the current folder"
    endings = ", ".join(_OUTPUTS)
    raise VjpfixError(f"there is no output of pytest in {where}: no file that ends in {endings}")


def diagnosed(text: str, paths: Sequence[str], settings: Settings) -> tuple[Diagnosis, Report]:
    """The diagnosis, and what was found in the files that the error names and in ``paths``."""
    from vjpfix.diagnose.diagnosis import diagnosis, files_of
    from vjpfix.diagnose.reading import raised
    from vjpfix.pipeline import run

    errors = raised(text)
    located = dict(_located(files_of(errors), paths))
    errors = tuple(_with_files(error, located) for error in errors)
    wanted = {*map(Path, paths), *located.values()}
    report = run(sorted(wanted), settings) if wanted else Report((), (), {}, 0)
    codes = frozenset(rule.code for rule in settings.rules)
    return diagnosis(errors, report, codes), report


def say_problems(problems: Iterable[Problem]) -> None:
    """On standard error: which files could not be looked through."""
    for problem in problems:
        say(line_of(problem))


def _decoded(data: bytes) -> str:
    data = data if len(data) <= _MOST else data[-_MOST:]
    return data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig", "replace")


def _outputs(path: Path) -> list[Path]:
    if not path.is_dir():
        path.stat()
        return [path]
    return [each for each in path.iterdir() if each.suffix in _OUTPUTS and each.is_file()]


def _located(printed: Iterable[str], paths: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """Each file that a traceback names, with where it is here, if it is."""
    roots = [Path(), *(Path(path) for path in paths if os.path.isdir(path))]  # noqa: PTH112  # as below
    for name in printed:
        path = Path(name).expanduser()
        if path.suffix == ".py" and (found := _here(path, name, roots)):
            yield name, Path(os.path.relpath(found)) if found.is_relative_to(Path.cwd()) else found


def _here(path: Path, printed: str, roots: Sequence[Path]) -> Path | None:
    """The file itself, or the one of that name here where the error comes from another machine.

    A file in a folder that may not be looked into is none; a Path's own ``is_file`` raises there.
    """
    if os.path.isfile(path):  # noqa: PTH113
        return path.absolute()
    parts = PurePosixPath(printed.replace("\\", "/")).parts
    tails = (Path(*parts[start:]) for start in range(1, len(parts)))
    candidates = (root / tail for tail in tails for root in roots)
    return next((each.absolute() for each in candidates if os.path.isfile(each)), None)  # noqa: PTH113


def _with_files(error: Raised, located: dict[str, Path]) -> Raised:
    frames = (
        replace(frame, file=located[frame.path].resolve()) if frame.path in located else frame
        for frame in error.frames
    )
    return replace(error, frames=tuple(frames))
