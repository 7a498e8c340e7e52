"""``with vjpfix.guard():``: what it does with what it sees, and that nothing of it stays."""

from __future__ import annotations

import gc
import threading
import warnings
import weakref

import jax
import jax.numpy as jnp
import pytest
from jax.extend.core import jaxpr_as_fun

import vjpfix
from tests.runs import ROOT, python
from vjpfix.runtime.rebinding import user_files
from vjpfix.runtime.report import Check, Level

X = jnp.array([0.3, -0.7, 1.1])


def calls():
    return [vars(cls)["__call__"] for cls in (jax.custom_vjp, jax.custom_jvp)]


BEFORE = calls()


@pytest.fixture(autouse=True)
def nothing_stays():
    yield
    assert calls() == BEFORE


def wrong():
    f = jax.custom_vjp(lambda x: jnp.sum(x**2))
    f.defvjp(lambda x: (2.0 * f(x), x), lambda x, g: (2.0 * x * g,))
    return jax.grad(f)(X)


def test_it_warns_at_the_line_of_the_rule():
    with pytest.warns(vjpfix.GuardWarning, match="differs by up to") as caught, vjpfix.guard():
        wrong()
    assert caught[0].filename == __file__


def test_it_raises_on_request():
    with pytest.raises(vjpfix.GuardError) as caught, vjpfix.guard("error"):
        wrong()
    assert caught.value.report.check is Check.VALUE


def test_it_only_collects_on_request():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with vjpfix.guard("collect") as guard:
            wrong()
    assert [report.level for report in guard.reports] == [Level.ERROR]
    assert guard.errors == guard.reports


def test_another_word_for_what_to_do_is_refused():
    with pytest.raises(ValueError, match="must be 'warn', 'error' or 'collect', not 'loud'"):
        vjpfix.guard("loud")


def test_the_same_thing_is_said_once_in_a_guard_and_again_in_the_next():
    guard = vjpfix.guard("collect")
    f = jax.custom_vjp(lambda x: jnp.sum(x**2))
    f.defvjp(lambda x: (2.0 * f(x), x), lambda x, g: (2.0 * x * g,))
    with guard:
        jax.grad(f)(X)
        jax.grad(f)(X)
    assert len(guard.reports) == 1
    with guard:
        jax.grad(f)(X)
    assert len(guard.reports) == 2


def test_after_an_exception_everything_is_as_before():
    with pytest.raises(KeyError), vjpfix.guard("collect"):
        {}["nothing"]
    assert calls() == BEFORE


def test_guards_in_one_another_see_the_same():
    with vjpfix.guard("collect") as outer:
        with vjpfix.guard("collect") as inner:
            wrong()
        assert calls() != BEFORE
    assert len(outer.reports) == len(inner.reports) == 1


def test_guards_in_one_another_both_see_a_name_that_was_taken_over():
    f = jax.custom_vjp(lambda x: jnp.sum(x**2))
    f.defvjp(lambda x: (mapped(x), x), lambda x, g: (2.0 * x * g,))
    original, mapped = f, jax.vmap(f)
    del f
    with vjpfix.guard("collect") as outer, vjpfix.guard("collect") as inner:
        original(X)
    for guard in (outer, inner):
        assert [(report.check, report.transform) for report in guard.errors] == [(Check.NAME, "jax.vmap")]


def test_a_guard_that_is_entered_in_itself_says_a_thing_once_each_time():
    guard = vjpfix.guard("collect")
    with guard:
        with guard:
            wrong()
        wrong()
    assert len(guard.reports) == 2


def test_an_error_inside_of_a_compiled_function_is_the_guard_s_and_leaves_nothing():
    f = jax.custom_vjp(lambda x: jnp.sum(x**2))
    f.defvjp(lambda x: (f(x)[None], x), lambda x, g: (2.0 * x * g,))
    compiled = jax.jit(jax.grad(f))
    with pytest.raises(vjpfix.GuardError), vjpfix.guard("error"):
        compiled(X)
    assert calls() == BEFORE


def test_a_guard_in_one_thread_watches_what_another_runs_only_while_it_is_on():
    started, finish = threading.Event(), threading.Event()
    seen = []

    def work():
        with vjpfix.guard("collect") as guard:
            started.set()
            finish.wait(30)
        seen.append(guard)

    thread = threading.Thread(target=work)
    thread.start()
    started.wait(30)
    wrong()
    finish.set()
    thread.join()
    wrong()
    assert len(seen[0].reports) == 1


