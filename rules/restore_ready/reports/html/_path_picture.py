"""The way from a file system to its restored files as a picture: nine stations, eight links and what breaks them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from restore_ready.readiness._restore_path import Link, Station
from restore_ready.readiness._state import State
from restore_ready.reports._file_systems import MARKS
from restore_ready.reports._safe_text import clean
from restore_ready.reports._ways import said
from restore_ready.reports.html._day_picture import TONES
from restore_ready.reports.html._shapes import Path, Picture, Shape, Words, circle, number, strokes
from restore_ready.reports.html._text_width import fitted, wrapped

_WIDTH: Final = 1000
_BOX, _HEIGHT, _GAP, _TOP, _LEFT = 97.0, 64.0, 14.5, 2.0, 2.0
_STEP: Final = _BOX + _GAP
_LINE: Final = 17
_CORNER: Final = 6
_NAMES: Final = 3
_UNITS: Final = 148
_SHOWN: Final = (State.NO, State.UNKNOWN)


def path_picture(stations: Sequence[Station], links: Sequence[Link], title: str, described_by: str) -> Picture:
    """Return the picture; below it, numbered, what breaks a link or leaves it open.

    Args:
        stations: of the way.
        links: one between each two stations.
        title: whose way it is.
        described_by: the id of the list that says the same.
    """
    notes = [link for link in links if link.state in _SHOWN and link.why]
    lines = [(at, link, wrapped(said(link), _UNITS, 2)) for at, link in enumerate(notes, start=1)]
    shapes: list[Shape] = [*_boxes(stations, links), *_names(stations)]
    for at, link in enumerate(links):
        shapes += _link(at, link, next((at for at, noted, _ in lines if noted is link), 0))
    count = sum(len(parts) for _, _, parts in lines)
    shapes += _notes(lines, _TOP + _HEIGHT + 34)
    height = _TOP + _HEIGHT + 20 + _LINE * count + (4 if count else -14)
    told = f"The links from {title} to its restored files"
    return Picture("chain", _WIDTH, height, tuple(shapes), told, described_by)


def _boxes(stations: Sequence[Station], links: Sequence[Link]) -> Iterator[Path]:
    for dashed in (False, True):
        outline = "".join(_box(at) for at in range(len(stations)) if _is_apart(at, links) is dashed)
        if outline:
            yield Path(outline, fill="bg", stroke="line", dash="3 3" if dashed else "")


def _is_apart(at: int, links: Sequence[Link]) -> bool:
    """Return whether no link of a station arises."""
    return all(links[beside].state is State.NONE for beside in (at - 1, at) if 0 <= beside < len(links))


def _box(at: int) -> str:
    across, down, turn = number(_BOX - 2 * _CORNER), number(_HEIGHT - 2 * _CORNER), _CORNER
    start = f"M{number(_LEFT + at * _STEP + turn)} {number(_TOP)}"
    sides = f"h{across}q{turn} 0 {turn} {turn}v{down}q0 {turn} -{turn} {turn}h-{across}q-{turn} 0 -{turn} -{turn}"
    return f"{start}{sides}v-{down}q0 -{turn} {turn} -{turn}z"


def _names(stations: Sequence[Station]) -> Iterator[Words]:
    middles = [_LEFT + at * _STEP + _BOX / 2 for at in range(len(stations))]
    for middle, station in zip(middles, stations, strict=True):
        yield Words(middle, _TOP + 14, fitted(station.kind, 16), 10, "muted", anchor="middle")
    for middle, station in zip(middles, stations, strict=True):
        parts = wrapped(clean(station.name), 13.6, _NAMES)
        for number_, part in enumerate(parts):
            y = _TOP + 49 - 6.5 * len(parts) + 13 * number_
            yield Words(middle, y, part, 11.5, bold=True, anchor="middle")


def _link(at: int, link: Link, note: int) -> Iterator[Shape]:
    start, y = _LEFT + at * _STEP + _BOX, _TOP + _HEIGHT / 2
    middle, tone = start + _GAP / 2, TONES[link.state]
    if link.state is State.NONE:
        yield from strokes([(start, y, start + _GAP, y)], width=2, dash="3 3")
        return
    yield Path(circle(middle, y, 9.5), fill=tone)
    yield Words(middle, y + 4.2, MARKS[link.state], 12, "on", bold=True, anchor="middle")
    if link.state is State.UNKNOWN:
        yield Path(circle(middle, y, 11.5), stroke=tone, dash="3 2")
    if note:
        yield Words(middle, _TOP + _HEIGHT + 13, str(note), 11, tone, bold=True, anchor="middle")


def _notes(lines: Iterable[tuple[int, Link, list[str]]], y: float) -> Iterator[Words]:
    for at, link, parts in lines:
        yield Words(6, y, f"{at} {MARKS[link.state]}", 12, TONES[link.state], bold=True)
        for part in parts:
            yield Words(32, y, part)
            y += _LINE


def strip_picture(links: Sequence[Link]) -> Picture:
    """Return the way in one line of a table: a dot for each station, a stroke or a gap for each link."""
    at = {state: [5 + 14 * number for number, link in enumerate(links) if link.state is state] for state in State}
    shapes = [
        *strokes([(x + 4, 7, x + 10, 7) for x in at[State.YES]], "ok", 2.4),
        *strokes([(x + 4, 7, x + 10, 7) for x in at[State.UNKNOWN]], "unk", 2.2, "2 2"),
        *strokes([(x + 4, y, x + 10, 14 - y) for x in at[State.NO] for y in (4, 10)], "bad", 2.2),
        Path("".join(f"M{5 + 14 * n} 7h0" for n in range(len(links) + 1)), stroke="text", width=5, round_ends=True),
    ]
    return Picture("strip", 14 * len(links) + 10, 14, tuple(shapes))
