"""``vjpfix diagnose`` from the outside: what it reads, what it prints, how it exits."""

from __future__ import annotations

import json
import os
import re

import jsonschema
import pytest

from tests.cli.test_review_json import fields
from tests.cli_runs import fixed, program, vjpfix
from tests.suites.suite import broken
from vjpfix.diagnose import document as documents
from vjpfix.diagnose.document import schema

TEXT = (
    "ValueError: vmap was requested to map its argument along axis 0, which implies that its rank should be at "
    "least 1, but is only 0 (its shape is ())\n"
)
COTANGENT = (
    "ValueError: Shape of cotangent input to vjp pullback function (10,) must be the same as the shape of "
    "corresponding primal input (10, 3).\n"
)


def traceback(path="taken.py", error=TEXT):
    return (
        'Traceback (most recent call last):\n  File "main.py", line 3, in <module>\n    grad(total)(x)\n'
        f'  File "{path}", line 10, in f_fwd\n    return f(x), x\n{error}'
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "taken.py").write_text(program())
    (tmp_path / "error.txt").write_text(traceback())
    return tmp_path


def causes(folder, *arguments, **options):
    result = vjpfix(folder, "diagnose", "--output-format", "json", *arguments, **options)
    told = json.loads(result.stdout)
    jsonschema.validate(told, schema())
    return result.returncode, [(cause["certainty"], cause["rule"]) for cause in told["causes"]]


def test_the_cause_is_named_with_its_line_its_fix_and_the_command_that_applies_it(folder):
    result = vjpfix(folder, "diagnose", "error.txt")
    assert (result.returncode, result.stderr) == (0, "")
    for part in (
        "ValueError: vmap was requested to map",
        "(these are the words of JAX 0.4.13 to 0.10.2)",
        "certain: VJP001 rebound-by-map: ",
        "raised at taken.py:10 in f_fwd",
        "taken.py:18:1: VJP001 error: ",
        "`f_fwd` reads `f` here: the mapped version",
        "- f = jax.vmap(f)",
        "+ f_mapped = jax.vmap(f)",
        "to apply this: vjpfix fix --select VJP001 taken.py",
    ):
        assert part in result.stdout
    command = re.search(r"vjpfix (fix .*)", result.stdout)[1].split()
    assert vjpfix(folder, *command, "--yes").returncode == 0
    assert (folder / "taken.py").read_text() == fixed()


