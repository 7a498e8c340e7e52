"""Run by every Python that starts with this folder on its path: starts the guard, then what it hides."""

import importlib.machinery
import importlib.util
import os
import sys


def _run_hidden() -> None:
    """Run the ``sitecustomize`` that would have been run without this one."""
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120  # pathlib costs every start
    others = [folder for folder in sys.path if os.path.abspath(folder) != here]  # noqa: PTH100
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if sys.version_info >= (3, 11):  # noqa: UP036  # any Python may run this
    try:
        from vjpfix.runtime.child import start
    except ImportError:  # one that has no vjpfix
        pass
    else:
        start()
_run_hidden()
