"""The question after each fix: apply it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vjpfix.model import Change

QUESTION = "Apply this fix [y,n,a,q,?]? "

HELP = """\
y - apply this fix
n - do not apply this fix
a - apply this fix and all the rest
q - quit: apply what was accepted so far, nothing more
? - print this help
Ctrl-C - stop: apply nothing at all"""


class Abort(Exception):  # noqa: N818 - it is not an error
    """The person pressed Ctrl-C at the question: nothing is to be written, whatever was accepted before.

    `git add -p` does the same to the file at hand: its hunks are applied only after its last question.
    """


def ask(
    changes: Sequence[Change],
    show: Callable[[Change], None],
    read: Callable[[str], str] = input,
    say: Callable[[str], None] = print,
) -> tuple[Change, ...]:
    """Show each change in turn, ask about it, and give back those that were accepted, in order.

    ``show`` draws one change. ``read`` takes the question, gives back the line typed after it, and
    raises ``EOFError`` when there is no more (Ctrl-D), which counts as q. ``say`` prints a line of ours.
    Answers are whole lines, in either case; an empty one, or one that is none of the letters, is asked
    again. Raises ``Abort`` on Ctrl-C.
    """
    accepted: list[Change] = []
    for number, change in enumerate(changes):
        if number:
            say("")
        show(change)
        answer = _answer(_question(number, len(changes)), read, say)
        if answer == "q":
            break
        if answer == "a":
            accepted.extend(changes[number:])
            break
        if answer == "y":
            accepted.append(change)
    return tuple(accepted)


def _question(number: int, total: int) -> str:
    return QUESTION if total == 1 else f"({number + 1}/{total}) {QUESTION}"


def _answer(question: str, read: Callable[[str], str], say: Callable[[str], None]) -> str:
    while True:
        try:
            answer = read(question).strip().lower()
        except EOFError:
            say("")
            return "q"
        except KeyboardInterrupt:
            say("")
            raise Abort from None
        if answer in ("y", "n", "a", "q"):
            return answer
        say(HELP if answer == "?" else "Please answer y, n, a or q; ? explains them.")
