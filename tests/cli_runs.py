"""Programs to fix, and vjpfix run on them: in this process, or in one of its own."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests import children

ROOT = Path(__file__).parents[1]
VJPFIX = (sys.executable, "-m", "vjpfix")
ENVIRONMENT = {
    **{k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING")},
    "PYTHONPATH": str(ROOT),
    "TERM": "xterm-256color",
    "COLUMNS": "100",
}


def program(name: str = "f", rebinding: str = "jax.vmap({})") -> str:
    """A module with one finding, about the function ``name``."""
    return (
        f"import jax\n\n\n@jax.custom_vjp\ndef {name}(x):\n    return x * x\n\n\n"
        f"def {name}_fwd(x):\n    return {name}(x), x\n\n\ndef {name}_bwd(x, g):\n    return (2 * x * g,)\n\n\n"
        f"{name}.defvjp({name}_fwd, {name}_bwd)\n{name} = {rebinding.format(name)}\ny = {name}(xs)\n"
    )


def fixed(name: str = "f", new: str = "f_mapped", rebinding: str = "jax.vmap({})") -> str:
    """What the fix makes of ``program(name)``."""
    text = program(name, rebinding)
    return text.replace(f"\n{name} = ", f"\n{new} = ").replace(f"y = {name}(", f"y = {new}(")


PRIMAL = program().partition("f = ")[0]
REFUSED = program() + "del f\n"
CLEAN = "x = 1\n"

Run = Callable[..., children.CompletedProcess[str]]


def vjpfix(
    folder: Path, *arguments: str | Path, stdin: bytes = b"", **environment: str
) -> children.CompletedProcess[str]:
    """Run a command in ``folder``, in this process, with streams that are neither terminals nor files.

    Its output is decoded with surrogate escapes, newlines as they are.
    """
    from vjpfix.cli.commands import cli
    from vjpfix.cli.endings import ending

    streams = {name: _stream(data) for name, data in (("stdin", stdin), ("stdout", b""), ("stderr", b""))}
    words = [*map(str, arguments)]
    with contextlib.chdir(folder), _environment({**ENVIRONMENT, **environment}), _standard(streams):
        try:
            code = cli.main(words, prog_name="vjpfix", standalone_mode=False) or 0
        except BaseException as error:
            code = ending(error)
    return _completed(words, code, *(_written(streams[name]) for name in ("stdout", "stderr")))


def vjpfix_process(
    folder: Path, *arguments: str | Path, stdin: bytes = b"", **environment: str
) -> children.CompletedProcess[str]:
    """Run a command in ``folder`` as ``vjpfix`` does, in a process of its own."""
    words = [*VJPFIX, *map(str, arguments)]
    done = children.run(
        words,
        cwd=folder,
        input=stdin,
        capture_output=True,
        check=False,
        env={**ENVIRONMENT, **environment},
    )
    return _completed(words, done.returncode, done.stdout, done.stderr)


# What is in ``sys.modules`` when the command ends.
_ENDING = """\
import atexit, sys
atexit.register(lambda: open({file!r}, "w").write("\\n".join(sys.modules)))
from vjpfix.cli import main
main()
"""


def loaded(folder: Path, *arguments: str) -> frozenset[str]:
    """The modules that a command has loaded when it ends, in a process of its own."""
    modules = folder.parent / f"{folder.name}-modules"
    ran = children.run(
        [sys.executable, "-P", "-c", _ENDING.format(file=str(modules)), *arguments],
        cwd=folder,
        env={name: value for name, value in ENVIRONMENT.items() if not name.startswith("COVERAGE")},
        capture_output=True,
        text=True,
    )
    assert ran.returncode in (0, 1), ran.stderr
    return frozenset(modules.read_text().split("\n"))


def _completed(words: list[str], code: int, out: bytes, err: bytes) -> children.CompletedProcess[str]:
    out_text, err_text = (stream.decode("utf-8", "surrogateescape") for stream in (out, err))
    assert "Traceback" not in err_text, err_text
    return children.CompletedProcess(words, code, out_text, err_text)


def _stream(data: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), "utf-8", "surrogateescape", newline="", write_through=True)


def _written(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()


@contextlib.contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    kept = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


@contextlib.contextmanager
def _standard(streams: dict[str, io.TextIOWrapper]) -> Iterator[None]:
    kept = {name: getattr(sys, name) for name in streams}
    for name, stream in streams.items():
        setattr(sys, name, stream)
    try:
        yield
    finally:
        for name, stream in kept.items():
            setattr(sys, name, stream)


def concise(
    folder: Path, *arguments: str | Path, run: Run = vjpfix, **environment: str
) -> tuple[int, list[str]]:
    """Exit code and findings of ``check``, one line each, without the summary."""
    result = run(folder, "check", "--output-format", "concise", *arguments, **environment)
    return result.returncode, result.stdout.splitlines()[:-1]