def test_nothing_is_written(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    vjpfix(folder, "diagnose", "error.txt")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_a_traceback_is_read_from_standard_input(folder, arguments):
    result = vjpfix(folder, "diagnose", *arguments, stdin=traceback().encode())
    assert (result.returncode, "certain: VJP001" in result.stdout) == (0, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_traceback_is_read_in_the_encodings_of_shells(folder, encoding):
    assert causes(folder, stdin=traceback().encode(encoding)) == (0, [("certain", "VJP001")])


def test_bytes_that_are_no_text_do_no_harm(folder):
    assert causes(folder, stdin=b"\xff\xfa " + traceback().encode()) == (0, [("certain", "VJP001")])


def test_an_error_that_is_not_known_is_said_so_and_exits_with_1(folder):
    result = vjpfix(folder, "diagnose", stdin=b"KeyError: 'x'\n")
    assert (result.returncode, result.stderr) == (1, "")
    assert "vjpfix does not know this error: " in result.stdout
    assert causes(folder, stdin=b"KeyError: 'x'\n") == (1, [])


def test_a_text_of_jax_that_no_mistake_of_ours_would_give_is_not_explained(folder):
    other = COTANGENT.replace("(10, 3)", "(11,)").encode()
    result = vjpfix(folder, "diagnose", stdin=other)
    assert (result.returncode, "vjpfix does not know the cause: " in result.stdout) == (1, True)


@pytest.mark.parametrize("text", [b"", b"\n \n"])
def test_a_text_without_an_error_exits_with_1(folder, text):
    result = vjpfix(folder, "diagnose", stdin=text)
    assert (result.returncode, result.stdout) == (1, "There is no error in this text.\n")
    assert causes(folder, stdin=text) == (1, [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.txt"], "nowhere.txt: does not exist; check the path"),
        (["."], ".: is a folder; give the file that holds the error"),
        (["--last", "nowhere"], "nowhere: cannot be read: No such file or directory"),
        (
            ["--last", "empty"],
            "there is no output of pytest in empty: no file that ends in .log, .txt, .out, .xml",
        ),
        (["--output-format", "xml"], "'xml' is not one of 'text', 'json'"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_exit_code_2(folder, arguments, said):
    (folder / "empty").mkdir()
    result = vjpfix(folder, "diagnose", *arguments)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert said in result.stderr


def test_a_file_of_the_traceback_that_is_no_python_is_a_problem_beside_the_cause(folder):
    (folder / "taken.py").write_text(program() + "def g(:\n")
    result = vjpfix(folder, "diagnose", "error.txt")
    assert result.returncode == 2
    assert "VJP001 rebound-by-map" in result.stdout
    assert "vjpfix: taken.py:20: not valid Python" in result.stderr


def test_a_file_of_another_machine_is_found_by_the_end_of_its_path(folder):
    (folder / "pkg").mkdir()
    (folder / "taken.py").rename(folder / "pkg" / "ops.py")
    for path in ("/home/ci/work/pkg/ops.py", "C:\\work\\pkg\\ops.py"):
        assert causes(folder, stdin=traceback(path).encode()) == (0, [("certain", "VJP001")])
    elsewhere = folder / "below"
    elsewhere.mkdir()
    assert causes(elsewhere, stdin=traceback("/home/ci/work/pkg/ops.py").encode()) == (
        0,
        [("likely", "VJP001")],
    )
    found = causes(elsewhere, "-", "..", stdin=traceback("/home/ci/work/pkg/ops.py").encode())
    assert found == (0, [("certain", "VJP001")])


def test_a_module_that_the_traceback_does_not_name_is_looked_through_on_request(folder):
    (folder / "main.py").write_text("from taken import f\nfrom jax import vjp\nvjp(f, xs)[1](ct)\n")
    text = f'  File "main.py", line 3, in <module>\n    vjp(f, xs)[1](ct)\n{COTANGENT}'
    assert causes(folder, stdin=text.encode()) == (0, [("possible", "VJP001"), ("possible", None)])
    assert causes(folder, "-", "taken.py", stdin=text.encode()) == (0, [("certain", "VJP001")])
    assert causes(folder, "-", ".", stdin=text.encode()) == (0, [("certain", "VJP001")])


def test_decorators_of_the_configuration_are_known(folder):
    own = program().replace("jax.custom_vjp", "lab.rules").replace("import jax", "import jax\nimport lab")
    (folder / "taken.py").write_text(own)
    (folder / "error.txt").write_text(traceback().replace("line 10", "line 11"))
    assert causes(folder, "error.txt") == (0, [("possible", "VJP001")])
    (folder / "pyproject.toml").write_text(
        '[tool.vjpfix]\nignore = ["ALL"]\n[[tool.vjpfix.custom-derivatives]]\nname = "lab.rules"\n'
        'like = "jax.custom_vjp"\n'
    )
    assert causes(folder, "error.txt") == (0, [("certain", "VJP001")])


def test_a_finding_without_a_fix_is_shown_with_the_reason(folder):
    (folder / "taken.py").write_text(program() + "del f\n")
    result = vjpfix(folder, "diagnose", "error.txt")
    assert (result.returncode, "= not fixed: line 20: " in result.stdout) == (0, True)
    assert "to apply this" not in result.stdout


def test_the_newest_output_of_pytest_is_read_on_request(folder):
    outputs = folder / "outputs"
    outputs.mkdir()
    for age, (name, text) in enumerate(
        [("a.log", traceback()), ("b.xml", "<testsuites/>"), ("c.py", "x = 1\n")]
    ):
        (outputs / name).write_text(text)
        os.utime(outputs / name, (2_000_000_000 - age, 2_000_000_000 - age))
    for arguments in (["outputs"], ["outputs/b.xml", "outputs/a.log"]):
        result = vjpfix(folder, "diagnose", "--last", *arguments)
        assert (result.returncode, result.stderr) == (0, "vjpfix: reading outputs/a.log\n")
        assert "certain: VJP001" in result.stdout
    os.utime(outputs / "b.xml", (2_000_000_009, 2_000_000_009))
    assert vjpfix(folder, "diagnose", "--last", "outputs").returncode == 1
    assert "reading error.txt" in vjpfix(folder, "diagnose", "--last").stderr


def test_the_json_fits_its_schema_and_names_the_finding_and_the_command(folder):
    told = json.loads(vjpfix(folder, "diagnose", "--output-format", "json", "error.txt").stdout)
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(told, schema())
    assert told["error"]["versions"] == "JAX 0.4.13 to 0.10.2"
    (cause,) = told["causes"]
    assert cause["place"] == {"path": "taken.py", "line": 10, "function": "f_fwd"}
    assert (cause["finding"]["line"], cause["finding"]["fix"]["new_name"]) == (18, "f_mapped")
    assert cause["command"] == "vjpfix fix --select VJP001 taken.py"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: d.update(version=1), id="another version"),
        pytest.param(lambda d: d.pop("causes"), id="no causes"),
        pytest.param(lambda d: d["causes"][0].update(certainty="sure"), id="an unknown certainty"),
        pytest.param(lambda d: d["causes"][0].update(rule="?"), id="a rule that is no code"),
        pytest.param(lambda d: d["causes"][0]["finding"].pop("line"), id="a finding without a line"),
    ],
)
def test_the_schema_refuses(folder, change):
    told = json.loads(vjpfix(folder, "diagnose", "--output-format", "json", "error.txt").stdout)
    change(told)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, schema())


def test_the_docstring_names_exactly_the_fields_of_the_schema():
    example = documents.__doc__.partition("::")[2].partition("``error``")[0]
    told = set(re.findall(r'"([a-z_]+)"(?=[:,}\]]|\s*$)', example, re.MULTILINE))
    values = {"certain", "likely", "possible", "vjpfix", "f_fwd"}
    own = schema()
    own["properties"]["causes"]["items"]["properties"]["finding"] = {}
    assert told - values == fields(own)


def test_text_of_an_error_cannot_steer_the_screen(folder):
    text = traceback(error="\x1b[31mKeyError\x1b[0m: '\u202e [bold]x[/bold] \x07'\n")
    result = vjpfix(folder, "diagnose", stdin=text.encode(), FORCE_COLOR="1")
    assert "\x07" not in result.stdout
    assert "\u202e" not in result.stdout
    assert "\\u202e [bold]x[/bold] \\x07" in result.stdout


def test_an_unsafe_fix_is_applied_only_on_request(folder):
    (folder / "three.py").write_text(
        "import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return x * x\n\n\ndef f_fwd(x):\n    y = f(x)\n"
        "    return y, x, y\n\n\ndef f_bwd(res, g):\n    x, y = res\n    return (2 * x * g,)\n\n\n"
        "f.defvjp(f_fwd, f_bwd)\n"
    )
    error = (
        "TypeError: Custom VJP fwd rule f_fwd for function f must produce a pair (list or tuple of length two) "
        "where the first element represents the primal output (equal to those of the custom_vjp-decorated "
        "function f) and the second element represents residuals"
    )
    text = f'  File "three.py", line 3, in <module>\n    jax.grad(f)(3.0)\n{error}\n'
    result = vjpfix(folder, "diagnose", stdin=text.encode())
    assert "certain: VJP203 fwd-not-a-pair: `f_fwd` does not return a pair" in result.stdout
    assert "to apply this: vjpfix fix --unsafe-fixes --select VJP203 three.py" in result.stdout


NO_TUPLE = "\n\ndef {0}_bwd(x, g):\n    return 2 * x * g\n\n\n{0}.defvjp(lambda x: (x * x, x), {0}_bwd)\n"


def test_what_the_error_says_by_itself_stays_certain_whatever_is_found(folder):
    error = (
        "TypeError: Custom VJP bwd rule must produce an output with the same container (pytree) structure as the "
        "args tuple of the primal function, and in particular must produce a tuple\n"
    )
    head = "import jax\n\n\n@jax.custom_vjp\ndef {0}(x):\n    return x * x\n"
    (folder / "here.py").write_text((head + NO_TUPLE).format("g"))
    (folder / "there.py").write_text((head + NO_TUPLE).format("h"))
    text = f'  File "here.py", line 16, in <module>\n    grad(g)(3.0)\n{error}'
    assert causes(folder, stdin=text.encode()) == (0, [("certain", "VJP204")])
    said = vjpfix(folder, "diagnose", "-", ".", stdin=text.encode()).stdout
    assert "here.py:10:" in said
    assert "there.py" not in said
    elsewhere = vjpfix(folder, "diagnose", "-", "there.py", stdin=text.replace("here.py", "gone.py").encode())
    assert "certain: VJP204" in elsewhere.stdout
    assert "there.py" not in elsewhere.stdout


@pytest.mark.parametrize("case", broken("VJP301"))
def test_what_a_function_closes_over_is_found_in_a_file_of_the_traceback(case, tmp_path):
    (tmp_path / "m.py").write_text(broken("VJP301")[case])
    text = '  File "m.py", line 1, in f\n    f(x)\nUnexpectedTracerError: Encountered an unexpected tracer.\n'
    (found,) = causes(tmp_path, stdin=text.encode())[1]
    assert found[1] == "VJP301"


CLOSED_OVER = "CustomVJPException: Detected differentiation of a custom_vjp function with respect to a closed-over value.\n"


def test_where_the_source_is_not_at_hand_it_says_how_to_look_for_the_place(folder):
    said = vjpfix(folder, "diagnose", stdin=CLOSED_OVER.encode()).stdout
    assert "`vjpfix explain VJP301` says more, `vjpfix check --select VJP301` looks for the place" in said


def test_where_it_is_and_shows_nothing_it_does_not_send_people_to_look_there(folder):
    said = vjpfix(folder, "diagnose", stdin=traceback(error=CLOSED_OVER).encode()).stdout
    assert "`vjpfix explain VJP301` says more, the files of the traceback do not show the place" in said


@pytest.mark.parametrize("error", ["UnexpectedTracerError: Encountered an unexpected tracer.", TEXT.strip()])
def test_an_error_that_a_mistake_of_ours_can_raise_is_not_called_foreign_where_nothing_points_to_one(
    folder, error
):
    (folder / "other.py").write_text("import jax\n" * 3)
    text = f'  File "other.py", line 2, in main\n    run(model)\n{error}\n'
    result = vjpfix(folder, "diagnose", stdin=text.encode())
    assert result.returncode == 1
    said = " ".join(result.stdout.split())
    assert (
        "a mistake with custom derivative rules may raise this error, but nothing here points to one" in said
    )


@pytest.mark.parametrize("code", ["VJP101", "VJP102"])
def test_an_output_that_is_an_array_by_a_rule_is_likely_the_cause_of_a_gradient_of_one(folder, code):
    call = "jax.vmap(f)(x)" if code == "VJP101" else "g(x)"
    (folder / "rule.py").write_text(
        "import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return (x * x).sum()\n\n\ng = jax.vmap(f)\n\n\n"
        f"def f_fwd(x):\n    return {call}, x\n\n\ndef f_bwd(x, g):\n    return (2 * x * g,)\n\n\n"
        "f.defvjp(f_fwd, f_bwd)\ny = jax.grad(f)(jax.numpy.ones(3))\n"
    )
    error = "TypeError: Gradient only defined for scalar-output functions. Output had shape: (3,).\n"
    text = '  File "{}", line 21, in <module>\n    y = jax.grad(f)(jax.numpy.ones(3))\n' + error
    assert causes(folder, stdin=text.format("rule.py").encode()) == (0, [("likely", code)])
    assert causes(folder, stdin=text.format("taken.py").encode()) == (1, [])


def test_an_error_in_a_rule_that_takes_its_arguments_in_another_order_has_its_cause_there(folder):
    (folder / "order.py").write_text(
        "import functools, jax\n\n\n@functools.partial(jax.custom_vjp, nondiff_argnums=(1,))\ndef f(x, n):\n"
        "    return x**n\n\n\ndef f_fwd(x, n):\n    return f(x, n), (x,)\n\n\ndef f_bwd(res, g, n):\n"
        "    (x,) = res\n    return (n * x ** (n - 1) * g,)\n\n\nf.defvjp(f_fwd, f_bwd)\n"
    )
    error = "TypeError: cannot unpack non-iterable int object\n"
    text = '  File "order.py", line 14, in {}\n    (x,) = res\n' + error
    assert causes(folder, stdin=text.format("f_bwd").encode()) == (0, [("likely", "VJP202")])
    assert causes(folder, stdin=text.format("f").encode()) == (1, [])
