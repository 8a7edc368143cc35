"""What goes wrong outside the rules, in words for people."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_PACKAGE: Final = f"{Path(__file__).parent}{os.sep}"


class UnreadableError(Exception):
    """A source that can't be read.

    Attributes:
        path: the file or folder.
        why: the reason, in a few words.
        line: where in the file, from 1; 0 where no line can be told.
    """

    def __init__(self, path: Path, why: str, line: int = 0) -> None:
        """Say what can't be read, and why."""
        super().__init__(path, why, line)
        self.path = path
        self.why = why
        self.line = line

    def __str__(self) -> str:
        """Write it as ``path:line: why``."""
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{where}: {self.why}"


class OtherKindError(UnreadableError):
    """A file that is sound but holds something else. It matters only where the file was given by name."""


class UsageError(Exception):
    """A request that can't be met as it was put. Its message ends with the cure."""


class StartError(Exception):
    """What keeps the work from starting at all: no credentials, the wrong account. Its message ends with the cure."""


def described(error: Exception) -> str:
    """Return what broke in our own code, and where: ``KeyError: 'x' (at readers/terraform/_blocks.py:40)``."""
    where = ""
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(_PACKAGE):
            where = f" (at {file[len(_PACKAGE) :]}:{trace.tb_lineno})"
        trace = trace.tb_next
    return f"{type(error).__name__}: {error}{where}"


class OwnRulesError(ImportError):
    """A rule of one's own that can't be used. Its message names the file or package that brings it."""

    def __str__(self) -> str:
        """Say that it is about rules of one's own, whoever asked for the rules."""
        return f"can't use rules of your own: {self.msg}"
