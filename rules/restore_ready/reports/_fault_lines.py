"""Which lines of a source show what is wrong in a finding, where there is room for one line each?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from restore_ready.model import Place
from restore_ready.reports._excerpt import excerpt
from restore_ready.reports._finding import Finding
from restore_ready.reports._safe_text import clean, cut

_LONGEST: Final = 120


class FaultLine(Struct, frozen=True):
    """A line of a source: where it is, whether a value is only given there, and its text without indentation."""

    place: Place
    given: bool
    text: str


def fault_lines(finding: Finding) -> Iterator[FaultLine]:
    """Yield the line that is wrong, and the one where its value is given if that is elsewhere."""
    if finding.focus is not None:
        yield FaultLine(finding.fault, given=False, text=_first_line(finding.fault))
    if finding.given is not None:
        yield FaultLine(finding.given, given=True, text=_first_line(finding.given))


def _first_line(place: Place) -> str:
    """Return the first line of *place*; empty where its file is gone."""
    lines = excerpt(place)
    return cut(clean(" ".join(lines[0][1].split())), _LONGEST) if lines else ""
