"""Puts every rule to every subject of a reading and merges the answers of its estates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from restore_ready._model import Estate, Place, Reading
from restore_ready._requirements import Requirements
from restore_ready._rule import Rule
from restore_ready._verdict import Broken, Fail, Pass, Unknown, Verdict


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
    if not isinstance(verdict, Fail):
        return judgement
    verdict = _joined([one.verdict for under, one in found if under is estate and isinstance(one.verdict, Fail)])
    judgement = replace(judgement, verdict=verdict)
    failing = {id(under) for under, one in found if isinstance(one.verdict, Fail)}
    if not estate.assuming or all(id(under) in failing for under, _ in found):
        return judgement
    if judgement.rule.about_coverage:
        why = f"depends on the parameters; when {estate.assuming}: {verdict.message}"
        return replace(judgement, verdict=Unknown(why))
    return replace(judgement, verdict=replace(verdict, message=f"when {estate.assuming}: {verdict.message}"))


def _joined(fails: list[Fail]) -> Fail:
    """Make one finding of those of several subjects at one address: an inline policy each, or a plan each."""
    first = fails[0]
    if len(fails) == 1:
        return first
    evidence = dict(first.evidence)
    for key, value in ((key, value) for fail in fails[1:] for key, value in fail.evidence.items()):
        before = evidence.get(key)
        if isinstance(before, list) and isinstance(value, list):
            evidence[key] = before + [one for one in value if one not in before]
    return replace(first, message="; ".join(dict.fromkeys(fail.message for fail in fails)), evidence=evidence)


_GRAVITY: dict[type[Verdict], int] = {Pass: 0, Unknown: 1, Fail: 2, Broken: 3}
