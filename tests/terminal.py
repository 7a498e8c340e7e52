"""A terminal that a test types at."""

from __future__ import annotations

import codecs
import os
import select
import sys
import time

import pytest

from tests.children import DEADLINE, Child

pty = pytest.importorskip("pty")

CTRL_C, CTRL_D = "\x03", "\x04"
# Ctrl-C reaches a process by way of the terminal that controls it.
ADOPT = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"


class Terminal:
    """Python code on a terminal of its own, with a deadline for all that it does."""

    def __init__(self, code, *arguments, **options):
        self.ours, theirs = pty.openpty()
        self.until = time.monotonic() + DEADLINE
        self.decode = codecs.getincrementaldecoder("utf-8")().decode
        self.seen = ""
        self.process = Child(
            [sys.executable, "-c", ADOPT + code, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            **options,
        )
        os.close(theirs)

    def wait_for(self, text, again=""):
        """Read until ``text`` has come; what came up to it and was not asked about before.

        ``again`` is typed once more when nothing happens: Python does not see a Ctrl-C that comes between its
        showing a question and its waiting for the answer.
        """
        while text not in self.seen:
            assert self.reads(again), f"{text!r} did not come in {self.seen!r}"
        before, _, self.seen = self.seen.partition(text)
        return before

    def type(self, keys):
        os.write(self.ours, keys.encode())

    def end(self, again=""):
        """Exit code, and the rest of the output. ``again``: as above."""
        while self.reads(again):
            pass
        os.close(self.ours)
        return self.process.wait(), self.seen

    def reads(self, again):
        """Whether more came."""
        while not select.select([self.ours], [], [], 1)[0]:
            self.check_time()
            if again:
                self.type(again)
        self.check_time()
        try:
            data = os.read(self.ours, 65536)
        except OSError:  # Linux: the other side is closed
            return False
        self.seen += self.decode(data)
        return bool(data)

    def check_time(self):
        if time.monotonic() > self.until:
            self.process.kill()
            raise AssertionError(f"it hangs after {self.seen!r}")
