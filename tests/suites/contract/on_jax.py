"""Runs programs on real JAX. In: name to text and that of a module ``ops`` (or nothing), as JSON. Out: the error's name, or what ``y`` is."""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import Any

import numpy as np

# Rules that run themselves again double the work at each level, and fill the memory at Python's own limit.
RECURSION_LIMIT = 300


def outcome(text: str, ops: str) -> str:
    """The name of what is raised, or whether ``y`` is ``right`` or ``wrong``; without a ``right``, ``y``."""
    namespace: dict[str, Any] = {"__name__": "program"}
    beside = sys.modules["ops"] = ModuleType("ops")
    try:
        exec(compile(ops, "<ops>", "exec"), vars(beside))
        exec(compile(text, "<program>", "exec"), namespace)
    except Exception as error:
        return type(error).__name__
    if "right" not in namespace:
        return str(np.round(namespace["y"], 4))
    return "right" if np.allclose(namespace["y"], namespace["right"], atol=1e-5) else "wrong"


if __name__ == "__main__":
    sys.setrecursionlimit(RECURSION_LIMIT)
    json.dump({name: outcome(*texts) for name, texts in json.load(sys.stdin).items()}, sys.stdout)
