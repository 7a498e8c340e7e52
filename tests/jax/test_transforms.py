"""The table of transforms is what real JAX, Equinox and Flax do.

Each program is run with the rebinding and with a name of its own for the transformed function.
"""

from __future__ import annotations

import functools
import importlib.util
import inspect
import warnings
from pkgutil import resolve_name

import pytest

from tests.jax.measured.declarations import DECLARATIONS
from tests.jax.measured.measure import BROKEN, Outcome, measure, measure_declaration, setters_after
from tests.jax.measured.program import Recipe
from tests.jax.measured.recipes import DOUBLES, PARTIALS, RECIPES
from tests.share import ALL, share
from vjpfix.jaxfacts.transforms import (
    CUSTOM_DERIVATIVES,
    HISTORICAL,
    PARTIAL_WITH_ARGUMENTS,
    TRANSFORMS,
    CustomDerivative,
    Kind,
    Role,
    Transform,
    table,
)
from vjpfix.model import Certainty, VjpfixError

TABLE = table()
ENOUGH = 2 if share() != ALL else None  # uses that are not broken, to believe that none is
REAL_ROWS = [row for row in TRANSFORMS if row is not PARTIAL_WITH_ARGUMENTS]
ROWS = [*REAL_ROWS, *CUSTOM_DERIVATIVES]


