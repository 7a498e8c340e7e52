"""Plants beyond those of the tests: ``python -m tests.jax.planted FIRST COUNT``, or ``python -m planted SEED`` to see one."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.jax.process import prepare

from .program import LIB, Plant, draw
from .run import Seen, examine


def main(arguments: Sequence[str]) -> int:
    if not 1 <= len(arguments) <= 2 or not all(each.isdecimal() for each in arguments):
        print("usage: python -m tests.jax.planted SEED, or FIRST COUNT")
        return 2
    first, *rest = map(int, arguments)
    plants = [draw(seed) for seed in range(first, first + (rest[0] if rest else 1))]
    if not rest:
        _show(plants[0])
    with tempfile.TemporaryDirectory() as folder:
        prepare()
        start = time.perf_counter()
        found = [examine(plant, Path(folder)) for plant in plants]
    print(*(described(seen) for seen in found if trouble(seen)), sep="\n")
    print(table(found))
    print(f"{(time.perf_counter() - start) / len(found):.2f} s for each")
    return 1 if any(map(trouble, found)) else 0


def trouble(seen: Seen) -> bool:
    return bool(seen.doubts or seen.missed or seen.invented)


def described(seen: Seen) -> str:
    """A plant with all that is wrong with it or with what the guard says."""
    parts = {"doubt": seen.doubts, "missed": seen.missed, "invented": seen.invented}
    return "\n".join([seen.plant.title, *(f"  {k}: {one}" for k, each in parts.items() for one in each)])


def kind(plant: Plant) -> str:
    """What a plant counts as in the table."""
    if not plant.harmful:
        return "harmless"
    if not plant.reported:
        return f"{plant.change.effect.value}, out of sight"
    return f"{plant.change.effect.value}, in {plant.place.role.value if plant.place.role else ''}"


def table(found: Sequence[Seen]) -> str:
    """How many plants there were of each kind, and how many of them were reported, missed, invented."""
    rows = {
        name: [seen for seen in found if kind(seen.plant) == name]
        for name in sorted({kind(s.plant) for s in found})
    }
    rows["all"] = list(found)
    lines = [f"{'':<44}{'plants':>8}{'reported':>10}{'missed':>8}{'invented':>10}"]
    for name, each in rows.items():
        counts = Counter(reported=0, missed=0, invented=0)
        for seen in each:
            counts.update(reported=seen.reported > 0, missed=bool(seen.missed), invented=bool(seen.invented))
        lines.append(
            f"{name:<44}{len(each):>8}{counts['reported']:>10}{counts['missed']:>8}{counts['invented']:>10}"
        )
    return "\n".join(lines)


def _show(plant: Plant) -> None:
    program = plant.planted()
    print(plant.title, f"harmful: {plant.harmful}, reported: {plant.reported}", sep="\n")
    print(
        *(
            f"==== {name}\n{text}"
            for name, text in ((f"{LIB}.py", program.lib), ("main.py", program.main))
            if text
        )
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
