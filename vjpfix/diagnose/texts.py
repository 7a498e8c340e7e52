"""The wordings of ``errors.json``: what is said in which versions of JAX, and what it is a symptom of."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files

from vjpfix.diagnose.model import Raised

_SHAPE = r"\w+\[[\d,]*\]|\([\d, ]*\)"
_HOLES = {
    "rule": r"(?<!\S)(?P<rule>\S+?)",  # from the start of a word: else a long word takes the square of it
    "primal": r"(?P<primal>\S+)",
    "got": rf"(?P<got>{_SHAPE})",
    "expected": rf"(?P<expected>{_SHAPE})",
    "got...": r"(?P<got>.+)",
    "expected...": r"(?P<expected>.+?)",
    "number": r"\d+",
    "setter": r"def(?:vjp|jvps?)",
}
_HOLE = re.compile(r"\{([a-z.]+)\}|(\.\.\.)")


class Symptom(Enum):
    """What an error says."""

    COTANGENT = "the cotangent does not fit the output"
    FWD_OUTPUT = "fwd's output has another shape than that of the function"
    FWD_TREE = "fwd's output has another structure than that of the function"
    FWD_PAIR = "fwd gives no pair"
    BWD_TREE = "bwd gives no tuple, or one of another length"
    BWD_TYPE = "a cotangent of bwd has another shape or type than its argument"
    JVP_OUTPUT = "the primal output of the jvp rule is not that of the function"
    JVP_TANGENT = "the tangent of the jvp rule does not fit its primal output"
    JVP_PAIR = "the jvp rule gives no pair"
    NO_RULES = "no rules are attached"
    NO_SETTER = "what a transform gave takes no rules"
    NO_SETTER_OF_FUNCTION = "a plain function takes no rules"
    FORWARD_MODE = "forward mode over a custom_vjp function"
    CLOSED_OVER = "differentiation by a closed-over value"
    NONDIFF_TRACER = "a traced value in a place of nondiff_argnums"
    TRACER = "a traced value out of its place"
    UNRESOLVED = "the arguments do not fit the function"
    ARGUMENTS = "the arguments do not fit a rule"
    RECURSION = "endless recursion"
    VMAP_RANK = "vmap got a number"
    NO_SCALAR = "the gradient of what gives an array"
    BROADCAST = "shapes that do not go together"


@dataclass(frozen=True, slots=True)
class Text:
    """One wording: the types of error that have it, and where it is JAX's, its first and last version."""

    symptom: Symptom
    kinds: tuple[str, ...]
    pattern: re.Pattern[str]
    first: str
    last: str

    @property
    def versions(self) -> str:
        return f"JAX {self.first} to {self.last}" if self.first else ""


@cache
def texts() -> tuple[Text, ...]:
    """All wordings; where two fit, the first counts."""
    data = json.loads(files("vjpfix.diagnose").joinpath("errors.json").read_text(encoding="utf-8"))
    return tuple(
        Text(Symptom[row["symptom"]], tuple(row["kinds"]), _pattern(row["text"]), row["first"], row["last"])
        for row in data["texts"]
    )


def recognised(raised: Raised) -> tuple[Text, re.Match[str]] | None:
    """The wording of an error and what it says in the holes, or None for one that is not known."""
    for text in texts():
        if raised.kind in ("", *text.kinds) and (found := text.pattern.search(raised.message)):
            return text, found
    return None


def _pattern(text: str) -> re.Pattern[str]:
    """The pattern of a wording. What ``...`` stands for ends where the words behind it first come."""
    parts = []
    at, skips = 0, False
    for hole in (*_HOLE.finditer(text), None):
        words = re.escape(text[at : hole.start() if hole else None])
        parts.append(f"(?>.*?{words})" if skips else words)
        if hole:
            skips, at = hole[1] is None, hole.end()
            parts.append("" if skips else _HOLES[hole[1]])
    return re.compile("".join(parts))
