"""Reads the cases of a text file.

    === How the rebinding is written            a section: what its cases share
    select: VJP001                              options, which each of them may say otherwise
    import jax                                  its program, in which `...` is where theirs go on
    ...
    y = f⟦_mapped⟧(batch)

    == a walrus                                 a case: the words say why it is there
    y = (f⟦_mapped⟧ := jax.vmap(f⟪_unmapped⟫))(batch)

    == by vmap | f⟦_mapped⟧ = jax.vmap(f)       a case of one line

``⟦new⟧`` is what a fix adds that gives the transformed version a new name, ``⟦old→new⟧`` what it writes in
the place of something; ``⟪…⟫`` is that of a fix that gives it to the original, ``⟬…⟭`` that of both.
Without marks for it, a fix is refused where the other one has some, or where a line ends in ``# here``, which
a reason has to name (``# here (original)``: of that refusal alone), or in ``# found``, on which a finding is.
A case without any of these is left alone.

A statement of a case takes the place of the one in its section that makes the same name, or begins with the
same call; without decorators it keeps that one's. Other statements go where the next of these goes, or where
`...` stands. What stands below a `...` of the case itself is only added.

``--- path`` begins another file (``--- path (latin-1, CRLF)``: and says how it is stored), ``+++ path``
goes on with the section's. ``%name`` at its beginning goes on with a text of ``shared.txt`` in the same way.
Signs for what cannot be seen: ␌ form feed, ␉ tab, ␠ blank, ␍ carriage return, ␤ line separator, ␃ the end;
and ⏎ for a line end in a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .case import Case, File, refused_by

KEYS = {
    "in": "the file that lines without a path belong to",
    "select": "the rules",
    "options": "other settings of the configuration, as in pyproject.toml",
    "switches": "keywords of settings, as in pyproject.toml",
    "rename": "what gets a new name, where only one of both is asked",
    "refused": "what a reason matches, as `path:line: message`",
    "refused transformed": "the same where it is the transformed version that gets the name",
    "refused original": "the same where it is the original",
    "told": "what the reason of a fix matches that gives the name to the transformed version",
    "given": "the paths that the tool is given",
    "roots": "the import path",
    "scripts": "files that are run from their own folder, and not imported",
    "broken": "files that do not run",
    "python": "the release that the syntax came with",
    "misread by": "releases that do not parse or compile it, though it is right",
    "harmless": "yes: no rule reaches the transformed version",
    "jax": "what JAX answers: an error, `wrong` (y is not right), or `right`",
    "fix": "`unsafe`: it has to be asked for",
    "certainty": "`warning`: it is only likely to break",
    "check": "the guard's check that reports it, where it is not that of a name or of a function itself",
    "transform": "the last word of the transform that the guard names",
    "level": "the levels that the guard's report may have",
    "code": "the rule that the guard names",
    "needs": "a package that has to be installed",
    "since": "the release of JAX that the program needs",
    "leaks": "`yes`, or `before` a release of JAX: there are leaked tracers without the guard, too",
}
_KEY = re.compile(rf"({'|'.join(KEYS)}): (.*)$")
_FILE = re.compile(r"(---|\+\+\+) (\S+)(?: \((.*)\))?$")
_INCLUDE = re.compile(r"%(\w+)$")
_SIGNS = {"␌": "\f", "␉": "\t", "␠": " ", "␍": "\r", "␤": "\u2028", "␃\n": ""}
_LINE_END = "⏎"
_ELLIPSIS = re.compile(r"^\.\.\.\n", re.MULTILINE)
_GOES_ON = re.compile(r"[\s)\]}⟧⟫⟭]|(else|elif|except|finally|case)\b")
_DEFINITION = re.compile(r"^((?:async )?def \w+|class \w+)", re.MULTILINE)
_BOUND = re.compile(r"([\w., ]+?)[\s\\]*(?::[^=]*)?=(?!=)")
_CALLED = re.compile(r"(\w+\.[\w.]+)\(")


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines of one file. ``shared``: what they go on with; or, with ``more``, it is what the section has."""

    path: str
    shared: str
    text: str
    stored: str
    more: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """A section or a case: its heading, its options, its parts."""

    name: str
    keys: Mapping[str, str]
    parts: tuple[_Part, ...]


_NO_SECTION = _Block("", {}, ())


