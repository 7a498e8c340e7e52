"""Statements and expressions that are put into one another at random, and may be cut short anywhere.

Holes: ``<e>`` an expression, ``<q>`` one that binds nothing, ``<s>`` the id of a call site, ``<n>`` how many
turns a loop takes, ``<v>`` one of the other names of a transformed version, ``<x>`` a fresh name (the same all
through a form), ``<d>`` whether a context manager swallows errors. On a line of its own ``<b>`` is a block,
``<l>`` one in a loop, and ``<p>`` one that must not leave the loop around it.
"""

from __future__ import annotations

READS = {"call": "f(<s>)", "argument": "probe(<s>, f)", "flag": "flag"}
BINDS = {"walrus": "(f := <v>)"}
EXPRESSIONS = {
    "and": "(<e> and <e>)",
    "or": "(<e> or <e>)",
    "and_and": "(<e> and <e> and <e>)",
    "not": "(not <e>)",
    "conditional": "(<e> if <e> else <e>)",
    "comparison": "(<e> != <e>)",
    "comparisons": "(<e> != <e> != <e>)",
    "comparison_cut_short": "(mode == 1 != <e>)",
    "list": "[<e> for _ in <n>]",
    "list_filtered": "[<e> for _ in <n> if <e>]",
    "list_filtered_twice": "[<e> for _ in <n> if <e> if <e>]",
    "list_of_two": "[<e> for _ in <n> for _ in <n>]",
    "list_of_two_filtered": "[<e> for _ in <n> if <e> for _ in <n> if <e>]",
    "list_over": "[<e> for _ in [<q>] * turns]",
    "set": "{str(<e>) for _ in <n>}",
    "dict": "{str(<e>): <e> for _ in <n>}",
    "generator": "list(<q> for _ in <n>)",
    "tuple": "(<e>, <e>)[0]",
    "starred": "[*[<e>], <e>]",
    "pairs": "{str(<e>): <e>, str(<e>): <e>}",
    "arguments": "box(a=<e>, **dict(b=<e>))",
    "lambda_default": "(lambda z=<e>: z)()",
    "lambda_called": "(lambda: <q>)()",
    "f_string": "f'{<q>!s} {(f := <v>)!s:>{len(str(<q>)) * 0 + 9}} {<q>}'",
    "slice": "[1.0, 2.0][len([<e>]) - 1 : len([<e>]) + 1]",
}
SIMPLE = {
    "expression": "<e>",
    "assignment": "<x> = <e>",
    "read": "probe(<s>, f)",
    "read_again": "f(<s>)",
    "bind": "f = <v>",
    "bind_both": "<x> = f = <v>",
    "bind_pair": "f, <x> = <v>, <e>",
    "map": "f = vmap(f)",
    "annotated": "<x>: keep(<q>) = <e>",
    "item": "<x> = {}\n<x>[str(<e>)] = <e>",
    "changed_item": "<x> = [1.0]\n<x>[len([<e>]) - 1] *= len([<e>])",
    "may_raise": "risky()",
    "assertion": "assert <e> or True, <e>",
    "pass": "pass",
}
IN_LOOP = {
    "break": "break",
    "continue": "continue",
    "break_if": "if <e>: break",
    "continue_if": "if <e>: continue",
}
COMPOUND = {
    "if": "if <e>:\n    <b>",
    "if_else": "if <e>:\n    <b>\nelse:\n    <b>",
    "if_elif": "if <e>:\n    <b>\nelif <e>:\n    <b>\nelse:\n    <b>",
    "for": "for _ in <n>:\n    <l>",
    "for_over": "for _ in [<e>] * turns:\n    <l>",
    "for_else": "for _ in <n>:\n    <l>\nelse:\n    <b>",
    "for_item": "<x> = {}\nfor <x>[str(<e>)] in <n>:\n    <l>",
    "while": "<x> = turns\nwhile <x> and <e>:\n    <x> -= 1\n    <l>",
    "while_else": "<x> = turns\nwhile <x>:\n    <x> -= 1\n    <l>\nelse:\n    <b>",
    "while_true": "<x> = turns\nwhile True:\n    <x> -= 1\n    if <x> < 0: break\n    <l>",
    "try": "try:\n    <b>\nexcept ValueError:\n    <b>",
    "try_two": "try:\n    <b>\nexcept (keep(<e>) and TypeError):\n    <b>\nexcept ValueError:\n    <b>",
    "try_else": "try:\n    <b>\nexcept ValueError:\n    <b>\nelse:\n    <b>",
    "try_finally": "try:\n    <b>\nfinally:\n    <b>",
    "try_all": "try:\n    <b>\nexcept ValueError:\n    <b>\nelse:\n    <b>\nfinally:\n    <b>",
    "try_star": "try:\n    <b>\nexcept* ValueError:\n    <p>\nexcept* TypeError:\n    <p>",
    "with": "with <d>:\n    <b>",
    "with_two": "with <d>, <d>:\n    <b>",
    "with_value": "with <d>, named_scope(<e>) as <x>:\n    <b>",
    "match": "match mode:\n    case 1:\n        <b>\n    case 2 | 3:\n        <b>",
    "match_rest": "match <e>:\n    case 1.0:\n        <b>\n    case _:\n        <b>",
    "match_guard": "match mode:\n    case 1 if <e>:\n        <b>\n    case _ if <e>:\n        <b>",
    "function": "def <x>(z=<e>):\n    return <q>\n<x>()",
    "function_kept": "def <x>(*, z=<e>):\n    return <q>",
    "class": "class <x>(box if <e> else object):\n    held = <q>",
}
CONTEXTS = {
    "swallows": "suppress(ValueError)",
    "swallows_after": "suppress(keep(<e>) and ValueError)",
    "passes": "named_scope('f')",
    "passes_after": "named_scope(<e>)",
}
TURNS = {"turns": "range(turns)", "once": "range(1)", "list": "[1.0] * turns"}
SCOPES = ("module", "function")
TABLES = {
    "read": READS,
    "bind": BINDS,
    "expression": EXPRESSIONS,
    "simple": SIMPLE,
    "in_loop": IN_LOOP,
    "compound": COMPOUND,
    "context": CONTEXTS,
    "turns": TURNS,
    "cut_in": dict.fromkeys(SCOPES),
}
