"""What does a report say first: the verdict on all file systems, and what could not be read at all?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct, field

from restore_ready.readiness._answers import Level
from restore_ready.reports._file_systems import LEVEL_MARKS, FileSystemRow
from restore_ready.reports._locations import is_live
from restore_ready.reports._report import Report

LEVEL_CLASSES: Final = {Level.NOT_READY: "not", Level.NOT_KNOWN: "unknown", Level.READY: "ready"}
_PARTS: Final = 20
"""Into how many parts the bar can be divided: widths are classes, since the page has no other styles."""

_MOST_REASONS: Final = 4


class Overview(Struct):
    """Counts over all file systems, taken as they go by.

    Attributes:
        levels: how many stand how.
        reasons: how many file systems that are not ready are so for which rule.
        first: the first of them.
    """

    levels: Counter[Level] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    first: FileSystemRow | None = None

    @staticmethod
    def of(rows: Iterable[FileSystemRow]) -> Overview:
        """Return the counts of file systems, the worst of which come first."""
        counts = Overview()
        for row in rows:
            counts.add(row)
        return counts

    def add(self, row: FileSystemRow) -> None:
        """Count a file system."""
        self.first = self.first or row
        self.levels[row.readiness.level] += 1
        if row.readiness.level is Level.NOT_READY and row.readiness.reason.code:
            self.reasons[row.readiness.reason.code] += 1

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.levels.values())

    @property
    def headline(self) -> str:
        """The verdict on all of them."""
        ready, total = self.levels[Level.READY], self.total
        if self.first is None:
            return "No EFS file system to judge"
        if total == 1:
            return _of_one(self.first)
        if ready == total:
            return f"All {total} file systems are restore-ready"
        if ready:
            return f"{ready} of {total} file systems {'is' if ready == 1 else 'are'} restore-ready"
        if self.levels[Level.NOT_KNOWN]:
            return f"No file system of {total} is certainly restore-ready"
        return f"None of {total} file systems is restore-ready"

    @property
    def counts(self) -> Iterator[tuple[Level, str, str, int, int]]:
        """Each verdict with its class, its mark, how many have it, and its part of the bar."""
        for level in Level:
            count = self.levels[level]
            part = min(max(round(count * _PARTS / self.total), 1), _PARTS) if count else 0
            yield level, LEVEL_CLASSES[level], LEVEL_MARKS[level], count, part

    @property
    def main_reasons(self) -> list[tuple[str, int]]:
        """The rules that stop most of them."""
        return [(code, count) for code, count in self.reasons.most_common(_MOST_REASONS) if count > 1]


def _of_one(row: FileSystemRow) -> str:
    if row.readiness.level is Level.NOT_KNOWN:
        return f"Not known whether {row.label} is restore-ready"
    return f"{row.label} is {row.readiness.level.words}"


def tells_of_accounts(report: Report) -> bool:
    """Return whether a report is about live accounts, which have a history, rather than about sources."""
    if report.scope is not None:
        return bool(report.scope.taken)
    rows = (row.place for row in report.file_systems)
    found = (finding.place for finding in (*report.findings[:1], *report.not_judged[:1]))
    first = next(rows, None) or next(found, None)
    return first is not None and is_live(first)
