"""Requirements that differ for some resources: what matches, which override wins, and what plans have to meet."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.command import Done, run_json
from tests.support.requirements import PLAN, WIDE, write

from restore_ready import (
    Estate,
    Fail,
    FileSystem,
    Pass,
    Place,
    Plan,
    PlanRule,
    Reading,
    Ref,
    Requirements,
    RequirementsFile,
    Selection,
    Source,
    TagCondition,
    Unknown,
    Unresolved,
    Verdict,
    all_rules,
    judge,
)
from restore_ready.requirements._file import MOST_OPEN, Match, Override

HERE = Place("main.tf", 1, 1)
RR201 = [rule for rule in all_rules() if rule.code == "RR201"]
GOLD = """
resource "aws_efs_file_system" "gold" {
  tags = { tier = "gold", Name = "ledger" }
}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = aws_backup_plan.night.id
  iam_role_arn = "arn:aws:iam::111122223333:role/backup"
  resources    = [aws_efs_file_system.gold.arn]
}
"""
AUTOMATIC = """
resource "aws_efs_file_system" "%s" {
  tags = { tier = "%s" }
}
resource "aws_efs_backup_policy" "%s" {
  file_system_id = aws_efs_file_system.%s.id
  backup_policy { status = "ENABLED" }
}
"""


def judged(folder: Path, main: str, overrides: str, base: str = "") -> Done:
    write(folder, main_tf=main, requirements=f"version: 1\n{base}overrides:\n{overrides}")
    return run_json(folder, "--select", "RR201,RR101")


@pytest.mark.parametrize(
    "match",
    [
        "{name: night}",
        "{name: [x, 'nig*']}",
        "{address: aws_backup_plan.night}",
        "{address: 'main.tf:aws_backup_plan.*'}",
        "{address: [x, '*.night']}",
        "{name: night, address: '*plan*'}",
    ],
)
def test_a_plan_is_matched_by_name_and_address(tmp_path: Path, match: str) -> None:
    assert judged(tmp_path, WIDE, f"  - {{match: {match}, backup: {{start_within: 8h}}}}\n").findings() == []


@pytest.mark.parametrize("match", ["{name: nigh}", "{name: night, address: x}", "{address: 'other.tf:*'}"])
def test_an_override_that_does_not_match_wholly_changes_nothing(tmp_path: Path, match: str) -> None:
    found = judged(tmp_path, WIDE, f"  - {{match: {match}, backup: {{start_within: 8h}}}}\n").findings()

    assert found == [("RR201", "aws_backup_plan.night")]


def test_for_each_requirement_the_first_match_wins(tmp_path: Path) -> None:
    overrides = (
        "  - {match: {name: night}, backup: {start_within: 8h}}\n"
        "  - {match: {name: '*'}, backup: {start_within: 1h, complete_within: 5h}}\n"
    )
    write(tmp_path, main_tf=WIDE, requirements=f"version: 1\noverrides:\n{overrides}")

    assert run_json(tmp_path).findings() == [("RR202", "aws_backup_plan.night")]


def test_automatic_backups_stand_under_the_requirements_of_their_file_system(tmp_path: Path) -> None:
    main = "".join(AUTOMATIC % (tier, tier, tier, tier) for tier in ("gold", "scratch"))
    allow = "{automatic: allow, start_within: 8h, complete_within: 7d}"

    done = judged(tmp_path, main, f"  - {{match: {{tags: {{tier: scr*}}}}, backup: {allow}}}\n")

    assert done.findings() == [("RR101", "aws_efs_backup_policy.gold")]


@pytest.mark.parametrize("match", ["{tags: {tier: gold}}", "{name: ledger}", "{address: aws_efs_file_system.gold}"])
def test_a_plan_has_to_meet_what_is_required_for_a_file_system_that_it_covers(tmp_path: Path, match: str) -> None:
    done = judged(
        tmp_path,
        WIDE + GOLD,
        f"  - {{match: {match}, backup: {{start_within: 2h}}}}\n",
        base="backup: {start_within: 8h}\n",
    )

    assert done.findings() == [("RR201", "aws_backup_plan.night")]
    assert done.document["findings"][0]["message"].startswith(
        "for aws_efs_file_system.gold, which has requirements of its own: "
    )


def test_an_override_for_a_file_system_does_not_loosen_its_plan(tmp_path: Path) -> None:
    done = judged(tmp_path, WIDE + GOLD, "  - {match: {tags: {tier: gold}}, backup: {start_within: 8h}}\n")

    assert done.findings() == [("RR201", "aws_backup_plan.night")]


def test_a_plan_that_covers_other_file_systems_stands_under_its_own_requirements(tmp_path: Path) -> None:
    other = PLAN % ("other", "other", 480)
    overrides = "  - {match: {tags: {tier: gold}}, backup: {start_within: 2h}}\n"
    done = judged(tmp_path, WIDE + GOLD + other, overrides, base="backup: {start_within: 8h}\n")

    assert done.findings() == [("RR201", "aws_backup_plan.night")]


def plan(window: int = 480) -> Plan:
    rule = PlanRule("r", HERE, "Default", window, 600)
    return Plan("aws_backup_plan.p", HERE, "p", (rule,))


def estate(tags: dict[str, str | Unresolved], resources: tuple[Ref, ...] = ()) -> Estate:
    return Estate(
        Source.TERRAFORM,
        "/r",
        file_systems=(FileSystem("aws_efs_file_system.f", HERE, Ref("aws_efs_file_system.f", "arn"), tags),),
        plans=(plan(),),
        selections=(
            Selection("s", HERE, Ref("aws_backup_plan.p"), "role", resources)
            if resources
            else Selection("s", HERE, Ref("aws_backup_plan.p"), "role", tags=(TagCondition("equals", "b", "1"),)),
        ),
    )


def verdict(one: Estate, *overrides: Override, start_within: int = 480) -> Verdict:
    requirements_file = RequirementsFile(
        Requirements(start_within=start_within), tuple(overrides), file="/r/restore-ready.yaml"
    )
    (judgement,) = judge(Reading((one,)), RR201, requirements_file)
    assert isinstance(judgement.verdict, (Pass, Fail, Unknown))
    return judgement.verdict


def gold(minutes: int, line: int = 3) -> Override:
    return Override(Match({"tier": "gold"}), {"start_within": minutes}, Place("/r/restore-ready.yaml", line, line))


FILE_SYSTEM = (Ref("aws_efs_file_system.f", "arn"),)
OPEN = Unresolved("var.tier has no value")


def test_a_tag_that_is_not_known_leaves_open_what_differs() -> None:
    found = verdict(estate({"tier": OPEN}, FILE_SYSTEM), gold(60))

    assert isinstance(found, Unknown)
    assert "whether the override in line 3 of the requirements applies" in found.why


def test_a_tag_that_is_not_known_does_not_matter_where_the_verdict_is_the_same() -> None:
    assert isinstance(verdict(estate({"tier": OPEN}, FILE_SYSTEM), gold(600)), Pass)
    assert isinstance(verdict(estate({"tier": OPEN}, FILE_SYSTEM), gold(60), start_within=60), Fail)


def test_a_file_system_that_is_perhaps_covered_makes_its_plan_unknown() -> None:
    found = verdict(estate({"tier": "gold", "b": OPEN}), gold(60))

    assert isinstance(found, Unknown)
    assert "it is open whether aws_efs_file_system.f is covered" in found.why


def test_more_open_overrides_than_can_be_tried_are_not_judged() -> None:
    overrides = [gold(60, line) for line in range(MOST_OPEN + 1)]

    assert isinstance(verdict(estate({"tier": OPEN}, FILE_SYSTEM), *overrides), Unknown)


def test_a_rule_without_subjects_under_an_override_is_silent() -> None:
    one = Estate(Source.TERRAFORM, "/r")

    assert judge(Reading((one,)), all_rules(), RequirementsFile(overrides=(gold(60),))) == []
