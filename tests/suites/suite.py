"""All cases of the suites."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from .case import TRANSFORMED, Case, Expected
from .reading import cases, shared

FOLDER = Path(__file__).with_name("cases")
_TEXTS = shared(FOLDER / "shared.txt")
_ALL = (
    case
    for path in sorted(FOLDER.glob("*/*.txt"))
    for case in cases(path, path.relative_to(FOLDER).with_suffix("").as_posix(), _TEXTS)
)
CASES: tuple[Case, ...] = tuple(
    case
    for case in _ALL
    if case.python <= sys.version_info and platform.python_version() not in case.words("misread by")
)
"""Those that this Python can read."""

PACKAGES = tuple(case for case in CASES if case.theme.startswith("packages/"))
MODULES = tuple(case for case in CASES if not case.theme.startswith("packages/"))
"""The cases that are about one module, even if there is another one beside it."""


def broken(code: str) -> dict[str, str]:
    """Programs in which a rule finds something, of those that select it, by name."""
    return {case.name: case.text for case in MODULES if _is_about(case, code) and not _is_left_alone(case)}


def kept(code: str) -> dict[str, str]:
    """Programs in which a rule finds nothing, of those that select it, by name."""
    return {case.name: case.text for case in MODULES if _is_about(case, code) and _is_left_alone(case)}


def _is_about(case: Case, code: str) -> bool:
    return code in case.words("select")


def _is_left_alone(case: Case) -> bool:
    return case.expected(TRANSFORMED) is Expected.LEFT_ALONE
