"""How does a file system stand that is known by its recovery points alone?"""

from __future__ import annotations

from collections.abc import Mapping

from restore_ready.model import Loss, Lost, Truth, Unresolved
from restore_ready.readiness._answers import Answer, NewestPoint, Question
from restore_ready.readiness._restorable import age_of, restorable
from restore_ready.readiness._standing import Standing
from restore_ready.readiness._state import State


def is_still_backed_up(lost: Lost) -> Truth:
    """Return whether anything backs it up: nothing does where it is gone."""
    return False if lost.loss is Loss.DELETED else Unresolved(lost.why)


def answers_of_lost(standing: Standing, lost: Lost, point: NewestPoint | None) -> Mapping[Question, Answer]:
    """Return the answers for a file system of which recovery points are left.

    What is deleted is not backed up, so that no requirement for backups applies: what is left can be restored or not.
    """
    if lost.loss is Loss.DELETED:
        backups, times = Answer(State.NONE, lost.loss.value), Answer(State.NONE, "no backup")
    else:
        backups = times = Answer(State.UNKNOWN, "not known")
    return {
        Question.BACKED_UP: backups,
        Question.IN_WINDOW: times,
        Question.RESTORABLE: restorable(standing, is_covered=False),
        Question.REHEARSED: times,
        Question.NEWEST: _newest(standing, point),
    }


def _newest(standing: Standing, point: NewestPoint | None) -> Answer:
    history = standing.history
    if history is None or isinstance(history.recovery_points, Unresolved):
        return Answer(State.UNKNOWN, "could not be read")
    return Answer(State.NONE, "none" if point is None else age_of(point))
