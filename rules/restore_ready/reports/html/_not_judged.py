"""What could not be judged, by its reason, the most frequent first?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct, field

from restore_ready.model import Place
from restore_ready.readiness._headline import sentence
from restore_ready.reports._finding import Finding
from restore_ready.reports._locations import is_live
from restore_ready.reports._names import short

MOST_REASONS: Final = 40
_MOST_PLACES: Final = 3


class DoubtPlace(Struct, frozen=True):
    """A resource that could not be judged; *place* is ``None`` where the address says all."""

    address: str
    place: Place | None


class Doubt(Struct):
    """A reason, what would settle it, the rules that could not judge for it, and the first places where it was so."""

    reason: str
    settle: str
    codes: dict[str, None] = field(default_factory=dict)
    places: list[DoubtPlace] = field(default_factory=list)
    count: int = 0

    @property
    def more(self) -> int:
        """How many places there are besides."""
        return self.count - len(self.places)


def doubts(not_judged: Iterable[Finding]) -> tuple[list[Doubt], int]:
    """Return the reasons that most was not judged for, and how many more there are."""
    found: dict[str, Doubt] = {}
    for finding in not_judged:
        doubt = found.setdefault(finding.message, Doubt(sentence(finding.message), finding.fix))
        doubt.codes[finding.code] = None
        doubt.count += 1
        place = _place(finding)
        if len(doubt.places) < _MOST_PLACES and place not in doubt.places:
            doubt.places.append(place)
    ordered = sorted(found.values(), key=lambda doubt: -doubt.count)
    return ordered[:MOST_REASONS], max(len(ordered) - MOST_REASONS, 0)


def _place(finding: Finding) -> DoubtPlace:
    says_all = finding.place.file == finding.address or (is_live(finding.place) and finding.address.startswith("arn:"))
    return DoubtPlace(finding.name or short(finding.address), None if says_all else finding.place)
