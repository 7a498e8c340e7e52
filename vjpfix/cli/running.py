"""The command line of ``vjpfix run``: its own options, then a program with options of its own."""

from __future__ import annotations

import click


class RunCommand(click.Command):
    """A command whose options end at the program: what follows it, a script or ``-m MODULE``, is its own."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with_value = {
            name for each in self.params if not getattr(each, "is_flag", True) for name in each.opts
        }
        index = 0
        while index < len(args) and args[index].startswith("-") and args[index] not in ("-", "--"):
            if args[index] == "-m":
                args = [*args[: index + 2], "--", *args[index + 2 :]]
                break
            index += 2 if args[index] in with_value else 1
        return super().parse_args(ctx, args)
