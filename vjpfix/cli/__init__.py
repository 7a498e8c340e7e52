"""Arguments to the stages to an exit code. The only code that knows click."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """The console script: runs the command, and turns what stops it into an exit code.

    0: nothing left to do. 1: findings remain. 2: the work could not be done. 130: interrupted.
    """
    from vjpfix.cli.commands import cli

    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except BaseException as error:  # every ending needs its exit code
        from vjpfix.cli.endings import ending

        code = ending(error)
    sys.exit(code or 0)
