"""What a program is put together from.

In every text ``$f`` is the function itself and ``$m`` what the decorators made of it; a user writes the same
name for both. ``<o>`` is the number of a call site outside, ``<i>`` of one inside the rules, ``<n>`` a fresh
number. ``---`` parts what stands here from what stands at the end of the scope. A form whose name starts with
``no_`` must not be fixed, one that starts with ``maybe_`` need not be; any other must.
"""

from __future__ import annotations

ABOVE = {
    "vmap": "jax.vmap",
    "jit": "jax.jit",
    "comment": "jax.checkpoint  # saves memory",
    "part": "partial(jax.vmap, in_axes=(0, None))",
    "keywords": "functools.partial(jax.vmap, **{'in_axes': 0}, out_axes=1)",
    "over_lines": "partial(\n    jax.vmap,\n    in_axes=(0, None),\n    axis_name='i',\n)",
    "literal": "partial(jax.vmap, in_axes=AXIS)",
    "named": "rows",
    "call": "jax.jit(inline=True)",
    "grad": "jax.grad",
    "maybe_mutable": "partial(jax.vmap, in_axes=OPTIONS)",
    "maybe_setting": "partial(jax.vmap, in_axes=SPACE.axes)",
    "no_own": "own",
    "no_called": "partial(jax.vmap, in_axes=count())",
    "no_choice": "(jax.vmap if flag else jax.jit)",
}
BELOW = {"none": "", "jit": "@jax.jit", "comment": "# the rules are below"}

BETWEEN = {
    "nothing": "",
    "later": "def later_<n>(): return $m(<o>)\n---\nlater_<n>()",
    "method": "class Later_<n>:\n    def go(self): return $m(<o>)\n---\nLater_<n>().go()",
    "other_function": "@jax.jit\ndef other_<n>(x=1): return x",
    "shadow": "def shadow_<n>($s): return $s(<o>)\n---\nshadow_<n>(keep)",
    "lambda": "late_<n> = lambda: $m(<o>)\n---\nlate_<n>()",
    "called": "token()",
    "maybe_append": "OPTIONS.append(2)",
    "maybe_by_alias": "same_<n> = OPTIONS\nsame_<n>.append(3)",
    "maybe_in_function": "def change_<n>(): OPTIONS.append(4)\nchange_<n>()",
    "maybe_in_default": "def change_<n>(x=OPTIONS.append(5)): return x",
    "maybe_attribute": "SPACE.axes = 7",
    "maybe_axis": "AXIS = 5",
    "maybe_rows": "rows = jax.jit",
    "maybe_deleted": "if flag: AXIS = 6",
    "no_used": "$m(<o>)",
    "no_alias": "early_<n> = $m\n---\nearly_<n>(<o>)",
    "no_default": "def early_<n>(g=$m): return g(<o>)\n---\nearly_<n>()",
    "no_runs": "def early_<n>(): return $m(<o>)\nearly_<n>()\n---\nearly_<n>()",
    "no_registered": "def early_<n>(): return $m(<o>)\nprobe(<o>, early_<n>)\nkeep(early_<n>)()",
    "no_class": "class Early_<n>:\n    held = $m\n---\nEarly_<n>.held(<o>)",
    "no_decorates": "@$m\ndef early_<n>(x): return x\n---\nearly_<n>(<o>)",
}

ATTACH = {
    "names": "$f.defvjp(fwd_<k>, bwd_<k>)",
    "lambda": "$f.defvjp(lambda x: ($f(<i>), x), lambda r, c: (c,))",
    "keywords": "$f.defvjp(fwd=fwd_<k>, bwd=bwd_<k>)",
    "comment": "$f.defvjp(fwd_<k>, bwd_<k>)  # rules",
    "over_lines": "$f.defvjp(\n    fwd_<k>,\n    bwd_<k>,\n)",
    "condition": "if turns >= 0:\n    $f.defvjp(fwd_<k>, bwd_<k>)",
    "branches": "if flag:\n    $f.defvjp(fwd_<k>, bwd_<k>)\nelse:\n    $f.defvjp(fwd_<k>, lambda r, c: ($f(<i>),))",
    "scope": "with jax.named_scope('rules'):\n    $f.defvjp(fwd_<k>, bwd_<k>)",
    "loop": "for _ in (0,):\n    $f.defvjp(fwd_<k>, bwd_<k>)",
    "no_function": "def attach_<n>():\n    $f.defvjp(fwd_<k>, bwd_<k>)\nattach_<n>()",
    "no_alias": "same_<k> = $f\nsame_<k>.defvjp(fwd_<k>, bwd_<k>)",
    "no_stored": "setter_<k> = $f.defvjp\nsetter_<k>(fwd_<k>, bwd_<k>)",
    "no_two": "$f.defvjp(fwd_<k>, bwd_<k>); token()",
    "no_tried": "try:\n    $f.defvjp(fwd_<k>, bwd_<k>)\nexcept AttributeError:\n    pass",
    "no_used_between": "$f.defvjp(fwd_<k>, bwd_<k>)\n$m(<o>)\n$f.defvjp(fwd_<k>, bwd_<k>)",
    "no_branch_uses": "if flag:\n    $f.defvjp(fwd_<k>, bwd_<k>)\nelse:\n    $m(<o>)",
}
ATTACH_JVP = {
    "decorator": "@$f.defjvp\ndef pushed_<k>(p, t):\n    return $f(<i>), t",
    "decorator_end": "@$f.defjvp\ndef pushed_<k>(p, t):\n    return $f(<i>), t\n    # the end",
    "call": "$f.defjvp(jvp_<k>)",
    "each": "$f.defjvps(lambda t, a, x: $f(<i>), lambda t, a, x: t)",
    "no_stored": "setter_<k> = $f.defjvp\n@setter_<k>\ndef rule_<k>(p, t): return $f(<i>), t",
}