@functools.cache
def found(name: str) -> object | None:
    """What a qualified name stands for here, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return resolve_name(name)
    except (ImportError, AttributeError):
        return None


def skip_unless_here(name: str) -> None:
    if found(name) is None:
        pytest.skip(f"this release has no {name}")


def row_of(recipe: Recipe) -> Transform:
    row = TABLE.transform(recipe.row or recipe.name)
    assert row is not None, f"{recipe.name} has a proof and no row"
    return row


CASES = [
    pytest.param(recipe, role, id=f"{recipe.rebinding} in {role.value}")
    for recipe in RECIPES
    for role in Role
]
DECLARED = [
    pytest.param(
        declaration, role, id=f"{declaration.name} by {' '.join(declaration.setters)} in {role.value}"
    )
    for declaration in DECLARATIONS
    for role in declaration.roles
]


@pytest.mark.parametrize(("recipe", "role"), CASES)
def test_a_row_breaks_exactly_the_roles_it_says(recipe, role, jax_process):
    skip_unless_here(recipe.name)
    certainty = row_of(recipe).breaks.get(role)
    results = jax_process.ask(measure, recipe, role, ENOUGH if certainty is None else None)
    broken = [result for result in results if result.outcome in BROKEN]
    if certainty is not None:
        assert broken, results
        assert certainty is Certainty.WARNING or role not in recipe.aliased
    else:
        assert not broken
        assert any(result.is_unharmed for result in results), results


def test_a_wrapper_that_changes_the_value_is_seen_to_break_every_role(jax_process):
    for role in Role:
        results = jax_process.ask(measure, DOUBLES, role, None)
        assert {result.outcome for result in results} & BROKEN, role


@pytest.mark.parametrize(("declaration", "role"), DECLARED)
def test_what_a_setter_is_given_has_the_role_that_the_row_says(declaration, role, jax_process):
    skip_unless_here(declaration.name)
    result = jax_process.ask(measure_declaration, declaration, role, "jax.vmap")
    assert result.outcome in BROKEN, result


def test_the_rule_inside_a_custom_gradient_breaks_as_a_fwd_does(jax_process):
    (declaration,) = (d for d in DECLARATIONS if d.name == "jax.custom_gradient")
    result = jax_process.ask(measure_declaration, declaration, Role.FWD, "jax.grad")
    assert result.outcome is Outcome.RAISES
    row = TABLE.derivative("jax.custom_gradient")
    assert row is not None
    assert row.body is Role.FWD


# The recipes of these two give back something else than what they decorate.
DECORATED = {
    "functools.wraps": "functools.wraps(len)(f)",
    "functools.update_wrapper": "functools.update_wrapper(f, len)",
}


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.rebinding)
def test_a_row_says_whether_rules_can_be_attached_to_what_the_transform_gives(recipe, jax_process):
    skip_unless_here(recipe.name)
    row = row_of(recipe)
    if not row.applies:
        made = DECORATED.get(recipe.name, recipe.rebinding)
        for setter, has_it in jax_process.ask(setters_after, recipe, made).items():
            assert has_it is row.forwards, setter


def test_every_function_of_the_table_has_a_proof():
    proved = {id(found(recipe.name)) for recipe in RECIPES if not recipe.row}
    unproved = [
        name for row in REAL_ROWS for name in row.names if found(name) and id(found(name)) not in proved
    ]
    assert unproved == []
    assert any(recipe.row == PARTIAL_WITH_ARGUMENTS.names[0] for recipe in RECIPES)


@pytest.mark.parametrize("row", CUSTOM_DERIVATIVES, ids=lambda row: row.names[0])
def test_every_setter_and_keyword_of_a_decorator_has_a_proof(row):
    shown = [declaration for declaration in DECLARATIONS if declaration.name == row.names[0]]
    assert {setter for declaration in shown for setter in declaration.setters} == row.setters.keys()
    assert {keyword for declaration in shown for keyword in declaration.keywords} == row.keywords.keys()
    rules = {role for roles in row.setters.values() for role in roles} or {row.body}
    assert {role for declaration in shown for role in declaration.roles} == rules


@pytest.mark.parametrize("row", CUSTOM_DERIVATIVES, ids=lambda row: row.names[0])
def test_the_positions_of_a_setter_have_the_roles_of_its_keywords(row):
    skip_unless_here(row.names[0])
    primal = found(row.names[0])(lambda x: x)
    for setter, roles in row.setters.items():
        parameters = inspect.signature(getattr(primal, setter)).parameters.values()
        by_name = tuple(row.keywords[p.name] for p in parameters if p.name in row.keywords)
        any_number = [p for p in parameters if p.kind is inspect.Parameter.VAR_POSITIONAL]
        assert by_name == roles or (any_number and len(roles) == 1)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.names[0])
def test_every_name_can_be_imported_unless_it_is_historical(row):
    # A relative name is one that Equinox's own modules use.
    names = [f"equinox{name}" if name.startswith(".") else name for name in row.names]
    missing = [name for name in names if found(name) is None and is_installed(name)]
    assert [name for name in missing if not name.startswith(HISTORICAL)] == []
    assert found(row.names[0]) or row.names[0].startswith(HISTORICAL)


def is_installed(name: str) -> bool:
    return importlib.util.find_spec(name.partition(".")[0]) is not None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.names[0])
def test_a_row_has_every_keyword_that_the_function_may_be_passed_by(row):
    function = found(row.names[0])
    if function is None or row.names[0] in (*PARTIALS, "functools.wraps"):
        pytest.skip("a name of older releases, or a signature that does not say it")
    by_keyword = {
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    }
    known = {keyword for other in ROWS for keyword in other.keyword}
    assert by_keyword & known <= set(row.keyword)
    assert by_keyword & known or not row.keyword or is_positional(function)


def is_positional(function: object) -> bool:
    first = next(iter(inspect.signature(function).parameters.values()))
    return first.kind is inspect.Parameter.POSITIONAL_ONLY


@pytest.mark.parametrize("name", PARTIALS)
def test_a_partial_has_a_keyword_only_where_its_function_can_be_passed_by_it(name):
    try:
        found(name)(func=len)
        accepted = ("func",)
    except TypeError:
        accepted = ()
    assert TABLE.transform(name).keyword == accepted


def test_no_name_stands_in_two_rows():
    names = [name for row in (*TRANSFORMS, *CUSTOM_DERIVATIVES) for name in row.names]
    assert len(names) == len(set(names))


def test_suffixes_are_replaced_by_suffix_or_for_a_whole_kind():
    changed = table(suffixes={"maps": "batched", "jitted": "compiled"})
    assert changed.transform("jax.vmap").suffix == "batched"
    assert changed.transform("jax.jit").suffix == "compiled"
    assert changed.transform("jax.remat").suffix == "checkpointed"
    assert TABLE.transform("jax.vmap").suffix == "mapped"


def test_the_suffix_of_wrappers_without_a_row_can_be_replaced():
    assert TABLE.unknown_suffix == "wrapped"
    assert table(suffixes={"wraps": "w"}).unknown_suffix == "w"


def test_a_suffix_that_no_row_has_is_an_error_that_names_the_near_one():
    with pytest.raises(VjpfixError, match="the kind 'map'; did you mean 'maps'"):
        table(suffixes={"map": "batched"})


def test_rows_of_the_user_win_over_built_in_ones():
    mine = Transform(("jax.vmap", "lib.batch"), Kind.WRAPS, "lifted")
    decorator = CustomDerivative(("lib.rule",), {"rules": (Role.FWD,)}, {})
    changed = table((mine,), (decorator,), {"maps": "batched"})
    assert changed.transform("jax.vmap") == changed.transform("lib.batch") == mine
    assert changed.derivative("lib.rule") == decorator
    assert changed.derivative("lib.batch") is changed.transform("lib.rule") is None