def test_guards_that_overlap_in_threads_leave_nothing():
    def work(barrier):
        with vjpfix.guard("collect") as guard:
            barrier.wait()
            wrong()
        seen.append(guard)

    seen = []
    barrier = threading.Barrier(4)
    threads = [threading.Thread(target=work, args=(barrier,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(guard.reports for guard in seen)


def test_what_was_traced_under_the_guard_works_after_it_and_is_not_watched():
    told = []
    f = jax.custom_vjp(lambda x: jnp.sum(x**2))
    f.defvjp(lambda x: (f(x), x), lambda x, g: (told.append(1) or 2.0 * x * g,))
    with vjpfix.guard("collect") as guard:
        jaxpr = jax.make_jaxpr(f)(X)
        _, pull = jax.vjp(f, X)
    assert jax.grad(lambda x: jaxpr_as_fun(jaxpr)(x)[0])(X) == pytest.approx(2 * X)
    assert pull(1.0)[0] == pytest.approx(2 * X)
    assert told
    assert guard.reports == ()


def test_the_user_s_objects_are_not_changed():
    f = jax.custom_vjp(lambda x: jnp.sum(x**2))
    f.defvjp(lambda x: (f(x), x), lambda x, g: (2.0 * x * g,))
    before = dict(vars(f))
    with vjpfix.guard("collect"):
        jax.grad(f)(X)
        assert vars(f) == before
    assert vars(f) == before


def test_functions_that_are_thrown_away_are_not_kept():
    def make():
        f = jax.custom_vjp(lambda x: jnp.sum(x**2))
        f.defvjp(lambda x: (f(x), x), lambda x, g: (2.0 * x * g,))
        jax.grad(f)(X)
        return weakref.ref(f)

    with vjpfix.guard("collect"):
        gone = make()
        jax.clear_caches()
        gc.collect()
        assert gone() is None


def test_gradients_are_notes_with_the_error_and_the_tolerance():
    f = jax.custom_vjp(lambda x: jnp.sum(x**2))
    f.defvjp(lambda x: (f(x), x), lambda x, g: (4.0 * x * g,))
    differs = pytest.warns(vjpfix.GuardWarning, match="differs from a finite difference")
    with differs, vjpfix.guard(check_gradients=True) as guard:
        jax.grad(f)(X)
    (gradient,) = guard.gradients
    assert gradient.derivative == pytest.approx(2 * gradient.difference, rel=1e-4)
    assert gradient.error > gradient.tolerance
    assert guard.reports == ()


def squares(factor):
    f = jax.custom_vjp(lambda x: jnp.sum(x**2))
    f.defvjp(lambda x: (f(x), x), lambda x, g: (factor * x * g,))
    return f


@pytest.mark.parametrize(
    "derivative",
    [
        lambda f, x: jax.grad(lambda x: jax.vmap(f)(x).sum())(x[0]),
        lambda f, x: jax.vmap(jax.grad(f))(x[0]),
        lambda f, x: jax.grad(lambda x: jax.vmap(jax.vmap(f, in_axes=1))(x).sum())(x),
        lambda f, x: jax.grad(lambda x: jax.vmap(lambda a: f(x[0, 0]) * a)(x[:, 0, 0]).sum())(x),
        lambda f, x: jax.jacrev(jax.grad(lambda x: jax.vmap(f)(x).sum()))(x[0]),
    ],
    ids=["grad of vmap", "vmap of grad", "a map in a map", "an argument that is not mapped", "twice"],
)
@pytest.mark.parametrize("factor", [2.0, 3.0])
def test_under_vmap_the_first_of_the_batch_is_compared(derivative, factor):
    batch = jnp.stack([X, X + 1, X - 1, X * 2]).reshape(2, 2, 3)
    with vjpfix.guard("collect", check_gradients=True) as guard:
        derivative(squares(factor), batch)
    assert guard.gradients
    assert all(gradient.agrees == (factor == 2.0) for gradient in guard.gradients)
    assert guard.skipped == ()


def test_under_jit_no_value_is_known_and_nothing_is_compared():
    with vjpfix.guard("collect", check_gradients=True) as guard, jax.checking_leaks():
        jax.jit(jax.grad(lambda x: jax.vmap(squares(3.0))(x).sum()))(jnp.stack([X, X]))
    assert guard.gradients == guard.skipped == ()
    assert guard.called == ("<lambda>",)


def test_a_function_can_be_left_out_of_the_gradients():
    f = jax.custom_vjp(lambda x: x)
    f.defvjp(lambda x: (f(x), None), lambda _, g: (-g,))
    with vjpfix.guard(check_gradients=True, skip_gradients=["<lambda>"]) as guard:
        jax.grad(f)(1.0)
    assert guard.gradients == ()


def test_no_installed_file_is_taken_for_the_user_s():
    assert __file__ in user_files()
    assert not [file for file in user_files() if "site-packages" in file]


def test_the_guard_is_there_without_jax_being_imported():
    code = (
        "import sys, vjpfix\nassert 'vjpfix.runtime' not in sys.modules\n"
        "with vjpfix.guard('collect') as guard:\n    assert 'jax' not in sys.modules\n    import jax\n"
        "    f = jax.custom_jvp(lambda x: x)\n    f.defjvp(lambda p, t: (2 * p[0], t[0]))\n    jax.grad(f)(1.)\n"
        "assert len(guard.reports) == 1\n"
    )
    result = python(ROOT, "-c", code)
    assert result.returncode == 0, result.stderr
