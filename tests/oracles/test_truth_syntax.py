"""Small programs in newer syntax run, and what each name is read as is what the flow says, line for line.

They are strings: an older Python cannot parse them. A comment names the lines of the bindings that the reads of a
name on its line may see, in the order of the text (0 for none).
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap

import pytest

from tests.oracles.truth.recording import Record
from vjpfix.semantic import binder
from vjpfix.semantic.flow import Flow
from vjpfix.semantic.module import module_of

SINCE_312 = pytest.mark.skipif(sys.version_info < (3, 12), reason="needs the syntax of Python 3.12")
SINCE_313 = pytest.mark.skipif(sys.version_info < (3, 13), reason="needs the syntax of Python 3.13")
UP_TO_313 = pytest.mark.skipif(sys.version_info >= (3, 14), reason="Python 3.14 evaluates annotations later")
SINCE_314 = pytest.mark.skipif(
    sys.version_info < (3, 14), reason="needs annotations as Python 3.14 evaluates them"
)
EXPECTED = re.compile(r"(\w+): (\d+(?:, \d+)*)")


def seen(source: str) -> dict[tuple[int, str], list[int]]:
    """The lines of the bindings that the reads of a name on a line may see."""
    module = module_of(ast.parse(source))
    flow = Flow(module, lambda _: True)
    found: dict[tuple[int, str], set[int]] = {}
    for node, reference in module.references.items():
        lines = {getattr(binding and binding.node, "lineno", 0) for binding in flow.reaching(reference)}
        found.setdefault((node.lineno, node.id), set()).update(lines)
    return {key: sorted(lines) for key, lines in found.items()}


def holds(program: str) -> None:
    """Compare a program with its comments, and run it."""
    source = textwrap.dedent(program).lstrip("\n")
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


@SINCE_312
def test_a_type_parameter_of_a_function_hides_an_outer_name_in_its_annotations_and_its_body_alone():
    holds("""
        T = int
        def same(x): return x
        @same(T and same)  # T: 1
        def f[T](x: T = T) -> T:  # T: 1, 4
            return T  # T: 4
        T = str
        assert f() is not int and f.__annotations__["x"] is f.__type_params__[0]  # f: 4
        """)


@SINCE_312
def test_a_default_argument_of_a_generic_function_is_outside_of_its_type_parameters():
    holds("""
        T = int
        def f[T](
            x=T,  # T: 1
            y: T = None,  # T: 2
        ): return x
        assert f() is int
        """)


@SINCE_312
def test_methods_of_a_generic_class_see_its_type_parameters_and_not_the_name_of_the_module():
    holds("""
        T = 1
        class Base:
            def __class_getitem__(cls, item): return cls
        class C[T](Base[T]):  # T: 4, Base: 2
            kept = T  # T: 4
            def m(self):
                return T  # T: 4
        assert C.kept is C().m() is C.__type_params__[0]
        assert T == 1  # T: 1
        """)


@SINCE_312
def test_a_bound_is_evaluated_when_it_is_asked_for_and_sees_what_is_bound_by_then():
    holds("""
        Bound = int
        def f[T: Bound](x: T): ...  # Bound: 1, 3, T: 2
        Bound = str
        def g[T: (Bound, list[Bound])](x: T): ...  # Bound: 1, 3
        assert f.__type_params__[0].__bound__ is str
        assert g.__type_params__[0].__constraints__[0] is str
        """)


@SINCE_312
def test_the_value_of_a_type_alias_is_evaluated_when_it_is_asked_for():
    holds("""
        X = int
        type A = list[X]  # X: 1, 3, 5
        X = str
        assert A.__value__ == list[str]  # A: 2
        X = float
        type B[T] = tuple[T, X, B]  # T: 6, X: 1, 3, 5, B: 6
        assert B.__value__.__args__[1:] == (float, B)  # B: 6
        """)


@SINCE_312
def test_annotations_bounds_and_aliases_in_a_class_see_its_names_and_bodies_of_methods_do_not():
    holds("""
        X = 1
        class C:
            X = int
            type A = X  # X: 1, 3
            def f[T: X](self, x: X) -> T:  # X: 1, 3, T: 5
                return X  # X: 1
            class D[T: X]:  # X: 1, 3
                kept = X  # X: 1
        assert C.A.__value__ is int and C.f.__annotations__["x"] is int
        assert C.f.__type_params__[0].__bound__ is int and C().f(0) == C.D.kept == 1
        """)


@SINCE_312
def test_an_alias_in_a_class_falls_back_to_the_module_while_the_class_has_not_bound_the_name():
    holds("""
        X = int
        class C:
            type A = X  # X: 1, 5
            first = A.__value__
            X = str
            type B = X  # X: 1, 5
        assert C.first is int and C.B.__value__ is str
        """)


@SINCE_312
def test_type_parameters_in_a_finally_that_is_reached_in_several_ways_are_bound_once():
    holds("""
        def outer(stop):
            try:
                if stop:
                    return
            finally:
                def f[T: (lambda: int)](x: T) -> T:  # T: 6
                    return T  # T: 6
                kept.append(f)  # f: 6
        kept = []
        outer(0), outer(1)
        assert [f(0) for f in kept] and kept[0].__type_params__[0].__bound__() is int
        """)


@SINCE_312
def test_all_kinds_of_type_parameters_are_seen():
    holds("""
        def f[T, *Ts, **P](x: T, *rest: *Ts, **named: P.kwargs):  # T: 1, Ts: 1, P: 1
            return T, Ts, P  # T: 1, Ts: 1, P: 1
        assert f(0) == f.__type_params__
        """)


@SINCE_313
def test_a_default_of_a_type_parameter_is_evaluated_when_it_is_asked_for():
    holds("""
        X = int
        def f[T = X](x: T): ...  # X: 1, 3, T: 2
        X = str
        assert f.__type_params__[0].__default__ is str
        """)


@SINCE_312
def test_names_in_an_f_string_of_quotes_lines_and_comments_of_its_own_are_read_where_they_stand():
    source = textwrap.dedent("""
        x = 1
        text = f"{f"{x}" + "}" # of x
            + x:{x
        }}"
        x = 2
        """)
    positions = [(n.lineno, n.col_offset) for n in module_of(ast.parse(source)).references]
    lines = source.splitlines()
    assert len(positions) == 3
    assert all(lines[line - 1][column] == "x" for line, column in positions)


@SINCE_312
def test_a_walrus_and_a_comprehension_in_nested_f_strings_bind_where_they_do_outside_of_them():
    holds("""
        x = 1
        text = f"{f"{(x := 2)}" + f"{x}" + "".join(f"{x}" for x in "ab")}"  # x: 2
        assert text == "22ab" and x == 2  # x: 2
        """)


@UP_TO_313
def test_annotations_are_read_at_once():
    holds("""
        X = int
        def f(x: X) -> X: return x  # X: 1
        y: X = 2  # X: 1
        class C:
            z: X  # X: 1
        X = str
        assert {*f.__annotations__.values(), *C.__annotations__.values(), *__annotations__.values()} == {int}
        """)


@SINCE_312
@UP_TO_313
def test_annotations_of_generic_functions_are_read_at_once():
    holds("""
        X = int
        def f[T](x: X) -> T: return x  # X: 1, T: 2
        X = str
        assert f.__annotations__["x"] is int
        """)


ANNOTATED = """\
X = int
def f(x: X, y=X) -> X: return x
y: X = 2
class C:
    X = float
    z: X
X = str
"""


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


@SINCE_314
def test_annotations_are_read_when_they_are_asked_for():
    holds("""
        X = int
        def f(x: X) -> X: return x  # X: 1, 3
        X = str
        assert f.__annotations__["x"] is str
        """)
