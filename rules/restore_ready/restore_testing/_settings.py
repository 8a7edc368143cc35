"""Settings of restore testing plans and selections that AWS Backup refuses, or with which they test nothing.

Limits as in https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html#restore-testing-quotas and
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingPlanForCreate.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from msgspec import Struct

from restore_ready.coverage._refusals import PREFIX
from restore_ready.iam import matches
from restore_ready.model import (
    Focus,
    Known,
    Ref,
    Requirements,
    RestoreTestPlan,
    RestoreTestSelection,
    Severity,
    Str,
    Text,
    Unresolved,
    show,
    unresolved_reason,
)
from restore_ready.timing._cron import why_refused
from restore_ready.timing._interval import TWO_YEARS
from restore_ready.timing._windows import days_ahead, runs_of

_LONGEST_NAME: Final = 50
_MOST_ARNS: Final = 30
_ALGORITHMS: Final = ("LATEST_WITHIN_WINDOW", "RANDOM_WITHIN_WINDOW")
_NO_ARNS: Final = frozenset({"Ref", "name"})
"""Attributes of a vault that are its name."""


class Fault(Struct, frozen=True):
    """Why a restore test is refused, or tests nothing, and what to change.

    Attributes:
        severity: where it is milder than an error.
        field: the field of the restore test that is wrong, where one is.
        focus: where that is written which is wrong elsewhere.
    """

    said: str
    fix: str
    severity: Severity | None = None
    field: str = ""
    focus: Focus | None = None


Finding: TypeAlias = Fault | Unresolved
"""A fault, or why it can't be told whether there is one."""


def plan_settings(plan: RestoreTestPlan, requirements: Requirements) -> Iterator[Finding]:
    """Yield the faults of a restore testing plan's own settings."""
    yield from _name(plan.name)
    yield from _schedule(plan, requirements)
    yield from _number("start window", plan.start_window_hours, 168, "hours", "start_window_hours")
    yield from _number("selection window", plan.window_days, 365, "days", "window_days")
    if isinstance(plan.algorithm, str) and plan.algorithm not in _ALGORITHMS:
        yield Fault(
            f"AWS refuses its algorithm {plan.algorithm!r}",
            f"Set one of {' and '.join(_ALGORITHMS)}.",
            field="algorithm",
        )
    yield from _vaults(plan)


def selection_settings(test: RestoreTestSelection, *, accepted: bool) -> Iterator[Finding]:
    """Yield the faults of a restore testing selection's own settings.

    Args:
        test: the selection.
        accepted: whether it is in a live account, which shows condition keys as it likes.
    """
    yield from _name(test.name)
    if not accepted:
        yield from _condition_keys(test)
    resources = test.resources
    if isinstance(resources, Unresolved):
        yield resources
        return
    if len(resources) > _MOST_ARNS:
        fix = "Choose by tag, or spread the ARNs over several selections."
        yield Fault(f"AWS refuses its {len(resources)} ARNs: {_MOST_ARNS} are the most", fix, field="resources")
    if "*" in resources and len(resources) > 1:
        yield Fault("AWS refuses ARNs beside *", "Give either ARNs or * alone.", field="resources")
    if resources and isinstance(test.conditions, tuple) and test.conditions:
        yield from _both_given(test, resources)


def _both_given(test: RestoreTestSelection, resources: tuple[Str, ...]) -> Iterator[Finding]:
    """Yield the fault of a selection with ARNs and conditions, which go with ``*`` only, and in Terraform with none.

    Terraform's provider has exactly one of the two (``restore_testing_selection.go``, ``ConfigValidators``).
    """
    if "*" not in resources:
        yield Fault(
            "AWS refuses tags beside ARNs: they go with * only", "Give either ARNs, or * with tags.", field="conditions"
        )
    elif test.one_of_both is True:
        fix = "Leave out protected_resource_arns: conditions alone choose from everything."
        yield Fault("Terraform's provider refuses * beside conditions: it takes one of the two", fix, field="resources")


