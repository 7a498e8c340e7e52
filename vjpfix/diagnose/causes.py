"""What a symptom can come from, as far as the text of the error and its traceback tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vjpfix.diagnose.model import Raised, Sureness
from vjpfix.diagnose.texts import Symptom

_MAPPED = ("VJP001", "VJP005", "VJP101", "VJP102")
_GRADED = ("VJP002", "VJP005", "VJP101", "VJP102")
_REBOUND = ("VJP001", "VJP002", "VJP005", "VJP101", "VJP102")

_DIMENSIONS = re.compile(r"[\[(]([\d, ]*)[\])]")
_LIKE_A_RULE = re.compile(r"(?:^|_)(?:fwd|bwd|jvp|vjp)(?:_|\d*$)")

_CALLS = "a rule calls its own function, whose name is now that of a mapped version"

Groups = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cause to be weighed against the findings. ``rules``: the codes of those that find it, the usual one
    first; none where no rule does. ``sureness``: as far as the text tells; None: it is no sign of this alone.
    """

    rules: tuple[str, ...]
    sureness: Sureness | None
    why: str


def candidates(symptom: Symptom, groups: Groups, raised: Raised) -> tuple[Candidate, ...]:
    """The causes that a symptom can have, the usual one first."""
    return _OF[symptom](groups, raised)


def names(symptom: Symptom, groups: Groups, raised: Raised) -> frozenset[str]:
    """The functions that the error speaks of."""
    said = {groups.get("primal"), groups.get("rule")}
    last = raised.own_frames[-1] if raised.own_frames else None
    if last and symptom in (Symptom.NO_SETTER, Symptom.NO_SETTER_OF_FUNCTION):
        said.update(re.findall(r"\b(\w+)\s*\.\s*def(?:vjp|jvps?)\b", last.code))
    if last and symptom in (Symptom.TRACER, Symptom.CLOSED_OVER):
        said.add(last.function)
    return frozenset(name.rpartition(".")[2] for name in said if name and not name.startswith("<"))


def _cotangent(groups: Groups, _: Raised) -> tuple[Candidate, ...]:
    if not _one_axis_more(groups):
        return ()
    shapes = f"({groups['expected']} and {groups['got']})"
    why = f"the output has an axis more than the cotangent {shapes}, as when {_CALLS}"
    wrong = "the pullback is called with a cotangent that is not of the shape of the output"
    return (Candidate(_MAPPED, Sureness.LIKELY, why), Candidate((), Sureness.POSSIBLE, wrong))


def _rule_output(groups: Groups, _: Raised) -> tuple[Candidate, ...]:
    """The first element that a rule gives is not of the shape that the function gives."""
    rule, primal = groups["rule"], groups["primal"]
    itself = f"`{rule}` computes its first element in another way than `{primal}` does"
    if groups.get("expected") and not _one_axis_more(groups):
        rebound = f"`{rule}` calls another version of `{primal}`, which has its name"
        return Candidate((), Sureness.LIKELY, itself), Candidate(_REBOUND, Sureness.POSSIBLE, rebound)
    axis = " with an axis too many" if groups.get("expected") else ""
    why = f"`{rule}` gives an output{axis}, as when `{primal}`, which it calls, is now the mapped version"
    return Candidate(_MAPPED, Sureness.LIKELY, why), Candidate((), Sureness.POSSIBLE, itself)


def _rule_tree(groups: Groups, _: Raised) -> tuple[Candidate, ...]:
    rule, primal = groups["rule"], groups["primal"]
    itself = f"the first element that `{rule}` gives has another structure than what `{primal}` gives"
    rebound = (
        f"`{rule}` calls another version of `{primal}` (as `value_and_grad` makes one), which has its name"
    )
    return Candidate((), Sureness.LIKELY, itself), Candidate(_GRADED, Sureness.POSSIBLE, rebound)


