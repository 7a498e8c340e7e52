"""Imports from a copy of a project: whatever would come from the project itself comes from the copy.

An editable install names the project's folders in the search path, or has a finder of its own that does. Both
are led to the copy, and so is a folder that the program adds later.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Moved:
    """The folder ``original``, of which there is a ``copy``; both are real paths."""

    original: str
    copy: str

    def counterpart(self, path: str) -> str | None:
        """What stands in the copy for a path in the original; None for one elsewhere, or left out of it."""
        for each in (os.path.abspath(path), os.path.realpath(path)):  # noqa: PTH100  # asked at every import
            if each == self.original or each.startswith(self.original + os.sep):
                found = self.copy + each[len(self.original) :]
                if os.path.exists(found):  # noqa: PTH110
                    return found
        return None


def redirect(moved: Moved) -> None:
    """Lead all imports of this process that would come from the original to the copy, from now on."""
    sys.path[:] = [moved.counterpart(entry) or entry if entry else entry for entry in sys.path]
    sys.path_importer_cache.clear()
    sys.path_hooks[:] = [_led(moved, hook) for hook in sys.path_hooks]
    sys.meta_path.insert(0, _Finder(moved))


def _led(moved: Moved, hook: Callable[[str], T]) -> Callable[[str], T]:
    return lambda entry: hook(moved.counterpart(entry) or entry)


class _Finder(MetaPathFinder):
    """Asks the other finders, and gives the copy's file for one of the original."""

    def __init__(self, moved: Moved) -> None:
        self._moved = moved

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        for finder in sys.meta_path:
            find = None if isinstance(finder, _Finder) else getattr(finder, "find_spec", None)
            spec = find(fullname, path, target) if find else None
            if spec is not None:
                return self._led(spec)
        return None

    def _led(self, spec: ModuleSpec) -> ModuleSpec:
        places = spec.submodule_search_locations
        led = None if places is None else [self._moved.counterpart(place) or place for place in places]
        file = self._moved.counterpart(spec.origin) if spec.has_location and spec.origin else None
        if file is not None:
            found = spec_from_file_location(spec.name, file, submodule_search_locations=led)
            return found or spec
        if places is not None and led != list(places):
            spec.submodule_search_locations = led
        return spec
