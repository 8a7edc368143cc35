"""Which source lines of a resource does a report show?"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from pathlib import Path

from restore_ready.model import Place

LINES = 6
"""Most lines of an excerpt."""

_LONGEST = 400
_LARGEST = 4_000_000


def excerpt(place: Place) -> list[tuple[int, str]]:
    """Return the first lines of *place* with their numbers; none where there are none, or the file is gone."""
    if not place.line:
        return []
    last = min(max(place.end_line, place.line), place.line + LINES - 1)
    lines = islice(_lines(place.file), place.line - 1, last)
    return list(enumerate(lines, place.line))


@lru_cache(maxsize=4)
def _lines(file: str) -> tuple[str, ...]:
    path = Path(file)
    try:
        if path.stat().st_size > _LARGEST:
            return ()
        text = path.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):  # the latter for a name with a null character
        return ()
    return tuple(line[:_LONGEST].expandtabs(2).rstrip() for line in text.splitlines())
