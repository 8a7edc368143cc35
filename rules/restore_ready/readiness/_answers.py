"""What is asked of each file system, how it is answered, and which rule speaks to which question."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Final

from msgspec import Struct

from restore_ready.model import Place
from restore_ready.readiness._restore_path import RestorePath
from restore_ready.readiness._state import State


class Question(Enum):
    """What whoever gets a report asks of a file system, in this order."""

    BACKED_UP = "backed_up"
    IN_WINDOW = "in_window"
    RESTORABLE = "restorable"
    REHEARSED = "rehearsed"
    NEWEST = "newest_point"


UNASKED: Final = "not all rules were put"
"""What answers a question that rules speak to which were not chosen."""


class Level(Enum):
    """The verdict on a file system, worst first."""

    NOT_READY = "not_ready"
    NOT_KNOWN = "not_known"
    READY = "restore_ready"

    @property
    def words(self) -> str:
        """The verdict as people read it: ``not ready``, ``not known``, ``restore-ready``."""
        return "restore-ready" if self is Level.READY else self.value.replace("_", " ")


class Answer(Struct, frozen=True):
    """The answer to one question.

    Attributes:
        text: a few words.
        codes: of the findings that say no, or of the rules that could not judge.
    """

    state: State
    text: str
    codes: tuple[str, ...] = ()


class Reason(Struct, frozen=True):
    """The one thing that matters most.

    Attributes:
        code: of the rule that found it; empty where no rule did.
        text: a sentence; empty for a file system that is ready.
    """

    code: str = ""
    text: str = ""


class NewestPoint(Struct, frozen=True):
    """The newest recovery point that can be restored: when it was made, in which vault, and how old it is."""

    created: datetime
    vault: str
    age_minutes: int


class LastRestore(Struct, frozen=True):
    """The last restore on record.

    Attributes:
        status: as AWS has it: ``COMPLETED``, ``FAILED``.
        tested: whether a restore test made it, rather than somebody.
    """

    created: datetime
    status: str
    tested: bool


class FileSystemReadiness(Struct, frozen=True):
    """How one file system stands.

    Attributes:
        name: what people call it; empty where that is not known.
        plans: what backs it up, in words.
        restorable_by: the principals that certainly can restore it.
        findings: the address and code of each finding about it that nothing accepts.
        path: from the file system to its restored files; ``None`` where pictures were not asked for.
        lost: why it is known by its recovery points alone; empty where it exists.
    """

    address: str
    name: str
    place: Place
    level: Level
    reason: Reason
    answers: dict[Question, Answer]
    plans: tuple[str, ...] = ()
    restorable_by: tuple[str, ...] = ()
    newest: NewestPoint | None = None
    last_restore: LastRestore | None = None
    findings: tuple[tuple[str, str], ...] = ()
    path: RestorePath | None = None
    lost: str = ""


RANK: Final = (
    *("RR102", "RR611", "RR106", "RR107", "RR111", "RR108", "RR109", "RR606", "RR607", "RR301", "RR403"),
    *("RR404", "RR407", "RR401", "RR402", "RR405", "RR409", "RR601", "RR105", "RR303", "RR306", "RR304"),
    *("RR204", "RR602", "RR608", "RR609", "RR610", "RR605", "RR503", "RR502", "RR506", "RR505", "RR604"),
    *("RR203", "RR201", "RR202", "RR101", "RR603", "RR205", "RR104", "RR103", "RR302", "RR308", "RR305"),
    *("RR307", "RR504", "RR408", "RR406", "RR501"),
)
"""What matters most first: nothing there, nobody can, too old, jobs fail, wrong time, unheard, never tried."""

_SPEAKS_TO: Final = {
    Question.BACKED_UP: (
        "RR102 RR103 RR104 RR105 RR106 RR107 RR108 RR109 RR111 RR303 RR304 RR305 RR306 RR307 RR308 RR602 RR608 RR609 "
        "RR610"
    ),
    Question.IN_WINDOW: "RR101 RR201 RR202 RR203 RR204 RR205 RR603",
    Question.RESTORABLE: (
        "RR301 RR302 RR401 RR402 RR403 RR404 RR405 RR406 RR407 RR408 RR409 RR502 RR503 RR505 RR506 RR606 RR607 RR611"
    ),
    Question.REHEARSED: "RR501 RR504 RR604 RR605",
    Question.NEWEST: "RR601",
}

QUESTION_OF: Final = {code: question for question, codes in _SPEAKS_TO.items() for code in codes.split()}
"""The question that each rule speaks to."""


def rank(code: str) -> int:
    """Return how much a finding matters: 0 is what matters most; codes of other packs come last."""
    return RANK.index(code) if code in RANK else len(RANK)
