"""How is text written in Markdown, and how much of it fits where it goes?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct, field

from restore_ready.reports._safe_text import cut

MOST_CHARACTERS: Final = 65_000
"""What fits into a comment on GitHub, which takes 65,536 characters, with room to spare."""

MOST_BYTES: Final = 1_000_000
"""What fits into the summary of a GitHub job, which takes 1 MiB, with room to spare."""

_FOR_THE_END: Final = 1_000
"""Characters kept for the closing tags and for saying what is left out."""

_LONGEST_CELL: Final = 1_000
_ESCAPES = str.maketrans(
    {
        **{mark: f"\\{mark}" for mark in "\\`*_[]<>&|~!"},
        "$": "<span>$</span>",
        "@": "@\u200b",
    }
)
"""Marks of Markdown; a dollar sign would begin mathematics, and an at sign call somebody."""


class Row(Struct, frozen=True):
    """Cells of a table, and of how many records they tell."""

    cells: Sequence[str]
    records: int = 1

    def __str__(self) -> str:
        """Return it as a line."""
        return table_line(self.cells)


class Section(Struct, frozen=True):
    """A table that is folded under its title, with what stands before it.

    Attributes:
        name: how it is called where rows are left out.
        more: records that it has no rows for.
    """

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    before: Sequence[str] = ()
    more: int = 0

    @property
    def head(self) -> list[str]:
        """The lines before the rows."""
        table = (table_line(self.columns), table_line(["---"] * len(self.columns)))
        return ["<details>", f"<summary>{self.title}</summary>", "", *self.before, *table]

    @property
    def tail(self) -> list[str]:
        """The lines after the rows."""
        return ["", "</details>", ""]


class Page(Struct):
    """Lines that fit, and what did not.

    Attributes:
        summary: whether it goes to the summary of a job, rather than to a comment.
    """

    summary: bool = False
    lines: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    _used: int = 0

    def write(self, lines: Iterable[str]) -> None:
        """Add *lines*, for which there is room."""
        for line in lines:
            self.lines.append(line)
            self._used += self._size(line)

    def write_if_it_fits(self, lines: Sequence[str], what: str) -> None:
        """Add *lines*, or none and that *what* is left out."""
        if sum(map(self._size, lines)) <= self._room:
            self.write(lines)
        else:
            self.left_out.append(what)

    def add(self, section: Section) -> None:
        """Add as many rows of *section* as there is room for, or nothing of it."""
        head, tail = section.head, section.tail
        room = self._room - sum(map(self._size, (*head, *tail)))
        lines = list(self._fitting(map(str, section.rows), room))
        if lines:
            self.write((*head, *lines, *tail))
        missing = section.more + sum(row.records for row in section.rows[len(lines) :])
        if missing:
            self.left_out.append(f"{section.name}: {missing}")

    def text(self) -> str:
        """Return the page, at its end what is left out."""
        more = f"**Left out for want of room: {'; '.join(self.left_out)}.** Every other format has all."
        return "\n".join([*self.lines, *([more] if self.left_out else [])]).rstrip()

    @property
    def _room(self) -> int:
        return (MOST_BYTES if self.summary else MOST_CHARACTERS) - _FOR_THE_END - self._used

    def _size(self, line: str) -> int:
        return (len(line.encode("utf-8", "replace")) if self.summary else len(line)) + 1

    def _fitting(self, rows: Iterable[str], room: int) -> Iterator[str]:
        for row in rows:
            room -= self._size(row)
            if room < 0:
                return
            yield row


def table_line(cells: Iterable[str]) -> str:
    """Return cells as a line of a table."""
    return f"| {' | '.join(cells)} |"


def literal(text: str) -> str:
    """Return a name as code, in which nothing is called or linked."""
    return f"<code>{prose(text)}</code>"


def prose(text: str) -> str:
    """Return text of which no part is taken for Markdown, a link or a person."""
    shown = cut(text, _LONGEST_CELL).translate(_ESCAPES)
    return shown.replace("://", ":\u200b//").replace("www.", "www\\.")
