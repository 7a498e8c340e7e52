"""The LibCST command that names transformed functions apart from the functions with rules they come from.

In a folder with this repository's ``.libcst.codemod.yaml``::

    python -m libcst.tool codemod name_transformed.NameTransformedCommand PATH

and elsewhere, with this repository on ``PYTHONPATH``::

    python -m libcst.tool codemod --no-format -x codemods.name_transformed.NameTransformedCommand PATH
"""

from __future__ import annotations

import argparse
from pathlib import Path

import libcst as cst
from libcst.codemod import CodemodCommand, CodemodContext

from vjpfix.cli.batches import safe_changes
from vjpfix.config import Configs
from vjpfix.model import Report
from vjpfix.pipeline import run, run_data
from vjpfix.review.concise import not_fixed_line, problem_line
from vjpfix.settings import Settings, settings, settings_by_file
from vjpfix.whole import combine


class NameTransformedCommand(CodemodCommand):
    """Give the transformed version of a custom-derivative function a name of its own.

    The analysis is vjpfix's, with the configuration of the nearest ``pyproject.toml``. Only safe fixes are
    made (and unsafe ones where they are asked for), and only those of one file, for LibCST changes one at a
    time; the others, and what cannot be read, become warnings of the run. In a module that an earlier codemod
    of the run changed, other modules are not looked at, so a new name for what they could import is unsafe.
    """

    DESCRIPTION = "Name the transformed version of each JAX function with custom rules apart from it."

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        """One argument; ``[tool.vjpfix]`` configures the rest."""
        arg_parser.add_argument(
            "--unsafe-fixes",
            action="store_true",
            help="Make unsafe fixes too, which may not be what is meant; each says why.",
        )

    def __init__(self, context: CodemodContext, unsafe_fixes: bool = False) -> None:
        super().__init__(context)
        self.unsafe_fixes = unsafe_fixes

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """The module as ``vjpfix fix --yes`` leaves it."""
        name = self.context.filename
        chosen = settings_by_file(Configs(), settings)
        report = _report(Path(name or "<module>"), tree.bytes, chosen)
        wanted = safe_changes(report, unsafe=self.unsafe_fixes)
        changes = [change for change in wanted if len(change.paths) == 1]
        for outcome in report.outcomes:
            if outcome not in wanted:
                self.warn(not_fixed_line(outcome))
            elif outcome not in changes:
                self.warn(f"{outcome.finding.message}; not fixed: it takes several files (see `vjpfix fix`)")
        for problem in report.problems:
            self.warn(problem_line(problem))
        files = combine(changes, report, chosen)
        return cst.parse_module(files[0].data) if files else tree


def _report(path: Path, data: bytes, chosen: Settings) -> Report:
    """As of ``vjpfix fix``, which looks at other modules too, unless an earlier codemod changed this one."""
    try:
        unchanged = path.read_bytes() == data
    except OSError:
        unchanged = False
    return run([path], chosen) if unchanged else run_data(path, data, chosen)
