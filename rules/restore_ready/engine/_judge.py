"""Puts every rule to every subject of a reading and merges the answers of its estates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.engine._effective_requirements import RuleRunner
from restore_ready.model import Broken, Estate, Fail, Place, Reading, Rule, Unknown, Verdict, gravity, joined
from restore_ready.requirements._file import Baselined, Excepted, RequirementsFile


class Judgement(Struct, frozen=True):
    """One rule's verdict on one resource."""

    rule: Rule
    address: str
    place: Place
    verdict: Verdict | Excepted | Baselined


def judge(reading: Reading, rules: Iterable[Rule], requirements_file: RequirementsFile) -> list[Judgement]:
    """Judge *reading* by *rules* under *requirements_file*; sorted by file, line, address and code."""
    answers: dict[tuple[str, str], list[_Answer]] = {}
    runners = [RuleRunner(estate, requirements_file) for estate in reading.estates]
    for rule in rules:
        for runner in runners:
            for one in _answers(rule, runner):
                answers.setdefault((rule.code, one.address), []).append(one)
    merged = [_excused(_merge(found), requirements_file) for found in answers.values()]
    return sorted(merged, key=lambda one: (one.place.file, one.place.line, one.address, one.rule.code))


class _Answer(Struct, frozen=True):
    """One rule's verdict on one resource in one estate."""

    rule: Rule
    estate: Estate
    address: str
    place: Place
    verdict: Verdict


def _answers(rule: Rule, runner: RuleRunner) -> Iterator[_Answer]:
    estate = runner.estate
    try:
        for subject, verdict in runner.judge(rule):
            yield _Answer(rule, estate, subject.address, subject.place, verdict)
    except Exception as error:  # noqa: BLE001  # a rule that can't even list its subjects is broken
        yield _Answer(rule, estate, estate.root, Place(estate.root), Broken(f"{type(error).__name__}: {error}"))


def _excused(judgement: Judgement, requirements_file: RequirementsFile) -> Judgement:
    if not isinstance(judgement.verdict, Fail):
        return judgement
    verdict = requirements_file.excuse(judgement.rule.code, judgement.address, judgement.place, judgement.verdict)
    return replace(judgement, verdict=verdict)


def _merge(found: list[_Answer]) -> Judgement:
    """Make one judgement of those under each open condition: the gravest, with the condition it holds under."""
    gravest = max(found, key=lambda one: gravity(one.verdict))
    verdict, estate = gravest.verdict, gravest.estate
    fails = [(one.estate, one.verdict) for one in found if isinstance(one.verdict, Fail)]
    if isinstance(verdict, Fail):
        verdict = joined(fail for under, fail in fails if under is estate)
    judgement = Judgement(gravest.rule, gravest.address, gravest.place, verdict)
    failing = {id(under) for under, _ in fails}
    always = not estate.assuming or all(id(one.estate) in failing for one in found)
    if always or not isinstance(verdict, Fail):
        return judgement
    if judgement.rule.about_coverage:
        why = f"depends on the parameters; when {estate.assuming}: {verdict.message}"
        return replace(judgement, verdict=Unknown(why))
    return replace(judgement, verdict=replace(verdict, message=f"when {estate.assuming}: {verdict.message}"))
