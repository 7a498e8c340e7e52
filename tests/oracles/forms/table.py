"""A table of forms, and drawing one of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Form = TypeVar("Form")


@dataclass(frozen=True)
class Table(Generic[Form]):
    """The forms of one dimension by name. Those in ``module_only`` have no sense inside a function, those
    in ``function_only`` none outside."""

    group: str
    forms: Mapping[str, Form]
    module_only: frozenset[str] = frozenset()
    function_only: frozenset[str] = frozenset()

    @property
    def features(self) -> frozenset[str]:
        return frozenset(f"{self.group}:{name}" for name in self.forms)

    def choose(
        self, rng: random.Random, features: set[str], fits: Callable[[str], bool] = lambda _: True
    ) -> Form:
        """One of the forms whose names fit, noted among the features as "group:name"."""
        chosen = rng.choice([name for name in self.forms if fits(name)])
        features.add(f"{self.group}:{chosen}")
        return self.forms[chosen]
