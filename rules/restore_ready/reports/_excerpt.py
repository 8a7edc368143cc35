"""Which source lines of a resource does a report show?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

from msgspec import Struct

from restore_ready.model import Place
from restore_ready.reports._finding import Finding

LINES = 6
"""Most lines of an excerpt."""

_LONGEST = 400
_LARGEST = 4_000_000


_held: dict[Path, str] = {}


def hold(name: Path, text: str) -> None:
    """Take *text* for what stands in the file *name*, which was given on standard input."""
    _held[name.absolute()] = text
    _lines.cache_clear()


class Excerpt(Struct, frozen=True):
    """Lines of a source.

    Attributes:
        place: where they are.
        marked: the number of the line that matters.
        lines: with their numbers, which may leave some out.
    """

    place: Place
    marked: int
    lines: tuple[tuple[int, str], ...]


def excerpts(finding: Finding) -> Iterator[Excerpt]:
    """Yield the lines of a finding's resource, and those of what is wrong in it where they are elsewhere."""
    place, focus = finding.place, finding.focus
    told = (finding.call,) if focus is None else (focus.place, focus.given, finding.call)
    elsewhere = [found for found in told if found is not None]
    inside = next((found for found in elsewhere if holds(place, found)), None)
    yield Excerpt(place, place.line if inside is None else inside.line, tuple(_around(place, inside)))
    for found in elsewhere:
        if not holds(place, found):
            yield Excerpt(found, found.line, tuple(excerpt(found)))


def excerpt(place: Place) -> list[tuple[int, str]]:
    """Return the first lines of *place* with their numbers; none where there are none, or the file is gone."""
    if not place.line:
        return []
    last = min(max(place.end_line, place.line), place.line + LINES - 1)
    return _numbered(place.file, place.line, last)


def holds(place: Place, part: Place) -> bool:
    """Return whether *part* begins within *place*."""
    return place.file == part.file and place.line <= part.line <= place.end_line


def _around(place: Place, part: Place | None) -> list[tuple[int, str]]:
    """Return the first lines of *place*; where *part* comes after them, the first one and those around *part*."""
    if part is None or part.line < place.line + LINES:
        return excerpt(place)
    first = part.line - LINES + 3
    return [
        *_numbered(place.file, place.line, place.line),
        *_numbered(place.file, first, min(first + 4, place.end_line)),
    ]


def _numbered(file: str, first: int, last: int) -> list[tuple[int, str]]:
    return list(enumerate(islice(_lines(Path(file).absolute()), first - 1, last), first))


@lru_cache(maxsize=4)
def _lines(path: Path) -> tuple[str, ...]:
    try:
        if path not in _held and path.stat().st_size > _LARGEST:
            return ()
        text = _held[path] if path in _held else path.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):  # the latter for a name with a null character
        return ()
    return tuple(line[:_LONGEST].expandtabs(2).rstrip() for line in text.splitlines())
