"""An error text taken apart: tracebacks of Python, pytest and IPython, logs, or a message alone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from vjpfix.diagnose.logs import bare
from vjpfix.diagnose.model import Frame, Raised

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_FAILURE = re.compile(r"<(failure|error)\b(?:[^<>\"]|\"[^<\"]*\")*+>")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"

_PYTHON = re.compile(r'File "(?P<path>[^"]+)", line (?P<line>\d+)(?:, in (?P<function>.+))?$')
_PYTEST = re.compile(r"^(?P<path>(?:[A-Za-z]:)?[^\s:]+\.py):(?P<line>\d+): in (?P<function>\S+)$")
_PYTEST_LONG = re.compile(r"^(?P<path>(?:[A-Za-z]:)?[^\s:]+\.py):(?P<line>\d+):(?: (?P<error>[\w.]+))?$")
_IPYTHON = re.compile(r"^File (?P<path>[^\"]+?\.py):(?P<line>\d+)(?:, in (?P<function>[^\s(]+).*)?$")
_CELL = re.compile(
    r"^(?P<path>(?:Cell |Input )?In ?\[\d+\]),?(?: line (?P<line>\d+))?(?:, in (?P<function>[^\s(]+).*)?:?$"
)
_OLD_IPYTHON = re.compile(r"^(?P<path>\S+\.py|<ipython-input-[^>]*>) in (?P<function>[^\s(]+)(?:\(.*\))?$")
_FRAMES = (_PYTHON, _PYTEST, _IPYTHON, _CELL, _OLD_IPYTHON)
_ARROW = re.compile(r"^-+> ?(?P<line>\d+) (?P<code>.*)$")
_NUMBERED = re.compile(r"^\s+\d+(?:\s|$)")
_DEF = re.compile(r"^\s*(?:async )?def (\w+)\(")

_KIND = r"(?P<kind>(?:[A-Za-z_]\w*\.)*[A-Za-z_]*(?:Error|Exception|Interrupt|StackTrace|Transformation))"
_ERROR = re.compile(rf"^(?P<pytest>E\s{{2,}}+)?+\s*+{_KIND}(?:: ?(?P<message>.*))?$")
_ONE_LINE = re.compile(
    rf"^(?:FAILED \S.* - |(?P<path>(?:[A-Za-z]:)?[^\s:]+\.py):(?P<line>\d+): ){_KIND}: (?P<message>.+)$"
)
_LOGGED = re.compile(r"\bERROR\b")
_BEHIND = re.compile(rf"[ :]{_KIND}: (?P<message>.+)$")
_WRAPPERS = ("StackTrace", "Transformation")  # JAX's own, with the error itself for a message
_CHAINED = re.compile(
    r"During handling of the above|The above exception was the direct|The preceding (?:stack trace )?is the"
    r"|The stack trace below excludes"
)
_BEGINS = re.compile(r"Traceback \(most recent call last\)|^_{4,} .* _{4,}$")
_ENDS = re.compile(r"^(?:-{5,}|={5,}|_{5,}|For simplicity, JAX has|See https?://)")
_MOST_LINES = 30
_MOST_STEPS = 200  # of the tracebacks that one is chained to
_MOST_TEXT = 100_000  # characters of a message
_LONGEST = 2_000  # characters of a line in which an error is looked for


def raised(text: str) -> tuple[Raised, ...]:
    """The errors in a text, in order; a text without a traceback is taken for the message of one."""
    lines = _clean(text).split("\n")
    reader = _Reader()
    at = 0
    while at < len(lines):
        at = reader.read(lines, at)
    if reader.found:
        traced = [error for error in reader.found if error.frames]
        return tuple(traced or reader.found)  # what has no traceback of its own repeats what has one
    message = " ".join(" ".join(lines).split())[:_MOST_TEXT]
    return (Raised("", message),) if message else ()


def _clean(text: str) -> str:
    """The text without colours and what logs add, with newlines of one kind; of JUnit, the failures."""
    text = _ANSI.sub("", text.removeprefix("\ufeff")).replace("\r\n", "\n").replace("\r", "\n")
    if text.lstrip().startswith(("<?xml", "<testsuite")):
        text = "\n\n".join(map(html.unescape, _failures(text)))
    return bare(text)


def _failures(text: str) -> Iterator[str]:
    """What stands in the elements of JUnit's failures, as text of XML."""
    at, last = 0, text.rfind(_CDATA_END)
    while opened := _FAILURE.search(text, at):
        at, parts = opened.end(), list[str]()
        while (tag := text.find("<", at)) >= 0 and text.startswith(_CDATA, tag) and tag < last:
            end = text.index(_CDATA_END, tag)
            parts += text[at:tag], html.escape(text[tag + len(_CDATA) : end])
            at = end + len(_CDATA_END)
        if text.startswith(f"</{opened[1]}>", tag):
            yield "".join((*parts, text[at:tag]))


