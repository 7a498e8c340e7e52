from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjpfix.review.compare import Block, changed_blocks, changed_words, hunks

LINES = st.lists(st.sampled_from("abcd"), max_size=25)


@given(LINES, LINES)
def test_putting_the_blocks_into_the_old_lines_gives_the_new_ones(old, new):
    built, at = [], 0
    for block in changed_blocks(old, new):
        built += old[at : block.start] + new[block.new_start : block.new_end]
        at = block.end
    assert built + old[at:] == new


@given(LINES, LINES, st.integers(0, 3))
def test_hunks_hold_every_block_once_and_do_not_touch(old, new, context):
    blocks = changed_blocks(old, new)
    found = hunks(blocks, len(old), context)
    assert tuple(block for hunk in found for block in hunk.blocks) == blocks
    for before, after in pairwise(found):
        assert before.lines.end < after.lines.start
    for hunk in found:
        assert 0 <= hunk.lines.start <= hunk.blocks[0].start
        assert hunk.blocks[-1].end <= hunk.lines.end <= len(old)
        assert hunk.lines.new_start >= 0
        assert hunk.lines.new_end <= len(new)


def test_lines_changed_in_place_are_found_one_by_one():
    assert changed_blocks("abcde", "aXcYZ") == (Block(1, 2, 1, 2), Block(3, 5, 3, 5))


def test_an_added_line_is_the_only_change():
    assert changed_blocks("abc", "abXc") == (Block(2, 2, 2, 3),)


@pytest.mark.parametrize(
    ("old", "new", "old_words", "new_words"),
    [
        ("f = vmap(f)", "f_mapped = vmap(f)", ["f"], ["f_mapped"]),
        ("f(f(x), f=f)", "g(f(x), f=g)", ["f", "f"], ["g", "g"]),
        ('__all__ = ["f"]', '__all__ = ["f", "g"]', [], [', "g"']),
        ("same", "same", [], []),
        ("", "f", [], ["f"]),
    ],
)
def test_the_words_that_differ_are_found_in_both_lines(old, new, old_words, new_words):
    removed, added = changed_words(old, new)
    assert [old[start:end] for start, end in removed] == old_words
    assert [new[start:end] for start, end in added] == new_words


@given(st.text("ab (=", max_size=20), st.text("ab (=", max_size=20))
def test_what_is_left_without_the_changed_words_is_the_same(old, new):
    removed, added = changed_words(old, new)
    assert without(old, removed) == without(new, added)


def without(line, columns):
    return "".join(c for i, c in enumerate(line) if not any(start <= i < end for start, end in columns))


def test_lines_that_moved_are_told_apart_from_lines_that_changed():
    old = ["@a", "@b", "def f():", "    pass", "", "f.g()", "h()"]
    new = ["@b", "def f():", "    pass", "", "f.g()", "k = a(f)", "h()"]
    assert changed_blocks(old, new) == (Block(0, 1, 0, 0), Block(6, 6, 5, 6))
