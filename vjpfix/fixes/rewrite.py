"""One file's edits to its new bytes, as planned or with every promise about them checked."""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from vjpfix.edits import splice
from vjpfix.facts.module import JaxModule
from vjpfix.jaxfacts.transforms import Table
from vjpfix.model import Edit, EditKind, Finding, Rewritten, SourceFile, VjpfixError
from vjpfix.semantic.names import owned_names
from vjpfix.semantic.parsing import parse

TOO_DEEP = "this file is nested too deeply to be rewritten"
MAX_DEPTH = 1000
_LAYOUT = (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
_NO_CODE = (tokenize.COMMENT, tokenize.NL)

_BARE_RETURN = re.compile(r"\r(?!\n)")


def spliced(source: SourceFile, edits: Sequence[Edit]) -> Rewritten:
    """The file with these edits put in, as planned: whether that keeps the promises is not looked at.

    Errors: ``VjpfixError`` where an edit does not fit the file, or the file cannot be written back.
    """
    if _BARE_RETURN.search(source.text):
        raise VjpfixError("lines that end in a bare carriage return cannot be rewritten", source.path)
    try:
        text = splice(source.text, edits)
    except ValueError as error:
        raise VjpfixError(f"an edit does not fit the file: {error}", source.path) from None
    return Rewritten(source, _encode(source, text), text)


def rewrite(
    source: SourceFile,
    edits: Sequence[Edit],
    table: Table,
    *,
    mended: Sequence[Finding],
    makes: bool,
    find: Callable[[JaxModule], Iterable[Finding]],
) -> Rewritten:
    """The file with these edits applied, and proved.

    Arguments: ``mended``: the findings of this file that the edits mend (none in a module that only imports
    the name); ``makes``: whether it may make functions with custom derivatives; ``find``: all rules.
    Errors: as ``spliced``, and where the result would break a promise: it does not parse, something other
    than the planned tokens differs, a name means something else, a mended finding is still there or a new
    one appeared. Nothing is written either way.
    """
    result = spliced(source, edits)
    _check_code(source, result.text, edits)
    _check_names(source, result.text, edits)
    if makes:
        before, after = (JaxModule(text, source.path, table) for text in (source.text, result.text))
        named = sum(finding.remedy is None for finding in mended)
        _check_takeovers(before, after, named)
        by_rules = Counter((each.rule, each.subject) for each in mended if each.remedy)
        if by_rules:
            _check_rules(before, after, by_rules, find)
    return result


def _check_code(source: SourceFile, text: str, edits: Sequence[Edit]) -> None:
    """LibCST must make the same code of the edits.

    It drops some of what is no code: form feeds before a statement, and comments and empty lines at the end
    of a file whose last line has nothing but spaces.
    """
    from libcst import ParserSyntaxError  # slow to import, and only files that change need it

    from vjpfix.fixes.transform import transform

    tree = parse(source.text, source.path)
    if _may_overflow(source.text) and _overflows(tree):
        raise VjpfixError(TOO_DEEP, source.path)
    try:
        made = transform(source.text, tree, edits)
    except ParserSyntaxError as error:
        raise VjpfixError(
            f"LibCST cannot read this file: {error.message}", source.path, error.raw_line
        ) from None
    except RecursionError:
        raise VjpfixError(TOO_DEEP, source.path) from None
    if made != text and not _is_same_code(made, text):
        raise VjpfixError("the rewritten file would differ in more than the planned names", source.path)


def _may_overflow(text: str) -> bool:
    """Whether there is enough of what ``_overflows`` looks for; most files need no look at their tree."""
    return max(text.count("and"), text.count("or"), text.count(".")) >= MAX_DEPTH


def _overflows(tree: ast.Module) -> bool:
    """Whether LibCST's parser would overflow the stack, which ends the process without a word.

    What is nested in Python's own tree was limited by the analysis. These stand side by side there, and
    LibCST puts one into the other.
    """
    return any(
        (isinstance(node, ast.BoolOp) and len(node.values) > MAX_DEPTH)
        or (isinstance(node, ast.alias) and node.name.count(".") > MAX_DEPTH)
        or (isinstance(node, ast.ImportFrom) and (node.module or "").count(".") > MAX_DEPTH)
        for node in ast.walk(tree)
    )


def _is_same_code(first: str, second: str) -> bool:
    try:
        return _code(first) == _code(second)
    except (tokenize.TokenError, SyntaxError):
        return False


def _code(text: str) -> list[tuple[int, str]]:
    """The tokens of a text, but for comments and what lines are indented by and end in."""
    tokens = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
    return [
        (token.type, "" if token.type in _LAYOUT else token.string)
        for token in tokens
        if token.type not in _NO_CODE
    ]


def _check_names(source: SourceFile, text: str, edits: Sequence[Edit]) -> None:
    """Each name must belong to the same scope as before, and all renamed ones of a scope to one scope.

    Inserted aliases come on lines of their own. What decorators become has the names that they had.
    """
    renames = {edit.span: edit.new for edit in edits if edit.kind is EditKind.RENAME}
    added, appended = _added(edits)
    removed = {line for edit in edits if edit.kind is EditKind.REMOVE for line in _lines(edit)}
    old, new = owned_names(source.text, source.path), owned_names(text, source.path)
    before = [each for each in old if each[0].line not in removed]
    after = [(name, owner) for span, name, owner in new if span.line not in added | appended]
    owners: dict[tuple[str, str], set[str]] = {}
    same = len(before) == len(after)
    for (span, name, owner), (new_name, new_owner) in zip(before, after, strict=False):
        if span in renames:
            owners.setdefault((name, owner), set()).add(new_owner)
            same = same and new_name == renames[span]
        else:
            same = same and (name, owner) == (new_name, new_owner)
    moved = Counter((name, owner) for span, name, owner in new if span.line in appended)
    moved -= Counter((name, owner) for span, name, owner in old if span.line in removed)
    same = same and moved.total() <= 2 * len(appended) and len({owner for _, owner in moved}) <= len(appended)
    if not same or any(len(scopes) > 1 for scopes in owners.values()):
        raise VjpfixError("a name would mean something else after the change", source.path)


def _added(edits: Sequence[Edit]) -> tuple[set[int], set[int]]:
    """The lines of the new text that hold inserted statements, and those that hold appended ones."""
    inserted: set[int] = set()
    appended: set[int] = set()
    shift = 0
    for line, kind, edit in sorted(((_at(e), e.kind.value, e) for e in edits), key=lambda row: row[:2]):
        if kind == EditKind.INSERT.value:
            inserted.add(line + shift)
            shift += 1
        elif kind == EditKind.APPEND.value:
            gap = edit.new.count("\n")
            appended.add(line + shift + gap)
            shift += gap + 1
        elif kind == EditKind.REMOVE.value:
            shift -= len(_lines(edit))
    return inserted, appended


def _at(edit: Edit) -> int:
    """The line above which an edit adds lines, or which it removes."""
    return edit.span.end_line + 1 if edit.kind is EditKind.APPEND else edit.span.line


def _lines(edit: Edit) -> range:
    return range(edit.span.line, edit.span.end_line + 1)


def _check_takeovers(before: JaxModule, after: JaxModule, mended: int) -> None:
    """None of the names that are taken over is a new one, and so many less are."""
    own_before, own_after = _self_uses(before), _self_uses(after)
    old, new = _taken_over(before), _taken_over(after)
    if new - old or own_after - own_before:
        raise VjpfixError("the change would bring a new finding", before.path)
    if new.total() > old.total() - mended:
        raise VjpfixError("the finding would still be there after the change", before.path)


def _taken_over(module: JaxModule) -> Counter[tuple[str, str]]:
    stacked = ((each.binding.scope.name, each.binding.name) for each in module.stacks)
    return Counter((each.scope, each.name) for each in module.takeovers) + Counter(stacked)


def _self_uses(module: JaxModule) -> Counter[tuple[str, str]]:
    return Counter((use.function, f"{use.step} of {use.name}") for use in module.self_uses)


def _check_rules(
    before: JaxModule,
    after: JaxModule,
    mended: Counter[tuple[str, str]],
    find: Callable[[JaxModule], Iterable[Finding]],
) -> None:
    """No rule finds something new, and those that were mended find so much less."""
    old, new = (Counter((found.rule, found.subject) for found in find(each)) for each in (before, after))
    if new - old:
        raise VjpfixError("the change would bring a new finding", before.path)
    if any(new[each] > old[each] - number for each, number in mended.items()):
        raise VjpfixError("the finding would still be there after the change", before.path)


def _encode(source: SourceFile, text: str) -> bytes:
    mark = codecs.BOM_UTF8 if source.bom else b""
    try:
        if mark + source.text.encode(source.encoding) == source.data:
            return mark + text.encode(source.encoding)
    except UnicodeEncodeError:
        pass
    raise VjpfixError(f"this file's encoding ({source.encoding}) cannot be written back", source.path)