@dataclass
class _Reader:
    """Goes through the lines once.

    ``frames``: the steps of the traceback at hand; ``above``: and of the one that it may be chained to;
    ``defined`` and ``marked``: the function and the line that pytest shows above the place of a step.
    """

    found: list[Raised] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    above: list[Frame] = field(default_factory=list)
    defined: str = ""
    marked: str = ""

    def read(self, lines: list[str], at: int) -> int:
        """Take in one line, or all lines of a message. Result: where to go on."""
        line, stripped = lines[at].rstrip(), lines[at].strip()
        if _CHAINED.search(line):
            self.frames = self.above[-_MOST_STEPS:]
        elif _BEGINS.search(line):
            self.frames = self.frames if self.frames == self.above else []
        elif found := _PYTEST_LONG.match(stripped):
            self._place_of_pytest(found)
        elif found := next((match for form in _FRAMES if (match := form.search(stripped))), None):
            function = found["function"] or ""
            self.frames.append(Frame(found["path"], int(found.groupdict().get("line") or 0), function))
        elif found := _ERROR.match(line):
            message, at = _rest(lines, at, found)
            self._error(found["kind"], message)
        elif found := _in_one_line(line[:_LONGEST]):
            place = found.groupdict()
            frames = [Frame(found["path"], int(found["line"]))] if place.get("path") else []
            self.found.append(Raised(_last(found["kind"]), found["message"].strip(), tuple(frames)))
        else:
            self._code(line, stripped)
        return at + 1

    def _place_of_pytest(self, found: re.Match[str]) -> None:
        """Below its code stands the place of a step, of the last one after the error."""
        frame = Frame(found["path"], int(found["line"]), self.defined, self.marked)
        if found["error"] and self.found and self.found[-1].kind == _last(found["error"]):
            self.found[-1] = replace(self.found[-1], frames=(*self.found[-1].frames, frame))
            self.above.append(frame)
        else:
            self.frames.append(frame)
        self.marked = ""

    def _error(self, kind: str, message: str) -> None:
        if not _last(kind).endswith(_WRAPPERS):
            self.found.append(Raised(_last(kind), message, tuple(self.frames)))
        self.above, self.frames = self.frames, []

    def _code(self, line: str, stripped: str) -> None:
        """A line that tells more about a step."""
        last = self.frames[-1] if self.frames else Frame("", 0)
        if found := _ARROW.match(stripped):
            code, number = found["code"].strip(), int(found["line"])
            self.frames[-1:] = [replace(last, code=last.code or code, line=last.line or number)]
        elif line.startswith(">"):
            self.marked = line[1:].strip()
        elif found := _DEF.match(line):
            self.defined = found[1]
        elif self.frames and not last.code and line.startswith("    ") and not _NUMBERED.match(line):
            self.frames[-1] = replace(last, code=stripped)


def _in_one_line(line: str) -> re.Match[str] | None:
    """An error that a line of a log tells of, or of pytest's summary."""
    logged = _LOGGED.search(line)
    return _ONE_LINE.match(line) or (_BEHIND.search(line, logged.end()) if logged else None)


def _last(dotted: str) -> str:
    return dotted.rpartition(".")[2]


def _rest(lines: list[str], at: int, first: re.Match[str]) -> tuple[str, int]:
    """The whole message, which may go on below its first line, as one line; and its last line."""
    parts = [first["message"] or ""]
    while at + 1 < len(lines) and len(parts) < _MOST_LINES:
        line = lines[at + 1].rstrip()
        if first["pytest"]:
            line = line[1:] if line.startswith("E ") else ""
        if not line.strip() or _ENDS.match(line.strip()) or _ERROR.match(line) or _BEGINS.search(line):
            break
        parts.append(line)
        at += 1
    return " ".join(" ".join(parts).split())[:_MOST_TEXT], at
