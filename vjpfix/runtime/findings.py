"""What is seen, as reports: the sentence, the static rule of the same mistake, and the guilty line."""

from __future__ import annotations

from vjpfix.jaxfacts.transforms import Kind, Role, Transform
from vjpfix.model import Certainty
from vjpfix.runtime.contract import Mismatch
from vjpfix.runtime.jax_internals import Primal, name_of
from vjpfix.runtime.names import TakenOver
from vjpfix.runtime.paths import Crossing
from vjpfix.runtime.rebinding import find, user_files
from vjpfix.runtime.report import Check, Level, Place, Report

_VERSION = {Kind.MAPS: "the mapped version", Kind.DIFFERENTIATES: "the differentiated version"}
_CODES = {Kind.MAPS: "VJP001", Kind.DIFFERENTIATES: "VJP002"}
_HELP = "give the new version a name of its own (`vjpfix fix` does), so that the rule reaches the original"
_CALL_ORIGINAL = "call the original in the rule"


def of_name(primal: Primal, seen: TakenOver) -> Report:
    """A name that was taken over, seen without running the rule."""
    version = _VERSION.get(seen.transform.kind, "a wrapped version")
    rule = _rule(primal, seen.role)
    helper = "" if seen.reader in (rule, primal.name) else f", with the help of `{seen.reader}`,"
    files = (seen.owner or seen.read.file, seen.read.file)
    place = find(seen.name, files, plain=True)
    elsewhere = None if place else find(seen.name, user_files(), plain=False)
    return Report(
        Check.NAME,
        Level.ERROR if seen.certainty is Certainty.ERROR else Level.WARNING,
        f"{_who(primal, seen.role)}{helper} reads `{seen.name}`, which `{_short(seen.transform)}` took over: "
        f"it gets {version}",
        primal.name,
        seen.role.value if rule else "",
        rule,
        seen.transform.names[0],
        "VJP005" if elsewhere else _CODES.get(seen.transform.kind, "VJP003"),
        seen.read,
        place or elsewhere,
        _HELP,
    )


def of_path(primal: Primal, role: Role, seen: Crossing) -> Report:
    """A rule that reached its own primal through a transform."""
    version = _VERSION.get(seen.transform.kind, "a wrapped version")
    what = f"`{_short(seen.transform)}`"
    if seen.level is Level.NOTE:
        message = f"{_who(primal, role)} applies {what} to `{primal.name}` itself"
        return _path(primal, role, seen, "VJP101", message, None, "")
    called = f"calls `{seen.name}`" if seen.name else "calls it"
    bare = find(seen.name, (seen.call.file,), plain=True)
    place = bare or find(seen.name, user_files(), plain=False)
    code = ""
    if bare:
        code = _CODES.get(seen.transform.kind, "VJP003") if seen.name in primal.names else "VJP102"
    message = f"{_who(primal, role)} {called} and reaches `{primal.name}` through {what}: it gets {version}"
    return _path(primal, role, seen, code, message, place, _HELP if code != "VJP102" else _CALL_ORIGINAL)


def _path(
    primal: Primal, role: Role, seen: Crossing, code: str, message: str, place: Place | None, advice: str
) -> Report:
    return Report(
        Check.SELF,
        seen.level,
        message,
        primal.name,
        role.value,
        _rule(primal, role),
        seen.transform.names[0],
        code,
        seen.call,
        place,
        advice,
    )


def of_contract(primal: Primal, role: Role, check: Check, mismatch: Mismatch) -> Report:
    """A rule whose result is not what its primal asks for."""
    value = f"gives as the value of `{primal.name}` something that {mismatch.what}"
    what = {
        Check.OUTPUT: value,
        Check.VALUE: f"{value} from the function's own",
        Check.COTANGENT: mismatch.what,
    }
    return Report(
        check,
        mismatch.level,
        f"{_who(primal, role)} {what[check]}",
        primal.name,
        role.value,
        _rule(primal, role),
        code="VJP204" if check is Check.COTANGENT else "",
        call=defined(primal.written(role)),
    )


def defined(function: object) -> Place | None:
    """Where a function's definition begins."""
    while not hasattr(function, "__code__"):
        inner = getattr(function, "__wrapped__", None) or getattr(function, "func", None)
        if inner is None:
            return None
        function = inner
    return Place(function.__code__.co_filename, function.__code__.co_firstlineno)


def _rule(primal: Primal, role: Role) -> str:
    return name_of(primal.written(role)) if role in primal.rules else ""


def _who(primal: Primal, role: Role) -> str:
    rule = _rule(primal, role)
    return f"the {role.value} `{rule}` of `{primal.name}`" if rule else f"`{primal.name}` itself"


def _short(transform: Transform) -> str:
    return transform.names[0].removeprefix("jax.")
