"""Error texts in the forms in which people have them."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.jax.diagnose_programs import OURS
from tests.runs import python
from vjpfix.diagnose.model import Frame
from vjpfix.diagnose.reading import raised

SAID = "vmap was requested to map its argument along axis 0"
PYTHON = f"""\
Traceback (most recent call last):
  File "/home/me/main.py", line 16, in <module>
    grad(lambda x: f(x).sum())(jnp.ones(3))
  File "/usr/lib/python3/dist-packages/jax/_src/api.py", line 1, in grad_f
    pass
  File "/home/me/ops.py", line 9, in f_fwd
    return f(x), x
           ^^^^
ValueError: {SAID}
--------------------
For simplicity, JAX has removed its internal frames from the traceback of the following exception.
"""
WHERE = [("main.py", 16), ("ops.py", 9)]
RULE = OURS["bug:scalar grad sum"].partition("return f(x), x")[0].count("\n") + 1


def own(text):
    """Type, message and the user's steps of the last error in a text."""
    last = raised(text)[-1]
    frames = [(frame.path.replace("\\", "/").rpartition("/")[2], frame.line) for frame in last.own_frames]
    return last.kind, last.message, frames


def test_a_traceback_of_python_gives_each_step_with_its_function_and_code():
    (error,) = raised(PYTHON)
    assert (error.kind, error.message) == ("ValueError", SAID)
    assert error.own_frames == (
        Frame("/home/me/main.py", 16, "<module>", "grad(lambda x: f(x).sum())(jnp.ones(3))"),
        Frame("/home/me/ops.py", 9, "f_fwd", "return f(x), x"),
    )


FORMS = {
    "as it is": PYTHON,
    "line ends of Windows": PYTHON.replace("\n", "\r\n"),
    "line ends of old Macs": PYTHON.replace("\n", "\r"),
    "a byte order mark": "\ufeff" + PYTHON,
    "paths of Windows": PYTHON.replace("/home/me/", "C:\\Users\\me\\"),
    "a path with blanks": PYTHON.replace("/home/me/", "/home/me/my code/"),
    "colours": PYTHON.replace("ValueError", "\x1b[0;31mValueError\x1b[0m").replace("File", "\x1b[1mFile"),
    "links of a terminal": PYTHON.replace("ValueError", "\x1b]8;;http://x\x1b\\ValueError\x1b]8;;\x1b\\"),
    "indented": "".join(f"    {line}\n" for line in PYTHON.splitlines()),
    "text before and after": f"$ python main.py\nsome output\n{PYTHON}\n$ echo\n",
    "without its first line": PYTHON.partition("\n")[2],
    "a message over two lines": PYTHON.replace("map its argument", "map its\n   argument"),
    "chained, direct": f"KeyError: 3\n\nThe above exception was the direct cause of the following exception:\n\n{PYTHON}",
    "an older error before it": f'Traceback (most recent call last):\n  File "/a/x.py", line 1, in g\nKeyError: 1\n\n{PYTHON}',
    "JAX's own error above it": "jax._src.source_info_util.JaxStackTraceBeforeTransformation: ValueError: "
    f"{SAID}\n\nThe preceding stack trace is the source of the JAX operation that, once transformed by JAX, "
    f"triggered the following exception.\n\n--------------------\n\n{PYTHON}",
}


