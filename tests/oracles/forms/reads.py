"""Where, inside one function of the region, the primal's name is read."""

from __future__ import annotations

from dataclasses import dataclass

from .table import Table


@dataclass(frozen=True, slots=True)
class ReadForm:
    """``helpers`` stand outside the function, ``prelude`` is its first lines, ``expr`` is in its result.

    ``late``: the helpers may stand after the rebinding, because only a rule reaches them.
    """

    expr: str
    prelude: str = ""
    helpers: str = ""
    late: bool = False


HELPER = "def <k>(z):\n    return <i>"
_EXPRESSIONS = {
    "direct": ReadForm("<i>"),
    "keyword": ReadForm("<n>(<args>x=<ii>)"),
    "as_argument": ReadForm("probe(<ii>, <n>)"),
    "comprehension": ReadForm("[<i> for _ in range(1)]"),
    "dict_comprehension": ReadForm("{0: <i> for _ in range(1)}"),
    "generator": ReadForm("list(<i> for _ in range(1))"),
    "f_string": ReadForm('f"{<i>} of <n>"'),
    "walrus": ReadForm("(<y> := <i>)"),
    "lambda": ReadForm("(lambda z: <i>)(None)"),
    "conditional_expression": ReadForm("<i> if flag else <i>"),
    "helper": ReadForm("<k>(None)", helpers=HELPER),
    "helper_of_helper": ReadForm("<l>(None)", helpers=f"{HELPER}\ndef <l>(z):\n    return <k>(z)"),
    "helper_lambda": ReadForm("<k>(None)", helpers="<k> = lambda z: <i>"),
    "helper_jitted": ReadForm("<k>(None)", helpers=f"@<jax:jit>\n{HELPER}"),
    "helper_defined_later": ReadForm("<k>(None)", helpers=HELPER, late=True),
    "mutual_helpers": ReadForm(
        "<k>(2.0)",
        helpers="def <k>(z):\n    return <l>(z - 1.0) if z > 0.0 else <i>\ndef <l>(z):\n    return <k>(z - 1.0)",
    ),
}
_STATEMENTS = {
    "nested_function": ReadForm("<k>(None)", prelude=HELPER),
    "nested_lambda": ReadForm("<k>(None)", prelude="<k> = lambda z: <i>"),
    "nested_default": ReadForm("<k>()", prelude="def <k>(z=<i>):\n    return z"),
    "local_alias": ReadForm("<y>(<args><ii>)", prelude="<y> = <n>"),
    "branch": ReadForm("<y>", prelude="if flag:\n    <y> = <i>\nelse:\n    <y> = <i>"),
    "loop": ReadForm("<y>", prelude="<y> = None\nfor _ in range(1):\n    <y> = <i>"),
    "try": ReadForm("<y>", prelude="try:\n    <y> = <i>\nfinally:\n    pass"),
    "global": ReadForm("<i>", prelude="global <n>"),
    "nonlocal": ReadForm("<i>", prelude="nonlocal <n>"),
    "local_class": ReadForm("<k>.held", prelude="class <k>:\n    held = <i>"),
}
READS = Table(
    "read",
    {**_EXPRESSIONS, **_STATEMENTS},
    module_only=frozenset({"global"}),
    function_only=frozenset({"nonlocal"}),
)
LAMBDA_READS = Table("lambda_read", _EXPRESSIONS)

BLIND_READS = Table(
    "blind_read",
    {
        "default_capture": ReadForm("<k>(None)", helpers="def <k>(z, <n>=<n>):\n    return <n>(<args><ii>)"),
        "parameter": ReadForm("<k>(keep)", helpers="def <k>(<n>):\n    return <n>"),
        "local": ReadForm("<n>", prelude="<n> = 2.0"),
        "comprehension_variable": ReadForm("[<n> for <n> in (1.0,)]"),
        "lambda_parameter": ReadForm("(lambda <n>: <n>)(1.0)"),
        "attribute": ReadForm("box(<n>=1.0).<n>"),
        "string": ReadForm('"calls <n>(x)"'),
        "captured_alias": ReadForm("<y>(<args><ii>)", helpers="<y> = <n>"),
        "handler_name": ReadForm("1.0", prelude="try:\n    risky()\nexcept ValueError as <n>:\n    str(<n>)"),
    },
)
"""Reads that are not reads of the primal's global name, so that no rebinding harms them."""
