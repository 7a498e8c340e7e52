"""Programs that raise, run on the JAX at hand for their tracebacks: our mistakes, and what is none of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.cli_runs import ENVIRONMENT
from tests.jax.test_question_program import DEFINITION

IMPORTS = """\
from functools import partial, wraps

import jax
import jax.numpy as jnp
from jax import custom_jvp, custom_vjp, grad, jacfwd, jacrev, jit, pmap, value_and_grad, vjp, vmap

"""
_BODY = DEFINITION.partition("vmap\n\n\n")[2]
QUESTION = (
    IMPORTS + _BODY + ("x, w = jnp.ones((10, 3)), jnp.ones(10)\nmapped = partial(test_func, jnp.exp)\n")
)
PLAIN = (IMPORTS + _BODY).replace("@partial(custom_vjp, nondiff_argnums=(0,))", "@custom_vjp")
for old, new in (("(f, R)", "(R)"), ("f(jnp.dot(R, R))", "jnp.dot(R, R)"), ("(f, residual", "(residual")):
    PLAIN = PLAIN.replace(old, new)
PLAIN = PLAIN.replace("in_axes=(None, 0)", "in_axes=(0,)")
SQUARE = IMPORTS + (
    "@custom_vjp\ndef f(x):\n    return x * x\n\n\n"
    "def f_fwd(x):\n    return f(x), x\n\n\ndef f_bwd(x, g):\n    return (2 * x * g,)\n\n\n"
    "f.defvjp(f_fwd, f_bwd)\n"
)
JVP = IMPORTS + (
    "@custom_jvp\ndef f(x):\n    return jnp.dot(x, x)\n\n\n@f.defjvp\ndef f_jvp(primals, tangents):\n"
    "    (x,), (t,) = primals, tangents\n    return f(x), 2 * jnp.dot(x, t)\n\n\nf = vmap(f)\nx = jnp.ones((4, 3))\n"
)
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


def bare(derivative: str) -> str:
    return IMPORTS + f"@{derivative}\ndef f(x):\n    return x * x\n\n\nf(1.0)\n"


# Named as in jax_errors.json, which has what 18 versions of JAX say of them.
OURS = {
    "bug:vjp": QUESTION + "_, pull_back = vjp(mapped, x)\npull_back(w)\n",
    "bug:jit(vjp)": QUESTION + "jit(lambda x: vjp(mapped, x)[1](w))(x)\n",
    "bug:vjp of jit": QUESTION + "_, pull_back = vjp(jit(mapped), x)\npull_back(w)\n",
    "bug:grad(jit sum)": QUESTION + "grad(jit(lambda x: test_func(jnp.exp, x).sum()))(x)\n",
    "bug:grad of scan": QUESTION
    + "grad(lambda x: jax.lax.scan(lambda c, _: (c + mapped(x).sum(), None), 0.0, None, length=2)[0])(x)\n",
    "bug:grad of remat": QUESTION + "grad(jax.checkpoint(lambda x: mapped(x).sum()))(x)\n",
    "bug:grad of cond": QUESTION
    + "grad(lambda x: jax.lax.cond(x.sum() > 0, lambda x: mapped(x).sum(), lambda x: x.sum(), x))(x)\n",
    "bug:grad, broadcast after (y*w).sum": QUESTION
    + "grad(lambda x: (test_func(jnp.exp, x) * w).sum())(x)\n",
    "bug:grad, vdot target": QUESTION + "grad(lambda x: ((test_func(jnp.exp, x) - w) ** 2).sum())(x)\n",
    "bug:plain vjp": PLAIN + "_, pull_back = vjp(test_func, jnp.ones((10, 3)))\npull_back(jnp.ones(10))\n",
    "bug:grad-rebind vjp": SQUARE + "f = grad(f)\nvjp(f, 3.0)\n",
    "bug:grad-rebind value": SQUARE + "f = grad(f)\nf(3.0)\n",
    "bug:jacrev-rebind value": SQUARE + "f = jacrev(f)\nf(3.0)\n",
    "bug:scalar grad sum": SQUARE + "f = vmap(f)\ngrad(lambda x: f(x).sum())(jnp.ones(3))\n",
    "bug:cjvp jvp": JVP + "jax.jvp(f, (x,), (x,))\n",
    "bug:cjvp grad sum": JVP + "grad(lambda x: f(x).sum())(x)\n",
    "bug:cjvp jit(grad sum)": JVP + "jit(grad(lambda x: f(x).sum()))(x)\n",
    "bug:cjvp vjp": JVP + "vjp(f, x)\n",
    **{
        f"stack @{name}@{derivative}": stacked(text, derivative)
        for derivative in RULES
        for name, text in STACKED.items()
    },
    "stack @custom_jvp@custom_vjp": stacked("custom_jvp", "custom_vjp"),
    "stack @custom_vjp@custom_jvp": stacked("custom_vjp", "custom_jvp"),
    "no defvjp, call": bare("custom_vjp"),
    "no defjvp, call": bare("custom_jvp"),
}

CONTRACT = IMPORTS + "@custom_vjp\ndef f(x):\n    return x * x\n\n\n"

# What a rule of the contract is about, with the code of that rule.
CONTRACTS = {
    "VJP202 fwd": CONTRACT + "def f_fwd(x, y):\n    return x * x, x\n\n\n"
    "def f_bwd(x, g):\n    return (2 * x * g,)\n\n\nf.defvjp(f_fwd, f_bwd)\ngrad(f)(3.0)\n",
    "VJP202 bwd": CONTRACT
    + "def f_fwd(x):\n    return x * x, x\n\n\ndef f_bwd(x):\n    return (2 * x,)\n\n\n"
    "f.defvjp(f_fwd, f_bwd)\ngrad(f)(3.0)\n",
    "VJP203": CONTRACT + "f.defvjp(lambda x: x * x, lambda x, g: (2 * x * g,))\ngrad(f)(3.0)\n",
    "VJP204 no tuple": CONTRACT + "f.defvjp(lambda x: (x * x, x), lambda x, g: 2 * x * g)\ngrad(f)(3.0)\n",
    "VJP204 length": CONTRACT
    + "f.defvjp(lambda x: (x * x, x), lambda x, g: (2 * x * g, None))\ngrad(f)(3.0)\n",
    "VJP301": IMPORTS + "def make(a):\n    @custom_vjp\n    def f(x):\n        return a * x\n\n"
    "    f.defvjp(lambda x: (a * x, ()), lambda _, g: (a * g,))\n    return f\n\n\n"
    "grad(jit(lambda a: jax.lax.scan(lambda c, _: (make(a)(c), None), 1.0, None, length=3)[0]))(2.0)\n",
    "VJP303": CONTRACT + "f.defvjp(lambda x: (x * x, x), lambda x, g: (2 * x * g,))\n"
    "jax.jvp(f, (3.0,), (1.0,))\n",
}

# Errors without any such mistake.
OTHERS = {
    "shapes of a sum": "jnp.ones((10, 3)) + jnp.ones(10)",
    "shapes that have nothing in common": "jnp.ones(3) + jnp.ones(4)",
    "shapes of a product of matrices": "jnp.ones((2, 3)) @ jnp.ones((2, 3))",
    "shapes of NumPy": "np.ones(3) + np.ones(4)",
    "shapes to put together": "jnp.concatenate([jnp.ones((2, 3)), jnp.ones((2, 4))])",
    "a shape to make": "jnp.ones(6).reshape(4)",
    "vmap of a number": "vmap(jnp.sin)(3.0)",
    "vmap of two lengths": "vmap(jnp.add)(jnp.ones(3), jnp.ones(4))",
    "vmap without an axis": "vmap(jnp.sin, in_axes=2)(jnp.ones((2, 2)))",
    "the gradient of a vector": "grad(jnp.sin)(jnp.ones(3))",
    "the gradient by an integer": "grad(lambda x: x * 1.0)(3)",
    "the gradient of nothing": "grad(lambda x: None)(3.0)",
    "a cotangent of another length": "vjp(jnp.sin, jnp.ones(3))[1](jnp.ones(5))",
    "a cotangent of another type": "vjp(jnp.sin, jnp.ones(3))[1](jnp.ones(3, jnp.float16))",
    "a cotangent of another structure": "vjp(jnp.sin, 3.0)[1]((1.0, 2.0))",
    "a tangent of another shape": "jax.jvp(jnp.sin, (1.0,), (jnp.ones(2),))",
    "a branch on a traced value": "jit(lambda x: 1 if x > 0 else 2)(3.0)",
    "a number of a traced value": "jit(lambda x: int(x))(3.0)",
    "NumPy of a traced value": "jit(lambda x: np.sin(x))(3.0)",
    "a size that is traced": "jit(lambda n: jnp.zeros(n))(3)",
    "an argument that cannot be hashed": "jit(lambda x, y: x, static_argnums=1)(1.0, [1])",
    "branches of two types": "jax.lax.cond(True, lambda: 1.0, lambda: 1)",
    "an argument that is missing": "(lambda x, y: x)(1)",
    "an argument too many": "jit(lambda x: x)(1.0, 2.0)",
    "a string for an array": "jnp.sin('x')",
    "recursion": "recursive(3)",
    "recursion under jit": "jit(recursive)(3.0)",
    "an attribute that is not there": "recursive.defaults",
    "a decorated function without it": "jit(jnp.sin).undefined",
    "a traced value that leaked": "jit(lambda x: kept.append(x))(1.0); kept[0] + 1",
    "an index": "[1][2]",
    "a key": "{}['a']",
    "a name": "undefined",
    "a module": "__import__('no_such_module')",
    "a division": "1 / 0",
    "a file": "open('/no/such/file')",
}
_OTHER = IMPORTS + "import numpy as np\n\nkept = []\n\n\ndef recursive(x):\n    return recursive(x)\n\n\n"

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


def others() -> dict[str, str]:
    return {name: _OTHER + statement + "\n" for name, statement in OTHERS.items()}


def tracebacks(folder: Path, programs: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Run the programs, each from a file of its own: the version of JAX, and what each of them raises."""
    paths = {}
    for number, (name, text) in enumerate(programs.items()):
        paths[name] = str(folder / f"program_{number}.py")
        Path(paths[name]).write_text(text)
    result = subprocess.run(
        [sys.executable, "-c", _RUN],
        input=json.dumps(paths),
        capture_output=True,
        text=True,
        check=True,
        env={**ENVIRONMENT, "JAX_PLATFORMS": "cpu"},
        cwd=folder,
        timeout=600,
    )
    version, told = json.loads(result.stdout)
    return version, told
