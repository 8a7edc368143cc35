"""What are pictures made of? Shapes, which a template writes as SVG.

Colours are attributes, which the page's style overrides by class in the dark and on paper: a picture is right where a
host drops all styles, as Jenkins does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, TypeAlias

from msgspec import Struct

COLOURS: Final = {
    "text": "#1b1f24",
    "muted": "#57606a",
    "line": "#c3cad2",
    "soft": "#f3f5f7",
    "ok": "#0b6e4f",
    "bad": "#b3261e",
    "unk": "#4f5b76",
    "band": "#6b7480",
    "bg": "#ffffff",
    "on": "#ffffff",
}
"""The light colours by tone."""

Box: TypeAlias = tuple[float, float]
"""Where something begins from the left, and how wide it is."""


class Words(Struct, frozen=True, tag="text"):
    """Text at a place.

    Attributes:
        anchor: ``middle`` or ``end``; empty for its beginning.
        halo: whether it has an edge in the colour of the page, to be read on hatching.
    """

    x: float
    y: float
    text: str
    size: float = 12
    tone: str = "text"
    bold: bool = False
    anchor: str = ""
    halo: bool = False

    @property
    def look(self) -> tuple[float, str, bool, str, bool]:
        """All that makes it look as it does."""
        return self.size, self.tone, self.bold, self.anchor, self.halo


class Path(Struct, frozen=True, tag="path"):
    """An outline, filled or not.

    Attributes:
        outline: in SVG's path language.
        fill: a tone, ``hatch`` for the picture's pattern, or empty.
        stroke: a tone, or empty.
    """

    outline: str
    fill: str = ""
    stroke: str = ""
    width: float = 1
    dash: str = ""
    fill_opacity: float = 1
    round_ends: bool = False


Shape: TypeAlias = Words | Path


class Picture(Struct, frozen=True):
    """A picture of so many units.

    Attributes:
        kind: its class, by which the style finds it.
        title: what it shows, for those who don't see it; empty where the page says the same in words.
        described_by: the id of what says all that it shows.
        hatch: the id of its pattern; empty where it needs none.
    """

    kind: str
    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str = ""
    described_by: str = ""
    hatch: str = ""

    @property
    def runs(self) -> Iterator[list[Shape]]:
        """Its shapes in order: texts of one look that follow each other together, so that it is said once."""
        runs = groupby(self.shapes, key=lambda shape: shape.look if isinstance(shape, Words) else None)
        return (list(run) for _, run in runs)


def number(value: float) -> str:
    """Return a coordinate as short as it can be."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def boxes(found: Iterable[Box], y: float, height: float, tone: str) -> list[Path]:
    """Return filled boxes of one row as one path; none where there are none."""
    outline = _outline(found, y, height, least=0.8)
    return [Path(outline, fill=tone)] if outline else []


def hatched(found: Iterable[Box], y: float, height: float) -> list[Path]:
    """Return boxes that are hatched on a soft ground."""
    outline = _outline(found, y, height, least=0.8)
    return [Path(outline, fill="soft"), Path(outline, fill="hatch")] if outline else []


def pale(found: Iterable[Box], y: float, height: float, tone: str) -> list[Path]:
    """Return boxes that are light, with an edge of full contrast."""
    outline = _outline(found, y, height, least=0.8)
    return [Path(outline, fill=tone, stroke=tone, width=0.8, fill_opacity=0.25)] if outline else []


def frames(found: Iterable[Box], y: float, height: float, tone: str, dash: str = "") -> list[Path]:
    """Return empty boxes."""
    outline = _outline(found, y, height, least=2)
    return [Path(outline, stroke=tone, dash=dash)] if outline else []


def _outline(found: Iterable[Box], y: float, height: float, *, least: float) -> str:
    return "".join(
        f"M{number(x)} {number(y)}h{number(max(width, least))}v{number(height)}h-{number(max(width, least))}z"
        for x, width in found
    )


def strokes(
    segments: Iterable[tuple[float, float, float, float]], tone: str = "line", width: float = 1, dash: str = ""
) -> list[Path]:
    """Return lines from one point to another as one path."""
    outline = "".join(f"M{number(x)} {number(y)}L{number(to_x)} {number(to_y)}" for x, y, to_x, to_y in segments)
    return [Path(outline, stroke=tone, width=width, dash=dash)] if outline else []


def circle(x: float, y: float, radius: float) -> str:
    """Return the outline of a circle."""
    reach = f"{number(radius)} {number(radius)} 0 1 0"
    return f"M{number(x - radius)} {number(y)}a{reach} {number(2 * radius)} 0a{reach} {number(-2 * radius)} 0z"
