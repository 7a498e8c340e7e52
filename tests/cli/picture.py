"""Makes the README's picture: what ``vjpfix fix`` shows for the question's program.

``python -m tests.cli.picture`` writes it anew.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI

from tests.jax.test_question_program import QUESTION
from vjpfix.config import Config
from vjpfix.model import Change
from vjpfix.pipeline import run_data
from vjpfix.review.diffview import show_change
from vjpfix.review.summary import fixed
from vjpfix.settings import settings
from vjpfix.whole import combine

PICTURE = Path(__file__).parents[2] / ".github" / "diff.svg"
COMMAND = "vjpfix fix --yes program.py"
WIDTH = 88
FONTS = "ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace"

_FONT_FACE = re.compile(r"\s*@font-face \{\{.*?\}\}", re.DOTALL)


def picture() -> str:
    """The picture as SVG. It loads nothing: fonts are those of whoever looks at it."""
    screen = Console(
        record=True,
        width=WIDTH,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
    screen.print(f"$ {COMMAND}", style="dim")
    _draw(screen)
    template = _FONT_FACE.sub("", CONSOLE_SVG_FORMAT)
    template = template.replace("Fira Code, monospace", FONTS)
    # Some viewers drop the blanks at the ends of a text, which are what keeps columns apart.
    template = template.replace(
        '<g class="{unique_id}-matrix">', '<g class="{unique_id}-matrix" xml:space="preserve">'
    )
    svg = screen.export_svg(title="vjpfix", theme=MONOKAI, code_format=template, unique_id="vjpfix")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def _draw(screen: Console) -> None:
    defaults = settings(Config(root=Path()))
    report = run_data(Path("program.py"), QUESTION.encode(), defaults)
    changes = [outcome for outcome in report.outcomes if isinstance(outcome, Change)]
    for change in changes:
        show_change(screen, change, combine([change], report, defaults), report.sources)
    screen.print(fixed(report, changes))


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8")
    sys.stdout.write(f"{PICTURE}\n")
