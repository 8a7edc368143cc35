"""How is the verdict on a file system shown? Every format words and marks it alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct

from restore_ready.model import Place
from restore_ready.readiness._answers import Answer, FileSystemReadiness, Level, Question, rank
from restore_ready.readiness._state import State
from restore_ready.reports._locations import shown
from restore_ready.reports._safe_text import clean

MARKS: Final = {State.YES: "✓", State.NO: "✗", State.UNKNOWN: "?", State.ADVICE: "○", State.NONE: "\N{EN DASH}"}
"""A state is never shown by its mark alone: words stand beside it."""

LEVEL_MARKS: Final = {Level.READY: "✓", Level.NOT_READY: "✗", Level.NOT_KNOWN: "?"}

TITLES: Final = {
    Question.BACKED_UP: "Backed up",
    Question.IN_WINDOW: "In the window",
    Question.RESTORABLE: "Restorable by",
    Question.REHEARSED: "Rehearsed",
    Question.NEWEST: "Newest point",
}

_ORDER: Final = tuple(Level)


class FileSystemRow(Struct, frozen=True):
    """A file system as reports show it: its place relative to the current folder, its texts without control characters.

    Attributes:
        label: what people call it: its name, else the end of its ARN, else its address.
    """

    address: str
    label: str
    place: Place
    readiness: FileSystemReadiness

    @property
    def heading(self) -> str:
        """What it is called and, where that says more, its address."""
        return self.label if self.label == self.address else f"{self.label} ({self.address})"


def rows(found: Iterable[FileSystemReadiness]) -> tuple[FileSystemRow, ...]:
    """Return the file systems, the worst first, and of those as bad the one whose reason matters most."""
    return tuple(sorted(map(_row, found), key=_key))


def _row(found: FileSystemReadiness) -> FileSystemRow:
    address = clean(found.address)
    tail = address.rpartition("/")[2] if address.startswith("arn:") else address
    return FileSystemRow(address, clean(found.name) or tail, shown(found.place), found)


def _key(row: FileSystemRow) -> tuple[int, int, str, str, str]:
    level, code = _ORDER.index(row.readiness.level), rank(row.readiness.reason.code)
    return level, code, row.label, row.place.file, row.address


def in_words(found: Iterable[FileSystemRow]) -> str:
    """Return the verdict on all of them: "1 of 3 file systems is restore-ready"; empty where there is none."""
    levels = [row.readiness.level for row in found]
    if not levels:
        return ""
    ready = levels.count(Level.READY)
    noun = "file system" if len(levels) == 1 else "file systems"
    verb = "is" if 1 in (ready, len(levels)) else "are"
    return f"{ready} of {len(levels)} {noun} {verb} restore-ready"


def answer_text(answer: Answer) -> str:
    """Return an answer as mark and words: ``✗ nobody``."""
    return f"{MARKS[answer.state]} {clean(answer.text)}"


def as_json(row: FileSystemRow) -> dict[str, Any]:
    """Return the file system as one object of a report's ``file_systems``."""
    found, place = row.readiness, row.place
    newest, last = found.newest, found.last_restore
    return {
        "address": row.address,
        "name": clean(found.name),
        "file": place.file,
        "line": place.line,
        "lost": clean(found.lost) or None,
        "verdict": found.level.value,
        "reason": {"code": found.reason.code, "text": clean(found.reason.text)},
        "answers": {question.value: _answer(answer) for question, answer in found.answers.items()},
        "backed_up_by": [clean(plan) for plan in found.plans],
        "restorable_by": [clean(name) for name in found.restorable_by],
        "newest_recovery_point": None
        if newest is None
        else {"created": newest.created.isoformat(), "vault": newest.vault, "age_minutes": newest.age_minutes},
        "last_restore": None
        if last is None
        else {"created": last.created.isoformat(), "status": last.status, "restore_test": last.tested},
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {"state": answer.state.value, "text": clean(answer.text), "codes": list(answer.codes)}
