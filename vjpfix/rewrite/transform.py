"""The LibCST transformer: renames name tokens, rewrites string entries, inserts alias statements."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from vjpfix.model import Edit, EditKind
from vjpfix.rewrite.splice import newline_of

Place = tuple[int, int]
Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement
Left = cst.CSTNode | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNode]


def transform(text: str, edits: Sequence[Edit]) -> str:
    """The text with the edits applied through LibCST.

    Errors: ``libcst.ParserSyntaxError`` where LibCST cannot read the text.
    """
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    return wrapper.visit(_Transformer(edits, newline_of(text))).code


class _Transformer(cst.CSTTransformer):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, edits: Sequence[Edit], newline: str) -> None:
        super().__init__()
        self.newline = newline
        self.by_kind: dict[EditKind, dict[Place, list[Edit]]] = {kind: {} for kind in EditKind}
        for edit in edits:
            place = (edit.span.line, edit.span.column)
            self.by_kind[edit.kind].setdefault(place, []).append(edit)

    def place(self, node: cst.CSTNode) -> Place:
        position = self.get_metadata(PositionProvider, node).start
        return position.line, position.column

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
        inside = (line, column + len(updated_node.prefix) + len(updated_node.quote))
        for edit in self.by_kind[EditKind.STRING].get(inside, ()):
            if updated_node.raw_value == edit.old:
                value = updated_node.value.replace(edit.old, edit.new, 1)
                return updated_node.with_changes(value=value)
        return updated_node

    def on_leave(self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT) -> Left:  # type: ignore[override]
        """Statements get the aliases that stand above them, below the comments that belong to them."""
        result = super().on_leave(original_node, updated_node)
        edits = self.by_kind[EditKind.INSERT]
        if not edits or not isinstance(original_node, Statement) or not isinstance(result, Statement):
            return result
        inserted = [self.statement(edit.new) for edit in edits.get(self.start(original_node), ())]
        if not inserted:
            return result
        first = inserted[0].with_changes(leading_lines=getattr(result, "leading_lines", ()))
        return cst.FlattenSentinel([first, *inserted[1:], result.with_changes(leading_lines=())])

    def start(self, node: cst.CSTNode) -> Place:
        decorators = getattr(node, "decorators", ())
        return self.place(decorators[0] if decorators else node)

    def statement(self, code: str) -> cst.SimpleStatementLine:
        parsed = cst.parse_statement(code)
        assert isinstance(parsed, cst.SimpleStatementLine)  # noqa: S101  # an edit inserts one simple statement
        end = cst.TrailingWhitespace(newline=cst.Newline(value=self.newline))
        return parsed.with_changes(trailing_whitespace=end)
