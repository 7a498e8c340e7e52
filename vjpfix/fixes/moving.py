"""What becomes of decorators that are moved into a statement of their own, or why they cannot be."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from functools import cached_property

from vjpfix.facts.module import JaxModule
from vjpfix.facts.stacked import Stack
from vjpfix.facts.values import Imported
from vjpfix.fixes.quiet import is_constant, is_literal, is_quiet
from vjpfix.fixes.renaming import Moved, Obstacle
from vjpfix.jaxfacts.effects import MAKES, PARTIAL
from vjpfix.model import Span

_END = re.compile(r"[ \t]*+(#.*)?$")
_COMMENT = re.compile(r"[ \t]*#")
_SIMPLE = (ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.UnaryOp, ast.BinOp)


class Moving:
    """One function whose decorators are moved. ``obstacles`` first: ``moved`` counts on there being none."""

    def __init__(self, stack: Stack, module: JaxModule) -> None:
        tree = module.tree
        self.stack = stack
        self.meaning = module.meaning
        self.positions = module.positions
        self.context = module.anywhere
        self.parents = module.parents
        self.unit_of = {each: unit for unit in module.meaning.module.units for each in unit.attributes}
        self.block = _block(tree, stack.node)
        self.last = _last(self.block, stack)
        self.between = self.block[self.block.index(stack.node) : self.block.index(self.last) + 1]
        self.assigned = {
            target: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        }

    # Why not.

    def obstacles(self) -> Iterator[Obstacle]:
        """Every reason against it."""
        for each in self.stack.above:
            if each.row is None:
                what = ast.unparse(each.node)
                yield self._obstacle(f"what `{what}` does with rules is not known", each.node)
        yield from self._far_away()
        yield from self._comment_between()
        for each in self.stack.above:
            yield from self._spelling(each.node)
            yield from self._values(each.node)
        if self.last is not self.stack.node and self._shares_line():
            yield self._obstacle("another statement stands on this line", self.last)

    def _far_away(self) -> Iterator[Obstacle]:
        name = self.stack.node.name
        for attribute in self.stack.attached:
            unit = self.unit_of[attribute]
            if unit is not self.stack.binding.unit:
                yield self._obstacle(
                    f"rules are attached inside `{unit.name}`, whenever that runs", attribute
                )
            elif not any(attribute in ast.walk(statement) for statement in self._below()):
                yield self._obstacle(f"rules are attached in another block than that of `{name}`", attribute)
            elif not self._attaches_at_once(attribute):
                yield self._obstacle(
                    f"`{attribute.attr}` is called elsewhere, or by something else", attribute
                )

    def _attaches_at_once(self, attribute: ast.Attribute) -> bool:
        """Whether an attribute is called, or a decorator, where it stands."""
        outer = self.parents[attribute]
        match outer:
            case ast.Call(func=func) if func is attribute:
                return True
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return True
        return False

    def _below(self) -> Sequence[ast.stmt]:
        return self.block[self.block.index(self.stack.node) + 1 :]

    def _shares_line(self) -> bool:
        at = self.block.index(self.last)
        end = self.last.end_lineno or 0
        after = self.block[at + 1 : at + 2]
        return bool(self._indent(self.last).strip()) or any(each.lineno <= end for each in after)

    def _spelling(self, node: ast.expr) -> Iterator[Obstacle]:
        span = self.positions.span(node)
        first, last = self.positions.lines[span.line - 1], self.positions.lines[span.end_line - 1]
        before, found = first[: span.column], _END.match(last[span.end_column :])
        if before.strip() != "@" or not found:
            yield self._obstacle("this decorator is not spelled in a way that can be moved", node)
        elif self._comments(span)[: -1 if found[1] else None]:
            yield self._obstacle("a comment inside this decorator would be lost", node)

    def _comment_between(self) -> Iterator[Obstacle]:
        """A comment on a line of its own is about the decorator below it, and would not go with it."""
        first = self.positions.span(self.stack.above[0].node).line
        for each in self.stack.above[1:]:
            for number in range(self.positions.span(each.node).line - 1, first, -1):
                line = self.positions.lines[number - 1]
                if line.strip() and not _COMMENT.match(line):
                    break
                if line.strip():
                    yield self._obstacle("the comment above this decorator would not go with it", each.node)
                    break

    def _values(self, node: ast.expr) -> Iterator[Obstacle]:
        """What a decorator is made of must be the same where it goes."""
        for part in self._parts(node):
            match part:
                case ast.Name():
                    yield from self._changes(part)
                case ast.Attribute() if isinstance(self.context.value(part), Imported):
                    yield from self._changes_within(part)
                case ast.Call() if self._makes(part, node):
                    pass
                case ast.Call():
                    what = ast.unparse(part.func)
                    yield self._obstacle(f"`{what}` would be called later, which may not be the same", part)
                case ast.expr() if not isinstance(part, (*_SIMPLE, ast.Lambda)):
                    what = ast.unparse(part)
                    yield self._obstacle(f"`{what}` would be looked up later, and may not be the same", part)

    def _parts(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes that are evaluated with an expression, but for what an import is asked for."""
        yield node
        if isinstance(node, ast.Lambda):
            yield from self._parts(node.args)
            return
        for child in ast.iter_child_nodes(node):
            yield from self._parts(child)

    def _makes(self, call: ast.Call, decorator: ast.expr) -> bool:
        """Whether a call does nothing but make a value."""
        name = self.context.called(call.func)
        return name in MAKES or (call is decorator and self.meaning.table.transform(name) is not None)

    def _changes(self, load: ast.Name) -> Iterator[Obstacle]:
        """Whether a name may be bound to something else, or its value changed, on the way down."""
        owner = self.meaning.owner_of(load)
        if owner is None:
            return
        place = owner.places.get(load.id)
        bound = place.bindings if place else []
        changed = [
            d for d in bound if d.unit is not owner.unit or self._is_between(getattr(d.node, "lineno", 0))
        ]
        if changed or (place and place.changes):
            yield self._obstacle(f"`{load.id}` may be something else where rules are attached", load)
        elif isinstance(outer := self.parents[load], ast.Attribute) and self.context.value(outer):
            return  # what is asked of it is looked at
        elif not any(is_literal(self.assigned.get(d.node)) for d in bound if isinstance(d.node, ast.expr)):
            yield from self._changes_within(load)

    def _changes_within(self, node: ast.Name | ast.Attribute) -> Iterator[Obstacle]:
        """Whether what a name stands for may be changed on the way down."""
        if not (is_constant(self.context.value(node), self.context) or self._is_quiet):
            what = ast.unparse(node)
            yield self._obstacle(f"`{what}` may change before rules are attached", node)

    @cached_property
    def _is_quiet(self) -> bool:
        """Whether what runs on the way down changes nothing."""
        return is_quiet(self.between, self.context, lambda node: node in self.meaning.asked)

    def _is_between(self, line: int) -> bool:
        return self._first_line(self.stack.node) <= line <= (self.last.end_lineno or 0)

    # What it becomes.

    def moved(self) -> Moved:
        """The statement that the decorators become, and where it goes."""
        before, after, comments = "", "", []
        lines: list[tuple[Span, str]] = []
        for each in self.stack.above:
            start, end = self._call(each.node)
            before, after = before + start, end + after
            span = self.positions.span(each.node)
            text = self.positions.whole_lines(span.line, span.end_line)
            lines.append((Span(span.line, 0, span.end_line, 0), text))
            comments += self._comments(span)
        is_def = isinstance(self.last, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        indent = self._indent(self.last)
        return Moved(
            lines=tuple(lines),
            below=self._place(),
            before=before,
            after="".join((after, *(f"  {comment}" for comment in comments))),
            indent=indent,
            gap=(1 if indent else 2) if is_def else 0,
        )

    def _call(self, node: ast.expr) -> tuple[str, str]:
        """What stands before and after the function where a decorator is called: ``partial(g, …)(f)`` is
        ``g(f, …)``."""
        if isinstance(node, ast.Call) and self.context.called(node.func) == PARTIAL[0] and node.args:
            function, *given = node.args
            first = "".join(f"{self._text(each)}, " for each in given)
            named = "".join(
                f", {f'{each.arg}=' if each.arg else '**'}{self._text(each.value)}" for each in node.keywords
            )
            return f"{self._text(function)}({first}", f"{named})"
        return f"{self._text(node)}(", ")"

    def _text(self, node: ast.expr) -> str:
        span = self.positions.span(node)
        return self.positions.text_at(span) if span.line == span.end_line else ast.unparse(node)

    def _comments(self, span: Span) -> list[str]:
        """The comments in the lines of an expression."""
        text = "\n".join(self.positions.lines[span.line - 1 : span.end_line]).lstrip() + "\n"
        try:
            tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
        except (tokenize.TokenError, SyntaxError):
            return []
        return [token.string for token in tokens if token.type == tokenize.COMMENT]

    def _place(self) -> Span:
        """The last statement that attaches rules, with the comments at the end of its block."""
        span = self.positions.span(self.last)
        start = self._first_line(self.last)
        column = len(self._indent(self.last))
        end = span.end_line
        for number, line in enumerate(self.positions.lines[end:], end + 1):
            if line.strip() and not (_COMMENT.match(line) and len(line) - len(line.lstrip()) > column):
                break
            end = number if line.strip() else end
        return Span(start, column, end, len(self.positions.lines[end - 1]))

    def _first_line(self, statement: ast.stmt) -> int:
        decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
        return min([statement.lineno, *(each.lineno for each in decorators)])

    def _indent(self, statement: ast.stmt) -> str:
        """What stands before a statement on its first line."""
        line = self.positions.lines[self._first_line(statement) - 1]
        if getattr(statement, "decorator_list", []):
            return line[: len(line) - len(line.lstrip())]
        return line[: self.positions.span(statement).column]

    def _obstacle(self, reason: str, node: ast.AST) -> Obstacle:
        assert isinstance(node, ast.expr | ast.stmt)  # noqa: S101  # these have a place
        return Obstacle(reason, self.positions.span(node))


def _block(tree: ast.Module, node: ast.stmt) -> list[ast.stmt]:
    """The statements among which one stands."""
    for outer in ast.walk(tree):
        for _, block in ast.iter_fields(outer):
            if isinstance(block, list) and any(each is node for each in block):
                return block
    raise AssertionError("a statement of the module stands in it")


def _last(block: list[ast.stmt], stack: Stack) -> ast.stmt:
    """The last statement of a block that attaches rules."""
    attached = set(stack.attached)
    return next(s for s in reversed(block) if s is stack.node or not attached.isdisjoint(ast.walk(s)))
