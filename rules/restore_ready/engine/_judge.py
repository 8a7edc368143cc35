"""Puts every rule to every subject of a reading and merges the answers of its estates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.engine._effective_requirements import RuleRunner
from restore_ready.model import Broken, Fail, Place, Reading, Rule, Unknown, Verdict, gravity, joined
from restore_ready.model._why_open import PARAMETERS
from restore_ready.requirements._exceptions import Exceptions
from restore_ready.requirements._file import Baselined, Excepted, RequirementsFile


class Judgement(Struct, frozen=True):
    """One rule's verdict on one resource.

    Attributes:
        file_systems: the addresses of those that it is about, where that was worked out.
        name: what people call the resource, where its address does not say it and that was worked out.
    """

    rule: Rule
    address: str
    place: Place
    verdict: Verdict | Excepted | Baselined
    file_systems: tuple[str, ...] = ()
    name: str = ""


def judge(reading: Reading, rules: Iterable[Rule], requirements_file: RequirementsFile) -> list[Judgement]:
    """Return what *rules* say of *reading* under *requirements_file*, by file, line, address and code."""
    return judge_with(runners_of(reading, requirements_file), rules, requirements_file)


def runners_of(reading: Reading, requirements_file: RequirementsFile) -> list[RuleRunner]:
    """Return the estates of *reading*, each with what *requirements_file* asks of it."""
    return [RuleRunner(estate, requirements_file) for estate in reading.estates]


def judge_with(
    runners: Sequence[RuleRunner], rules: Iterable[Rule], requirements_file: RequirementsFile
) -> list[Judgement]:
    """Return what *rules* say of the estates of *runners*, which are those of one source, as `judge` does."""
    answers: dict[tuple[str, str], list[_Answer]] = {}
    for rule in rules:
        for number, runner in enumerate(runners):
            for answer in _answers(rule, runner, number):
                answers.setdefault((rule.code, answer.address), []).append(answer)
    exceptions = Exceptions(requirements_file)
    merged = [_excused(_merge(found), exceptions) for found in answers.values()]
    return sorted(merged, key=lambda found: (found.place.file, found.place.line, found.address, found.rule.code))


class _Answer(Struct, frozen=True):
    """One rule's verdict on one resource in one of the reading's estates.

    Attributes:
        estate: the number of that estate, and *assuming* the condition that it holds under.
    """

    rule: Rule
    estate: int
    assuming: str
    address: str
    place: Place
    verdict: Verdict


def _answers(rule: Rule, runner: RuleRunner, number: int) -> Iterator[_Answer]:
    root, assuming = runner.estate.root, runner.estate.assuming
    try:
        for subject, verdict in runner.judge(rule):
            yield _Answer(rule, number, assuming, subject.address, subject.place, verdict)
    except Exception as error:  # noqa: BLE001  # a rule that can't even list its subjects is broken
        yield _Answer(rule, number, assuming, root, Place(root), Broken(f"{type(error).__name__}: {error}"))


def _excused(judgement: Judgement, exceptions: Exceptions) -> Judgement:
    if not isinstance(judgement.verdict, Fail):
        return judgement
    verdict = exceptions.excuse(judgement.rule.code, judgement.address, judgement.place, judgement.verdict)
    return replace(judgement, verdict=verdict)


def _merge(found: list[_Answer]) -> Judgement:
    """Return one judgement for those under each open condition: the gravest, with the condition it holds under."""
    gravest = max(found, key=lambda answer: gravity(answer.verdict))
    verdict = gravest.verdict
    fails = [(answer.estate, answer.verdict) for answer in found if isinstance(answer.verdict, Fail)]
    if isinstance(verdict, Fail):
        verdict = joined(fail for estate, fail in fails if estate == gravest.estate)
    judgement = Judgement(gravest.rule, gravest.address, gravest.place, verdict)
    failing = {estate for estate, _ in fails}
    always = not gravest.assuming or all(answer.estate in failing for answer in found)
    if always or not isinstance(verdict, Fail):
        return judgement
    if judgement.rule.about_coverage:
        why = f"{PARAMETERS.said(what=gravest.assuming)}: {verdict.message}"
        return replace(judgement, verdict=Unknown(why))
    return replace(judgement, verdict=replace(verdict, message=f"when {gravest.assuming}: {verdict.message}"))
