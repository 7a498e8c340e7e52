"""How the guard sees every call of a function with custom rules: the ``__call__`` of JAX's two classes.

What is installed lives in that ``__call__`` alone, so that guards in several threads, or one in another, come
and go in any order and the last one leaves the classes as they were.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from vjpfix.runtime.jax_internals import classes

# Takes the user's object and the one to run, and gives back the one to run instead.
Watcher = Callable[[Any, Any], Any]

_LOCK = threading.Lock()
_QUIET: ContextVar[bool] = ContextVar("vjpfix_quiet", default=False)
_MARK = "_vjpfix"


@dataclass(frozen=True, slots=True)
class _Installed:
    original: Callable[..., Any]
    watchers: tuple[Watcher, ...]


def install(watcher: Watcher) -> None:
    """Have a watcher asked at each call, in all threads, until it is uninstalled."""
    with _LOCK:
        for cls in classes():
            now = _installed(cls) or _Installed(vars(cls)["__call__"], ())
            _put(cls, _Installed(now.original, (*now.watchers, watcher)))


def uninstall(watcher: Watcher) -> None:
    """No longer ask a watcher. Without any left, the classes have the ``__call__`` that they had before."""
    with _LOCK:
        for cls in classes():
            now = _installed(cls)
            if now is not None:
                left = tuple(each for each in now.watchers if each != watcher)
                _put(cls, _Installed(now.original, left))


@contextmanager
def quiet() -> Iterator[None]:
    """Watch nothing that this thread calls: the guard's own work with JAX."""
    token = _QUIET.set(True)
    try:
        yield
    finally:
        _QUIET.reset(token)


def is_quiet() -> bool:
    return _QUIET.get()


def _installed(cls: type) -> _Installed | None:
    return getattr(vars(cls)["__call__"], _MARK, None)


def _put(cls: type, installed: _Installed) -> None:
    call = _watched(installed) if installed.watchers else installed.original
    setattr(cls, "__call__", call)  # noqa: B010  # to mypy a class's method is no variable


def _watched(installed: _Installed) -> Callable[..., Any]:
    original, watchers = installed.original, installed.watchers

    @functools.wraps(original)
    def __call__(self: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: N807
        __tracebackhide__ = True
        made = self
        if not _QUIET.get():
            for watcher in watchers:
                made = watcher(self, made)
        return original(made, *args, **kwargs)

    setattr(__call__, _MARK, installed)
    return __call__
