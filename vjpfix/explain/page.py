"""What `vjpfix explain` says about a rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text

from vjpfix.explain.paragraphs import paragraphs
from vjpfix.model import Safety
from vjpfix.review.console import Look
from vjpfix.review.diffview import compared_lines
from vjpfix.review.escape import escape
from vjpfix.review.excerpt import source_lines
from vjpfix.review.highlight import paint
from vjpfix.review.layout import lay_out
from vjpfix.review.wrapping import wrapped
from vjpfix.rules.base import Example, Rule

_PROSE = 88
_INDENT = "    "


def pages(rules: Iterable[Rule], look: Look) -> Iterator[Text]:
    """The pages of several rules, with room between them."""
    for index, rule in enumerate(rules):
        if index:
            yield from (Text(), Text())
        yield from page_lines(rule, look)


def page_lines(rule: Rule, look: Look) -> Iterator[Text]:
    """Its title, its documentation, and its examples: the bad ones with what the fix changes in them."""
    yield from wrapped(_title(rule, look), look.width, len(_INDENT))
    for paragraph in paragraphs(rule):
        yield Text()
        yield from prose(paragraph, look)
    for example in rule.bad:
        yield Text()
        what = "Bad, with what the fix changes" if example.fixed is not None else "Bad"
        yield Text(f"{what}:", style="bold red")
        yield from _example_lines(example, look)
    for example in rule.good:
        yield Text()
        yield Text("Good:", style="bold green")
        yield from _example_lines(example, look)
    if rule.demo:
        yield Text()
        yield from prose(f"`vjpfix explain --demo {rule.code}` runs such a program on your JAX.", look)


def prose(sentences: str, look: Look) -> list[Text]:
    """Sentences in lines that are easy to read, with what stands in backquotes as code."""
    text = Text(escape(sentences, look.encoding))
    text.highlight_regex(r"`[^`]+`", "cyan")
    return wrapped(text, min(look.width, _PROSE))


def code_lines(code: str, look: Look) -> Iterator[Text]:
    """The lines of a program, indented."""
    lines = source_lines(code.removesuffix("\n"))
    paints = paint(lines, range(len(lines))) if look.styled else {}
    for number, line in enumerate(lines):
        yield Text(_INDENT) + lay_out(line, look.encoding).text(paints.get(number, []))


def _title(rule: Rule, look: Look) -> Text:
    default = "on by default" if rule.default else "off by default"
    fix = "no fix" if rule.safety is Safety.NONE else f"{rule.safety.value} fix"
    name = escape(f"{rule.code} {rule.name}", look.encoding)
    return Text.assemble((name, "bold"), (f" ({rule.certainty.value}, {fix}, {default})", "dim"))


def _example_lines(example: Example, look: Look) -> Iterator[Text]:
    yield Text()
    if example.fixed is None:
        yield from code_lines(example.code, look)
    else:
        yield from compared_lines(example.code, example.fixed, look)
    if example.ops:
        yield Text()
        yield Text("with `ops.py` beside it:")
        yield Text()
        yield from code_lines(example.ops, look)
