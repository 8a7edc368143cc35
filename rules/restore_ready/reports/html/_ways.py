"""How do file systems get back? One picture for all whose way is the same but for their own name and plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.readiness._answers import Level
from restore_ready.readiness._restore_path import Link, PersonRow, RestorePath, Station
from restore_ready.readiness._state import State
from restore_ready.reports._file_systems import MARKS, FileSystemRow
from restore_ready.reports._overview import LEVEL_CLASSES
from restore_ready.reports._safe_text import plural
from restore_ready.reports._ways import said
from restore_ready.reports.html._path_picture import path_picture
from restore_ready.reports.html._shapes import Picture

MOST_CARDS: Final = 12
MOST_ON_PAPER: Final = 6
_MOST_NAMES: Final = 6
_OWN: Final = 2
"""Stations that are a file system's own: itself and its plan."""

_ORDER: Final = tuple(Level)
LINK_WORDS: Final = {State.YES: "holds", State.NO: "broken", State.UNKNOWN: "not known", State.NONE: "not asked"}


class Shared(Struct):
    """A way, and whose it is.

    Attributes:
        labels: of the first file systems, each once.
        plans: what the first of them are backed up by.
        count: how many there are.
    """

    level: Level
    path: RestorePath
    labels: dict[str, None] = field(default_factory=dict)
    plans: dict[str, None] = field(default_factory=dict)
    count: int = 0

    def add(self, row: FileSystemRow, path: RestorePath) -> None:
        """Count a file system that goes this way."""
        self.count += 1
        if len(self.labels) <= _MOST_NAMES:
            self.labels[row.label] = None
            self.plans[path.stations[1].name] = None

    @property
    def title(self) -> str:
        """The file systems' names."""
        names = list(self.labels)[:_MOST_NAMES]
        more = self.count - len(names)
        if len(self.labels) > _MOST_NAMES:
            return f"{', '.join(names)} and {more} more"
        return f"{', '.join(names)} ({self.count} places)" if more else ", ".join(names)

    @property
    def stations(self) -> tuple[Station, ...]:
        """The stations, with counts in place of what is not the same for all."""
        if self.count == 1:
            return self.path.stations
        first, plan, *rest = self.path.stations
        own = replace(first, name=plural(self.count, "file system"))
        plans = plan if len(self.plans) == 1 else replace(plan, name=f"{len(self.plans)} plans")
        return (own, plans, *rest)


class LinkStep(Struct, frozen=True):
    """A link as a line of a list."""

    state: State
    mark: str
    word: str
    head: str
    why: str


class Card(Struct, frozen=True):
    """A way as the page shows it.

    Attributes:
        people: who can restore; empty where *as_for* says whose answers are the same.
        on_screen_only: whether paper leaves it out.
    """

    css: str
    level: Level
    title: str
    ident: str
    picture: Picture
    steps: tuple[LinkStep, ...]
    people: tuple[PersonRow, ...]
    more_people: int
    several: bool
    as_for: str
    on_screen_only: bool


def shared(rows: Iterable[FileSystemRow]) -> list[Shared]:
    """Return the ways of file systems, the worst first, and of those the ones that most go."""
    found: dict[object, Shared] = {}
    for row in rows:
        path = row.readiness.path
        if path is not None:
            level = row.readiness.level
            links = tuple((link.state, link.why) for link in path.links)
            key = (level, links, path.stations[_OWN:])
            found.setdefault(key, Shared(level, path)).add(row, path)
    return sorted(found.values(), key=lambda way: (_ORDER.index(way.level), -way.count))


def cards(ways: Iterable[Shared]) -> tuple[list[Card], int]:
    """Return the first `MOST_CARDS`, and how many file systems go other ways."""
    every = list(ways)
    shown: list[Card] = []
    titles: dict[tuple[PersonRow, ...], str] = {}
    for number, way in enumerate(every[:MOST_CARDS]):
        shown.append(_card(way, number, titles))
        titles.setdefault(way.path.people, way.title)
    return shown, sum(way.count for way in every[MOST_CARDS:])


def _card(way: Shared, number: int, titles: dict[tuple[PersonRow, ...], str]) -> Card:
    ident, path, stations = f"way{number}", way.path, way.stations
    as_for = titles.get(path.people, "") if path.people else ""
    return Card(
        LEVEL_CLASSES[way.level],
        way.level,
        way.title,
        ident,
        path_picture(stations, path.links, way.title, ident),
        tuple(_step(link, stations[at], stations[at + 1]) for at, link in enumerate(path.links)),
        () if as_for else path.people,
        path.more_people,
        way.count > 1,
        as_for,
        number >= MOST_ON_PAPER,
    )


def _step(link: Link, before: Station, after: Station) -> LinkStep:
    head = f"{called(before)} → {called(after)}"
    return LinkStep(link.state, MARKS[link.state], LINK_WORDS[link.state], head, said(link))


def called(station: Station) -> str:
    """Return a station with its kind, unless its name says that."""
    return station.name if station.name.startswith(station.kind) else f"{station.kind} {station.name}"
