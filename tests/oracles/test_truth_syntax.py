"""Small programs in newer syntax run, and what each name is read as is what the flow says, line for line.

They are texts (``truth/syntax.txt``): an older Python cannot parse them.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.oracles.truth.recording import Record
from vjpfix.semantic import binder
from vjpfix.semantic.binder import module_of
from vjpfix.semantic.flow import Flow

CASE = re.compile(r"^## (.+)\n((?:\w+: .+\n)*)\n((?:(?!## ).*\n)*)", re.MULTILINE)
CASES = CASE.findall((Path(__file__).parent / "truth" / "syntax.txt").read_text(encoding="utf-8"))
EXPECTED = re.compile(r"(\w+): (\d+(?:, \d+)*)")
ANNOTATED = """\
X = int
def f(x: X, y=X) -> X: return x
y: X = 2
class C:
    X = float
    z: X
X = str
"""


def seen(source: str) -> dict[tuple[int, str], list[int]]:
    """The lines of the bindings that the reads of a name on a line may see."""
    module = module_of(ast.parse(source))
    flow = Flow(module, lambda _: True)
    found: dict[tuple[int, str], set[int]] = {}
    for node, reference in module.references.items():
        lines = {getattr(binding and binding.node, "lineno", 0) for binding in flow.reaching(reference)}
        found.setdefault((node.lineno, node.id), set()).update(lines)
    return {key: sorted(lines) for key, lines in found.items()}


def version(keys: str, key: str, otherwise: str) -> tuple[int, ...]:
    """A version of Python that a case names."""
    found = re.search(rf"^{key}: (.+)$", keys, re.MULTILINE)
    return tuple(map(int, (found[1] if found else otherwise).split(".")))


@pytest.mark.parametrize(("keys", "source"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_program_reads_what_its_comments_and_the_flow_say(keys, source):
    first, last = version(keys, "since", "3.0"), version(keys, "until", "3.99")
    if not first <= sys.version_info[:2] <= last:
        pytest.skip(f"needs the syntax or the evaluation of Python {keys.split()[1]}")
    expected = {
        (number, name): [int(each) for each in lines.split(", ")]
        for number, line in enumerate(source.splitlines(), 1)
        for name, lines in EXPECTED.findall(line.partition("#")[2])
    }
    found = seen(source)
    assert {key: found.get(key) for key in expected} == expected
    record = Record()
    exec(record.code("program", source, "program"), record.namespace("program") | {"__name__": "program"})
    assert not list(record.wrong())
    assert record.count


@pytest.mark.skipif(sys.version_info < (3, 12), reason="needs the syntax of Python 3.12")
def test_names_in_an_f_string_of_quotes_lines_and_comments_of_its_own_are_read_where_they_stand():
    source = 'x = 1\ntext = f"{f"{x}" + "}" # of x\n    + x:{x\n}}"\nx = 2\n'
    positions = [(n.lineno, n.col_offset) for n in module_of(ast.parse(source)).references]
    lines = source.splitlines()
    assert len(positions) == 3
    assert all(lines[line - 1][column] == "x" for line, column in positions)


def test_annotations_are_not_read_where_they_are_strings():
    found = seen("from __future__ import annotations\n" + ANNOTATED)
    assert found == {(2, "int"): [], (3, "X"): [2], (3, "x"): [3], (6, "float"): [], (8, "str"): []}


def test_annotations_see_what_is_bound_when_they_are_asked_for_where_python_defers_them(monkeypatch):
    """No Python that runs this may do so: only what the walk makes of it is looked at."""
    monkeypatch.setattr(binder, "_ANNOTATIONS_ARE_DEFERRED", True)
    found = seen(ANNOTATED)
    assert {key: lines for key, lines in found.items() if key[1] == "X"} == {
        (2, "X"): [1, 7],
        (3, "X"): [1, 7],
        (6, "X"): [1, 5, 7],
    }
    assert not seen("from __future__ import annotations\nX = int\nx: X\n").keys() & {(3, "X")}
