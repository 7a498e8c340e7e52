"""Programs that raise, run on the JAX at hand for their tracebacks: our mistakes, and what is none of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests import children
from tests.cli_runs import ENVIRONMENT
from tests.suites.reading import cases

IMPORTS = """\
from functools import partial, wraps

import jax
import jax.numpy as jnp
from jax import custom_jvp, custom_vjp, grad, jacfwd, jacrev, jit, pmap, value_and_grad, vjp, vmap

"""
RULES = {
    "custom_vjp": "f.defvjp(lambda x: (x * x, x), lambda x, g: (2 * x * g,))\n",
    "custom_jvp": "f.defjvp(lambda p, t: (p[0] * p[0], 2 * p[0] * t[0]))\n",
}
STACKED = {
    "vmap": "vmap",
    "jit": "jit",
    "partial(jit,static_argnums)": "partial(jit, static_argnums=())",
    "checkpoint": "jax.checkpoint",
    "grad": "grad",
    "pmap": "pmap",
    "value_and_grad": "value_and_grad",
    "jacfwd": "jacfwd",
    "jacrev": "jacrev",
    "hessian": "jax.hessian",
    "jnp.vectorize": "jnp.vectorize",
    "named_call": "jax.named_call",
    "functools.partial": "partial",
    "functools.wraps": "(lambda g: wraps(g)(lambda x: g(x)))",
    "closure:lambda": "(lambda g: lambda x: g(x))",
}


def stacked(decorator: str, derivative: str) -> str:
    return (
        IMPORTS + f"@{decorator}\n@{derivative}\ndef f(x):\n    return x * x\n\n\n{RULES[derivative]}f(1.0)\n"
    )


def written(name: str) -> dict[str, str]:
    """The programs of a text, by name."""
    path = Path(__file__).with_name(f"diagnose_{name}.txt")
    return {case.name: IMPORTS + case.text for case in cases(path, name, {})}


_OURS = written("ours")
CONTRACTS = {name: text for name, text in _OURS.items() if name.startswith("VJP")}
"""What a rule of the contract is about, with the code of that rule."""

# Named as in errors.json, which has what 18 versions of JAX say of them.
OURS = {
    **{name: text for name, text in _OURS.items() if name not in CONTRACTS},
    **{
        f"stack @{n}@{derivative}": stacked(t, derivative) for derivative in RULES for n, t in STACKED.items()
    },
    "stack @custom_jvp@custom_vjp": stacked("custom_jvp", "custom_vjp"),
    "stack @custom_vjp@custom_jvp": stacked("custom_vjp", "custom_jvp"),
}

OTHERS = written("others")
"""Errors without any such mistake."""

_RUN = """\
import json, runpy, sys, traceback
told = {}
for name, path in json.loads(sys.stdin.read()).items():
    try:
        runpy.run_path(path)
    except BaseException:
        told[name] = "".join(traceback.format_exc())
import jax
json.dump([jax.__version__, told], sys.stdout)
"""


def tracebacks(folder: Path, programs: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Run the programs, each from a file of its own: the version of JAX, and what each of them raises."""
    paths = {}
    for number, (name, text) in enumerate(programs.items()):
        paths[name] = str(folder / f"program_{number}.py")
        Path(paths[name]).write_text(text)
    result = children.run(
        [sys.executable, "-c", _RUN],
        input=json.dumps(paths),
        capture_output=True,
        text=True,
        check=True,
        env={**ENVIRONMENT, "JAX_PLATFORMS": "cpu"},
        cwd=folder,
    )
    version, told = json.loads(result.stdout)
    return version, told
