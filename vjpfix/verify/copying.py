"""The two copies of a project: as it is, and with the fix."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from vjpfix.model import Rewritten, VjpfixError
from vjpfix.verify.survey import Survey


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the project at ``original``, in the folder ``top``. Both are real paths."""

    original: Path
    top: Path

    @property
    def name(self) -> str:
        """Which of the two it is."""
        return self.top.parent.name

    def of(self, path: Path) -> Path | None:
        """What stands in the copy for a path of the project, or None for one elsewhere."""
        for each in (Path(os.path.abspath(path)), Path(os.path.realpath(path))):  # noqa: PTH100  # keeps links
            if each.is_relative_to(self.original):
                return self.top / each.relative_to(self.original)
        return None

    def original_of(self, file: str) -> str:
        """The path in the project that a file of the copy stands for; another file as it is."""
        real = Path(os.path.realpath(file))
        return str(self.original / real.relative_to(self.top)) if real.is_relative_to(self.top) else file


def copies(found: Survey, original: Path, folder: Path, files: Iterable[Rewritten]) -> tuple[Copy, Copy]:
    """Make both copies in an existing folder: of the project as it was read, and with the new ``files``.

    The second is made of the first, so that they differ in nothing but the fix even when someone works on the
    project meanwhile. Raises VjpfixError where something cannot be copied, and where a file of the fix is not
    in the project.
    """
    before = Copy(original, folder / "as-it-is" / original.name)
    after = Copy(original, folder / "with-the-fix" / original.name)
    try:
        room = shutil.disk_usage(folder).free
        if room < 2 * found.size:
            raise VjpfixError(f"has no room for two copies of {found.size / 1e6:,.0f} MB each", folder)
        _copy(found, before.top)
        _copy(found, after.top, str(before.top))
        for file in files:
            for copy, data in ((before, file.source.data), (after, file.data)):
                path = copy.of(file.source.real_path)
                if path is None:
                    message = f"lies outside of {original}, the project that is copied; verify it by itself"
                    raise VjpfixError(message, file.source.path)
                path.parent.mkdir(parents=True, exist_ok=True)
                if path.exists():
                    path.chmod(path.stat().st_mode | stat.S_IWUSR)
                path.write_bytes(data)
    except OSError as error:
        what = Path(str(error.filename)) if error.filename else original
        raise VjpfixError(f"cannot be copied: {error.strerror or error}", what) from None
    return before, after


def _copy(found: Survey, top: Path, instead: str = "") -> None:
    """Copy what was found. ``instead``: read from this copy."""
    top.mkdir(parents=True)
    for below in found.folders:
        (top / below).mkdir(exist_ok=True)
    for below, source in found.files:
        shutil.copy2(f"{instead}{os.sep}{below}" if instead else source, top / below)
    for below, target in found.links:
        (top / below).symlink_to(target)
