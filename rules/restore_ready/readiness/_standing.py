"""What is known of one file system when its questions are asked."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from restore_ready.catalog._finder import all_rules
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.engine._judge import Judgement
from restore_ready.model import Fail, FileSystem, History, Requirements, Severity, Unknown
from restore_ready.readiness._answers import QUESTION_OF, UNASKED, Answer, Question, rank
from restore_ready.readiness._state import State
from restore_ready.who_can_restore._chain import FileSystemChains


class Standing(Struct, frozen=True):
    """A file system with the verdicts about it, who could restore it, and what is on record of it.

    Attributes:
        verdicts: those that are about it, those about people that may restore it left out.
        people: those about such people.
        asked: the codes of the rules that were put.
        history: ``None`` where the source has none.
    """

    file_system: FileSystem
    estate: JudgedEstate
    requirements: Requirements
    chains: FileSystemChains
    verdicts: tuple[Judgement, ...]
    people: tuple[Judgement, ...]
    asked: frozenset[str]
    history: History | None = None

    def faults(self, question: Question) -> tuple[Judgement, ...]:
        """Return the errors and warnings that say no to *question*, what matters most first."""
        return _faults(self.verdicts, question)

    def faults_of_people(self) -> tuple[Judgement, ...]:
        """Return the errors and warnings about people that may restore it, what matters most first."""
        return _faults(self.people, Question.RESTORABLE)

    def advice(self, question: Question) -> tuple[Judgement, ...]:
        """Return what is advised about *question*."""
        return tuple(found for found in _about(self.verdicts, question) if severity(found) is Severity.INFO)

    def doubts(self, question: Question) -> tuple[Judgement, ...]:
        """Return what could not be judged about *question*, what matters most first."""
        about = _about(self.verdicts, question)
        return _sorted(found for found in about if isinstance(found.verdict, Unknown))

    def unless_doubted(self, question: Question, answer: Answer) -> Answer:
        """Return *answer*, which is not no, or what leaves it open: a rule that can't tell, or one that was not put."""
        doubts = self.doubts(question)
        if doubts:
            return Answer(State.UNKNOWN, answer.text or "not known", codes_of(doubts))
        unasked = {code for code in _catalogue() - self.asked if QUESTION_OF.get(code) is question}
        return Answer(State.UNKNOWN, UNASKED) if unasked else answer


@cache
def _catalogue() -> frozenset[str]:
    return frozenset(rule.code for rule in all_rules())


def severity(judgement: Judgement) -> Severity | None:
    """Return the severity of a finding that nothing accepts; ``None`` for any other verdict."""
    verdict = judgement.verdict
    return (verdict.severity or judgement.rule.severity) if isinstance(verdict, Fail) else None


def codes_of(judgements: Iterable[Judgement]) -> tuple[str, ...]:
    """Return the codes of *judgements*, each once."""
    return tuple(dict.fromkeys(judgement.rule.code for judgement in judgements))


def _about(verdicts: Iterable[Judgement], question: Question) -> Iterable[Judgement]:
    return (found for found in verdicts if QUESTION_OF.get(found.rule.code) is question)


def _faults(verdicts: Iterable[Judgement], question: Question) -> tuple[Judgement, ...]:
    return _sorted(
        found for found in _about(verdicts, question) if severity(found) in (Severity.ERROR, Severity.WARNING)
    )


def _sorted(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    return tuple(sorted(judgements, key=lambda judgement: rank(judgement.rule.code)))
