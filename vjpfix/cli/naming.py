"""New names that were asked for, held against the names that there are."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from vjpfix.cli.endings import say
from vjpfix.cli.options import STDIN
from vjpfix.config import Config, Configured
from vjpfix.discover import find_names, read_bytes
from vjpfix.model import Problem, Report, VjpfixError
from vjpfix.settings import Settings


def question_names(
    pairs: Sequence[str], paths: Sequence[str], report: Report, settings: Settings, data: bytes
) -> None:
    """Say which new names that were asked for nothing gets.

    Arguments: the ``OLD=NEW`` of the command line, the ``paths`` that were looked through, what was found in
    them with these ``settings``, and what came from standard input. Names of the configuration may be those
    of other files, so they are held against a whole project only. Errors: ``VjpfixError`` for a name of the
    command line that stands nowhere.
    """
    asked = {pair.partition("=")[0]: pair for pair in pairs}
    renamed = {finding.subject for finding in report.findings if finding.cause}
    whole = (each.config for each in settings.met() if _is_whole(paths, each.config))
    doubtful = [*asked, *(name for config in whole for name in config.names)]
    doubtful = [name for name in dict.fromkeys(doubtful) if name not in renamed]
    if not doubtful:
        return
    texts = [data] if STDIN in paths else _texts(paths, settings.configs)
    missing = set(doubtful) - _standing(doubtful, texts)
    for name in doubtful:
        if name in missing and name in asked:
            near = difflib.get_close_matches(name, renamed, n=1)
            advice = f"did you mean {near[0]!r}?" if near else "check its spelling"
            raise VjpfixError(f"{name!r} in --name stands nowhere in what was checked; {advice}")
        if name in asked:
            say(f"--name {asked[name]} changes nothing: there is no finding about {name!r}")
        elif name in missing:
            say(f"{name!r} in [tool.vjpfix.names] stands nowhere in the project; correct it or take it out")


def _is_whole(paths: Sequence[str], config: Config) -> bool:
    """Whether a configuration is that of nothing but what lies below the paths."""
    folders = [Path(path).resolve() for path in paths or (".",) if path != STDIN]
    return any(config.root.resolve().is_relative_to(folder) for folder in folders)


def _texts(paths: Sequence[str], configs: Configured) -> Iterator[bytes]:
    for found in find_names([Path(path) for path in paths or (".",)], configs):
        if not isinstance(found, Problem):
            try:
                yield read_bytes(found)
            except VjpfixError:
                continue  # which was said


def _standing(names: Iterable[str], texts: Iterable[bytes]) -> set[str]:
    """Those of the names that are words of a text. Other letters than ASCII can be written in many ways."""
    plain = [name for name in names if name.isascii()]
    found = {name for name in names if not name.isascii()}
    words = re.compile(rb"(?<!\w)(?:%s)(?!\w)" % "|".join(plain).encode())
    for text in texts:
        found.update(word.decode() for word in words.findall(text))
    return found