INSIDE = {
    "nothing": "None",
    "call": "$f(<i>)",
    "lambda": "(lambda: $f(<i>))()",
    "list": "[$f(<i>) for _ in (1, 2)]",
    "helper": "helper_<k>()",
    "probe": "probe(<i>, $f)",
}

AFTER = {
    "call": "$m(<o>)",
    "value": "probe(<o>, $m)",
    "alias": "kept_<n> = $m\nkept_<n>(<o>)",
    "function": "def after_<n>(): return $m(<o>)\nafter_<n>()\n---\nafter_<n>()",
    "default": "def after_<n>(g=$m): return g(<o>)\nafter_<n>()",
    "lambda": "(lambda: $m(<o>))()",
    "comprehension": "[$m(<o>) for _ in range(2)]",
    "walrus": "(held_<n> := $m)(<o>)",
    "class": "class After_<n>:\n    held = staticmethod($m)\n    def go(self): return $m(<o>)\nAfter_<n>.held(<o>); After_<n>().go()",
    "decorates": "@marked(<o>, $m)\ndef after_<n>(): pass",
    "shadow": "def shadow_<n>($s): return $s(<o>)\nshadow_<n>($m)",
    "shadow_loop": "[$s for $s in ($m, keep)]\n$m(<o>)",
    "transformed": "jax.jit($m)(<o>)",
    "try": "try:\n    risky()\n    $m(<o>)\nexcept ValueError:\n    $m(<o>)",
    "match": "match mode:\n    case 1: $m(<o>)\n    case _: probe(<o>, $m)",
    "again": "$m = jax.jit($m)\n$m(<o>)",
    "again_late": "def after_<n>(): return $m(<o>)\nafter_<n>()\n---\n$m = jax.jit($m)\nafter_<n>()",
    "again_if": "if flag:\n    $m = jax.vmap($m)\n$m(<o>)",
    "again_loop": "for _ in range(turns):\n    $m = jax.vmap($m)\n    $m(<o>)\n$m(<o>)",
    "again_walrus": "($m := jax.jit($m))(<o>)",
    "keyword": "dict($s=1); $m(<o>)",
    "attribute": "box($s=token).$s(<o>); $m(<o>)",
    "taken": "$s_mapped = $s_jitted = token\n$m(<o>); $s_mapped(<o>)",
    "text": "'$s'; $m(<o>)  # $s",
    "maybe_delete": "$m(<o>)\n---\n$m(<o>)\ndel $m",
    "maybe_by_name": "probe(<o>, eval('$m'))",
    "maybe_global": "def rebind_<n>():\n    global $m\n    $m = jax.jit($m)\n$m(<o>)\n---\nrebind_<n>(); $m(<o>)",
    "maybe_loop_name": "for $m in ($m, jax.jit($m)):\n    $m(<o>)",
    "maybe_except_name": "try:\n    risky()\nexcept ValueError as $m:\n    pass\nelse:\n    $m(<o>)",
}

IMPORTS = {
    "name": "from ops import $m\n$m(<o>)",
    "as": "from ops import $m as taken\ntaken(<o>)",
    "module": "import ops\nops.$m(<o>)",
    "module_as": "import ops as o\ndef use(): return o.$m(<o>)\nuse()",
    "late": "def use():\n    from ops import $m\n    return $m(<o>)\nuse()",
    "rebound": "from ops import $m\n$m = jax.jit($m)\n$m(<o>)",
    "shadow": "import ops\ndef use($s): return $s(<o>)\nuse(ops.$m)",
    "maybe_string": "import ops\ngetattr(ops, '$m')(<o>)",
    "maybe_attached": "import ops\nops.$f.defvjp(keep, keep) if flag and turns > 5 else None\nops.$m(<o>)",
}
