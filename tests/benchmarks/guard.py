"""What the guard costs: the time of a program under it over its time without, by rounds that take turns.

    python tests/benchmarks/guard.py [--rounds 15]

The ratios are to be quoted, not the seconds. Both halves of a round run in one process, so that a machine whose
speed drifts is unfair to neither; starting a program is measured in processes of its own.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp

import vjpfix


@jax.custom_vjp
def swish(x):
    return x * jax.nn.sigmoid(x)


def swish_fwd(x):
    return swish(x), x


def swish_bwd(x, g):
    s = jax.nn.sigmoid(x)
    return (g * (s + x * s * (1 - s)),)


swish.defvjp(swish_fwd, swish_bwd)

X = jnp.linspace(-1.0, 1.0, 64 * 64).reshape(64, 64)
WEIGHTS = [0.1 * jnp.eye(64) for _ in range(3)]


def loss(weights: list[Any], x: Any) -> Any:
    for weight in weights:
        x = swish(x @ weight)
    return jnp.sum(x**2)


@jax.jit
def train(weights: list[Any], x: Any) -> list[Any]:
    slopes = jax.grad(loss)(weights, x)
    return [weight - 0.01 * slope for weight, slope in zip(weights, slopes, strict=True)]


def compiled_step() -> None:
    weights = WEIGHTS
    for _ in range(200):
        weights = train(weights, X)
    jax.block_until_ready(weights)


def first_compilation() -> None:
    jax.block_until_ready(jax.jit(lambda weights: train.__wrapped__(weights, X))(WEIGHTS))


def eager_gradient() -> None:
    for _ in range(20):
        slope = jax.grad(lambda x: jnp.sum(swish(x)))(X)
    jax.block_until_ready(slope)


def eager_number() -> None:
    for _ in range(20):
        slope = jax.grad(swish)(1.0)
    jax.block_until_ready(slope)


def eager_network() -> None:
    for _ in range(5):
        slopes = jax.grad(loss)(WEIGHTS, X)
    jax.block_until_ready(slopes)


def eager_calls() -> None:
    for _ in range(100):
        y = jax.nn.relu(X)
        y = jax.nn.silu(y)
    jax.block_until_ready((y, jax.nn.logsumexp(X)))


WORK: dict[str, Callable[[], None]] = {
    "jitted step, compiled before": compiled_step,
    "jitted step, with its compilation": first_compilation,
    "eager gradient of one function": eager_gradient,
    "eager gradient of one number": eager_number,
    "eager gradient of a network": eager_network,
    "eager calls of jax.nn": eager_calls,
}


def seconds(work: Callable[[], None], around: AbstractContextManager[Any]) -> float:
    with around:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start


def starting(guarded: bool, script: str) -> float:
    command = [sys.executable, *(("-m", "vjpfix", "run") if guarded else ()), script]
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def line(name: str, ratios: list[float]) -> str:
    low, _, high = statistics.quantiles(ratios, n=4)
    return f"{name:<36}{statistics.median(ratios):>8.2f}{low:>10.2f} to {high:.2f}"


def main() -> None:
    """Print the median of the ratios with the guard to without, and their quartiles."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    print(f"{'':<36}{'ratio':>8}{'middle half':>16}")
    guard = vjpfix.guard("collect")
    for name, work in WORK.items():
        seconds(work, nullcontext())
        seconds(work, guard)
        ratios = [seconds(work, guard) / seconds(work, nullcontext()) for _ in range(rounds)]
        print(line(name, ratios), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "script.py")
        script.write_text("import jax\n")
        ratios = [
            starting(True, str(script)) / starting(False, str(script)) for _ in range(max(3, rounds // 3))
        ]
        print(line("starting a program that imports jax", ratios))


if __name__ == "__main__":
    main()
