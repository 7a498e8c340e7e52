"""Show one project, what the tool makes of it and what is wrong with that: ``python -m tests.oracles.package SEED``."""

from __future__ import annotations

import difflib
import sys
import tempfile
from pathlib import Path

from .check import Files, ToolRun, generator_complaints, tool_complaints, write
from .generate import generate
from .project import STRATEGIES, Project, Strategy
from .tool import make_tool

RULE = "=" * 20


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not arguments[0].isdecimal():
        print("usage: python -m tests.oracles.package SEED")
        return 2
    project = generate(int(arguments[0]))
    show(project)
    with tempfile.TemporaryDirectory() as top:
        found = told("the generator", [*generator_complaints(project, Path(top, "generator"))])
        for strategy in STRATEGIES:
            print(f"{RULE} {strategy}")
            show_result(project, fixed(project, Path(top, f"shown_{strategy}"), strategy))
            complaints = tool_complaints(project, Path(top, strategy), make_tool(), strategy)
            found += told("the tool", [*complaints])
    return 1 if found else 0


def show(project: Project) -> None:
    for path, data in sorted(project.files.items()):
        print(f"{RULE} {path}{' (may change)' if path in project.touchable else ''}\n{text(data)}")
    print(f"{RULE} features: {', '.join(sorted(project.features))}")
    print(f"doubtful: {', '.join(sorted(project.doubtful)) or 'nothing'}")
    for each in project.defects:
        print(f"{each.path}: {each.verdict.value}, keeping the name: {each.verdict_original.value}")
    print(*project.sessions, sep="\n")


def fixed(project: Project, top: Path, strategy: Strategy) -> ToolRun:
    write(project.files, top)
    return make_tool()(top, strategy)


def show_result(project: Project, result: ToolRun) -> None:
    print(*result.answers, *result.problems, sep="\n")
    print(diff(project.files, result.files))


def diff(old: Files, new: Files) -> str:
    return "".join(
        line
        for path in sorted(new)
        for line in difflib.unified_diff(
            text(old.get(path, b"")).splitlines(keepends=True),
            text(new[path]).splitlines(keepends=True),
            f"before/{path}",
            f"after/{path}",
        )
    )


def text(data: bytes) -> str:
    return data.decode("latin-1" if b"latin-1" in data[:60] else "utf-8").replace("\r\n", "\n")


def told(whose: str, complaints: list[str]) -> int:
    print(*(f"{RULE} {whose}: {each}" for each in complaints), sep="\n")
    return len(complaints)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
