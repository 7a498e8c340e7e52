"""The primal and its rules: how they are declared, and how the rules are attached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .draw import Draw, Filling, Table
from .reads import LAMBDA_READS, READS, ReadForm
from .text import Lines, indent

ROLES = {"vjp": ("fwd", "bwd", "body"), "jvp": ("jvp", "body"), "gradient": ("bwd", "body")}
KINDS = Table("derivative", {kind: kind for kind in ROLES})
_PARAMS = {"fwd": "", "bwd": "res, ct", "jvp": "primals, tangents"}
_DEFAULTS = {"fwd": "x", "bwd": "ct", "jvp": "None"}
_RESULTS = {"fwd": "({}, x)", "bwd": "({},)", "jvp": "({}, None)"}


@dataclass
class Region:
    """``helpers`` may stand before or after ``primal``, but those in ``after_primal`` read it at once;
    ``late`` stands anywhere, for only a rule reaches it; ``attach`` comes after all else."""

    primal: Lines = field(default_factory=list)
    helpers: Lines = field(default_factory=list)
    after_primal: Lines = field(default_factory=list)
    rules: Lines = field(default_factory=list)
    attach: Lines = field(default_factory=list)
    late: Lines = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Body:
    """What one function of the region does with the name: lines first, then an expression."""

    lines: Lines
    expr: str


@dataclass
class Maker:
    """Builds one region. ``roles`` are the functions that read the name; ``read`` fixes how they do."""

    draw: Draw
    kind: str
    roles: tuple[str, ...]
    read: ReadForm | None
    region: Region = field(default_factory=Region)

    def body(self, role: str, default: str, expression_only: bool = False) -> Body:
        if role not in self.roles:
            return Body([], default)
        form = self.read or self.draw.pick(LAMBDA_READS if expression_only else READS)
        self.draw.features.add(f"reads_in:{role}")
        filling = Filling(self.draw)
        at_once = form.helpers.startswith("<y>") or "<n>=<n>" in form.helpers
        region = self.region
        target = region.late if form.late else region.after_primal if at_once else region.helpers
        target += filling.lines(form.helpers)
        return Body(filling.lines(form.prelude), filling.fill(form.expr))

    def params(self, own: str = "") -> str:
        return ("k, " if self.draw.args else "") + (own or "x")

    def function(self, name: str, params: str, body: Body, result: str) -> Lines:
        """A ``def`` with a docstring or type hints now and then."""
        hinted = params.replace("x", 'x: "Array"') + ') -> "object"' if self.draw.maybe(0.2) else params + ")"
        doc = [f'"""A rule of $f: see `$f({params})`."""'] if self.draw.maybe(0.2) else []
        return [f"def {name}({hinted}:", *indent([*doc, *body.lines, f"return {result.format(body.expr)}"])]

    def rule(self, role: str) -> str:
        """Define the rule for ``role`` and give its name."""
        name = self.draw.fresh(f"{self.draw.name}_{role}")
        decorated = [f"@{self.draw.spelling.jax('jit')}"] if self.draw.maybe(0.1) else []
        body = self.body(role, _DEFAULTS[role])
        definition = self.function(name, self.params(_PARAMS[role]), body, _RESULTS[role])
        self.region.rules += [*decorated, *definition]
        return name

    def rule_lambda(self, role: str) -> str:
        body = self.body(role, _DEFAULTS[role], expression_only=True)
        return f"lambda {self.params(_PARAMS[role])}: {_RESULTS[role].format(body.expr)}"

    def primal(self, name: str) -> Lines:
        body = self.body("body", "x")
        if self.kind != "gradient":
            return self.function(name, self.params(), body, "{}")
        pull = self.function("pull", "ct", self.body("bwd", "ct"), "({},)")
        return [f"def {name}({self.params()}):", *indent([*body.lines, *pull, f"return {body.expr}, pull"])]


def make_region(draw: Draw, kind: str, roles: tuple[str, ...], read: ReadForm | None = None) -> Region:
    """A whole region of ``kind`` ("vjp", "jvp", "gradient"), declared and attached in some way."""
    maker = Maker(draw, kind, roles, read)
    statement_read = read is not None and bool(read.prelude)
    forms = DECLARATIONS if kind != "gradient" else GRADIENT_DECLARATIONS
    declare = draw.pick(STATEMENT_DECLARATIONS if statement_read and kind != "gradient" else forms)
    maker.region.primal = declare(maker, draw.spelling.jax(f"custom_{kind}"))
    if kind != "gradient":
        attachments = VJP_ATTACHMENTS if kind == "vjp" else JVP_ATTACHMENTS
        if statement_read:
            kept = {name: form for name, form in attachments.forms.items() if "lambda" not in name}
            attachments = Table(attachments.group, kept)
        maker.region.attach = draw.pick(attachments)(maker)
    return maker.region


def _decorator(maker: Maker, custom: str) -> Lines:
    return [f"@{custom}", *maker.primal("$f")]


def _partial(maker: Maker, custom: str) -> Lines:
    maker.draw.args = "None, "
    return [f"@{maker.draw.spelling.partial()}({custom}, nondiff_argnums=(0,))", *maker.primal("$f")]


def _call(maker: Maker, custom: str) -> Lines:
    name = maker.draw.fresh("plain")
    return [*maker.primal(name), f"$f = {custom}({name})"]


def _keyword_call(maker: Maker, custom: str) -> Lines:
    maker.draw.args = "None, "
    name = maker.draw.fresh("plain")
    return [*maker.primal(name), f"$f = {custom}(fun={name}, nondiff_argnums=(0,))"]


def _annotated_call(maker: Maker, custom: str) -> Lines:
    name = maker.draw.fresh("plain")
    return [*maker.primal(name), f"$f: object = {custom}({name})"]


def _self_call(maker: Maker, custom: str) -> Lines:
    return [*maker.primal("$f"), f"$f = {custom}($f)"]


def _lambda(maker: Maker, custom: str) -> Lines:
    return [f"$f = {custom}(lambda x: {maker.body('body', 'x', expression_only=True).expr})"]


Declare = Callable[[Maker, str], Lines]
_WITH_DEF: dict[str, Declare] = {
    "decorator": _decorator,
    "partial_decorator": _partial,
    "call": _call,
    "keyword_call": _keyword_call,
    "annotated_call": _annotated_call,
    "self_call": _self_call,
}
DECLARATIONS: Table[Declare] = Table("declaration", {**_WITH_DEF, "lambda": _lambda})
STATEMENT_DECLARATIONS: Table[Declare] = Table("declaration", _WITH_DEF)
GRADIENT_DECLARATIONS: Table[Declare] = Table(
    "gradient_declaration", {"decorator": _decorator, "call": _call, "self_call": _self_call}
)


def _alias(maker: Maker) -> tuple[Lines, str]:
    name = maker.draw.fresh("alias")
    return [f"{name} = $f"], name


def _through_primal_alias(maker: Maker) -> Lines:
    lines, name = _alias(maker)
    return [*lines, f"{name}.defvjp({maker.rule('fwd')}, {maker.rule('bwd')})"]


def _through_rule_alias(maker: Maker) -> Lines:
    name = maker.draw.fresh("rule")
    return [f"{name} = {maker.rule('fwd')}", f"$f.defvjp({name}, {maker.rule('bwd')})"]


def _jvp_through_alias(maker: Maker) -> Lines:
    lines, name = _alias(maker)
    return [*lines, f"{name}.defjvp({maker.rule('jvp')})"]


def _jvp_decorator(maker: Maker) -> Lines:
    maker.rule("jvp")
    rule, maker.region.rules = maker.region.rules, []
    return ["@$f.defjvp", *rule]


def _jvp_each(maker: Maker) -> Lines:
    expr = maker.body("jvp", "t", expression_only=True).expr
    return [f"$f.defjvps(lambda t, ans, x: {expr})"]


Attach = Callable[[Maker], Lines]
VJP_ATTACHMENTS: Table[Attach] = Table(
    "defvjp",
    {
        "positional": lambda maker: [f"$f.defvjp({maker.rule('fwd')}, {maker.rule('bwd')})"],
        "keyword": lambda maker: [f"$f.defvjp(bwd={maker.rule('bwd')}, fwd={maker.rule('fwd')})"],
        "mixed": lambda maker: [f"$f.defvjp({maker.rule('fwd')}, bwd={maker.rule('bwd')})"],
        "option": lambda maker: [
            f"$f.defvjp({maker.rule('fwd')}, {maker.rule('bwd')}, symbolic_zeros=False)"
        ],
        "lambdas": lambda maker: [f"$f.defvjp({maker.rule_lambda('fwd')}, {maker.rule_lambda('bwd')})"],
        "one_lambda": lambda maker: [f"$f.defvjp(bwd={maker.rule_lambda('bwd')}, fwd={maker.rule('fwd')})"],
        "primal_alias": _through_primal_alias,
        "rule_alias": _through_rule_alias,
    },
)
JVP_ATTACHMENTS: Table[Attach] = Table(
    "defjvp",
    {
        "decorator": _jvp_decorator,
        "call": lambda maker: [f"$f.defjvp({maker.rule('jvp')})"],
        "keyword": lambda maker: [f"$f.defjvp(jvp={maker.rule('jvp')})"],
        "lambda": lambda maker: [f"$f.defjvp({maker.rule_lambda('jvp')})"],
        "alias": _jvp_through_alias,
        "lambdas_each": _jvp_each,
    },
)
