"""What must hold of every program: run, with the stand-in for jax, before and after the tool."""

from __future__ import annotations

import builtins
import contextlib
import io
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

from tests.oracles.module.run import Importer
from tests.oracles.module.standin import TRANSFORMS, WORLDS, Event, Recorder, Version, World, bottom, modules
from tests.oracles.package.run import nameless
from vjpfix.cli.batches import batches, safe_changes
from vjpfix.config import Config
from vjpfix.model import Change, Refusal
from vjpfix.pipeline import run as run_tool
from vjpfix.settings import settings

from .generate import Program

Texts = tuple[str, str]
Runs = list[tuple[tuple[int | str, str, str | None], ...]]


class Lenient(Version):
    """A transformed version that hands rules on to its function, so that a program that cannot run does."""

    def defvjp(self, *rules: object, **named: object) -> object:
        return bottom(self).defvjp(*rules, **named)  # type: ignore[attr-defined]

    def defjvp(self, *rules: object, **named: object) -> object:
        return bottom(self).defjvp(*rules, **named)  # type: ignore[attr-defined]

    def defjvps(self, *rules: object) -> object:
        return bottom(self).defjvps(*rules)  # type: ignore[attr-defined]


def run(texts: Texts, world: World, version: type[Version] = Lenient) -> tuple[Event, ...]:
    """The events of the module ``ops`` and of one that may import it, in one world."""
    recorder = Recorder(world)
    known = modules(recorder)
    for name in TRANSFORMS:
        setattr(known["jax"], name, _transform(recorder, name, version))
    events = []
    try:
        for name, text in zip(("ops", "main"), texts, strict=True):
            module = ModuleType(name)
            module.__dict__["__builtins__"] = {**vars(builtins), "__import__": Importer(known)}
            sys.modules[name] = known[name] = module
            exec(_compiled(text), module.__dict__)
        for primal in tuple(recorder.primals):
            recorder.drive(primal)
    finally:
        sys.modules.pop("ops", None)
        sys.modules.pop("main", None)
    events += recorder.events
    return tuple(events)


def _compiled(text: str) -> CodeType:
    return compile(text, "<program>", "exec")


def _transform(recorder: Recorder, name: str, version: type[Version]) -> object:
    def transform(fun: object = None, **options: object) -> object:
        told = name + (f"{options}" if options else "")
        if fun is None:
            return lambda late: version(recorder, told, late)
        return version(recorder, told, fun)

    return transform


def runs(texts: Texts) -> Runs:
    """The same in every world, without the names of functions, which a fix may change."""
    return [
        tuple((e.site, nameless(e.version), e.driven and nameless(e.driven)) for e in run(texts, world))
        for world in WORLDS
    ]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the tool said and wrote. ``fixed``, ``refused``: the functions."""

    fixed: frozenset[str]
    refused: frozenset[str]
    reasons: tuple[str, ...]
    texts: Texts


def ask(program: Program, top: Path, *, original: bool = False) -> Answer:
    """The tool on the files of a program, as ``vjpfix fix --yes``."""
    texts = {top / "ops.py": program.before}
    if program.main:
        texts[top / "main.py"] = program.main
    for old in top.glob("*.py"):
        old.unlink()
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return _asked(top, original)


def _asked(top: Path, original: bool) -> Answer:
    made = settings(Config(root=top, select=("VJP004", "VJP001", "VJP002")), original=original)
    report = run_tool([top], made)
    assert not report.problems, report.problems
    batched, failed = batches(safe_changes(report), report, made)
    assert not failed, failed
    for batch in batched:
        for file in batch.files:
            (top / file.source.path.name).write_bytes(file.data)
    changes = [each for each in report.outcomes if isinstance(each, Change)]
    refusals = [each for each in report.outcomes if isinstance(each, Refusal)]
    return Answer(
        frozenset(each.finding.subject for each in changes),
        frozenset(each.finding.subject for each in refusals),
        tuple(reason.message for each in refusals for reason in each.reasons),
        tuple((top / n).read_text("utf-8") if (top / n).exists() else "" for n in ("ops.py", "main.py")),  # type: ignore[arg-type]
    )


def complaints(program: Program, top: Path, *, original: bool = False) -> Iterator[str]:
    """What is wrong, of the generator and of the tool. ``top``: a folder for the files."""
    before: Texts = (program.before, program.main)
    try:
        meant, found = runs((program.meant, program.main_meant)), runs(before)
    except NameError:
        return  # forms that do not go together, such as `del` and what runs later
    every = frozenset[int]().union(*program.inside.values())
    yield from _differing("what was written and what is meant differ outside", found, meant, every)
    answer = ask(program, top, original=original)
    yield from judged(program, answer)
    again = _asked(top, original)
    if again.texts != answer.texts and not answer.refused:
        yield "a second run changes more"


def judged(program: Program, answer: Answer) -> Iterator[str]:
    """What is wrong with what the tool said and wrote."""
    before: Texts = (program.before, program.main)
    said = f"fixed: {sorted(answer.fixed)}, refused: {sorted(answer.refused)} {answer.reasons}"
    if answer.fixed | answer.refused and not _raises(before):
        yield f"it is reported, and does run; {said}"
    is_alone = len(program.inside) == 1  # of two, a reason against one may be the other
    if program.must is True and is_alone and (answer.refused or not answer.fixed):
        yield f"it is not fixed; {said}"
    if program.must is False and is_alone and answer.fixed:
        yield f"it is fixed; {said}"
    if bool(answer.fixed) != (answer.texts != before):
        yield f"what was said is not what was done; {said}"
    yield from _run(program, answer)


def _run(program: Program, answer: Answer) -> Iterator[str]:
    left = frozenset[int]().union(*(program.inside[name] for name in program.inside.keys() - answer.fixed))
    meant = runs((program.meant, program.main_meant))
    text = "\n".join(answer.texts)
    try:
        found = runs(answer.texts)
    except Exception as error:
        yield f"the new text raises {error!r}\n{text}"
        return
    if program.must and not answer.refused and _raises(answer.texts):
        yield f"the new text attaches rules to what takes none\n{text}"
    for each in _differing("what was made of it and what is meant differ", found, meant, left):
        yield f"{each}\n{text}"


def _raises(texts: Texts) -> bool:
    """Whether rules are attached to something that takes none, in some world."""
    for world in WORLDS:
        with contextlib.redirect_stderr(io.StringIO()):
            try:
                run(texts, world, Version)
            except AttributeError as error:
                if re.search("no attribute 'def[vj]", str(error)):
                    return True
            except Exception:
                continue
    return False


def _differing(what: str, found: Runs, meant: Runs, but: frozenset[int]) -> Iterator[str]:
    for one, other in zip(found, meant, strict=True):
        first, second = ([e for e in events if e[0] not in but] for events in (one, other))
        if first != second:
            wrong = [(a, b) for a, b in zip(first, second, strict=False) if a != b]
            yield f"{what}: {wrong[:3]} ({len(first)} and {len(second)} events)"
            return


def told(program: Program, found: Sequence[str]) -> str:
    """A failure with all that is needed to look into it."""
    line = "-" * 30
    head = f"seed {program.seed}: {sorted(program.features)}"
    written = (f"{line} written", program.before, program.main)
    return "\n".join([head, *found, *written, f"{line} meant", program.meant, program.main_meant])
