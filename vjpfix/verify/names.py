"""The names under which the functions of a fix are known while they run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vjpfix.model import Change, Rewritten


@dataclass(frozen=True, slots=True)
class Fixed:
    """The functions that a fix is about. ``others``: what else they are called, each with its name here."""

    names: tuple[str, ...]
    others: Mapping[str, str]

    def name(self, name: str) -> str:
        """The name here of a function that says ``name`` of itself."""
        return self.others.get(name, name)


def fixed(changes: Sequence[Change], files: Sequence[Rewritten]) -> Fixed:
    """The functions of these changes, also by the name that a fix gives them and by that of their ``def``."""
    names = tuple(dict.fromkeys(change.finding.subject for change in changes))
    new = {change.new_name: change.finding.subject for change in changes if change.new_name}
    written = {inner: outer for file in files for inner, outer in _given(file.source.text) if outer in names}
    return Fixed(names, {name: outer for name, outer in {**written, **new}.items() if name not in names})


def _given(text: str) -> Iterator[tuple[str, str]]:
    """The functions that get another name with their rules: ``_f``, ``f`` in ``f = jax.custom_vjp(_f)``."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Assign([ast.Name(outer)], ast.Call(maker, [ast.Name(inner)])):
                if "custom_" in ast.unparse(maker):
                    yield inner, outer