def shared(path: Path) -> dict[str, str]:
    """The texts that cases include, by name."""
    blocks = re.split(r"^%% (\w+)\n", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {name: text.rstrip("\n") + "\n" for name, text in zip(blocks[::2], blocks[1::2], strict=True)}


def cases(path: Path, theme: str, texts: Mapping[str, str]) -> Iterator[Case]:
    """The cases of a file. ``texts``: what they may include."""
    section = _NO_SECTION
    for chunk in re.split(r"^(?====? )", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        if chunk.startswith("=== "):
            section = _block(chunk.removeprefix("=== "), texts, "program.py")
        else:
            own = _block(chunk.removeprefix("== "), texts, section.keys.get("in", "program.py"))
            yield _case(theme, section, own)


def _case(theme: str, section: _Block, own: _Block) -> Case:
    keys = {**section.keys, **own.keys}
    texts = [part.text for part in own.parts]
    refused = refused_by(keys, [*texts, *(part.text for part in section.parts)], texts)
    files = {part.path: File(_begun(part), part.stored).without(refused) for part in section.parts}
    for part in own.parts:
        old = files.get(part.path) if part.more else None
        begun = old or File(part.shared, part.stored).without(refused)
        files[part.path] = File(continued(begun.marked, part.text), part.stored or begun.stored)
    files = {path: File(_finished(file.marked), file.stored) for path, file in files.items()}
    return Case(theme, own.name, files, keys, frozenset(refused))


def _finished(text: str) -> str:
    return _ELLIPSIS.sub("", text).replace(_LINE_END, "\n")


def _block(chunk: str, texts: Mapping[str, str], default: str) -> _Block:
    heading, _, body = chunk.partition("\n")
    name, _, line = heading.partition(" | ")
    lines = [line, *body.splitlines()] if line else body.splitlines()
    keys: dict[str, str] = {}
    while lines and (match := _KEY.match(lines[0])):
        keys[match[1]] = f"{keys[match[1]]}\n{match[2]}" if match[1] in keys else match[2]
        del lines[0]
    files = [("+++", keys.get("in", default), "", list[str]())]
    for each in lines:
        if match := _FILE.match(each):
            files.append((match[1], match[2], match[3] or "", []))
        else:
            files[-1][3].append(f"{each}\n")
    parts = [_part(path, of, stored, texts, more=how == "+++") for how, path, stored, of in files]
    return _Block(name, keys, tuple(part for part in parts if part.text or part.shared or not part.more))


def _part(path: str, lines: list[str], stored: str, texts: Mapping[str, str], *, more: bool) -> _Part:
    include = _INCLUDE.match(lines[0]) if lines else None
    text = "".join(lines[1:] if include else lines).strip("\n")
    text = f"{text}\n" if text else ""
    for sign, meant in _SIGNS.items():
        text = text.replace(sign, meant)
    begun = texts[include[1]] if include else ""
    return _Part(path, begun, text, stored, more and not begun)


def _begun(part: _Part) -> str:
    """What a section has of a file; its own ``...`` with what stands below takes the place of a shared one."""
    above, *below = _ELLIPSIS.split(part.text, 1)
    if not below:
        return continued(part.shared, part.text)
    return continued(_ELLIPSIS.split(part.shared, 1)[0], above) + "...\n" + below[0]


def continued(text: str, more: str) -> str:
    """The statements of a text with others among them."""
    found, start = _statements(text), 0
    named, *added = _ELLIPSIS.split(more, 1)
    waiting: list[str] = []
    for new in _statements(named):
        name = _name(new)
        at = next((n for n in range(start, len(found)) if name and _name(found[n]) == name), None)
        if at is None:
            waiting.append(new)
        else:
            kept = "" if "@" in _decorators(new) else _decorators(found[at])
            found[at : at + 1] = [*waiting, kept + new]
            start, waiting = at + len(waiting) + 1, []
    end = found.index("...\n") if "...\n" in found else len(found)
    found[end:end] = [*waiting, *added]
    return "".join(found)


def _statements(text: str) -> list[str]:
    """Statements on the left edge, each with its decorators and the comments above it."""
    found: list[str] = []
    for line in re.findall(r".*\n|.+", text):
        if not found or not (_GOES_ON.match(line) or _is_open(found[-1])):
            found.append("")
        found[-1] += line
    return found


def _is_open(statement: str) -> bool:
    code = [line for line in File(statement).before.splitlines() if not line.startswith("#")]
    return not code or (code[0].startswith("@") and not _DEFINITION.search(statement))


def _name(statement: str) -> str:
    """What a statement makes or calls."""
    code = re.sub(r"^#.*\n", "", File(statement).before, flags=re.MULTILINE)
    if match := _DEFINITION.search(code) or _BOUND.match(code):
        return match[1]
    if code.startswith(("import ", "from ")):
        return code.strip()
    return f"{match[1]}(" if (match := _CALLED.match(code)) else ""


def _decorators(statement: str) -> str:
    match = _DEFINITION.search(statement)
    return statement[: match.start()] if match else ""
