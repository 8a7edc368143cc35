"""What was checked: for each rule and each control, how much passed, failed, was accepted or could not be judged?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from restore_ready.catalog._controls import CONTROLS, OPPOSITES, Control, Opposite
from restore_ready.catalog._finder import all_rules
from restore_ready.reports._finding import EXCEPTED, Finding
from restore_ready.reports._passes import Passes
from restore_ready.reports._report import Report


class RuleEvidence(Struct, frozen=True):
    """A rule with its counts.

    Attributes:
        passes: with the names of the first that passed.
    """

    code: str
    title: str
    help_uri: str
    passes: Passes
    failed: int
    accepted: int
    not_judged: int


class ControlEvidence(Struct, frozen=True):
    """A control with the rules that were put of those that speak to it, and their counts together."""

    control: Control
    codes: tuple[str, ...]
    passed: int
    failed: int
    accepted: int
    not_judged: int


def evidence(report: Report) -> tuple[list[RuleEvidence], list[str]]:
    """Return the rules that were put to something, and the codes of those that found nothing to judge."""
    failed = Counter(finding.code for finding in report.findings if not _is_accepted(finding))
    accepted = Counter(finding.code for finding in report.findings if _is_accepted(finding))
    not_judged = _codes(report.not_judged)
    none = Passes(0, ())
    shown, rest = [], []
    for rule in all_rules():
        code = rule.code
        passes = report.passes.get(code, none)
        if passes.number or failed[code] or accepted[code] or not_judged[code]:
            counts = (failed[code], accepted[code], not_judged[code])
            shown.append(RuleEvidence(code, rule.title, rule.help_uri, passes, *counts))
        else:
            rest.append(code)
    return shown, rest


def control_evidence(checked: Sequence[RuleEvidence]) -> list[ControlEvidence]:
    """Return the controls that any of the rules in *checked* speaks to."""
    pairs = ((control, [rule for rule in checked if rule.code in control.rules]) for control in CONTROLS)
    return [_together(control, rules) for control, rules in pairs if rules]


def _together(control: Control, rules: Sequence[RuleEvidence]) -> ControlEvidence:
    return ControlEvidence(
        control,
        tuple(rule.code for rule in rules),
        sum(rule.passes.number for rule in rules),
        sum(rule.failed for rule in rules),
        sum(rule.accepted for rule in rules),
        sum(rule.not_judged for rule in rules),
    )


def opposites(checked: Iterable[RuleEvidence]) -> list[Opposite]:
    """Return the controls that want the opposite of what rules in *checked* ask for."""
    codes = {rule.code for rule in checked}
    return [opposite for opposite in OPPOSITES if opposite.rule in codes]


def _is_accepted(finding: Finding) -> bool:
    return finding.kind == EXCEPTED


def _codes(findings: Iterable[Finding]) -> Counter[str]:
    return Counter(finding.code for finding in findings)
