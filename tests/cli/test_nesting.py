"""Blocks inside one another: Python allows twenty, and each is looked at once."""

from __future__ import annotations

import pytest

from tests.cli_runs import concise, program

BLOCKS = {
    "while": "while c():",
    "for": "for _ in c():",
    "with": "with c():",
    "finally": "try: pass\n{indent}finally:",
    "if": "if c():",
}


@pytest.mark.parametrize("block", BLOCKS)
def test_a_name_that_is_taken_over_in_twenty_blocks_is_found(block, tmp_path):
    lines = [f"{' ' * depth}{BLOCKS[block].format(indent=' ' * depth)}" for depth in range(20)]
    before, taken, after = program().partition("f = jax.vmap(f)\n")
    (tmp_path / "m.py").write_text(before + "\n".join([*lines, " " * 20 + taken]) + after)
    code, (finding,) = concise(tmp_path, "m.py")
    assert (code, ": VJP001 " in finding) == (1, True)
