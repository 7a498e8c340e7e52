"""Layout that means nothing: indentation, newlines, comments, blank lines, semicolons, continuations."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from tests.oracles.forms.table import Table

from .text import ADDED, INDENT, Lines, plain

INDENTS = Table("indent", {"four": "    ", "two": "  ", "tab": "\t", "eight": " " * 8})
NEWLINES = Table("newline", {"lf": "\n", "crlf": "\r\n"})
ENDS = Table(
    "end",
    {
        "newline": "\n",
        "none": "",
        "blank_lines": "\n\n\n",
        "comment": "\n# the end",
        "spaces": "   ",
        "line_of_spaces": "\n   ",
        "blank_line_and_spaces": "\n\n   ",
        "blank_line_and_tab": "\n\n\t",
        "comment_and_spaces": "\n   # the end\n  ",
        "form_feed": "\n\x0c\n\x0c",
    },
)
COMMENTS = Table(
    "comment",
    {
        "plain": "# a note",
        "wide": "# größer als ä€😀",
        "form_feed": "# \x0c is no newline",
        "line_separators": "# nor are \x1c, \x85 and \u2028 in Python",
        "noqa": "# noqa: E501",
        "type": "# type: ignore",
        "long": f"# {'-' * 120}",
    },
)
LAYOUTS = Table(
    "layout", {name: name for name in ("none", "comments", "blank_lines", "joined", "form_feeds", "all")}
)
_COMPOUND = re.compile(
    r"(@|#|\"|'|(async|case|class|def|elif|else|except|finally|for|global|if|import|match|nonlocal|try|while"
    r"|with|from)\b)"
)
_ASSIGNMENT = re.compile(r"^(\s*[^\s=]+ =) (?=\S)")


def joined(rng: random.Random, lines: Lines, probability: float) -> Lines:
    """Put simple statements on one line with a semicolon here and there."""
    done: Lines = []
    for line in lines:
        can = done and joinable(done[-1]) and joinable(line) and depth(done[-1]) == depth(line)
        if can and rng.random() < probability:
            done[-1] = done[-1] + rng.choice(("; ", ";", " ;  ")) + line.lstrip()
        else:
            done.append(line)
    return done


def joinable(line: str) -> bool:
    bare = plain(line).strip()
    simple = not _COMPOUND.match(bare) and not bare.endswith((":", "\\"))
    return simple and ADDED not in line and "\n" not in line and "#" not in line


def depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def continued(rng: random.Random, lines: Lines, probability: float) -> Lines:
    """Break assignments after their ``=`` with a backslash here and there."""
    return [
        _ASSIGNMENT.sub(r"\1 \\\n      ", line, count=1)
        if "\n" not in line and ADDED not in line and rng.random() < probability
        else line
        for line in lines
    ]


def scattered(rng: random.Random, lines: Lines, features: set[str], comments: float, blanks: float) -> Lines:
    """Comments and blank lines between statements, and comments behind them."""
    done: Lines = []
    for line in lines:
        above_is_added = bool(done) and ADDED in done[-1]
        if not above_is_added and rng.random() < blanks:
            done.append(rng.choice(("", "", "    ")))
        if not above_is_added and rng.random() < comments:
            done.append(line[: depth(line)] + COMMENTS.choose(rng, features))
        behind = rng.random() < comments and ADDED not in line and "\\\n" not in line
        done.append(f"{line}  {COMMENTS.choose(rng, features)}" if behind else line)
    return done


def laid_out(rng: random.Random, lines: Lines, features: set[str]) -> Lines:
    """Disturb the layout of logical lines without changing what they mean."""
    layout = LAYOUTS.choose(rng, features)
    everything = layout == "all"
    if layout == "joined" or everything:
        lines = continued(rng, joined(rng, lines, 0.3), 0.1)
    if layout in ("comments", "blank_lines") or everything:
        comments = 0.15 if layout == "comments" or everything else 0.0
        blanks = 0.2 if layout == "blank_lines" or everything else 0.0
        lines = scattered(rng, lines, features, comments, blanks)
    if layout == "form_feeds" or everything:
        lines = paged(rng, lines, 0.1)
    return lines


def paged(rng: random.Random, lines: Lines, probability: float) -> Lines:
    """Begin a new page before statements of the module here and there, as old editors do."""
    return [
        f"\x0c{line}"
        if line[:1] not in ("", " ") and ADDED not in line and rng.random() < probability
        else line
        for line in lines
    ]


@dataclass(frozen=True, slots=True)
class Dress:
    """What a whole text looks like: its indentation, its newlines and its end."""

    indent: str
    newline: str
    end: str

    def put_on(self, lines: Lines) -> str:
        text = "\n".join(lines) + self.end
        units = re.sub(rf"(?m)^(?:{INDENT})+", lambda match: self.indent * (len(match[0]) // 4), text)
        return units.replace("\n", self.newline)


def dress(rng: random.Random, features: set[str]) -> Dress:
    return Dress(INDENTS.choose(rng, features), NEWLINES.choose(rng, features), ENDS.choose(rng, features))