BEFORE = {
    "Docker": "web-1  | ",
    "Kubernetes": "2026-01-02T10:00:{0:02}.{0} stderr F ",
    "a logger": "[2026-01-02 10:00:00,123] ERROR train: ",
    "torchrun": "[rank0]: ",
    "Slurm": "0: ",
    "Ray": "(Train pid=123) ",
    "journald": "Nov 27 11:00:00 host python[123]: ",
    "a group of exceptions": "  | ",
    "mail": "> ",
}
FORMS |= {
    f"each line behind what {who} writes": "".join(
        f"{before.format(number)}{line}\n" for number, line in enumerate(PYTHON.splitlines(), 1)
    )
    for who, before in BEFORE.items()
}
FORMS |= {
    "trimmed lines of Docker": "".join(
        f"web-1  | {line}".rstrip() + "\n" for line in f"\n{PYTHON}".split("\n")
    ),
    "without its first line, by Docker": "".join(f"web-1  | {line}\n" for line in PYTHON.splitlines()[1:]),
    "in a record of JSON": json.dumps({"level": "error", "exc_info": PYTHON}) + "\n",
    "as Python shows a string": repr(PYTHON.replace("/home/me/", "C:\\new\\")),
    "as part of a line of a log": f"ERROR:root:{PYTHON}",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_traceback_is_read_in_any_form(form):
    assert own(FORMS[form]) == ("ValueError", SAID, WHERE)


def test_steps_of_the_error_that_was_handled_count_as_well():
    first = PYTHON.partition("--------")[0]
    text = (
        first
        + "\nDuring handling of the above exception, another exception occurred:\n\n"
        + (
            'Traceback (most recent call last):\n  File "/home/me/late.py", line 3, in g\n    raise\nRuntimeError: late\n'
        )
    )
    assert own(text) == ("RuntimeError", "late", [*WHERE, ("late.py", 3)])


def test_a_step_that_is_repeated_is_one_step():
    text = PYTHON.replace("           ^^^^\n", "  [Previous line repeated 67 more times]\n")
    assert own(text)[2] == WHERE


NOTEBOOK = f"""\
---------------------------------------------------------------------------
ValueError                                Traceback (most recent call last)
Cell In[3], line 2
      1 x = jnp.ones(3)
----> 2 grad(lambda x: f(x).sum())(x)

    [... skipping hidden 11 frame]

File ~/work/ops.py:9, in f_fwd(x)
      8 def f_fwd(x):
----> 9     return f(x), x

ValueError: {SAID}
"""
OLDER = f"""\
ValueError                                Traceback (most recent call last)
<ipython-input-3-0c1a> in <module>
      1 x = jnp.ones(3)
----> 2 grad(lambda x: f(x).sum())(x)

~/work/ops.py in f_fwd(x)
      8 def f_fwd(x):
----> 9     return f(x), x
     10

ValueError: {SAID}
"""


@pytest.mark.parametrize(
    "text", [NOTEBOOK, OLDER, NOTEBOOK.replace("Cell In[3], line 2", "Input In [3], in <cell line: 2>()")]
)
def test_a_traceback_of_a_notebook_is_read(text):
    (error,) = raised(text)
    assert (error.kind, error.message) == ("ValueError", SAID)
    cell, ops = error.own_frames
    assert (cell.line, cell.code) == (2, "grad(lambda x: f(x).sum())(x)")
    assert ops == Frame("~/work/ops.py", 9, "f_fwd", "return f(x), x")


STYLES = {
    "long": ("--tb=long", "--color=no"),
    "short": ("--tb=short", "--color=no"),
    "native": ("--tb=native", "--color=no"),
    "auto": ("--tb=auto", "--color=yes"),
    "line": ("--tb=line",),
    "no": ("--tb=no",),
    "junit": ("--junitxml=out.xml",),
}
# One process for all, in which JAX is imported once.
RUNS = """\
import contextlib, io, json, sys, pytest
told = {}
for style, options in json.loads(sys.argv[1]).items():
    with contextlib.redirect_stdout(io.StringIO()) as out:
        pytest.main(["-q", "-p", "no:cacheprovider", *options, "test_ops.py"])
    told[style] = out.getvalue()
    sys.modules.pop("test_ops")
json.dump(told, sys.stdout)
"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What pytest prints of a failing test in each style, and the file of JUnit."""
    folder = tmp_path_factory.mktemp("project")
    program = OURS["bug:scalar grad sum"].rpartition("grad(lambda")[0]
    (folder / "ops.py").write_text(program)
    (folder / "test_ops.py").write_text(
        "from ops import f, grad, jnp\n\n\ndef test_right():\n    assert 1 + 1 == 2\n\n\n"
        "def test_gradient():\n    x = jnp.ones(3)\n    grad(lambda x: f(x).sum())(x)\n"
    )
    told = json.loads(python(folder, "-c", RUNS, json.dumps(STYLES)).stdout)
    return {**told, "junit": (folder / "out.xml").read_text()}


@pytest.mark.parametrize("style", ["long", "short", "native", "auto"])
def test_an_output_of_pytest_is_read_in_its_styles(outputs, style):
    kind, message, frames = own(outputs[style])
    assert (kind, message.startswith(SAID)) == ("ValueError", True)
    assert ("\x1b[" in outputs[style]) is (style == "auto")
    assert frames[0] == ("test_ops.py", 10)
    assert frames[-1] == ("ops.py", RULE)


def test_an_output_of_pytest_with_one_line_each_is_read(outputs):
    kind, message, frames = own(outputs["line"])
    assert (kind, message.startswith(SAID), frames) == ("ValueError", True, [("ops.py", RULE)])


def test_an_output_of_pytest_without_tracebacks_gives_the_message(outputs):
    kind, message, frames = own(outputs["no"])
    assert (kind, message.startswith("vmap was requested to map"), frames) == ("ValueError", True, [])


def test_a_junit_file_is_read(outputs):
    kind, message, frames = own(outputs["junit"])
    assert (kind, message.startswith(SAID)) == ("ValueError", True)
    assert frames[-1] == ("ops.py", RULE)


def test_a_junit_file_without_failures_has_no_error():
    assert raised('<?xml version="1.0"?><testsuites><testcase name="x"/></testsuites>') == ()
    failure = '<testsuite><failure message="a &gt; b"><![CDATA[KeyError: a < b]]></failure></testsuite>'
    assert own(failure) == ("KeyError", "a < b", [])


@pytest.mark.parametrize("text", ["", " \n\t\n", "\x1b[0m"])
def test_nothing_is_no_error(text):
    assert raised(text) == ()


def test_a_text_without_a_type_is_taken_for_a_message():
    (error,) = raised(f"  {SAID},\n  which implies\n")
    assert (error.kind, error.message) == ("", f"{SAID}, which implies")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("jax.errors.UnexpectedTracerError: x", "UnexpectedTracerError"),
        ("E       ValueError: x", "ValueError"),
        ("jaxlib.xla_extension.XlaRuntimeError: x", "XlaRuntimeError"),
        ("jax._src.interpreters.ad.CustomVJPException: x", "CustomVJPException"),
        ("2026-01-02 10:00:00,1 ERROR train: ValueError: x", "ValueError"),
        ("FAILED test_x.py::test_a[1 - 2] - ValueError: x", "ValueError"),
    ],
)
def test_the_type_of_an_error_is_told_from_its_line(line, kind):
    (error,) = raised(line)
    assert (error.kind, error.message) == (kind, "x")


