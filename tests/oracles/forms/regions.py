"""The primal and its rules: how they are declared, and how the rules are attached.

``$f`` is the primal, ``<custom>`` what makes it one, ``<primal>`` its definition, ``<plain>`` that of a plain
function ``<y>``, ``<body>`` an expression in the place of one. ``<fwd>``, ``<bwd>`` and ``<jvp>`` are the names
of rules, ``<fwd_lambda>`` and the like rules that have none, ``<jvp_rule>`` the definition of one, and
``<jvp_value>`` what one gives back.
"""

from __future__ import annotations

from .table import Table

ROLES = {"vjp": ("fwd", "bwd", "body"), "jvp": ("jvp", "body"), "gradient": ("bwd", "body")}
KINDS = Table("derivative", {kind: kind for kind in ROLES})
DECLARATIONS = Table(
    "declaration",
    {
        "decorator": "@<custom>\n<primal>",
        "partial_decorator": "@<partial>(<custom>, nondiff_argnums=(0,))\n<primal>",
        "call": "<plain>\n$f = <custom>(<y>)",
        "keyword_call": "<plain>\n$f = <custom>(fun=<y>, nondiff_argnums=(0,))",
        "annotated_call": "<plain>\n$f: object = <custom>(<y>)",
        "self_call": "<primal>\n$f = <custom>($f)",
        "lambda": "$f = <custom>(lambda x: <body>)",
    },
)
GRADIENT_DECLARATIONS = Table(
    "gradient_declaration",
    {name: DECLARATIONS.forms[name] for name in ("decorator", "call", "self_call")},
)
ATTACHMENTS = {
    "vjp": Table(
        "defvjp",
        {
            "positional": "$f.defvjp(<fwd>, <bwd>)",
            "keyword": "$f.defvjp(bwd=<bwd>, fwd=<fwd>)",
            "mixed": "$f.defvjp(<fwd>, bwd=<bwd>)",
            "option": "$f.defvjp(<fwd>, <bwd>, symbolic_zeros=False)",
            "lambdas": "$f.defvjp(<fwd_lambda>, <bwd_lambda>)",
            "one_lambda": "$f.defvjp(bwd=<bwd_lambda>, fwd=<fwd>)",
            "primal_alias": "<y> = $f\n<y>.defvjp(<fwd>, <bwd>)",
            "rule_alias": "<y> = <fwd>\n$f.defvjp(<y>, <bwd>)",
        },
    ),
    "jvp": Table(
        "defjvp",
        {
            "decorator": "@$f.defjvp\n<jvp_rule>",
            "call": "$f.defjvp(<jvp>)",
            "keyword": "$f.defjvp(jvp=<jvp>)",
            "lambda": "$f.defjvp(<jvp_lambda>)",
            "alias": "<y> = $f\n<y>.defjvp(<jvp>)",
            "lambdas_each": "$f.defjvps(lambda t, ans, x: <jvp_value>)",
        },
    ),
}
