"""The one reason for a verdict that matters most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from restore_ready.engine._judge import Judgement
from restore_ready.model import Fail, Unknown
from restore_ready.readiness._answers import UNASKED, Answer, Level, Question, Reason, rank
from restore_ready.readiness._headline import headline, sentence
from restore_ready.readiness._standing import Standing
from restore_ready.readiness._state import State

_YET = "No recovery point is on record yet: there is nothing to restore."


def level_of(answers: Mapping[Question, Answer]) -> Level:
    """Return the verdict: any no makes it not ready, else any unknown not known; advice never decides."""
    states = {answer.state for answer in answers.values()}
    if State.NO in states:
        return Level.NOT_READY
    return Level.NOT_KNOWN if State.UNKNOWN in states else Level.READY


def reason_of(level: Level, answers: Mapping[Question, Answer], standing: Standing) -> Reason:
    """Return the reason for *level*; that of a file system that is ready says what is advised, if anything."""
    if level is Level.READY:
        advised = answers[Question.REHEARSED].state is State.ADVICE
        return Reason("RR501", "No restore test restores it.") if advised else Reason()
    if level is Level.NOT_KNOWN:
        return _of_doubt(answers, standing)
    if answers[Question.RESTORABLE].text == "nothing to restore yet":
        return Reason("", _YET)
    return _of_fault(answers, standing)


def _of_fault(answers: Mapping[Question, Answer], standing: Standing) -> Reason:
    codes = {code for answer in answers.values() if answer.state is State.NO for code in answer.codes}
    found = _first((*standing.verdicts, *standing.people), codes)
    if found is not None and isinstance(found.verdict, Fail):
        return Reason(found.rule.code, sentence(headline(found.verdict.message)))
    if answers[Question.RESTORABLE].state is State.NO:
        return Reason("", sentence(_stopped(standing)))
    return Reason("", sentence(next(answer.text for answer in answers.values() if answer.state is State.NO)))


def _of_doubt(answers: Mapping[Question, Answer], standing: Standing) -> Reason:
    open_answers = [answer for answer in answers.values() if answer.state is State.UNKNOWN]
    found = _first(standing.verdicts, {code for answer in open_answers for code in answer.codes})
    if found is not None and isinstance(found.verdict, Unknown):
        return Reason(found.rule.code, sentence(headline(found.verdict.why)))
    restorable = answers[Question.RESTORABLE]
    if restorable.state is State.UNKNOWN and restorable.text != UNASKED:
        return Reason("", sentence(_stopped(standing)))
    return Reason("", sentence(open_answers[0].text))


def _first(verdicts: Iterable[Judgement], codes: set[str]) -> Judgement | None:
    fitting = (found for found in verdicts if found.rule.code in codes and isinstance(found.verdict, (Fail, Unknown)))
    return min(fitting, key=lambda found: rank(found.rule.code), default=None)


def _stopped(standing: Standing) -> str:
    """Return what stops everybody, else where whoever gets furthest is stopped."""
    chains = standing.chains.chains
    if standing.chains.why or not chains:
        return headline(standing.chains.why) or "nobody who may start a restore is in sight"
    block = chains[0].first_block
    if block is None:
        return "it is open for everybody in sight"
    return headline(f"{chains[0].principal.label} is stopped at {block.step.value}: {block.why}")
