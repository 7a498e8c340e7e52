"""The LibCST transformer: renames name tokens, rewrites string entries, inserts alias statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from vjpfix.edits import newline_of, splice, split_lines
from vjpfix.model import Edit, EditKind, Span
from vjpfix.semantic.positions import Positions

Place = tuple[int, int]
Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement
Left = cst.CSTNode | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNode]


def transform(text: str, tree: ast.Module, edits: Sequence[Edit]) -> str:
    """The text with the edits applied through LibCST. ``tree``: the text as Python parses it.

    Only the statements of the module that hold an edit are walked: to know where its nodes stand is what
    costs LibCST most.
    Errors: ``libcst.ParserSyntaxError`` where LibCST cannot read the text.
    """
    module = cst.parse_module(text)
    newline = newline_of(text)
    lost = _lost(text, module.code) if "\f" in text else {}
    body: list[Statement] = []
    lines = sorted({edit.span.line for edit in edits})
    positions = Positions(text)
    for statement, parts in _paired(module.body, tree.body):
        first = min(_first_line(part, positions) for part in parts)
        last = max(part.end_lineno or part.lineno for part in parts)
        if any(first <= line <= last for line in lines):
            body += _transformed(module, statement, _Transformer(edits, newline, statement, first, lost))
        else:
            body.append(statement)
    return module.with_changes(body=body).code


def _paired(
    statements: Sequence[Statement], parts: Sequence[ast.stmt]
) -> Iterator[tuple[Statement, Sequence[ast.stmt]]]:
    """LibCST's statements with Python's: several that share a line are one of LibCST's."""
    at = 0
    for statement in statements:
        size = len(statement.body) if isinstance(statement, cst.SimpleStatementLine) else 1
        yield statement, parts[at : at + size]
        at += size


