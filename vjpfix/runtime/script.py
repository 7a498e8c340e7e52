"""Run a script or a module as Python does, under the guard."""

from __future__ import annotations

import importlib.util
import io
import os
import runpy
import sys
import types
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import TracebackType

from vjpfix.model import VjpfixError
from vjpfix.runtime.guard import guard
from vjpfix.runtime.report import Gradient, Report
from vjpfix.runtime.saving import write
from vjpfix.runtime.text import counted, shown, shown_gradient

_STDIN = "-"
_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: a script's path (``-`` is standard input) or a module's name, and its arguments."""

    name: str
    arguments: tuple[str, ...]
    is_module: bool = False


def run(
    program: Program,
    *,
    report: Path | None = None,
    check_gradients: bool = False,
    skip_gradients: Sequence[str] = (),
) -> int:
    """Run a program as ``python`` would, and say on standard error what the guard sees, when it does.

    Arguments: the ``program``; a file that gets the ``report`` as JSON; and what ``guard`` takes. The result
    is the program's exit code, or 1 if that is 0 and the guard saw an error. Raises VjpfixError if JAX or the
    program is not there, and OSError if the report cannot be written.
    """
    _check(program)
    with guard(
        "collect", check_gradients=check_gradients, skip_gradients=skip_gradients, tell=_say
    ) as watching:
        code = _run(program)
    _flush()
    if watching.reports:
        print(f"vjpfix: {counted(watching.reports)}", file=sys.stderr)  # noqa: T201
        for each in watching.reports:
            print(shown(each), file=sys.stderr)  # noqa: T201
    if report is not None:
        write(report, watching, (program.name, *program.arguments))
    return code or (1 if watching.errors else 0)


def _say(seen: Report | Gradient) -> None:
    text = shown(seen) if isinstance(seen, Report) else shown_gradient(seen)
    print(f"vjpfix: {text}", file=sys.stderr, flush=True)  # noqa: T201


def _check(program: Program) -> None:
    if importlib.util.find_spec("jax") is None:
        raise VjpfixError(
            "JAX is not installed for this Python; install it (`pip install jax`) to run under it"
        )
    if program.is_module:
        sys.path[0] = str(Path.cwd())
        if importlib.util.find_spec(program.name.partition(".")[0]) is None:
            raise VjpfixError(f"there is no module {program.name!r}; check its name")
    elif program.name != _STDIN and not Path(program.name).exists():
        raise VjpfixError("does not exist; check the path", Path(program.name))


def _run(program: Program) -> int:
    """Run it and give its exit code. Errors are shown as Python shows them."""
    try:
        _execute(program)
    except SystemExit as ending:
        return _code_of(ending)
    except BaseException as error:
        traceback = _without_own_frames(error.__traceback__)
        sys.excepthook(type(error), error.with_traceback(traceback), traceback)
        return _INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
    return 0


def _execute(program: Program) -> None:
    sys.argv[:] = [program.name, *program.arguments]
    if program.is_module:
        runpy.run_module(program.name, run_name="__main__", alter_sys=True)
    elif program.name == _STDIN:
        sys.path[0] = ""
        _execute_source("<stdin>", sys.stdin.buffer.read())
    elif Path(program.name).is_dir() or not _is_source(Path(program.name)):
        sys.path.pop(0)
        runpy.run_path(program.name, run_name="__main__")
    else:
        sys.path[0] = str(Path(program.name).resolve().parent)
        _execute_source(os.path.abspath(program.name), Path(program.name).read_bytes())  # noqa: PTH100


def _is_source(path: Path) -> bool:
    """Whether a file is neither an archive nor compiled."""
    with path.open("rb") as file:
        start = file.read(4)
    return start[:2] != b"PK" and start != importlib.util.MAGIC_NUMBER


def _execute_source(name: str, data: bytes) -> None:
    """Run source as the module ``__main__``, which stays there for what runs after it."""
    main = types.ModuleType("__main__")
    main.__dict__.update(__builtins__=__builtins__, __file__=name, __cached__=None, __annotations__={})
    main.__loader__ = SourceFileLoader("__main__", name)
    sys.modules["__main__"] = main
    exec(compile(data, name, "exec", dont_inherit=True), main.__dict__)  # noqa: S102  # that is the job


def _code_of(ending: SystemExit) -> int:
    if ending.code is None or isinstance(ending.code, int):
        return (ending.code or 0) & 0xFF
    print(ending.code, file=sys.stderr)  # noqa: T201
    return 1


def _without_own_frames(traceback: TracebackType | None) -> TracebackType | None:
    """What of a traceback lies in the program: without how it was started."""
    starting = (__file__, runpy.__file__)
    while traceback is not None and traceback.tb_frame.f_code.co_filename.startswith(
        (*starting, "<frozen runpy>")
    ):
        traceback = traceback.tb_next
    return traceback


def _flush() -> None:
    """What the program printed, as far as somebody still reads it."""
    if isinstance(sys.stdout, io.TextIOBase):
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
