"""What `vjpfix explain --demo` shows: a rule's program without and with the fix, and what comes of both."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from vjpfix.review.console import Look
from vjpfix.review.diffview import compared_lines
from vjpfix.review.escape import escape
from vjpfix.review.wrapping import wrapped
from vjpfix.rules.base import Demo, Rule
from vjpfix.runtime.demo import Bench, Ran

_INDENT = "    "
_LABEL = 20
_MOST = 300  # characters of an error that are shown


def demonstration_lines(rule: Rule, demo: Demo, bench: Bench, look: Look) -> Iterator[Text]:
    """The program with what the fix changes, then what comes of it without and with the fix."""
    title = Text.assemble(
        (f"{rule.code} {rule.name}", "bold"), f", run on JAX {bench.version} in {bench.precision}"
    )
    yield from wrapped(title, look.width)
    yield Text()
    yield from compared_lines(demo.bad, demo.fixed, look)
    at = Text.assemble("`loss` and its gradient at ", _numbers(demo.at), ":")
    yield Text()
    yield from wrapped(at, look.width)
    for name, code in (("without the fix", demo.bad), ("with the fix", demo.fixed)):
        yield Text()
        yield Text(name, style="bold")
        yield from _ran_lines(bench.run(code, demo.at), bench, look)


def _ran_lines(ran: Ran, bench: Bench, look: Look) -> Iterator[Text]:
    if ran.value is not None:
        yield from _row("value", f"{ran.value:.6g}", look)
    if ran.error:
        shown = ran.error if len(ran.error) <= _MOST else ran.error[:_MOST].rstrip() + look.ellipsis
        yield from _row("value" if ran.value is None else "gradient", shown, look, "bold red")
    else:
        style = "bold green" if bench.agrees(ran) else "bold red"
        yield from _row("gradient", _numbers(ran.gradient), look, style)
    if ran.differences:
        yield from _row("finite differences", _numbers(ran.differences), look)
    if not ran.error:
        agreed = "they agree" if bench.agrees(ran) else f"they differ, by {ran.apart:.0%}"
        yield Text(f"{_INDENT}{agreed}")


def _row(label: str, text: str, look: Look, style: str = "") -> Iterator[Text]:
    line = Text.assemble(f"{_INDENT}{label:<{_LABEL}}", (escape(text, look.encoding), style))
    yield from wrapped(line, look.width, len(_INDENT) + _LABEL)


def _numbers(numbers: tuple[float, ...]) -> str:
    return "[" + ", ".join(f"{number:.6g}" for number in numbers) + "]"
