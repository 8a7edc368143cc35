"""Shows on a terminal how far a long scan is."""

from __future__ import annotations

import sys
import time

from restore_ready.reports._safe_text import clean

_QUIET_SECONDS = 1.0
_SHOWN = 60
_BLINK_SECONDS = 0.1


class Progress:
    """Counts what has been read on one line of standard error, once it takes long, and only on a terminal."""

    def __init__(self) -> None:
        """Start the clock."""
        self._start = time.monotonic()
        self._count = 0
        self._shown = False

    def __call__(self, source: str) -> None:
        """Tell that *source* has been read."""
        self._count += 1
        if sys.stderr.isatty() and time.monotonic() - self._start > _QUIET_SECONDS:
            self._shown = True
            sys.stderr.write(f"\r\x1b[Kread {self._count}: {clean(source)[-_SHOWN:]}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Wipe the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


class LiveProgress:
    """Shows how far reading AWS is: calls of one account, or accounts. Like `Progress` for the rest."""

    def __init__(self) -> None:
        """Start the clock."""
        self._start = time.monotonic()
        self._last = self._start
        self._shown = False

    def calls(self, done: int, known: int) -> None:
        """Tell how many calls were made, and how many are known to be needed."""
        self._show(f"asked AWS {done} of {known} questions")

    def accounts(self, account: str, done: int, known: int) -> None:
        """Tell that *account* has been read, and how many have and will be."""
        self._show(f"read {done} of {known} accounts: {clean(account)}")

    def clear(self) -> None:
        """Wipe the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _show(self, text: str) -> None:
        now = time.monotonic()
        if sys.stderr.isatty() and now - self._start > _QUIET_SECONDS and now - self._last > _BLINK_SECONDS:
            self._shown, self._last = True, now
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
