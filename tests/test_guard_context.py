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
from runs import ROOT, python

import vjpfix
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
