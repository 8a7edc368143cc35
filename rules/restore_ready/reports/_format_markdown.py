"""How are findings written as Markdown, for a comment on a pull request or the summary of a CI job?

GitHub refuses comments of more than 65,536 characters. What does not fit is left out from the end, where the mildest
stands, and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field

from restore_ready.model import Place, Severity
from restore_ready.reports._excerpt import excerpt
from restore_ready.reports._finding import EXCEPTED, NOT_JUDGED, Finding
from restore_ready.reports._format_text import summary_line
from restore_ready.reports._records import records
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._safe_text import clean, cut

MOST_CHARACTERS = 65_000
"""What fits into a comment on GitHub, with room to spare."""

_FOR_THE_END = 1_000
"""Characters kept for the closing tags and for saying what is left out."""

_LONGEST_CELL = 1_000
_LONGEST_LINE = 120
_HEADINGS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.INFO: "Notes"}
_ESCAPES = str.maketrans(
    {
        **{mark: f"\\{mark}" for mark in "\\`*_[]<>&|~!"},
        "$": "<span>$</span>",
        "@": "@\u200b",
    }
)
"""Marks of Markdown; a dollar sign would begin mathematics, and an at sign call somebody."""


class _Row(Struct, frozen=True):
    """Cells of a table, and of how many records they tell."""

    cells: Sequence[str]
    records: int = 1

    def __str__(self) -> str:
        """Return it as a line."""
        return table_line(self.cells)


class _Section(Struct, frozen=True):
    """A table under a heading."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[_Row]
    folded: bool = False

    @property
    def head(self) -> list[str]:
        """The lines before the rows."""
        title = f"{self.heading} ({sum(row.records for row in self.rows)})"
        opening = ["<details>", f"<summary>{title}</summary>"] if self.folded else [f"### {title}"]
        return [*opening, "", table_line(self.columns), table_line(["---"] * len(self.columns))]

    @property
    def tail(self) -> list[str]:
        """The lines after the rows."""
        return ["", "</details>", ""] if self.folded else [""]


class _Page(Struct):
    """Lines that fit, and what did not."""

    lines: list[str]
    left_out: list[str] = field(default_factory=list)

    def add(self, section: _Section) -> None:
        """Add as many rows of *section* as there is room for, or nothing of it."""
        head, tail = section.head, section.tail
        room = MOST_CHARACTERS - _FOR_THE_END - sum(len(line) + 1 for line in (*self.lines, *head, *tail))
        lines = list(_fitting(map(str, section.rows), room))
        if lines:
            self.lines += [*head, *lines, *tail]
        missing = sum(row.records for row in section.rows[len(lines) :])
        if missing:
            self.left_out.append(f"{section.heading.lower()}: {missing}")


def write(report: Report, _layout: Layout) -> str:
    """Return the counts, a table for each severity, and what is accepted and not judged, folded."""
    page = _Page(["## restore-ready", "", f"{summary_line(report)}.", ""])
    found = list(records(report))
    for section in _sections(found):
        if section.rows:
            page.add(section)
    if page.left_out:
        page.lines.append(f"**Left out for want of room: {'; '.join(page.left_out)}.** Every other format has all.")
    return "\n".join(page.lines).rstrip()


def _sections(found: list[Finding]) -> Iterator[_Section]:
    columns = ("Rule", "Where", "What is wrong")
    for severity, heading in _HEADINGS.items():
        fails = [finding for finding in found if finding.severity is severity and finding.kind != EXCEPTED]
        rows = [_row(finding, finding.fix) for finding in fails]
        yield _Section(heading, (*columns, "What to change"), rows)
    accepted = [finding for finding in found if finding.kind == EXCEPTED]
    rows = [_row(finding, finding.accepted_because) for finding in accepted]
    yield _Section("Accepted exceptions", (*columns, "Accepted because"), rows, folded=True)
    yield _Section("Could not be judged", ("Rules", "Where", "Why"), list(_not_judged(found)), folded=True)


def _row(finding: Finding, last: str) -> _Row:
    return _Row((_code(finding), _where(finding), prose(finding.message), prose(last)))


def _not_judged(found: Iterable[Finding]) -> Iterator[_Row]:
    """Return a row for each resource and reason, with all rules that could not judge it for that reason."""
    codes: dict[tuple[str, str], list[str]] = {}
    for finding in found:
        if finding.kind == NOT_JUDGED:
            codes.setdefault((_where(finding), prose(finding.message)), []).append(_code(finding))
    return (_Row((", ".join(rules), *rest), len(rules)) for rest, rules in codes.items())


def _fitting(rows: Iterable[str], room: int) -> Iterator[str]:
    for row in rows:
        room -= len(row) + 1
        if room < 0:
            return
        yield row


def table_line(cells: Iterable[str]) -> str:
    """Return cells as a line of a table."""
    return f"| {' | '.join(cells)} |"


def _code(finding: Finding) -> str:
    return f"[{finding.code}]({finding.help_uri})"


def _where(finding: Finding) -> str:
    place = clean(str(finding.place))
    names = [place] if place == finding.address else [finding.address, place]
    return "<br>".join([*map(literal, names), *_focus(finding)])


def _focus(finding: Finding) -> Iterator[str]:
    """Show the line that is wrong, and the one where its value is given if that is elsewhere."""
    if finding.focus is not None:
        inside = finding.fault.file == finding.place.file
        yield _source(finding.fault, f"line {finding.fault.line}" if inside else str(finding.fault))
    if finding.given is not None:
        yield _source(finding.given, f"given in {finding.given}")


def _source(place: Place, called: str) -> str:
    """Return the first line of *place* behind what it is called."""
    lines = excerpt(place)
    line = cut(" ".join(lines[0][1].split()), _LONGEST_LINE) if lines else ""
    name = prose(clean(called))
    return f"{name}: {literal(clean(line))}" if line else name


def literal(text: str) -> str:
    """Return a name as code, in which nothing is called or linked."""
    return f"<code>{prose(text)}</code>"


def prose(text: str) -> str:
    """Return text of which no part is taken for Markdown, a link or a person."""
    shown = cut(text, _LONGEST_CELL).translate(_ESCAPES)
    return shown.replace("://", ":\u200b//").replace("www.", "www\\.")
