"""Programs to fix, and vjpfix run on them as a process of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import children

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


REFUSED = program() + "del f\n"
CLEAN = "x = 1\n"


def vjpfix(
    folder: Path, *arguments: str | Path, stdin: bytes = b"", **environment: str
) -> children.CompletedProcess[str]:
    """Run a command in ``folder``; its output is decoded with surrogate escapes, newlines as they are."""
    result = children.run(
        [*VJPFIX, *map(str, arguments)],
        cwd=folder,
        input=stdin,
        capture_output=True,
        check=False,
        env={**ENVIRONMENT, **environment},
    )
    out, err = (stream.decode("utf-8", "surrogateescape") for stream in (result.stdout, result.stderr))
    assert "Traceback" not in err, err
    return children.CompletedProcess(result.args, result.returncode, out, err)


def concise(folder: Path, *arguments: str | Path, **environment: str) -> tuple[int, list[str]]:
    """Exit code and findings of ``check``, one line each, without the summary."""
    result = vjpfix(folder, "check", "--output-format", "concise", *arguments, **environment)
    return result.returncode, result.stdout.splitlines()[:-1]
