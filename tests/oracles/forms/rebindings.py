"""How the name is taken over.

A form's text is a template (see ``generator.draw.Filling``) with holes of its own: ``<m>`` binds or reads the new
version; ``<to:s>`` is the transformed version of what the state ``s`` reads; ``<tok:s>`` reads it;
a line ``<rebind:s>`` is another rebinding that starts in ``s``, and ``<use:s>`` some uses in ``s``.
States: ``s`` on entry, ``m`` new, ``j`` either of the two (where paths come back or meet), ``r`` and
``q`` what the first and the second inner rebinding left. ``<+>`` is where ``new = old`` would stand.
"""

from __future__ import annotations

from dataclasses import dataclass

from .table import Table

MAPS = ("vmap", "pmap")
DIFFERENTIATES = ("grad", "value_and_grad", "jacfwd", "jacrev", "hessian")
HARMLESS = ("jit", "checkpoint", "remat")
TRANSFORMS = (*MAPS, *DIFFERENTIATES, *HARMLESS)
OPTIONS = {
    **dict.fromkeys(MAPS, "axis_name=None"),
    **dict.fromkeys(DIFFERENTIATES, "has_aux=False"),
    **dict.fromkeys(("checkpoint", "remat"), "prevent_cse=True"),
    "jit": "inline=False",
}

APPLICATIONS = Table(
    "application",
    {
        "direct": "<one>(<t>)",
        "option": "<one>(<t>, <option>)",
        "keyword": "<one>(fun=<t>)",
        "multiline": "<one>(\n    <t>,  # <n>\n)",
        "partial_transform": "<partial>(<one>, <option>)(<t>)",
        "bound_transform": "<y> = <partial>(<one>, <option>)\n---\n<y>(<t>)",
        "aliased_transform": "<y> = <one>\n---\n<y>(<t>)",
        "partial_inside": "<one>(<partial>(<t>, None))",
    },
)
FLAT_APPLICATIONS = Table(
    APPLICATIONS.group, {name: form for name, form in APPLICATIONS.forms.items() if name != "multiline"}
)
COMPOSITIONS = Table(
    "composition",
    {
        "jit_outside": "<jax:jit>(<one>(<t>))",
        "jit_inside": "<one>(<jax:jit>(<t>))",
        "checkpoint_inside": "<one>(<jax:checkpoint>(<t>))",
        "twice": "<one>(<one>(<t>, <option>))",
        "partial_jit": "<partial>(<jax:jit>, static_argnums=())(<one>(<t>))",
        "jit_outside_partial_inside": "<jax:jit>(<one>(<partial>(<t>, None)))",
    },
)

CHAINS: Table[tuple[tuple[str, ...], ...]] = Table(
    "chain",
    {
        "maps": (MAPS,),
        "maps_twice": (MAPS, MAPS),
        "maps_then_jit": (MAPS, HARMLESS),
        "maps_then_anything": (MAPS, (*MAPS, *HARMLESS, *DIFFERENTIATES)),
        "jit_then_maps": (HARMLESS, MAPS),
        "three": (MAPS, HARMLESS, MAPS),
        "differentiates": (DIFFERENTIATES,),
    },
)
PLAIN = "<m> = <to:s>"
SIMPLE = Table(
    "rebind",
    {
        "plain": PLAIN,
        "annotated": "<m>: object = <to:s>",
        "chained_first": "<m> = <y> = <to:s>\n<y>(<args><o>)",
        "chained_last": "<y> = <m> = <to:s>\n<y>(<args><o>)",
        "tuple": "<m>, <y> = <to:s>, <tok:s>(<args><o>)",
        "tuple_second": "<y>, <m> = <tok:s>(<args><o>), <to:s>",
        "list_target": "[<y>, <m>] = [1, <to:s>]",
        "parenthesised": "(<m>) = (<to:s>)",
        "walrus_called": "(<m> := <to:s>)(<args><o>)",
        "walrus_between": "<y> = (<tok:s>(<args><o>), (<m> := <to:s>), <m>(<args><o>))",
        "walrus_argument": "probe(<o>, (<m> := <to:s>))",
        "walrus_f_string": "<y> = f'{(<m> := <flat:s>)} {<m>(<args><o>)}'",
        "walrus_dict": "<y> = {probe(<o>, <tok:s>): (<m> := <to:s>), probe(<o>, <m>): 1.0}",
        "alias": "<y> = <to:s>\n<m> = <y>\n<y>(<args><o>)",
        "alias_of_original": "<y> = <tok:s>\n<m> = <toy>\n<y>(<args><o>)",
        "semicolons": "<y> = 1; <m> = <to:s>; <m>(<args><o>)",
        "twice": "<m> = <to:s>\n<m> = <to:m>",
        "wide_text_before": "<y> = 'ä€😀'; <m> = <to:s>  # <n>",
    },
)
WRAPPERS = Table(
    "rebind",
    {
        "later_def": "<y> = <tok:s>\ndef <m>(*args, **kwargs):\n    return <one>(<y>)(*args, **kwargs)",
        "later_lambda": "<y> = <tok:s>\n<m> = lambda *args, **kwargs: <one>(<y>)(*args, **kwargs)",
        "later_def_documented": '''
            <y> = <tok:s>
            def <m>(*args, **kwargs):
                """Many <n> at once."""
                return <one>(<y>)(*args, **kwargs)
            ''',
    },
)


