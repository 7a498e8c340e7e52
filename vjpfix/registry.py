"""Every rule there is: those of vjpfix, and those that installed packages add by entry point."""

from __future__ import annotations

import os
import re
import site
import sys
from collections.abc import Iterable, Iterator, Sequence
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING

from vjpfix.model import Finding, VjpfixError
from vjpfix.rules import RULES
from vjpfix.rules.base import Rule

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from vjpfix.facts.module import JaxModule

GROUP = "vjpfix.rules"

_CODE = re.compile(r"[A-Z]+[0-9]+")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_METADATA = (".dist-info", ".egg-info")


def rules() -> tuple[Rule, ...]:
    """All rules, in the order of their codes. ``VjpfixError`` for a plug-in that cannot be used."""
    return combined(RULES, entry_points())


def combined(own: Sequence[Rule], plugins: Iterable[EntryPoint]) -> tuple[Rule, ...]:
    """These rules and those that the entry points stand for, in the order of their codes.

    ``VjpfixError`` where an entry point cannot be loaded, is no rule, or takes a code or name that is taken.
    """
    found = list(own)
    for plugin in plugins:
        rule = _loaded(plugin)
        for taken in found:
            if taken.code == rule.code or taken.name == rule.name:
                other = f"{taken.code} {taken.name}"
                raise _broken(plugin, f"is called {rule.code} {rule.name}, and there is {other} already")
        found.append(rule)
    return tuple(sorted(found, key=lambda rule: rule.code))


def is_own(rule: Rule) -> bool:
    """Whether a rule is one of vjpfix itself."""
    return package_of(rule) == "vjpfix"


def package_of(rule: Rule) -> str:
    """The importable package that a rule comes from."""
    return type(rule).__module__.partition(".")[0]


def findings_of(rule: Rule, module: JaxModule) -> tuple[Finding, ...]:
    """What a rule finds in a module. ``VjpfixError`` where a plug-in fails."""
    try:
        return tuple(rule.find(module))
    except VjpfixError:
        raise
    except Exception as error:
        if is_own(rule):
            raise
        why = f"{type(error).__name__}: {error}"
        what = f"the rule {rule.code} of the plug-in {package_of(rule)!r} failed: {why}"
        raise VjpfixError(f"{what}; leave it out with --ignore {rule.code}", module.path) from error


def entry_points() -> tuple[EntryPoint, ...]:
    """The entry points of installed packages that add rules.

    ``importlib.metadata`` takes 35 ms to import and to ask, a look at the files 2 ms (65 packages installed):
    so the files are looked at first, and it is asked only where one of them names the group.
    """
    folders = _environment()
    needle = GROUP.encode()
    if not any(needle in data for data in _entry_point_files(folders)):
        return ()
    from importlib.metadata import distributions

    every = (plugin for each in distributions(path=folders) for plugin in each.entry_points)
    found = {(plugin.name, plugin.value): plugin for plugin in every if plugin.group == GROUP}
    return tuple(found[key] for key in sorted(found))


def _environment() -> list[str]:
    """The folders of what is installed for the Python that runs, and the one that vjpfix itself is in.

    What a run alone puts on ``sys.path`` may belong to the project that is looked at: the current folder or
    that of the program, which comes first, and what ``PYTHONPATH`` names.
    """
    named = os.environ.get("PYTHONPATH")
    given = {os.path.abspath(each) for each in named.split(os.pathsep)} if named else set[str]()  # noqa: PTH100
    sites = {*site.getsitepackages(), site.getusersitepackages()}
    own = str(Path(__file__).parents[1])
    rest = [each for each in sys.path[1:] if each in sites or os.path.abspath(each) not in given]  # noqa: PTH100
    return list(dict.fromkeys([own, *rest]))


def _entry_point_files(folders: Iterable[str]) -> Iterator[bytes]:
    for folder in folders:
        try:
            names = [each.name for each in Path(folder).iterdir() if each.name.endswith(_METADATA)]
        except OSError:
            continue
        for name in names:
            try:
                yield Path(folder, name, "entry_points.txt").read_bytes()
            except OSError:
                continue


def _loaded(plugin: EntryPoint) -> Rule:
    try:
        found = plugin.load()
    except Exception as error:  # whatever the plug-in does when it is imported
        raise _broken(plugin, f"cannot be imported: {type(error).__name__}: {error}") from error
    try:
        rule = found() if isinstance(found, type) else found
    except Exception as error:
        raise _broken(plugin, f"cannot be made: {type(error).__name__}: {error}") from error
    if not isinstance(rule, Rule):
        raise _broken(plugin, "is no vjpfix.rules.base.Rule")
    code, name = getattr(rule, "code", None), getattr(rule, "name", None)
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise _broken(plugin, f"has the code {code!r}; a code is capital letters and digits, such as LAB001")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _broken(plugin, f"has the name {name!r}; a name is words with hyphens, such as rebound-by-map")
    if len(signature(rule.find).parameters) != 1:
        raise _broken(plugin, "is written for an older vjpfix; its `find` takes one argument now, the module")
    return rule


def _broken(plugin: EntryPoint, what: str) -> VjpfixError:
    package = f" of {plugin.dist.name}" if plugin.dist else ""
    return VjpfixError(f"the plug-in {plugin.value!r}{package} {what}; mend or uninstall its package")