def _first_line(node: ast.stmt, positions: Positions) -> int:
    """The line of the first ``@`` above a decorated statement, of which Python's tree knows nothing."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return positions.before(positions.span(decorators[0]), "@").line if decorators else node.lineno


def _lost(text: str, kept: str) -> dict[int, int]:
    """By line, how many characters before its code LibCST drops: up to a form feed."""
    lines = enumerate(zip(split_lines(text), split_lines(kept), strict=False), 1)
    return {
        at: len(own) - len(left) for at, (own, left) in lines if own != left and own.endswith(left.lstrip())
    }


def _transformed(module: cst.Module, statement: Statement, transformer: _Transformer) -> Sequence[Statement]:
    """One statement of a module with what is inserted above it."""
    alone = module.with_changes(body=[statement], header=[], footer=[])
    return MetadataWrapper(alone, unsafe_skip_copy=True).visit(transformer).body


class _Transformer(cst.CSTTransformer):
    """Transforms one statement of a module, which starts in ``line``; ``lost``: see ``_lost``."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(
        self, edits: Sequence[Edit], newline: str, statement: Statement, line: int, lost: dict[int, int]
    ) -> None:
        super().__init__()
        self.newline = newline
        self.outermost = statement
        self.line = line
        self.lost = lost
        self.by_kind: dict[EditKind, dict[Place, list[Edit]]] = {kind: {} for kind in EditKind}
        for edit in edits:
            place = (edit.span.line, edit.span.column)
            self.by_kind[edit.kind].setdefault(place, []).append(edit)

    @cached_property
    def above(self) -> int:
        """How many lines of the module stand above what is walked."""
        return self.line - self.get_metadata(PositionProvider, _first_node(self.outermost)).start.line

    def place(self, node: cst.CSTNode) -> Place:
        position = self.get_metadata(PositionProvider, node).start
        line = position.line + self.above
        return line, position.column + self.lost.get(line, 0)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        for edit in self.by_kind[EditKind.RENAME].get(self.place(original_node), ()):
            if updated_node.value == edit.old:
                return updated_node.with_changes(value=edit.new)
        return updated_node

    def leave_ImportAlias(
        self, original_node: cst.ImportAlias, updated_node: cst.ImportAlias
    ) -> cst.ImportAlias:
        for edit in self.by_kind[EditKind.ALIAS].get(self.place(original_node), ()):
            if updated_node.evaluated_name == edit.old and not updated_node.asname:
                new = edit.new.partition(" ")[0]
                as_old = cst.AsName(name=cst.Name(edit.old))
                return updated_node.with_changes(name=cst.Name(new), asname=as_old)
        return updated_node

    def leave_SimpleString(
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.SimpleString:
        line, column = self.place(original_node)
        words = [
            moved
            for edits in self.by_kind[EditKind.WORD].values()
            for edit in edits
            if (moved := _inside(edit, updated_node.value, line, column))
        ]
        if words:
            return updated_node.with_changes(value=splice(updated_node.value, words))
        inside = (line, column + len(updated_node.prefix) + len(updated_node.quote))
        for edit in self.by_kind[EditKind.STRING].get(inside, ()):
            if updated_node.raw_value == edit.old:
                value = updated_node.value.replace(edit.old, edit.new, 1)
                return updated_node.with_changes(value=value)
        return updated_node

    def on_leave(self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT) -> Left:  # type: ignore[override]
        """Statements get the aliases that stand above them, below the comments that belong to them."""
        result = super().on_leave(original_node, updated_node)
        if isinstance(original_node, cst.BaseExpression) and isinstance(result, cst.BaseExpression):
            return self.replaced(original_node, result)
        above, below = self.by_kind[EditKind.INSERT], self.by_kind[EditKind.APPEND]
        if (
            not (above or below)
            or not isinstance(original_node, Statement)
            or not isinstance(result, Statement)
        ):
            return result
        start = self.start(original_node)
        inserted = [self.statement(edit.new) for edit in above.get(start, ())]
        appended = [self.appended(edit.new) for edit in below.get(start, ())]
        if not inserted and not appended:
            return result
        if inserted:
            lead = getattr(result, "leading_lines", ())
            inserted[0] = inserted[0].with_changes(leading_lines=lead)
            result = result.with_changes(leading_lines=())
        return cst.FlattenSentinel([*inserted, result, *appended])

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        """Without the decorators that are removed; the comments between them stay."""
        lines = {line for line, _ in self.by_kind[EditKind.REMOVE]}
        if not lines:
            return updated_node
        kept: list[cst.Decorator] = []
        left: list[cst.EmptyLine] = []
        for original, updated in zip(original_node.decorators, updated_node.decorators, strict=True):
            left += updated.leading_lines
            if self.place(original)[0] not in lines:
                kept.append(updated.with_changes(leading_lines=left))
                left = []
        return updated_node.with_changes(decorators=kept)

    def replaced(self, original: cst.BaseExpression, result: cst.BaseExpression) -> cst.BaseExpression:
        """An expression as the edits want it; parentheses around it are none of its own."""
        edits = self.by_kind[EditKind.REPLACE]
        if not edits:
            return result
        line, column = self.place(original)  # inside of its parentheses
        opened, closed = (sum(len(_code(mark)) for mark in marks) for marks in (original.lpar, original.rpar))
        code = _code(original)
        for edit in edits.get((line, column - opened), ()):
            if edit.old == code:
                return cst.parse_expression(edit.new)
        for edit in edits.get((line, column), ()):
            if edit.old == code[opened : len(code) - closed]:
                new = cst.parse_expression(edit.new)
                lpar, rpar = (*original.lpar, *new.lpar), (*new.rpar, *original.rpar)
                return new.with_changes(lpar=lpar, rpar=rpar)
        return result

    def start(self, node: cst.CSTNode) -> Place:
        return self.place(_first_node(node))

    def appended(self, code: str) -> cst.SimpleStatementLine:
        """A statement with its indentation and the empty lines above it."""
        *gap, line = code.split("\n")
        empty = cst.EmptyLine(indent=False, newline=cst.Newline(value=self.newline))
        return self.statement(line.lstrip()).with_changes(leading_lines=[empty] * len(gap))

    def statement(self, code: str) -> cst.SimpleStatementLine:
        parsed = cst.parse_statement(code)
        assert isinstance(parsed, cst.SimpleStatementLine)  # noqa: S101  # an edit inserts one simple statement
        end = parsed.trailing_whitespace.with_changes(newline=cst.Newline(value=self.newline))
        return parsed.with_changes(trailing_whitespace=end)


def _inside(edit: Edit, text: str, line: int, column: int) -> Edit | None:
    """An edit of a file as one of a text that starts there; None where it lies outside."""
    row = edit.span.line - line
    at = edit.span.column - (0 if row else column)
    lines = split_lines(text)
    if at < 0 or not 0 <= row < len(lines) or not lines[row].startswith(edit.old, at):
        return None
    return replace(edit, span=Span(row + 1, at, row + 1, at + len(edit.old)))


def _code(node: cst.CSTNode) -> str:
    return cst.Module(()).code_for_node(node)


def _first_node(statement: cst.CSTNode) -> cst.CSTNode:
    decorators = getattr(statement, "decorators", ())
    return decorators[0] if decorators else statement
