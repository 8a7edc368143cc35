"""How is what goes to standard output and error kept from being a command to the CI system that logs it?

GitHub obeys a line that begins with ``::``, and ``##[`` anywhere; Azure obeys ``##vso[`` anywhere, and TeamCity
``##teamcity[``. Names and lines of sources can hold all of these. ``::stop-commands::`` would not do: GitHub alone
knows it, and our own annotations would stop as well.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO, cast

_ANYWHERE: Final = re.compile(r"##(?=\w*\[)", re.ASCII)
_FIRST: Final = re.compile(r"(?<=[\r\n])([^\S\r\n]*):(?=:)")


class _Guard:
    """Makes text harmless that is written piece by piece, which is seen: ``# #vso[``, ``: :error::``."""

    def __init__(self) -> None:
        self._begun = ""

    def harmless(self, text: str, *, has_own_commands: bool = False) -> str:
        guarded = _ANYWHERE.sub("# #", text) if "##" in text else text
        if not has_own_commands and ":" in text:
            before = f"\n{self._begun}"
            guarded = _FIRST.sub(r"\1: ", before + guarded)[len(before) :]
        self._begun = _begun(self._begun + text)
        return guarded


def _begun(text: str) -> str:
    """Return how the last line of *text* begins, as far as it could become a command."""
    line = text[max(text.rfind("\n"), text.rfind("\r")) + 1 :].strip()
    return line if line in ("", ":") else "-"


class LogStream:
    """A stream whose text commands nothing.

    Attributes:
        has_own_commands: whether what is written now begins lines with commands of our own.
    """

    def __init__(self, stream: TextIO) -> None:
        """Write to *stream*."""
        self._stream = stream
        self._guard = _Guard()
        self.has_own_commands = False

    def write(self, text: str | bytes) -> int:
        """Write *text* and return how long it is. Click writes what a shell completes as bytes."""
        said = text.decode(errors="backslashreplace") if isinstance(text, bytes) else text
        self._stream.write(self._guard.harmless(said, has_own_commands=self.has_own_commands))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Write each of *lines*."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever a stream has
        """Return what the stream has, but for its buffer: click would write there, past this, where it finds ASCII."""
        if name == "buffer":
            raise AttributeError(name)
        return getattr(self._stream, name)


def harmless(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the *pieces* of a text so that it commands nothing."""
    return map(_Guard().harmless, pieces)


def guard_streams() -> None:
    """Let standard output and error command nothing."""
    sys.stdout, sys.stderr = (
        stream if isinstance(stream, LogStream) else cast("TextIO", LogStream(stream))
        for stream in (sys.stdout, sys.stderr)
    )


@contextmanager
def own_commands() -> Iterator[None]:
    """Let lines on standard output begin with commands, which are our own, as long as this lasts."""
    stream = sys.stdout
    if isinstance(stream, LogStream):
        stream.has_own_commands = True
    try:
        yield
    finally:
        if isinstance(stream, LogStream):
            stream.has_own_commands = False
