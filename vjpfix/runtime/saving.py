"""What a guard saw, as a JSON document: for programs, and from a process to the one that started it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vjpfix.runtime.guard import guard

VERSION = 1


def document(watching: guard, command: Sequence[str]) -> dict[str, object]:
    """A guard's reports, gradients, skipped checks and called functions as plain values, and the command."""
    return {
        "version": VERSION,
        "command": list(command),
        "reports": [each.as_json() for each in watching.reports],
        "gradients": [each.as_json() for each in watching.gradients],
        "skipped": list(watching.skipped),
        "called": list(watching.called),
    }


def write(path: Path, watching: guard, command: Sequence[str]) -> None:
    """Write the document to a file. Raises OSError where that cannot be done."""
    path.write_text(json.dumps(document(watching, command), indent=2) + "\n", encoding="utf-8")
