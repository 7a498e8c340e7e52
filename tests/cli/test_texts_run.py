"""Code that stands in a text and is run: a name in it is not lost. What is refused is in ``refusals.dynamic``."""

from __future__ import annotations

from pathlib import Path

import pytest

from vjpfix.config import Config
from vjpfix.model import Change
from vjpfix.pipeline import combine, run
from vjpfix.settings import settings

OPS = """
import jax

@jax.custom_vjp
def f(x):
    return x.sum()

f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
f = jax.vmap(f)
"""


def fixed(folder: Path, **texts: str) -> dict[str, str]:
    """The files that the fix of the one finding changes, as it leaves them."""
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text)
    chosen = settings(Config(root=folder))
    report = run([folder], chosen)
    (change,) = report.outcomes
    assert isinstance(change, Change), change
    return {file.source.path.stem: file.text for file in combine([change], report, chosen)}


@pytest.mark.parametrize(
    "line",
    [
        'get_ipython().run_line_magic("matplotlib", "inline")',
        'get_ipython().run_line_magic("timeit", "batch.f(g)")',
        'import timeit; timeit.timeit("f(x)", globals={"f": f})',
        'import timeit; timeit.timeit("f(x)", "from other import g")',
        'import cProfile; cProfile.run("g(f_x)")',
        'shell.magic("f")',
    ],
)
def test_a_text_that_does_not_reach_the_name_is_in_nobodys_way(tmp_path, line):
    changed = fixed(tmp_path, ops=OPS + line + "\n")
    assert (
        changed["ops"]
        == OPS.replace("\nf = ", "\nf_mapped = ") + line.replace('"f": f', '"f": f_mapped') + "\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        'get_ipython().run_line_magic("timeit", "f(1)")',
        'import cProfile; cProfile.run("f(1)")',
        'import timeit; timeit.timeit("f(1)", "from __main__ import f")',
    ],
)
def test_an_importer_that_runs_a_text_keeps_the_name(tmp_path, line):
    changed = fixed(tmp_path, ops=OPS, use=f"from ops import f\n{line}\nf(1)\n")
    assert changed["use"] == f"from ops import f_mapped as f\n{line}\nf(1)\n"
