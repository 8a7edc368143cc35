"""Puts every rule to every subject of a reading and merges the answers of its estates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from restore_ready._model import Estate, Place, Reading
from restore_ready._requirements import Requirements
from restore_ready._rule import Rule
from restore_ready._verdict import Broken, Fail, Pass, Unknown, Verdict, joined


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rule's verdict on one resource."""

    rule: Rule
    address: str
    place: Place
    verdict: Verdict


def judge(reading: Reading, rules: Iterable[Rule], requirements: Requirements) -> list[Judgement]:
    """Judge *reading* by *rules*; sorted by file, line, address and code."""
    answers: dict[tuple[str, str], list[tuple[Estate, Judgement]]] = {}
    for rule in rules:
        for estate in reading.estates:
            for one in _judge_estate(rule, estate, requirements):
                answers.setdefault((rule.code, one.address), []).append((estate, one))
    merged = [_merge(found) for found in answers.values()]
    return sorted(merged, key=lambda one: (one.place.file, one.place.line, one.address, one.rule.code))


def _judge_estate(rule: Rule, estate: Estate, requirements: Requirements) -> Iterator[Judgement]:
    try:
        subjects = tuple(rule.subjects(estate, requirements))
    except Exception as error:  # noqa: BLE001  # a rule that can't even list its subjects is broken
        yield Judgement(rule, estate.root, Place(estate.root), Broken(f"{type(error).__name__}: {error}"))
        return
    for subject in subjects:
        yield Judgement(rule, subject.address, subject.place, rule(subject, estate, requirements))


def _merge(found: list[tuple[Estate, Judgement]]) -> Judgement:
    """Make one judgement of those under each open condition: the gravest, with the condition it holds under."""
    gravest = max(found, key=lambda one: _GRAVITY[type(one[1].verdict)])
    estate, judgement = gravest
    verdict = judgement.verdict
    fails = [(under, one.verdict) for under, one in found if isinstance(one.verdict, Fail)]
    if isinstance(verdict, Fail):
        verdict = joined(fail for under, fail in fails if under is estate)
        judgement = replace(judgement, verdict=verdict)
    failing = {id(under) for under, _ in fails}
    always = not estate.assuming or all(id(under) in failing for under, _ in found)
    if always or not isinstance(verdict, Fail):
        return judgement
    if judgement.rule.about_coverage:
        why = f"depends on the parameters; when {estate.assuming}: {verdict.message}"
        return replace(judgement, verdict=Unknown(why))
    return replace(judgement, verdict=replace(verdict, message=f"when {estate.assuming}: {verdict.message}"))


_GRAVITY: dict[type[Verdict], int] = {Pass: 0, Unknown: 1, Fail: 2, Broken: 3}
