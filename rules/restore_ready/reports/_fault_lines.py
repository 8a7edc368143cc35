"""Which lines of a source show what is wrong in a finding, where there is room for one line each?"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Final

from msgspec import Struct

from restore_ready.model import Place
from restore_ready.reports._excerpt import excerpt
from restore_ready.reports._finding import Finding
from restore_ready.reports._safe_text import clean, cut

_LONGEST: Final = 120


class Role(Enum):
    """What a line is to a finding; the values say so before its place."""

    FAULT = ""
    GIVEN = "given in "
    CALL = "called in "


class FaultLine(Struct, frozen=True):
    """A line of a source.

    Attributes:
        role: whether it is wrong itself, only gives a value, or calls the downloaded module that is wrong.
        elsewhere: whether its file has to be named: it is another than the resource's, or the line is not wrong itself.
        text: without indentation.
    """

    place: Place
    role: Role
    elsewhere: bool
    text: str


def fault_lines(finding: Finding) -> Iterator[FaultLine]:
    """Yield the line that is wrong, then where its value is given or its module called, if that is elsewhere."""
    fault = None if finding.focus is None else finding.fault
    told = {Role.FAULT: fault, Role.GIVEN: finding.given, Role.CALL: finding.call}
    for role, place in told.items():
        if place is not None:
            elsewhere = role is not Role.FAULT or place.file != finding.place.file
            yield FaultLine(place, role, elsewhere, _first_line(place))


def _first_line(place: Place) -> str:
    """Return the first line of *place*; empty where its file is gone."""
    lines = excerpt(place)
    return cut(clean(" ".join(lines[0][1].split())), _LONGEST) if lines else ""