def _bwd_type(groups: Groups, _: Raised) -> tuple[Candidate, ...]:
    why = f"bwd gives a cotangent {groups['expected']} for an argument {groups['got']}"
    rebound = f"as when {_CALLS}"
    sureness = Sureness.POSSIBLE if _one_axis_more(groups) else None
    return Candidate((), Sureness.LIKELY, why), Candidate(_MAPPED, sureness, rebound)


def _jvp_tangent(groups: Groups, _: Raised) -> tuple[Candidate, ...]:
    got = f"(the primal output is {groups['expected']}, the tangent {groups['got']})"
    itself = f"the tangent that the rule gives does not fit its primal output {got}"
    if not _one_axis_more(groups):
        return (Candidate((), Sureness.LIKELY, itself),)
    why = f"the primal output of the rule has an axis more than the tangent {got}, as when {_CALLS}"
    return Candidate(_MAPPED, Sureness.LIKELY, why), Candidate((), Sureness.POSSIBLE, itself)


def _no_rules(groups: Groups, _: Raised) -> tuple[Candidate, ...]:
    why = (
        f"`{groups['primal']}` is called without rules: `defvjp` or `defjvp` is missing, comes later or gave "
        "them to another of its decorators"
    )
    return (Candidate(("VJP201", "VJP004"), Sureness.CERTAIN, why),)


def _no_setter(sureness: Sureness) -> Candidate:
    why = (
        "`defvjp` is called on what a transform made of the function with custom derivatives: by a decorator "
        "above `custom_vjp`, or by a rebinding before `defvjp`"
    )
    return Candidate(("VJP004",), sureness, why)


def _recursion(_: Groups, raised: Raised) -> tuple[Candidate, ...]:
    why = (
        "a rule calls the gradient of its own function, which runs the rule again: that gradient has its name"
    )
    return (Candidate(_GRADED, _if_in_rule(raised), why),)


def _vmap_rank(_: Groups, raised: Raised) -> tuple[Candidate, ...]:
    own = raised.own_frames
    sureness = _if_in_rule(raised)
    if own and not _LIKE_A_RULE.search(own[-1].function):
        sureness = None
    return (Candidate(_MAPPED, sureness, f"{_CALLS}, on a single row"),)


def _broadcast(groups: Groups, raised: Raised) -> tuple[Candidate, ...]:
    alone = _one_axis_more(groups) and not raised.frames
    why = (
        "a function with custom rules gives an output with an axis too many, as when "
        f"{_CALLS}; an ordinary mistake about shapes reads the same"
    )
    return (Candidate(_MAPPED, Sureness.POSSIBLE if alone else None, why),)


def _arguments(groups: Groups, raised: Raised) -> tuple[Candidate, ...]:
    rule = (groups["rule"] or "").rpartition(".")[2]
    own = raised.own_frames
    sureness = None
    if _LIKE_A_RULE.search(rule):
        by_jax = own and not re.search(rf"\b{re.escape(rule)}\(", own[-1].code)
        sureness = Sureness.LIKELY if by_jax else None if own else Sureness.POSSIBLE
    return (
        Candidate(
            ("VJP202",), sureness, f"`{rule}` does not take the arguments that its place as a rule brings"
        ),
        Candidate(("VJP003",), None, "the name is given to a version that takes other arguments"),
    )


def _unresolved(groups: Groups, raised: Raised) -> tuple[Candidate, ...]:
    primal = groups["primal"]
    in_rule = raised.own_frames and _LIKE_A_RULE.search(raised.own_frames[-1].function)
    why = f"`{primal}` is called with arguments that it does not take"
    other = (
        f"`{primal}` is now a version that takes other arguments (as `partial` makes), and its rule calls it"
    )
    return (
        Candidate((), Sureness.POSSIBLE if in_rule else Sureness.LIKELY, why),
        Candidate(("VJP003",), Sureness.LIKELY if in_rule else None, other),
    )


