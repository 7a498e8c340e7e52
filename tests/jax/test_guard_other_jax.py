"""A JAX that is not as the guard knows it: one sentence says so, and the program runs as without the guard.

Each test runs in a process of its own on the JAX at hand, in which one thing was made otherwise.
"""

from __future__ import annotations

import json

import pytest

from tests.runs import python

# A class that works as JAX's own, apart from the lines that are put in.
OWN_CLASS = """
class Other(jax.custom_vjp):
    def __init__(self, fun, *args, **kwargs):
        super().__init__(fun, *args, **kwargs)
        self.wrapped = jax_custom_vjp(fun, *args, **kwargs)

    def defvjp(self, *rules, **kwargs):
        super().defvjp(*rules, **kwargs)
        self.wrapped.defvjp(*rules, **kwargs)
        {after}

    def __call__(self, *args, **kwargs):
        return self.wrapped(*args, **kwargs)

jax_custom_vjp, jax.custom_vjp = jax.custom_vjp, Other
{below}
"""

OTHERWISE = {
    "an older release": (
        "jax.__version__, jax.__version_info__ = '0.4.13', (0, 4, 13)",
        "JAX 0.4.13 cannot be watched: it is older than 0.4.30. The guard was tried with JAX 0.4.30,",
    ),
    "a release without a number": (
        "del jax.__version_info__",
        "cannot be watched: a function with rules could not be tried out (AttributeError: ",
    ),
    "custom_vjp is no class": (
        "custom_vjp = jax.custom_vjp\njax.custom_vjp = lambda *given, **named: custom_vjp(*given, **named)",
        "jax.custom_vjp makes objects of another class",
    ),
    "custom_jvp makes objects of another class": (
        "class Other(jax.custom_jvp):\n"
        "    def __new__(cls, *args, **kwargs):\n        return jax_custom_jvp(*args, **kwargs)\n"
        "jax_custom_jvp, jax.custom_jvp = jax.custom_jvp, Other\n",
        "jax.custom_jvp makes objects of another class",
    ),
    "calls go through another class": (
        OWN_CLASS.format(after="pass", below="class Below(Other):\n    pass\n\njax.custom_vjp = Below"),
        "jax.custom_vjp has no __call__ of its own",
    ),
    "the forward rule is kept elsewhere": (
        OWN_CLASS.format(after="del self.fwd", below=""),
        "jax.custom_vjp has no attribute fwd",
    ),
    "rules are kept in two places": (
        OWN_CLASS.format(after="pass", below=""),
        "jax.custom_vjp does not run the rules that it holds",
    ),
    "no public name for tracers": (
        "import jax.core\n_tracer, jax.core = jax.core, __import__('types').SimpleNamespace()",
        "cannot be watched: a check cannot be done (",
    ),
    "no public function that the checks need": (
        "import jax.numpy\ndel jax.numpy.issubdtype",
        "cannot import name 'issubdtype'",
    ),
}

PROGRAM = """
f = jax.custom_vjp(lambda x: x ** 2)
f.defvjp(lambda x: (2. * x ** 2, x), lambda x, g: (2. * x * g,))
answer = float(jax.grad(f)(3.))
"""


@pytest.mark.parametrize(("change", "said"), OTHERWISE.values(), ids=OTHERWISE)
def test_a_guarded_program_runs_and_it_is_said_once_and_a_check_in_a_test_says_it_as_well(
    change, said, tmp_path
):
    (tmp_path / "program.py").write_text(
        f"import jax\nimport vjpfix\n{change}\nwith vjpfix.guard():\n    pass\n"
        f"with vjpfix.guard('error') as guard:\n    {PROGRAM.replace(chr(10), chr(10) + '    ')}\n"
        "print(answer, [report.check.value for report in guard.reports], flush=True)\n"
        "from vjpfix.testing import check_custom_vjp\ncheck_custom_vjp(f, 3.)\n"
    )
    result = python(tmp_path, "-W", "once", "program.py")
    assert (result.returncode, result.stdout) == (1, "6.0 ['guard']\n"), result.stderr
    warned, traceback, raised = result.stderr.partition("Traceback (most recent call last)")
    assert traceback
    assert warned.count("GuardWarning") == 1
    assert warned.rstrip().endswith("nothing is checked.")
    assert said in warned
    assert said in raised


@pytest.fixture
def otherwise(tmp_path):
    """Makes JAX otherwise in every Python process that gets the path, before the program starts."""

    def made(change):
        (tmp_path / "sitecustomize.py").write_text(f"import jax\n{change}\n")
        return {"PYTHONPATH": str(tmp_path)}

    return made


@pytest.mark.parametrize("name", ["an older release", "rules are kept in two places"])
def test_run_gives_the_program_s_own_exit_code(name, tmp_path, otherwise):
    change, said = OTHERWISE[name]
    (tmp_path / "program.py").write_text(f"import jax\n{PROGRAM}\nprint(answer)\nraise SystemExit(7)\n")
    report = ("--report", "report.json")
    result = python(tmp_path, "-m", "vjpfix", "run", *report, "program.py", **otherwise(change))
    assert (result.returncode, result.stdout) == (7, "6.0\n"), result.stderr
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    (saved,) = json.loads((tmp_path / "report.json").read_text())["reports"]
    assert (saved["check"], saved["level"]) == ("guard", "warning")


def test_pytest_passes_and_says_it_at_the_end(tmp_path, otherwise):
    change, said = OTHERWISE["rules are kept in two places"]
    tests = "".join(f"def test_{n}():\n    assert answer == 6.\n" for n in (1, 2))
    (tmp_path / "test_program.py").write_text(f"import jax\n{PROGRAM}\n{tests}")
    options = ("-p", "no:cacheprovider", "-p", "vjpfix.runtime.pytest_plugin", "--vjpfix")
    result = python(
        tmp_path, "-m", "pytest", *options, **otherwise(change), PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "2 passed" in result.stdout
    assert result.stdout.count(said) == 1


def test_jax_has_not_chosen_its_devices_when_the_guard_is_on(tmp_path):
    (tmp_path / "program.py").write_text(
        "import jax\nimport vjpfix\nwith vjpfix.guard('error') as guard:\n"
        "    jax.config.update('jax_platforms', 'none_such')\n    try:\n        jax.devices()\n"
        "    except RuntimeError as error:\n        print(error)\n"
    )
    assert "none_such" in python(tmp_path, "program.py").stdout
