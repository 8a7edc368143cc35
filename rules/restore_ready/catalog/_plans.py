"""What the rules about backup plans share: one verdict for a plan out of those for its rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, product
from typing import Final, TypeVar

from msgspec.structs import replace

from restore_ready._words import show_minutes
from restore_ready.model import (
    Copy,
    Estate,
    Fail,
    Focus,
    Known,
    OneOf,
    Pass,
    Plan,
    PlanRule,
    Ref,
    Requirements,
    Severity,
    Unknown,
    Unresolved,
    Verdict,
    gravest,
    open_is_unknown,
    settled,
    show,
)

PLAN_TERRAFORM = (
    "aws_backup_plan",
    "aws_organizations_policy",
    "awscc_backup_backup_plan",
    "awscc_organizations_policy",
)
PLAN_CLOUDFORMATION = ("AWS::Backup::BackupPlan", "AWS::Organizations::Policy")
_NUMBERS: Final = ("start_window", "completion_window", "delete_after_days", "cold_after_days")
_MOST_WAYS: Final = 16

R = TypeVar("R", PlanRule, Copy)


def plans(estate: Estate, _requirements: Requirements) -> Iterable[Plan]:
    """Return the backup plans of *estate*."""
    return estate.plans


def judge_each(plan: Plan, judge_rule: Callable[[PlanRule], Verdict], *at: str) -> Verdict:
    """Return the verdict on *plan* by that on each of its rules: one failing rule fails the plan, and all are named.

    Args:
        plan: what is judged.
        judge_rule: judges one of its rules.
        at: the fields that are wrong in a rule that fails; the first that is written is the focus, else the rule.

    Raises:
        Open: if the plan's rules are not known. What *judge_rule* leaves open is Unknown for that rule only.
    """
    rules = settled(plan.rules, "the plan's rules are not known")
    verdicts = [
        (name_of_rule(rule, number), _either_way(open_is_unknown(judge_rule), rule))
        for number, rule in enumerate(rules, start=1)
    ]
    fails = [(name, verdict) for name, verdict in verdicts if isinstance(verdict, Fail)]
    failing = (rule for rule, (_, verdict) in zip(rules, verdicts, strict=True) if isinstance(verdict, Fail))
    if fails:
        return Fail(
            "; ".join(f"{name}: {fail.message}" for name, fail in fails),
            fix=fails[0][1].fix,
            severity=gravest(fail for _, fail in fails),
            evidence={"rules": [{"rule": name, **fail.evidence} for name, fail in fails]},
            changes=tuple(change for _, fail in fails for change in fail.changes),
            focus=fails[0][1].focus or _focus(plan, next(failing), at),
        )
    unknown = [f"{name}: {verdict.why}" for name, verdict in verdicts if isinstance(verdict, Unknown)]
    return Unknown("; ".join(unknown)) if unknown else Pass()


def _either_way(judge_rule: Callable[[PlanRule], Verdict], rule: PlanRule) -> Verdict:
    """Return the verdict on *rule*; where numbers in it are one of several, that on each of them if all agree."""
    ways = list(islice(_ways(rule), _MOST_WAYS + 1))
    if not 1 < len(ways) <= _MOST_WAYS:
        return judge_rule(rule)
    verdicts = [judge_rule(way) for way in ways]
    fails = [verdict for verdict in verdicts if isinstance(verdict, Fail)]
    if len(fails) == len(verdicts):
        mildest = min(fails, key=lambda fail: _rank(fail.severity))
        return replace(mildest, message=", or ".join(dict.fromkeys(fail.message for fail in fails)))
    return Pass() if all(isinstance(verdict, Pass) for verdict in verdicts) else judge_rule(rule)


def _ways(rule: PlanRule) -> Iterator[PlanRule]:
    """Yield what *rule* may come to: one for each choice of its numbers and those of its copies."""
    own = list(_choices(rule))
    if isinstance(rule.copies, Unresolved):
        yield from own
        return
    for copies in product(*map(_choices, rule.copies)):
        yield from (replace(way, copies=copies) for way in own)


def _choices(record: R) -> Iterator[R]:
    """Yield *record* with each choice of those of its numbers that are one of several."""
    several = {name: value.options for name in _NUMBERS if isinstance(value := getattr(record, name, None), OneOf)}
    yield from (replace(record, **dict(zip(several, choice, strict=True))) for choice in product(*several.values()))


def _rank(severity: Severity | None) -> int:
    return Severity.ERROR.rank if severity is None else severity.rank


def _focus(plan: Plan, rule: PlanRule, at: Sequence[str]) -> Focus | None:
    """Return where the first of some fields of a rule is written, else the rule, where it has a place of its own."""
    return rule.places.of(*at) or (Focus(rule.place) if rule.place != plan.place else None)


def name_of_rule(rule: PlanRule, number: int) -> str:
    """Return how verdicts name the rule of a plan with that number, from 1: ``rule "nightly"``, ``rule 2``."""
    return f"rule {number}" if isinstance(rule.name, (Ref, Unresolved)) else f'rule "{show(rule.name)}"'


def judge_window(actual: Known[int], allowed: int, says: str, *, stated: bool, fix: str) -> Verdict:
    """Return whether a window in minutes is within what is allowed; *says* is the sentence with ``{}`` for the window.

    Raises:
        Open: if the window is not known.
    """
    minutes = settled(actual)
    if minutes <= allowed:
        return Pass()
    origin = "" if stated else " (nothing is set, so the default applies)"
    message = f"{says.format(show_minutes(minutes))}; {show_minutes(allowed)} are allowed{origin}"
    return Fail(message, fix=fix, evidence={"minutes": minutes, "allowed": allowed, "stated": stated})
