"""Transforms above the custom-derivative decorator, and what stands between them and the rules.

A form whose name starts with ``no_`` must not be fixed, one that starts with ``maybe_`` need not be; any other
must. ``<c>`` calls what the decorators made, and so does ``<dc>`` in the end.
"""

from __future__ import annotations

from .table import Table

HEAD = (
    "import functools",
    "import jax",
    "AXIS = (0, -1)",
    "OPTIONS = [0]",
    "SPACE = box(axes=1)",
    "rows = functools.partial(jax.vmap, in_axes=1)",
    "def own(g): return jax.vmap(g)",
    "def count(): return len(OPTIONS)",
)
ABOVE = Table(
    "above",
    {
        "vmap": "<jax:vmap>",
        "jit": "<jax:jit>",
        "comment": "<jax:checkpoint>  # saves memory",
        "part": "<partial>(<jax:vmap>, in_axes=(0, None))",
        "keywords": "<partial>(<jax:vmap>, **{'in_axes': 0}, out_axes=1)",
        "over_lines": "<partial>(\n|    <jax:vmap>,\n|    in_axes=(0, None),\n|    axis_name='i',\n|)",
        "literal": "<partial>(<jax:vmap>, in_axes=AXIS)",
        "named": "rows",
        "call": "<jax:jit>(inline=True)",
        "grad": "<jax:grad>",
        "maybe_mutable": "<partial>(<jax:vmap>, in_axes=OPTIONS)",
        "maybe_setting": "<partial>(<jax:vmap>, in_axes=SPACE.axes)",
        "no_own": "own",
        "no_called": "<partial>(<jax:vmap>, in_axes=count())",
        "no_choice": "(<jax:vmap> if flag else <jax:jit>)",
    },
)
BELOW = Table(
    "below",
    {
        "decorator": "@<custom>\n<primal>",
        "partial": "@<partial>(<custom>, nondiff_argnums=())\n<primal>",
        "jit": "@<custom>\n@<jax:jit>\n<primal>",
        "comment": "@<custom>\n# the rules are below\n<primal>",
    },
)
BETWEEN = Table(
    "between",
    {
        "nothing": "",
        "other_function": "@<jax:jit>\ndef <k>(x=1): return x",
        "called": "token()",
        "maybe_append": "OPTIONS.append(2)",
        "maybe_by_alias": "<y> = OPTIONS\n<y>.append(3)",
        "maybe_in_function": "def <k>(): OPTIONS.append(4)\n<k>()",
        "maybe_in_default": "def <k>(x=OPTIONS.append(5)): return x",
        "maybe_attribute": "SPACE.axes = 7",
        "maybe_axis": "AXIS = 5",
        "maybe_rows": "rows = <jax:jit>",
        "maybe_deleted": "if flag: AXIS = 6",
        "no_used": "<c>",
        "no_alias": "<y> = <t>\n---\n<y>(<args><o>)",
        "no_default": "def <k>(g=<t>): return g(<args><o>)\n---\n<k>()",
        "no_runs": "def <k>(): return <c>\n<k>()\n---\n<k>()",
        "no_registered": "def <k>(): return <c>\nprobe(<o>, <k>)\nkeep(<k>)()",
        "no_class": "class <k>:\n    held = <t>\n---\n<k>.held(<args><o>)",
        "no_decorates": "@<t>\ndef <k>(x): return x\n---\n<k>(<o>)",
    },
    module_only=frozenset({"maybe_axis", "maybe_rows", "maybe_deleted"}),
)
ATTACHMENTS = {
    "vjp": Table(
        "stacked_defvjp",
        {
            "names": "$f.defvjp(<fwd>, <bwd>)",
            "lambda": "$f.defvjp(<fwd_lambda>, <bwd_lambda>)",
            "keywords": "$f.defvjp(fwd=<fwd>, bwd=<bwd>)",
            "comment": "$f.defvjp(<fwd>, <bwd>)  # rules",
            "over_lines": "$f.defvjp(\n|    <fwd>,\n|    <bwd>,\n|)",
            "if": "if turns >= 0:\n    $f.defvjp(<fwd>, <bwd>)",
            "branches": "if flag:\n    $f.defvjp(<fwd>, <bwd>)\nelse:\n    $f.defvjp(<fwd>, <bwd_lambda>)",
            "scope": "with <jax:named_scope>('rules'):\n    $f.defvjp(<fwd>, <bwd>)",
            "loop": "for _ in (0,):\n    $f.defvjp(<fwd>, <bwd>)",
            "no_function": "def <k>():\n    $f.defvjp(<fwd>, <bwd>)\n<k>()",
            "no_alias": "<y> = $f\n<y>.defvjp(<fwd>, <bwd>)",
            "no_stored": "<y> = $f.defvjp\n<y>(<fwd>, <bwd>)",
            "no_two": "$f.defvjp(<fwd>, <bwd>); token()",
            "no_tried": "try:\n    $f.defvjp(<fwd>, <bwd>)\nexcept AttributeError:\n    pass",
            "no_used_between": "$f.defvjp(<fwd>, <bwd>)\n<c>\n$f.defvjp(<fwd>, <bwd>)",
            "no_branch_uses": "if flag:\n    $f.defvjp(<fwd>, <bwd>)\nelse:\n    <c>",
        },
    ),
    "jvp": Table(
        "stacked_defjvp",
        {
            "decorator": "@$f.defjvp\n<jvp_rule>",
            "decorator_end": "@$f.defjvp\n<jvp_rule>\n    # the end",
            "call": "$f.defjvp(<jvp>)",
            "each": "$f.defjvps(lambda t, a, x: <jvp_value>, lambda t, a, x: t)",
            "no_stored": "<y> = $f.defjvp\n@<y>\n<jvp_rule>",
        },
    ),
}
AFTER = Table(
    "after",
    {
        "nothing": "",
        "taken": "$f_mapped = $f_jitted = token\n<c>; $f_mapped(<o>)",
        "text": "'$f'; <c>  # $f",
        "maybe_delete": "<c>\n---\n<c>\ndel <dt>",
        "maybe_by_name": "probe(<o>, eval('<t>'))",
        "maybe_global": "def <k>():\n    global <t>\n    <t> = <jax:jit>(<t>)\n<c>\n---\n<k>(); <dc>",
        "maybe_loop_name": "for <t> in (<t>, <jax:jit>(<t>)):\n    <c>",
        "maybe_except_name": "try:\n    risky()\nexcept ValueError as <t>:\n    pass\nelse:\n    <c>",
    },
    module_only=frozenset({"maybe_by_name", "maybe_global", "maybe_delete", "maybe_except_name"}),
)
