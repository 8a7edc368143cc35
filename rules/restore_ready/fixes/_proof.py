"""Did a change fix what it should, and break nothing? Two scans compared."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from restore_ready.engine._judge import Judgement
from restore_ready.model import Fail, Pass
from restore_ready.scanning._scan import Scan

Key: TypeAlias = tuple[str, str, str]
"""Code, file and address of a judgement."""


class ScanOutcome(Struct, frozen=True):
    """What came out of a scan.

    Attributes:
        fails: what fails.
        others: what could not be judged, is broken or accepted, with the kind of verdict.
        gaps: what could not be read.
    """

    fails: frozenset[Key]
    others: frozenset[tuple[str, Key]]
    gaps: frozenset[tuple[str, str]]


def outcome_of(scan: Scan) -> ScanOutcome:
    """Return what came out of *scan*, to be compared."""
    others = [judgement for judgement in scan.judgements if not isinstance(judgement.verdict, (Pass, Fail))]
    return ScanOutcome(
        frozenset(key_of(judgement) for judgement in scan.judgements if isinstance(judgement.verdict, Fail)),
        frozenset((type(judgement.verdict).__name__, key_of(judgement)) for judgement in others),
        frozenset(
            [(gap.address, gap.place.file) for gap in scan.gaps]
            + [("crash", str(crash.path)) for crash in scan.crashes]
        ),
    )


def key_of(judgement: Judgement) -> Key:
    """Return what a judgement is recognised by, wherever it has moved in its file."""
    return judgement.rule.code, judgement.place.file, judgement.address


def objection(before: ScanOutcome, after: ScanOutcome, fixed: frozenset[Key]) -> str:
    """Return why a change does not fix *fixed*: they stay, or there is something new; empty where it does."""
    if staying := sorted(fixed & after.fails):
        return f"{staying[0][0]} stays after its change"
    if new := sorted(after.fails - before.fails):
        return f"its change would bring {new[0][0]} on {new[0][2]}"
    if unclear := sorted(key for _, key in after.others - before.others):
        return f"after its change, {unclear[0][0]} could not be judged on {unclear[0][2]}"
    if hidden := sorted(address for address, _ in after.gaps - before.gaps):
        return f"after its change, {hidden[0]} could not be read"
    return ""