def _condition_keys(test: RestoreTestSelection) -> Iterator[Finding]:
    for condition in test.conditions if isinstance(test.conditions, tuple) else ():
        if condition.prefixed is False:
            yield Fault(
                f"AWS refuses its condition key {show(condition.key)}, which does not begin with {PREFIX}",
                f"Write {PREFIX} before the key of the tag.",
                field="conditions",
            )
        elif isinstance(condition.prefixed, Unresolved):
            yield Unresolved(f"whether a condition key begins with {PREFIX} is not known: {condition.prefixed.why}")


def _name(name: Str) -> Iterator[Finding]:
    fix = f"Name it with letters, digits and _ only, {_LONGEST_NAME} of them at most."
    known = [part for part in (name.parts if isinstance(name, Text) else (name,)) if isinstance(part, str)]
    bad = sorted({letter for part in known for letter in part if not (letter.isascii() and letter.isalnum())} - {"_"})
    if bad:
        yield Fault(f"AWS refuses its name: {bad[0]!r} is neither letter, digit nor _", fix, field="name")
    elif sum(map(len, known)) > _LONGEST_NAME:
        yield Fault(f"AWS refuses its name: it is longer than {_LONGEST_NAME} characters", fix, field="name")
    elif name == "":
        yield Fault("AWS refuses its name: it is empty", fix, field="name")
    elif why := unresolved_reason(name):
        yield Unresolved(f"its name is not known: {why}")


def _schedule(plan: RestoreTestPlan, requirements: Requirements) -> Iterator[Finding]:
    fix = "Set a schedule cron(minutes hours day month weekday year)."
    if isinstance(plan.schedule, str) and (refused := why_refused(plan.schedule)):
        yield Fault(refused, fix, field="schedule")
        return
    found = runs_of(plan.schedule, plan.time_zone, days_ahead(requirements, TWO_YEARS))
    if isinstance(found, Unresolved):
        yield found
    elif not found.at:
        said = f"its schedule {plan.schedule} never comes round in the next two years: nothing is tested"
        yield Fault(said, fix, field="schedule")


def _number(what: str, value: Known[int], most: int, unit: str, field: str) -> Iterator[Finding]:
    if isinstance(value, Unresolved):
        yield Unresolved(f"its {what} is not known: {value.why}")
    elif not 1 <= value <= most:
        yield Fault(f"AWS refuses its {what} of {value} {unit}", f"Set a {what} of 1 to {most} {unit}.", field=field)


def _vaults(plan: RestoreTestPlan) -> Iterator[Finding]:
    included, excluded = plan.include_vaults, plan.exclude_vaults
    fix = "Include the vault of the backups by its ARN, or all vaults by *."
    if isinstance(included, Unresolved):
        yield included
        return
    named = [vault for vault in included if _is_no_arn(vault)]
    if not included:
        yield Fault("it includes no vault, so there is nothing to test", fix, field="include_vaults")
    elif named:
        yield Fault(
            f"it includes a vault by {_show(named[0])}, where AWS takes ARNs and * only", fix, field="include_vaults"
        )
    elif isinstance(excluded, tuple) and all(_is_excluded(value, excluded) for value in included):
        yield Fault(
            "it excludes every vault that it includes, so there is nothing to test", fix, field="exclude_vaults"
        )
    elif isinstance(excluded, Unresolved):
        yield excluded


def _is_no_arn(entry: Str) -> bool:
    if isinstance(entry, Ref):
        return entry.attribute in _NO_ARNS
    return isinstance(entry, str) and entry != "*" and not entry.startswith(("arn:", "*:"))


def _show(entry: Str) -> str:
    return "its name" if isinstance(entry, Ref) else f"{entry!r}"


def _is_excluded(entry: Str, excluded: tuple[Str, ...]) -> bool:
    if entry in excluded and not isinstance(entry, Unresolved):
        return True
    return any(
        isinstance(value, str) and isinstance(entry, str) and matches(value, entry) is True for value in excluded
    )
