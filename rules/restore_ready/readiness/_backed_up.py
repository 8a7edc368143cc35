"""Is a file system backed up as required, and within the required times?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from restore_ready.coverage._automatic import has_automatic_backups
from restore_ready.coverage._coverage import coverage, covered_elsewhere
from restore_ready.coverage._plans_and_file_systems import selecting
from restore_ready.model import Plan, Ref, Truth, Unresolved, any_true
from restore_ready.readiness._answers import Answer, Question
from restore_ready.readiness._standing import Standing, codes_of
from restore_ready.readiness._state import State

AUTOMATIC: Final = "AWS's automatic plan"
_ELSEWHERE: Final = "a plan elsewhere (backup.external_selections)"
_UNSEEN: Final = "a plan that is not in sight"

_IN_SHORT: Final = {
    "RR101": "AWS's fixed times",
    "RR102": "in no backup",
    "RR103": "kept too short or too long",
    "RR104": "too seldom",
    "RR105": "AWS refuses the retention",
    "RR106": "EFS is not opted in",
    "RR107": "its role can't back up",
    "RR108": "the file system's policy denies it",
    "RR109": "the vault's key refuses the role",
    "RR111": "AWS refuses the selection",
    "RR201": "starts too late",
    "RR202": "may take too long",
    "RR203": "outside the allowed times",
    "RR204": "AWS refuses the times",
    "RR205": "too short for its size",
    "RR303": "its vault takes no backups",
    "RR304": "copies are denied",
    "RR305": "nobody hears of failures",
    "RR306": "copies fail",
    "RR307": "nobody hears of failures",
    "RR308": "recovery points are not protected",
    "RR602": "jobs fail",
    "RR603": "jobs ran at other times",
    "RR608": "copies fail",
    "RR609": "recovery points can't be deleted",
    "RR610": "the backup policy is invalid",
}


def is_backed_up(standing: Standing) -> Truth:
    """Return whether anything backs the file system up."""
    file_system, estate = standing.file_system, standing.estate
    found = coverage(file_system, estate)
    by_plan: Truth = found if isinstance(found, Unresolved) else found is not None
    elsewhere = covered_elsewhere(file_system, standing.requirements)
    return any_true((by_plan, has_automatic_backups(file_system, estate), elsewhere))


def plans_of(standing: Standing) -> tuple[str, ...]:
    """Return what certainly backs the file system up, in words."""
    return tuple(dict.fromkeys(_plans_of(standing)))


def _plans_of(standing: Standing) -> Iterator[str]:
    file_system, estate = standing.file_system, standing.estate
    for selection, answer in selecting(file_system, estate):
        if answer is True and not selection.organization:
            plan = estate.plans_by_address.get(selection.plan.target) if isinstance(selection.plan, Ref) else None
            yield _UNSEEN if plan is None else f"plan {_name(plan)}"
    if has_automatic_backups(file_system, estate) is True:
        yield AUTOMATIC
    if covered_elsewhere(file_system, standing.requirements) is True:
        yield _ELSEWHERE


def _name(plan: Plan) -> str:
    return plan.name if isinstance(plan.name, str) else plan.address


def backed_up(standing: Standing, is_covered: Truth, plans: tuple[str, ...]) -> Answer:
    """Return whether the file system is backed up as required."""
    question = Question.BACKED_UP
    if is_covered is False:
        return Answer(State.NO, "in no backup", ("RR102",) if "RR102" in standing.asked else ())
    if isinstance(is_covered, Unresolved):
        return Answer(State.UNKNOWN, "not known", codes_of(standing.doubts(question)))
    faults, said = standing.faults(question), " + ".join(plans)
    if faults:
        return Answer(State.NO, f"{said}: {_IN_SHORT[faults[0].rule.code]}", codes_of(faults))
    return standing.unless_doubted(question, Answer(State.YES, said))


def in_window(standing: Standing, is_covered: Truth) -> Answer:
    """Return whether its backups start and end within the required times."""
    question = Question.IN_WINDOW
    faults = standing.faults(question)
    if is_covered is False:
        return Answer(State.NONE, "no backup")
    if faults:
        return Answer(State.NO, _IN_SHORT[faults[0].rule.code], codes_of(faults))
    if isinstance(is_covered, Unresolved):
        return Answer(State.UNKNOWN, "not known")
    found = standing.unless_doubted(question, Answer(State.YES, "inside"))
    return (
        found if found.state is State.YES or found.text != "inside" else Answer(State.UNKNOWN, "not known", found.codes)
    )
