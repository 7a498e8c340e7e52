"""Comments that hide findings: ``# noqa``, ``# vjpfix: ignore[VJP001] reason``, ``# vjpfix: ignore-file``."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from token import COMMENT, NEWLINE, NL, STRING
from typing import TYPE_CHECKING

from vjpfix.model import Finding, Span

if TYPE_CHECKING:
    from tokenize import TokenInfo

_NOQA = re.compile(r"#\s*noqa\b(?P<colon>\s*:)?(?P<rest>[^#]*)", re.IGNORECASE)
_OURS = re.compile(
    r"#\s*vjpfix:\s*ignore(?P<file>-file)?(?![\w-])\s*(?:\[(?P<codes>[^\]#]*)\])?(?P<reason>[^#]*)",
    re.IGNORECASE,
)
# Codes of any tool at the start of a text; what follows them is a remark.
_CODES = re.compile(r"[\s,]*([A-Z]+[0-9]+|VJP)(?![\w-])", re.IGNORECASE)


class Form(Enum):
    """Which comment it is, and so how far it reaches."""

    NOQA = "noqa"
    IGNORE = "ignore"
    FILE = "ignore-file"


@dataclass(frozen=True, slots=True)
class Directive:
    """One comment that hides findings.

    ``span`` is the comment's own place. ``codes``: codes or prefixes in upper case, or None for all rules.
    ``line``: a line that a finding must cover to be hidden, 0 for every line of the file. It is the
    comment's own line or, for a ``vjpfix:`` comment on a line of its own, the first line of code below
    the block of comments; ``ignore-file`` below the first statement has none, and hides nothing.
    """

    form: Form
    span: Span
    codes: tuple[str, ...] | None
    reason: str
    line: int | None

    def hides(self, finding: Finding) -> bool:
        """Whether this comment is about ``finding``, taken to be in the same file."""
        return self._reaches(finding.span) and (
            self.codes is None or any(map(finding.rule.startswith, self.codes))
        )

    def _reaches(self, span: Span) -> bool:
        lines = (self.line,) if self.form is not Form.IGNORE else (self.line, self.span.line)
        return any(line == 0 or (line and span.line <= line <= span.end_line) for line in lines)


def directives(text: str, prefixes: tuple[str, ...] = ("VJP",)) -> tuple[Directive, ...]:
    """The comments in a file's ``text`` that hide findings, in order; those of other tools are left out.

    ``prefixes``: what the codes of our rules start with. Text that Python cannot cut into tokens has none.
    """
    lowered = text.lower()
    if "noqa" not in lowered and "vjpfix:" not in lowered:
        return ()
    tokens = _tokens(text)
    # By type: the text of an f-string is a token of its own, and may start with a hash.
    comments = [token for token in tokens if token.type == COMMENT]
    alone = {token.start[0] for token in comments if not token.line[: token.start[1]].strip()}
    head = _head(tokens) if tokens else 0
    return tuple(directive for token in comments for directive in _in_comment(token, alone, head, prefixes))


def split(
    findings: Sequence[Finding], directives: Sequence[Directive]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[Directive, ...]]:
    """The findings of one file that stay, those that are hidden, and the directives that hid nothing.

    A directive of which only some codes hid something comes back with the other codes. A ``# noqa`` that
    names no code of vjpfix is never counted as unused.
    """
    hidden = tuple(f for f in findings if any(d.hides(f) for d in directives))
    kept = tuple(f for f in findings if not any(d.hides(f) for d in directives))
    unused = (_unused_part(directive, hidden) for directive in directives)
    return kept, hidden, tuple(directive for directive in unused if directive)


def _unused_part(directive: Directive, hidden: Sequence[Finding]) -> Directive | None:
    if directive.codes is None:
        used = directive.form is Form.NOQA or any(map(directive.hides, hidden))
        return None if used else directive
    if not directive.codes:
        return directive
    unused = tuple(
        code for code in directive.codes if not any(map(replace(directive, codes=(code,)).hides, hidden))
    )
    return replace(directive, codes=unused) if unused else None


def _tokens(text: str) -> tuple[TokenInfo, ...]:
    from tokenize import TokenError, generate_tokens

    # Universal newlines, so that lines are counted as Python counts them.
    readline = io.StringIO(text, newline=None).readline
    try:
        return tuple(generate_tokens(readline))
    except (TokenError, SyntaxError):
        return ()


def _head(tokens: Sequence[TokenInfo]) -> int:
    """The line of the first statement other than the docstring, or one below the last line."""
    code = [token for token in tokens if token.type not in (COMMENT, NL)]
    if [token.type for token in code[:2]] == [STRING, NEWLINE]:
        code = code[2:]
    # At least the end marker is left, which stands below the last line.
    return code[0].start[0]


def _in_comment(
    token: TokenInfo, alone: set[int], head: int, prefixes: tuple[str, ...]
) -> Iterator[Directive]:
    line = token.start[0]
    for match in _NOQA.finditer(token.string):
        codes = _noqa_codes(match, prefixes)
        if codes != ():
            yield Directive(Form.NOQA, _span(token, match), codes, "", line)
    for match in _OURS.finditer(token.string):
        codes = _listed(match["codes"])
        reason = match["reason"].strip()
        if match["file"]:
            reach = 0 if line < head else None
            yield Directive(Form.FILE, _span(token, match), codes, reason, reach)
        else:
            below = line
            while below in alone:
                below += 1
            yield Directive(Form.IGNORE, _span(token, match), codes, reason, below)


def _span(token: TokenInfo, match: re.Match[str]) -> Span:
    line, column = token.start
    length = len(match[0].rstrip())
    return Span(line, column + match.start(), line, column + match.start() + length)


def _noqa_codes(match: re.Match[str], prefixes: tuple[str, ...]) -> tuple[str, ...] | None:
    """Our codes; None for all rules; empty when only other tools are meant."""
    if not match["colon"]:
        return None
    codes, start = [], 0
    while found := _CODES.match(match["rest"], start):
        codes.append(found[1].upper())
        start = found.end()
    return tuple(code for code in codes if code.startswith(prefixes))


def _listed(codes: str | None) -> tuple[str, ...] | None:
    if codes is None:
        return None
    return tuple(code.strip().upper() for code in codes.split(",") if code.strip())