_FLOW = {
    "rs": {
        "if": "if flag:\n    <rebind:s>",
        "if_uses": "if flag:\n    <use:s>\n    <rebind:s>\n    <use:r>\nelse:\n    <use:s>",
        "if_test_uses": "if <tok:s>(<args><o>) and flag:\n    <rebind:s>",
        "else_only": "if flag:\n    pass\nelse:\n    <rebind:s>",
        "for": "for _ in range(turns):\n    <rebind:j>",
        "for_uses": "for _ in range(turns):\n    <use:j>\n    <rebind:j>\n    <use:r>\nelse:\n    <use:j>",
        "for_source": "for _ in [<tok:s>(<args><o>)] * turns:\n    <rebind:j>",
        "for_continue": (
            "for <z> in range(turns):\n    if <z>:\n        continue\n    <rebind:j>\n    <use:r>"
        ),
        "for_break": "for <z> in range(turns):\n    if <z>:\n        break\n    <use:j>\n    <rebind:j>",
        "while": "<z> = turns\n<+>\nwhile <z>:\n    <z> -= 1\n    <rebind:j>\n    <use:r>",
        "while_test": "<z> = turns\n<+>\nwhile <tok:j>(<args><o>) and <z>:\n    <z> -= 1\n    <rebind:j>",
        "try": "try:\n    risky()\n    <rebind:s>\nexcept ValueError:\n    pass",
        "try_else": "try:\n    risky()\nexcept ValueError:\n    <use:s>\nelse:\n    <rebind:s>\n    <use:r>",
        "try_handler": "try:\n    risky()\n    <use:s>\nexcept ValueError:\n    <rebind:s>\n    <use:r>",
        "with_suppress": "with suppress(ValueError):\n    risky()\n    <use:s>\n    <rebind:s>\n    <use:r>",
        "match": (
            "match mode:\n    case 1:\n        <rebind:s>\n        <use:r>\n    case 2:\n        <use:s>"
        ),
        "match_guard": (
            "match mode:\n    case _ if <tok:s>(<args><o>) and flag:\n        <rebind:s>\n    case _:\n"
            "        pass"
        ),
    },
    "ms": {
        "if_one_line": "if flag: <m> = <to:s>",
        "walrus_conditional": "<y> = (<m> := <to:s>) if flag else <tok:s>(<args><o>)",
        "walrus_and": "flag and (<m> := <to:s>)",
        "comprehension_of_both_alias": (
            "<y> = <to:s>\n<k> = <toy>\n<+>\n"
            "<z> = [(<m> := <k>) for _ in range(turns) if (<m> := <y>) and flag]"
        ),
        "while_alias": "<y> = <to:s>\n<z> = turns\n<+>\nwhile <z>:\n    <z> -= 1\n    <m> = <y>\n    <use:m>",
        "while_test_alias": (
            "<y> = <to:s>\n<z> = turns\n<+>\nwhile <z> and (<m> := <y>):\n    <z> -= 1\n    <use:m>"
        ),
        "continue_through_finally_alias": (
            "<y> = <to:s>\n<z> = turns\n<+>\nwhile <z>:\n    <z> -= 1\n    try:\n        <use:j>\n"
            "        continue\n    finally:\n        <m> = <y>"
        ),
    },
    "rq": {
        "if_both": "if flag:\n    <rebind:s>\n    <use:r>\nelse:\n    <rebind2:s>",
        "try_both": "try:\n    <rebind:s>\n    risky()\nexcept ValueError:\n    <rebind2:j>\n    <use:q>",
        "match_exhaustive": (
            "match mode:\n    case 1 | 2:\n        <rebind:s>\n    case _:\n        <rebind2:s>"
        ),
    },
    "rqs": {
        "if_elif": "if flag:\n    <rebind:s>\nelif turns:\n    <rebind2:s>\nelse:\n    <use:s>",
    },
    "m": {
        "walrus_test": "if (<m> := <to:s>) is not None and flag:\n    <use:m>\nelse:\n    <use:m>",
    },
    "j": {
        "walrus_comprehension": "<y> = [(<m> := <to:j>) for _ in range(turns)]",
        "for_one_line": "for _ in range(turns): <m> = <to:j>",
    },
    "rsm": {
        "try_uses": (
            "try:\n    <use:s>\n    <rebind:s>\n    risky()\n    <use:r>\nexcept ValueError:\n    <use:j>"
        ),
    },
    "r": {
        "try_reraise": "try:\n    <rebind:s>\nexcept (TypeError, KeyError):\n    raise",
        "try_finally": "try:\n    <rebind:s>\n    <use:r>\nfinally:\n    <use:j>",
        "finally": "try:\n    <use:s>\nfinally:\n    <rebind:s>\n    <use:r>",
        "with": 'with <jax:named_scope>("<n>"):\n    <use:s>\n    <rebind:s>\n    <use:r>',
    },
}
"""By the states that meet after the statement; without a place for it, ``<+>`` is at the beginning."""
_ALIASED = {
    "comprehension": "<z> = [(<m> := <y>) for _ in range(turns)]",
    "comprehension_uses": "<z> = [(<tok:j>(<args><o>), (<m> := <y>), <m>(<args><o>)) for _ in range(turns)]",
    "set_comprehension": "<z> = {(<m> := <y>) for _ in range(turns)}",
    "dict_comprehension": "<z> = {_: (<m> := <y>) for _ in range(turns)}",
    "comprehension_filtered": "<z> = [(<m> := <y>) for _ in range(1) if flag]",
    "comprehension_filter": "<z> = [<m>(<args><o>) for _ in range(turns) if (<m> := <y>)]",
    "comprehension_second_filter": "<z> = [<m>(<args><o>) for _ in range(1) if flag if (<m> := <y>) if mode]",
    "comprehension_inner_for": "<z> = [(<m> := <y>) for _ in range(2) for _ in range(turns)]",
    "nested_comprehension": "<z> = [[(<m> := <y>) for _ in range(turns)] for _ in range(2)]",
    "conditional": "<z> = 1.0 if flag else (<m> := <y>)",
    "or": "<z> = flag or (<m> := <y>)",
    "and_uses": "<z> = flag and (<m> := <y>) and <m>(<args><o>)",
    "comparison": "<z> = 1 < mode != (<m> := <y>)",
    "assert": "assert (<m> := <y>), <m>(<args><o>)",
    "default": "<z> = (lambda z=flag and (<m> := <y>): z)()",
    "if": "if flag:\n    <m> = <y>\n    <use:m>",
    "for": "for _ in range(turns):\n    <use:j>\n    <m> = <y>\n    <use:m>",
    "for_continue": (
        "for _ in range(turns):\n    if flag:\n        continue\n    <m> = <y>\nelse:\n    <use:j>"
    ),
    "break_through_finally": (
        "for _ in range(turns):\n    try:\n        <use:s>\n        break\n    finally:\n        <use:s>\n"
        "        <m> = <y>"
    ),
    "handler_then_finally": "try:\n    risky()\nexcept ValueError:\n    <m> = <y>\nfinally:\n    <use:j>",
    "try": "try:\n    risky()\n    <m> = <y>\nexcept ValueError:\n    <use:j>",
    "except_star": "try:\n    risky()\nexcept* ValueError:\n    <m> = <y>\nexcept* TypeError:\n    <use:j>",
    "with": "with suppress(ValueError), <jax:named_scope>((risky(), (<m> := <y>))):\n    <use:m>",
    "match_guard": (
        "match mode:\n    case 1 if (<m> := <y>) and flag:\n        <use:m>\n    case _:\n        <use:j>"
    ),
}
"""The new value comes through another name, so that the statement which takes the name over does not read it."""


@dataclass(frozen=True, slots=True)
class FlowForm:
    """A rebinding inside a compound statement or a conditional expression.

    ``after`` names the states that meet after the statement."""

    after: str
    text: str


FLOW = Table(
    "rebind",
    {
        **{
            name: FlowForm(after, text if "<+>" in text else f"<+>\n{text}")
            for after, forms in _FLOW.items()
            for name, text in forms.items()
        },
        **{f"{name}_alias": FlowForm("ms", f"<y> = <to:s>\n<+>\n{text}") for name, text in _ALIASED.items()},
    },
)