def test_a_line_of_code_is_no_error():
    text = "    raise ValueError('x')\n    except KeyError:\n    error: ValueError = x\nKeyError: real\n"
    assert own(text)[:2] == ("KeyError", "real")


def test_frames_in_packages_and_in_python_are_not_the_users():
    for path in (
        "/v/lib/python3.11/site-packages/jax/_src/api.py",
        "../../venv/lib/python3.11/contextlib.py",
        "C:\\Python311\\Lib\\site-packages\\jax\\api.py",
        "<frozen runpy>",
    ):
        assert not Frame(path, 1).is_users
    for path in ("/home/me/lib/ops.py", "ops.py", "C:\\work\\ops.py", "Cell In[3]"):
        assert Frame(path, 1).is_users


def test_more_beginnings_of_lines_than_logs_have_are_left_alone():
    words = (f"{'-' * number} Traceback (most recent call last):\n" for number in range(1, 99))
    assert own("".join(words) + "- KeyError: a\nKeyError: b\n") == ("KeyError", "b", [])


@given(st.text(alphabet='FileErorV:"> \n,line0123In[]-_.pyE\x1b|()', max_size=400))
def test_no_text_is_too_strange(text):
    for error in raised(text):
        assert "\n" not in error.text


@pytest.mark.parametrize(
    "part",
    [
        "E  ",
        "File ",
        "ERROR ",
        "a.",
        "x.py:1: ",
        '1  File "\n',
        "Traceback (most recent call last):\\n",
        "<failure ",
        "\x1b[",
        "----> ",
    ],
)
def test_a_long_line_takes_no_long_time(part):
    start = time.process_time()
    raised("<?xml" * (part == "<failure ") + part * 20_000)
    assert time.process_time() - start < 5
