"""Arguments to the stages to an exit code. The only code that knows click."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """The console script: runs the command, and turns what stops it into an exit code.

    0: nothing left to do. 1: findings remain. 2: the work could not be done. 130: interrupted.
    """
    gc.set_threshold(100_000)  # syntax trees are millions of nodes: by itself it takes a third of the time
    try:
        from vjpfix.cli.commands import cli
        from vjpfix.cli.streams import open_missing

        open_missing()
        code = cli.main(prog_name="vjpfix", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe has seen enough
        code = _silenced(1)
    except BaseException as error:  # every ending needs its exit code
        from vjpfix.cli.endings import ending

        code = ending(error)
        try:
            sys.stdout.flush()
        except OSError:
            code = _silenced(code)
    sys.exit(code or 0)


def _silenced(code: int) -> int:
    """The code, once what is left for standard output has a place to go without an error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code
