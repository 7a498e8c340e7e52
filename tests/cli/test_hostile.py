"""Files, logs and settings that some step could look at again and again: a command ends within a minute.

What takes ten times as long for each of ten times as many characters does not, at the larger size.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product

import pytest

from tests.cli_runs import concise, program, vjpfix
from tests.share import some_of

SIZES = (10_000, 100_000)
Grown = Callable[[int], str]


def many(part: str, start: str = "", end: str = "") -> Grown:
    return lambda size: start + part * (size // len(part)) + end


def numbered(part: str) -> Grown:
    return lambda size: "".join(part.format(n=number) for number in range(size // len(part)))


SOURCES: dict[str, Grown] = {
    "numbers on a line": many("0.25, ", "t = [", "]\n"),
    "numbers on lines": many("    0.25, 1.5, 3,\n", "t = [\n", "]\n"),
    "assignments": numbered("x_{n} = {n}\n"),
    "a long name": many("x", "", " = 1\n"),
    "blanks": many(" ", "v = 1", "\n"),
    "blanks in a comment": many(" ", "# x", "y\n"),
    "blank lines": many("\n"),
    "brackets": many("(), [], {}, ", "t = [", "]\n"),
    "quotes": many("'", 's = "', '"\n'),
    "backslashes": many("\\\\", "s = '", "'\n"),
    "continued lines": many("\\\n", "v = ", " 1\n"),
    "imports in a string": many("from a import (\n", '"""\n', '"""\n'),
    "dots in a string": many(".", '"""\nfrom ', '\n"""\n'),
    "f-strings": many('p = f"{f} {y!r:>{w}}"\n'),
    "f-strings on a line": many('f"{y}", ', "t = [", "]\n"),
    "fields of an f-string": many("{y} ", 'p = f"', '"\n'),
    "suppressions of other lines": many("# vjpfix: ignore[VJP001] x\n", "", "\n"),
    "suppressions in a comment": many("vjpfix: ignore[VJP001 ", "v = 1  # ", "\n"),
    "codes in a comment": many("A1, ", "v = 1  # noqa: ", "\n"),
    "functions": numbered("def g_{n}(x):\n    return x\n\n\n"),
    "classes": numbered("class C_{n}:\n    def m(self):\n        return 1\n\n\n"),
    "uses": many("y = f(x)\n"),
    "attributes that are set": many("jnp.a = 1\n"),
    "letters that are not ASCII": many("y, ", "t = ['ä', ", "]\n"),
    "code in a string": many("import ", "import timeit\ntimeit.timeit('", "')\n"),
    "names in strings": many("getattr(jnp, 'f')\n"),
}
STEPS = 'Traceback (most recent call last):\n  File "m.py", line 3, in <module>\n    y = f(x)\n'
ERROR = (
    "ValueError: Custom VJP fwd rule f_fwd for function f must produce a pair (list or tuple of length two) "
)
LOGS: dict[str, Grown] = {
    "tracebacks": many(STEPS + ERROR + "\n"),
    "chained tracebacks": many(STEPS + ERROR + "\n\nDuring handling of the above exception, another\n\n"),
    "steps": many('  File "m.py", line 3, in g\n    y = f(x)\n', STEPS, ERROR),
    "a message": many(ERROR.partition(" ")[2], STEPS + "ValueError: ", "\n"),
    "errors of a log": many("ERROR ", "", "\n"),
    "blanks": many(" ", "E", "\n"),
    "a long word of code": many(
        "a", STEPS + "    ", "\nAttributeError: 'PjitFunction' object has no attribute 'defvjp'\n"
    ),
    "failures of JUnit": many("<failure><![CDATA[", "<testsuite>"),
    "a record": many("\\n", '{"x": "Traceback (most recent call last):\\n', '"}\n'),
    "colours": many("\x1b[31", "", "\n"),
    "no text": many("\0"),
}


@contextmanager
def within_a_minute() -> Iterator[None]:
    """A regular expression looks for signals too, however long it takes."""
    before = signal.signal(signal.SIGALRM, _late)
    signal.alarm(60)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _late(*_: object) -> None:
    raise AssertionError("it takes more than a minute")


def cases(kinds: dict[str, Grown]) -> list[object]:
    """The share of these kinds and sizes."""
    return [
        pytest.param(kinds[kind](size), id=f"{kind}, {size:,}")
        for kind, size in some_of([*product(kinds, SIZES)])
    ]


@pytest.mark.parametrize("text", cases(SOURCES))
def test_a_hostile_module_is_checked(text, tmp_path):
    before, taken, after = program().partition("f = jax.vmap(f)\n")
    (tmp_path / "m.py").write_text(before + text + taken + after, encoding="utf-8")
    with within_a_minute():
        code, (found,) = concise(tmp_path, "m.py")
    assert (code, ": VJP001 " in found) == (1, True)


@pytest.mark.parametrize("text", cases(LOGS))
def test_a_hostile_log_is_diagnosed(text, tmp_path):
    (tmp_path / "m.py").write_text(program())
    (tmp_path / "error.txt").write_text(text)
    with within_a_minute():
        assert vjpfix(tmp_path, "diagnose", "error.txt").returncode in (0, 1)


# A regular expression that tries all ways to divide a name among the stars takes years.
PATTERNS = {
    "stars in a name": ("*a" * 40 + "*b", "a" * 200),
    "folders": ("a/**/" * 20 + "b", "a/" * 200 + "c"),
    "stars in folders": ("**/a*a*a/" * 10 + "b", "aaaaaaaa/" * 100 + "c"),
    "choices": ("*[ab]" * 40 + "c", "ab" * 100),
    "signs": ("*?" * 40 + "b", "a" * 200),
}


@pytest.mark.parametrize("case", PATTERNS)
def test_hostile_patterns_are_matched(case, tmp_path):
    pattern, name = PATTERNS[case]
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.vjpfix]\nexclude = ["{pattern}"]\n[tool.vjpfix.per-file-ignores]\n"{pattern}" = ["VJP001"]\n'
    )
    (tmp_path / ".gitignore").write_text(f"{pattern}\n**/{pattern}/**/b\n")
    path = tmp_path / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(program())
    with within_a_minute():
        code, (found,) = concise(tmp_path, "--exclude", pattern)
    assert (code, ": VJP001 " in found) == (1, True)
