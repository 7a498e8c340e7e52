"""The primal and its rules, with reads of the name in some of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.oracles.forms.reads import LAMBDA_READS, READS, ReadForm
from tests.oracles.forms.regions import ATTACHMENTS, DECLARATIONS, GRADIENT_DECLARATIONS
from tests.oracles.forms.table import Table

from .draw import Draw, Filling
from .text import Lines, indent

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

    def definition(self, role: str, name: str) -> Lines:
        decorated = [f"@{self.draw.spelling.jax('jit')}"] if self.draw.maybe(0.1) else []
        body = self.body(role, _DEFAULTS[role])
        return [*decorated, *self.function(name, self.params(_PARAMS[role]), body, _RESULTS[role])]

    def rule(self, role: str) -> str:
        """Define the rule for ``role`` and give its name."""
        name = self.draw.fresh(f"{self.draw.name}_{role}")
        self.region.rules += self.definition(role, name)
        if role in self.roles:
            self.draw.rules.append((name, self.params(_PARAMS[role]).count(",") + 1))
        return name

    def rule_lambda(self, role: str) -> str:
        body = self.body(role, _DEFAULTS[role], expression_only=True)
        return f"lambda {self.params(_PARAMS[role])}: {_RESULTS[role].format(body.expr)}"

    def primal(self, name: str) -> str:
        body = self.body("body", "x")
        if self.kind != "gradient":
            return "\n".join(self.function(name, self.params(), body, "{}"))
        pull = self.function("pull", "ct", self.body("bwd", "ct"), "({},)")
        lines = indent([*body.lines, *pull, f"return {body.expr}, pull"])
        return "\n".join([f"def {name}({self.params()}):", *lines])

    def declared(self, form: str) -> Lines:
        self.draw.args = "None, " if "nondiff_argnums" in form else ""
        filling = Filling(
            self.draw,
            custom=self.draw.spelling.jax(f"custom_{self.kind}"),
            primal=lambda: self.primal("$f"),
            plain=lambda: self.primal(filling.value("y")),
            body=lambda: self.body("body", "x", expression_only=True).expr,
        )
        return filling.lines(form)

    def attached(self, form: str) -> Lines:
        name = self.draw.fresh(f"{self.draw.name}_jvp")
        filling = Filling(
            self.draw,
            **{role: lambda role=role: self.rule(role) for role in _PARAMS},  # type: ignore[misc]
            **{f"{role}_lambda": lambda role=role: self.rule_lambda(role) for role in _PARAMS},  # type: ignore[misc]
            c=self.draw.call("$m"),
            jvp_rule=lambda: "\n".join(self.definition("jvp", name)),
            jvp_value=lambda: self.body("jvp", "t", expression_only=True).expr,
        )
        return filling.lines(form)


def make_region(
    draw: Draw,
    kind: str,
    roles: tuple[str, ...],
    read: ReadForm | None = None,
    declarations: Table[str] = DECLARATIONS,
    attachment: str = "",
) -> Region:
    """A whole region of ``kind`` ("vjp", "jvp", "gradient"), declared and attached in some way."""
    maker = Maker(draw, kind, roles, read)
    statement_read = read is not None and bool(read.prelude)

    def fits(form: str) -> bool:
        return not (statement_read and any(word in form for word in ("lambda", "<jvp_value>")))

    form = draw.pick(declarations if kind != "gradient" else GRADIENT_DECLARATIONS, fits)
    maker.region.primal = maker.declared(form)
    if kind != "gradient":
        maker.region.attach = maker.attached(attachment or draw.pick(ATTACHMENTS[kind], fits))
    return maker.region
