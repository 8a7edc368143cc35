"""How far is a long run? It says so on a terminal."""

from __future__ import annotations

import sys
import time

from restore_ready.reports._safe_text import clean

_QUIET_SECONDS = 1.0
_SHOWN = 60
_BLINK_SECONDS = 0.1


class _TerminalLine:
    """One line of standard error that is written over, once a run takes long, and only on a terminal."""

    _seconds_between = 0.0

    def __init__(self) -> None:
        """Start the clock."""
        self._start = self._last = time.monotonic()
        self._is_shown = False

    def clear(self) -> None:
        """Wipe the line."""
        if self._is_shown:
            self._write("")

    def _show(self, text: str) -> None:
        now = time.monotonic()
        if sys.stderr.isatty() and now - self._start > _QUIET_SECONDS and now - self._last >= self._seconds_between:
            self._is_shown, self._last = True, now
            self._write(text)

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


class Progress(_TerminalLine):
    """Counts the sources that have been read."""

    _count = 0

    def __call__(self, source: str) -> None:
        """Show that *source* has been read."""
        self._count += 1
        self._show(f"read {self._count}: {clean(source)[-_SHOWN:]}")


class LiveProgress(_TerminalLine):
    """Shows how far reading AWS is: calls of one account, or accounts."""

    _seconds_between = _BLINK_SECONDS

    def calls(self, done: int, known: int) -> None:
        """Show how many calls were made, and how many are known to be needed."""
        self._show(f"asked AWS {done} of {known} questions")

    def accounts(self, account: str, done: int, known: int) -> None:
        """Show that *account* has been read, and how many have and will be."""
        self._show(f"read {done} of {known} accounts: {clean(account)}")