def _always(rule: str | None, why: str) -> Callable[[Groups, Raised], tuple[Candidate, ...]]:
    """A symptom that has one cause."""
    rules = (rule,) if rule else ()
    return lambda groups, _: (Candidate(rules, Sureness.CERTAIN, why.format_map(groups)),)


def _if_in_rule(raised: Raised) -> Sureness | None:
    """How sure a cause is that can only be met within a rule."""
    if not raised.frames:
        return Sureness.POSSIBLE
    in_rule = any(_LIKE_A_RULE.search(frame.function) for frame in raised.own_frames)
    in_jax = any(frame.path.endswith("custom_derivatives.py") for frame in raised.frames)
    return Sureness.LIKELY if in_rule or in_jax else None


def _one_axis_more(groups: Groups) -> bool:
    """Whether each shape that is ``expected`` is the one that was ``got`` with an axis put in somewhere."""
    more, fewer = (_DIMENSIONS.findall(groups.get(name) or "") for name in ("expected", "got"))
    pairs = [(_numbers(a), _numbers(b)) for a, b in zip(more, fewer, strict=False)]
    return len(more) == len(fewer) > 0 and all(
        any(a[:at] + a[at + 1 :] == b for at in range(len(a))) for a, b in pairs
    )


def _numbers(text: str) -> list[str]:
    return text.replace(",", " ").split()


_OF: Mapping[Symptom, Callable[[Groups, Raised], tuple[Candidate, ...]]] = {
    Symptom.COTANGENT: _cotangent,
    Symptom.FWD_OUTPUT: _rule_output,
    Symptom.FWD_TREE: _rule_tree,
    Symptom.FWD_PAIR: _always(
        "VJP203", "`{rule}` does not return a pair: the output of `{primal}`, and what `bwd` needs"
    ),
    Symptom.BWD_TREE: _always(
        "VJP204", "bwd does not return a tuple with one cotangent for each differentiable argument"
    ),
    Symptom.BWD_TYPE: _bwd_type,
    Symptom.JVP_OUTPUT: _rule_output,
    Symptom.JVP_TANGENT: _jvp_tangent,
    Symptom.JVP_PAIR: _always(
        None, "`{rule}` does not return a pair: the output of `{primal}`, and its tangent"
    ),
    Symptom.NO_RULES: _no_rules,
    Symptom.NO_SETTER: lambda _groups, _raised: (_no_setter(Sureness.CERTAIN),),
    Symptom.NO_SETTER_OF_FUNCTION: lambda _groups, _raised: (
        _no_setter(Sureness.LIKELY),
        Candidate((), Sureness.POSSIBLE, "the decorator `custom_vjp` or `custom_jvp` is missing"),
    ),
    Symptom.FORWARD_MODE: _always(
        "VJP303",
        "`jvp`, `jacfwd`, `hessian` or `linearize` is applied to a function that has only reverse rules",
    ),
    Symptom.CLOSED_OVER: _always(
        "VJP301",
        "a function with rules uses a value of the function around it, by which it is differentiated",
    ),
    Symptom.NONDIFF_TRACER: _always(
        None,
        "an array stands in a place that `nondiff_argnums` names; give it as an argument with a cotangent",
    ),
    Symptom.TRACER: lambda _groups, _raised: (
        Candidate(("VJP301",), None, "a function with rules uses a traced value of the function around it"),
    ),
    Symptom.UNRESOLVED: _unresolved,
    Symptom.ARGUMENTS: _arguments,
    Symptom.RECURSION: _recursion,
    Symptom.VMAP_RANK: _vmap_rank,
    Symptom.NO_SCALAR: lambda _groups, _raised: (
        Candidate(
            ("VJP101", "VJP102"),
            None,
            "a rule gives the output of a mapped version, an array, as that of its function; the gradient of "
            "any function that gives an array reads the same",
        ),
    ),
    Symptom.BROADCAST: _broadcast,
}
