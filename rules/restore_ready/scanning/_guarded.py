"""On which sources did the pack itself fail? The others are read and judged all the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from restore_ready._errors import UsageError, described


class Crash(Struct, frozen=True):
    """A source on which the pack failed with an error of its own. Reported as RR000.

    Attributes:
        error: what was raised, and where.
        work: what broke.
    """

    path: Path
    error: str
    work: str = "the reader"

    def __str__(self) -> str:
        """Return what broke, without the path."""
        return f"{self.work} broke: {self.error}"


@contextmanager
def guarded(path: Path, crashes: list[Crash], work: str = "the reader") -> Iterator[None]:
    """Add to *crashes* what *work* on the source *path* raises within, rather than end with it.

    Raises:
        UsageError: if what is raised is one, which is about how the pack was called.
    """
    try:
        yield
    except UsageError:
        raise
    except Exception as error:  # noqa: BLE001  # told as RR000 with its place; the rest is still read and judged
        crashes.append(Crash(path, described(error), work))
