"""Can somebody restore a file system, was that tried, and how old is its newest recovery point?"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from restore_ready.history._records import latest_first, show_span, usable
from restore_ready.model import Loss, RecoveryPoint, Truth, Unresolved
from restore_ready.readiness._answers import Answer, LastRestore, NewestPoint, Question
from restore_ready.readiness._standing import Standing, codes_of
from restore_ready.readiness._state import State

_MINUTE: Final = 60
_STOP_BACKUPS: Final = ("RR105", "RR106", "RR107", "RR108", "RR109", "RR111", "RR204")

_IN_SHORT: Final = {
    "RR301": "a vault denies it",
    "RR302": "a vault's policy is beyond repair",
    "RR403": "a restore role is not AWS Backup's to assume",
    "RR404": "a restore role lacks permissions",
    "RR407": "a key shuts restore roles out",
    "RR502": "moving the files takes too long",
    "RR503": "the files can't be moved",
    "RR505": "it takes too long",
    "RR506": "the mover writes to a replica",
    "RR606": "the vault denies it",
    "RR607": "the key is disabled",
    "RR611": Loss.DELETED.value,
}


def points_of(standing: Standing) -> tuple[RecoveryPoint, ...] | Unresolved | None:
    """Return the recovery points that can be restored, newest first; ``None`` where the source has no history."""
    if standing.history is None:
        return None
    points = standing.history.recovery_points
    return points if isinstance(points, Unresolved) else usable(points)


def restorable(standing: Standing, is_covered: Truth) -> Answer:
    """Return by whom the file system can be restored."""
    question = Question.RESTORABLE
    faults, can = standing.faults(question), standing.chains.somebody_can
    if points_of(standing) == ():
        stops = tuple(code for code in codes_of(standing.faults(Question.BACKED_UP)) if code in _STOP_BACKUPS)
        yet = "" if stops or is_covered is False else " yet"
        return Answer(State.NO, f"nothing to restore{yet}", stops)
    if is_covered is False and standing.history is None:
        return Answer(State.NONE, "nothing to restore")
    if can is False:
        return Answer(State.NO, "nobody", codes_of((*faults, *standing.faults_of_people())))
    people = _people(standing)
    if faults:
        said = _IN_SHORT.get(faults[0].rule.code, faults[0].rule.slug.replace("-", " "))
        return Answer(State.NO, f"{people}, but {said}" if people else said, codes_of(faults))
    if isinstance(can, Unresolved):
        return Answer(State.UNKNOWN, _perhaps(standing), codes_of(standing.doubts(question)))
    return standing.unless_doubted(question, Answer(State.YES, people))


def able(standing: Standing) -> tuple[str, ...]:
    """Return what those are called who certainly can restore it."""
    return tuple(chain.principal.label for chain in standing.chains.chains if chain.can_restore is True)


def _people(standing: Standing) -> str:
    names = able(standing)
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{names[0]}{more}" if names else ""


def _perhaps(standing: Standing) -> str:
    maybe = [chain.principal.label for chain in standing.chains.chains if isinstance(chain.can_restore, Unresolved)]
    return f"perhaps {maybe[0]}" if maybe else "nobody in sight"


def rehearsed(standing: Standing, is_covered: Truth, last: LastRestore | None) -> Answer:
    """Return whether a restore of the file system was rehearsed, or is by a restore test."""
    question = Question.REHEARSED
    faults, advice, doubts = standing.faults(question), standing.advice(question), standing.doubts(question)
    when = "" if last is None else f"{last.created:%Y-%m-%d}"
    if is_covered is False and not when:
        return Answer(State.NONE, "no backup")
    if faults:
        return Answer(State.NO, f"last {when}" if when else "never", codes_of(faults))
    if last is not None and last.status == "COMPLETED":
        return Answer(State.YES, f"{when}, {'by a restore test' if last.tested else 'by hand'}")
    if any(tested.restored is True for tested in standing.estate.tests.of(standing.file_system)):
        return standing.unless_doubted(question, Answer(State.YES, "by a restore test"))
    if advice and not doubts:
        return Answer(State.ADVICE, "no restore test", codes_of(advice))
    return Answer(State.UNKNOWN, "not known", codes_of(doubts))


def last_restore(standing: Standing) -> LastRestore | None:
    """Return the last restore on record that ended; ``None`` where there is none, or none is known."""
    jobs = () if standing.history is None else standing.history.restore_jobs
    ended = () if isinstance(jobs, Unresolved) else (job for job in jobs if job.status in ("COMPLETED", "FAILED"))
    newest = next(iter(latest_first(ended)), None)
    return None if newest is None else LastRestore(newest.created, newest.status, bool(newest.test_plan))


def newest_point(standing: Standing) -> NewestPoint | None:
    """Return the newest recovery point that can be restored; ``None`` where there is none, or none is known."""
    points, now = points_of(standing), standing.estate.now
    if not isinstance(points, tuple) or not points or now is None:
        return None
    age = now - points[0].created
    return NewestPoint(points[0].created, points[0].vault, int(age.total_seconds()) // _MINUTE)


def age_of(point: NewestPoint) -> str:
    """Return how old a recovery point is, in words."""
    return show_span(timedelta(minutes=point.age_minutes))


def newest(standing: Standing, point: NewestPoint | None, is_covered: Truth) -> Answer:
    """Return how old the newest recovery point is."""
    points, faults = points_of(standing), standing.faults(Question.NEWEST)
    if points is None:
        return Answer(State.NONE, "a source has none")
    if isinstance(points, Unresolved) or standing.estate.now is None:
        return Answer(State.UNKNOWN, "could not be read")
    if point is None:
        return Answer(State.NONE if is_covered is False else State.NO, "none yet", codes_of(faults))
    age = age_of(point)
    if faults:
        return Answer(State.NO, age, codes_of(faults))
    return standing.unless_doubted(Question.NEWEST, Answer(State.YES, age))
