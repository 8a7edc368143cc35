"""Which links lead from a file system to its recovery points, on to whoever can restore them, and to the files?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.coverage._automatic import is_automatic_vault
from restore_ready.engine._judge import Judgement
from restore_ready.model import Fail, Place, Principal, Truth, Unknown, Unresolved
from restore_ready.readiness._answers import NewestPoint, Question
from restore_ready.readiness._cited_statements import PolicyPlaces
from restore_ready.readiness._restore_path import Link
from restore_ready.readiness._standing import Standing
from restore_ready.readiness._state import State
from restore_ready.who_can_restore._chain import Chain
from restore_ready.who_can_restore._steps import Step, StepResult, vault_step

_NO_BACKUP: Final = ("RR102", "RR611", "RR106", "RR111", "RR107", "RR108", "RR109", "RR204", "RR610")
_NO_WAY_IN: Final = ("RR105", "RR303", "RR306", "RR304")
_NO_POINTS: Final = ("RR606", "RR601", "RR602", "RR608")
_NO_MOVE: Final = ("RR503", "RR502", "RR506", "RR505")
_OF_STEP: Final = {
    Step.START: ("RR405",),
    Step.VAULT: ("RR301", "RR606"),
    Step.PASS_ROLE: ("RR401", "RR402"),
    Step.TRUST: ("RR403",),
    Step.PERMISSIONS: ("RR404",),
    Step.KEY: ("RR407", "RR409", "RR607"),
}
_STEPS: Final = (
    ("may start", (Step.VAULT, Step.START)),
    ("may pass", (Step.PASS_ROLE,)),
    ("trusted", (Step.TRUST, Step.PERMISSIONS)),
    ("may use", (Step.KEY,)),
)
_UNSEEN_MOVER: Final = "what moves the files out of aws-backup-restore_… is not in sight"


class Way(Struct, frozen=True):
    """What is known of the way of a file system.

    Attributes:
        is_covered: whether anything backs it up.
        plans: what backs it up, in words.
        point: its newest recovery point, where one is on record.
        policies: where policies are written.
    """

    standing: Standing
    is_covered: Truth
    plans: tuple[str, ...]
    point: NewestPoint | None
    policies: PolicyPlaces


def links_of(way: Way, best: Chain | None, movers: Iterable[str]) -> tuple[Link, ...]:
    """Return the eight links between the stations.

    Args:
        way: what is known of it.
        best: of who could restore the file system, whoever gets furthest.
        movers: what is meant to move its restored files.
    """
    standing, there = way.standing, way.is_covered is not False
    is_lost = standing.file_system.lost is not None
    return (
        _covered(standing, way.is_covered),
        _laid_down(standing) if there else Link("lays into", State.NONE),
        _held(standing) if there or is_lost else Link("holds", State.NONE),
        *_of_people(standing, best, way.policies),
        _moved(standing, tuple(movers)),
    )


def _covered(standing: Standing, is_covered: Truth) -> Link:
    label = "covered"
    fault = _fault(standing, _NO_BACKUP)
    if fault is not None:
        return _broken(fault, label)
    if is_covered is False and standing.file_system.lost is not None:
        return Link(label, State.NONE)
    if is_covered is False:
        advice = (found for found in standing.advice(Question.BACKED_UP) if found.rule.code in _NO_BACKUP)
        advised = next(advice, None)
        return Link(label, State.NO, "no plan covers it") if advised is None else _broken(advised, label)
    if isinstance(is_covered, Unresolved):
        return Link(label, State.UNKNOWN, is_covered.why)
    return Link(label, State.YES)


def _laid_down(standing: Standing) -> Link:
    label, chains = "lays into", standing.chains
    fault = _fault(standing, _NO_WAY_IN)
    if fault is not None:
        return _broken(fault, label)
    if not chains.vaults and not chains.elsewhere:
        return Link(label, State.UNKNOWN, chains.hidden or "no vault is in sight")
    return Link(label, State.YES)


def _held(standing: Standing) -> Link:
    label, points = "holds", standing.chains.points
    if points is None:
        return Link(label, State.NONE)
    fault = _fault(standing, _NO_POINTS)
    if fault is not None:
        return _broken(fault, label)
    if points.answer is True:
        return Link(label, State.YES)
    return Link(label, State.NO if points.answer is False else State.UNKNOWN, points.why)


def _of_people(standing: Standing, best: Chain | None, policies: PolicyPlaces) -> Iterator[Link]:
    if best is None:
        why = standing.chains.nobody or "nobody who may start a restore is in sight"
        yield from (Link(label, State.UNKNOWN, "" if number else why) for number, (label, _) in enumerate(_STEPS))
        return
    results = {result.step: result for result in best.steps}
    for label, steps in _STEPS:
        found = [results[step] for step in steps if step in results]
        if Step.VAULT in steps and best.can_restore is not True:
            found = [_of_vaults(results[Step.VAULT], standing, best.principal), *found]
        yield _of_steps(label, found, standing, policies)


def _of_vaults(result: StepResult, standing: Standing, principal: Principal) -> StepResult:
    """Return what each vault says where none lets a principal restore from it, its own before that of AWS."""
    vaults = sorted(standing.chains.vaults, key=lambda vault: is_automatic_vault(vault.key))
    answers = [(vault.name, vault_step(principal, vault, standing.estate)) for vault in vaults]
    if result.holds is not False or len(answers) <= 1 or any(answer.holds is not False for _, answer in answers):
        return result
    return replace(answers[0][1], why="; ".join(f"{name}: {answer.why}" for name, answer in answers))


def _of_steps(label: str, results: Iterable[StepResult], standing: Standing, policies: PolicyPlaces) -> Link:
    found = list(results)
    worst = _first(found, lambda holds: holds is False) or _first(found, lambda holds: isinstance(holds, Unresolved))
    if worst is None:
        return Link(label, State.YES)
    state, why = state_of(worst.holds), f"{worst.step.value}: {worst.why}"
    cited = None if worst.by is None else policies.of(worst.by)
    about = (*standing.verdicts, *standing.people)
    if cited is not None:
        code = next((found.rule.code for found in about if _tells_of(found, cited.policy, worst.step)), "")
        return Link(label, state, why, code, cited.words, cited.place)
    fault = None if state is State.UNKNOWN else _fault(standing, _OF_STEP.get(worst.step, ()))
    return Link(label, state, why, "" if fault is None else fault.rule.code, place=_place(fault))


def _tells_of(found: Judgement, policy: str, step: Step) -> bool:
    return found.address == policy and isinstance(found.verdict, Fail) and found.rule.code in _OF_STEP.get(step, ())


def _first(results: Iterable[StepResult], fits: Callable[[Truth], bool]) -> StepResult | None:
    return next((result for result in results if fits(result.holds)), None)


def state_of(holds: Truth) -> State:
    """Return yes, no or unknown."""
    return State.UNKNOWN if isinstance(holds, Unresolved) else State.YES if holds else State.NO


def _moved(standing: Standing, movers: tuple[str, ...]) -> Link:
    label = "moves"
    fault = _fault(standing, _NO_MOVE)
    if fault is not None:
        return _broken(fault, label)
    doubt = next((found for found in standing.doubts(Question.RESTORABLE) if found.rule.code in _NO_MOVE), None)
    if doubt is not None and isinstance(doubt.verdict, Unknown):
        return Link(label, State.UNKNOWN, doubt.verdict.why, doubt.rule.code)
    return Link(label, State.YES) if movers else Link(label, State.UNKNOWN, _UNSEEN_MOVER)


def _fault(standing: Standing, codes: tuple[str, ...]) -> Judgement | None:
    """Return what says no, of the rules with these codes, in their order."""
    every = [fault for question in Question for fault in standing.faults(question)]
    every += standing.faults_of_people()
    fitting = [fault for fault in every if fault.rule.code in codes]
    return min(fitting, key=lambda fault: codes.index(fault.rule.code), default=None)


def _broken(fault: Judgement, label: str) -> Link:
    why = fault.verdict.message if isinstance(fault.verdict, Fail) else ""
    return Link(label, State.NO, why, fault.rule.code, place=_place(fault))


def _place(fault: Judgement | None) -> Place | None:
    if fault is None:
        return None
    focus = fault.verdict.focus if isinstance(fault.verdict, Fail) else None
    return fault.place if focus is None else focus.place
