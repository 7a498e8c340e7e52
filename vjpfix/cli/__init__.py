"""Arguments to the stages to an exit code. The only code that knows click."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """The console script: runs the command, and turns what stops it into an exit code.

    0: nothing left to do. 1: findings remain. 2: the work could not be done. 130: interrupted.
    """
    gc.set_threshold(100_000)  # syntax trees are millions of nodes: by itself it takes a third of the time
    code = 0
    try:
        from vjpfix.cli.commands import cli
        from vjpfix.cli.streams import open_missing, while_read

        open_missing()
        with while_read():
            code = cli.main(prog_name="vjpfix", standalone_mode=False) or 0
    except BaseException as error:  # every ending needs its exit code
        from vjpfix.cli.endings import ending

        code = ending(error)
        try:
            sys.stdout.flush()
        except OSError:
            from vjpfix.cli.streams import silence

            silence()
    sys.exit(code)
