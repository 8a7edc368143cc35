"""A plan that is too sparse alone is judged together with the plans beside it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from restore_ready import (
    AutomaticBackups,
    Estate,
    Fail,
    FileSystem,
    Gap,
    Pass,
    Place,
    Plan,
    PlanRule,
    Ref,
    Requirements,
    Selection,
    Source,
    Str,
    TagCondition,
    Unknown,
    Unresolved,
    Verdict,
    all_rules,
)
from restore_ready.index import EstateIndex

HERE = Place("main.tf", 1)
RULE = next(rule for rule in all_rules() if rule.code == "RR104")
TAG = TagCondition("equals", "backup", "yes")
HOME, WORK = (FileSystem(name, HERE, Ref(name, "arn"), {}) for name in ("home", "work"))


def plan(address: str, *schedules: Str) -> Plan:
    rules = tuple(PlanRule("r", HERE, "v", 60, 180, schedule=one) for one in schedules)
    return Plan(address, HERE, address, rules)


def selection(of: Str, *resources: Str, tags: tuple[TagCondition, ...] = ()) -> Selection:
    return Selection(f"of {of}", HERE, of, "role", resources=resources, tags=tags)


def chosen(of: str, *file_systems: FileSystem) -> Selection:
    return selection(Ref(of), *(one.arn for one in file_systems))


def open_selection(of: str) -> Selection:
    return replace(selection(Ref(of), tags=(TAG,)), resources=Unresolved("var.arns has no value"))


WEEKLY = plan("weekly", "cron(0 3 ? * SUN *)")
DAILY = plan("daily", "cron(0 3 * * ? *)")
OTHER_DAYS = plan("daily", "cron(0 3 ? * MON-SAT *)")
OPEN = plan("daily", Unresolved("var.schedule has no value"))
BASE = Estate(Source.TERRAFORM, ".", file_systems=(HOME, WORK), plans=(WEEKLY, DAILY))


def judged(estate: Estate) -> Verdict:
    return RULE(WEEKLY, EstateIndex.of(estate), Requirements())


@pytest.mark.parametrize(
    ("other", "selections", "expected"),
    [
        (DAILY, (chosen("weekly", HOME), chosen("daily", HOME)), Pass),
        (OTHER_DAYS, (chosen("weekly", HOME), chosen("daily", HOME)), Pass),
        (DAILY, (chosen("weekly", HOME), chosen("daily", HOME, WORK)), Pass),
        (DAILY, (chosen("weekly", HOME, WORK), chosen("daily", HOME)), Fail),
        (DAILY, (chosen("weekly", HOME), chosen("daily", WORK)), Fail),
        (DAILY, (chosen("daily", HOME),), Fail),
        (DAILY, (), Fail),
        (OPEN, (chosen("weekly", HOME), chosen("daily", HOME)), Unknown),
        (DAILY, (chosen("weekly", HOME), selection("3c5cd1b0", HOME.arn)), Unknown),
        (DAILY, (chosen("weekly", HOME), selection(Unresolved("var.plan"), HOME.arn)), Unknown),
        (DAILY, (chosen("weekly", HOME), selection(Ref("daily"), Unresolved("var.arn has no value"))), Unknown),
        (DAILY, (chosen("weekly", HOME), selection(Ref("daily"), tags=(TAG,))), Fail),
        (DAILY, (selection(Ref("weekly"), tags=(TAG,)), selection(Ref("daily"), tags=(TAG,))), Pass),
        (OPEN, (selection(Ref("weekly"), tags=(TAG,)), selection(Ref("daily"), tags=(TAG,))), Unknown),
        (DAILY, (selection(Ref("weekly"), tags=(TAG,)), selection(Ref("daily"), "arn:x")), Fail),
        (DAILY, (open_selection("weekly"), open_selection("daily")), Unknown),
        (DAILY, (open_selection("weekly"), replace(open_selection("daily"), tags=())), Unknown),
    ],
)
def test_a_weekly_plan_passes_where_all_it_covers_is_backed_up_daily(
    other: Plan, selections: tuple[Selection, ...], expected: type[Verdict]
) -> None:
    assert isinstance(judged(replace(BASE, plans=(WEEKLY, other), selections=selections)), expected)


def test_automatic_backups_fill_the_gaps() -> None:
    automatic = AutomaticBackups("policy", HERE, Ref("home"), enabled=True)
    covered = replace(BASE, selections=(chosen("weekly", HOME),))

    assert isinstance(judged(replace(covered, automatic_backups=(automatic,))), Pass)
    assert isinstance(judged(replace(covered, automatic_backups=(replace(automatic, enabled=False),))), Fail)
    maybe = replace(automatic, enabled=Unresolved("var.on has no value"))
    assert isinstance(judged(replace(covered, automatic_backups=(maybe,))), Unknown)


@pytest.mark.parametrize("selections", [(), (chosen("weekly", HOME),), (selection(Ref("weekly"), tags=(TAG,)),)])
def test_a_plan_may_be_hidden_where_something_could_not_be_read(selections: tuple[Selection, ...]) -> None:
    gap = Gap("module.backup", HERE, "it is not here", hides_backups=True)

    assert isinstance(judged(replace(BASE, selections=selections, gaps=(gap,))), Unknown)
    assert isinstance(judged(replace(BASE, selections=selections, gaps=(replace(gap, hides_backups=False),))), Fail)


def test_a_selection_of_another_configuration_may_choose_the_same() -> None:
    wild = selection(Ref("elsewhere"), "arn:aws:elasticfilesystem:*:*:file-system/*")
    tagged = selection(Ref("elsewhere"), tags=(TAG,))
    by_tag = replace(BASE, selections=(selection(Ref("weekly"), tags=(TAG,)),))

    assert isinstance(judged(replace(BASE, selections=(chosen("weekly", HOME),), elsewhere=(wild,))), Unknown)
    assert isinstance(judged(replace(by_tag, elsewhere=(tagged,))), Unknown)
    assert isinstance(judged(replace(by_tag, elsewhere=(wild,))), Fail)


def test_rules_that_are_not_known_are_no_gap_and_no_pass() -> None:
    unknown = Plan("weekly", HERE, "weekly", Unresolved("var.rules has no value"))

    assert isinstance(RULE(unknown, BASE, Requirements()), Unknown)
    assert isinstance(RULE(plan("weekly", "cron(0 3 * * ? *)", Unresolved("?")), BASE, Requirements()), Pass)
    assert isinstance(RULE(plan("weekly", "cron(0 3 ? * SUN *)", Unresolved("?")), BASE, Requirements()), Unknown)
