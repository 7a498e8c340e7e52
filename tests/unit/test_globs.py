"""Patterns as in ``.gitignore`` mean what ``pathspec`` says."""

from __future__ import annotations

import random

import pytest
from pathspec import GitIgnoreSpec

from tests.share import chunks, seeds, seeds_of
from vjpfix.globs import pattern_spec

PARTS = ("a", "b", "c", "*", "*", "**", "/", "/**/", "?", "[ab]", "\\*", ".", "(", "é")
LETTERS = "abc*.(é"
PATHS = 25


def pattern(rng: random.Random) -> str:
    return "".join(rng.choice(PARTS) for _ in range(rng.randrange(1, 10)))


def path(rng: random.Random) -> str:
    names = (
        "".join(rng.choice(LETTERS) for _ in range(rng.randrange(1, 6))) for _ in range(rng.randrange(1, 7))
    )
    return "/".join(names)


def matched(spec: GitIgnoreSpec, path: str) -> object:
    """Whether a path is matched, and whether for a folder above it."""
    found = [each.regex.search(path) for each in spec.patterns if each.regex is not None]
    return [match and match.groupdict() for match in found]


@pytest.mark.parametrize("some", chunks(seeds(10_000), 500), ids=seeds_of)
def test_a_pattern_means_what_it_means_to_pathspec(some):
    hits = 0
    for seed in some:
        rng = random.Random(seed)
        text = pattern(rng)
        try:
            plain = GitIgnoreSpec.from_lines([text], backend="simple")
        except ValueError:
            continue
        for each in (path(rng) for _ in range(PATHS)):
            expected = matched(plain, each)
            assert matched(pattern_spec(text), each) == expected, (text, each)
            hits += any(found is not None for found in expected)
    assert hits > len(some)
