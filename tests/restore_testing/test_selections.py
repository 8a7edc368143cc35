"""Restore testing plans and selections: how they are read, what they cover, what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.support.terraform_blocks import block, estate

from restore_ready import (
    AutomaticBackups,
    Estate,
    ExternalSelection,
    Fail,
    FileSystem,
    Gap,
    Pass,
    Place,
    Plan,
    PlanRule,
    PolicyDocument,
    PrincipalEntry,
    Reading,
    Ref,
    Requirements,
    RestoreTestPlan,
    RestoreTestSelection,
    Selection,
    Severity,
    Source,
    Statement,
    Str,
    TagCondition,
    Unknown,
    Unresolved,
    Vault,
    VaultPolicy,
    Verdict,
    all_rules,
    scan,
)
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.index import EstateIndex
from restore_ready.readers.cloudformation import read_template_text
from restore_ready.restore_testing._selections import RestoreTests
from restore_ready.scanning._elsewhere import attach_elsewhere

AT = Place("main.tf", 1)
OPEN = Unresolved("var.x has no value")
HOME = FileSystem("home", AT, Ref("home", "arn"), {"tier": "gold"})
OTHER = FileSystem("other", AT, Ref("other", "arn"), {})
DAILY = PlanRule("daily", AT, "efs", 60, 180, schedule="cron(0 13 * * ? *)", delete_after_days=35)
BACKED_UP = Estate(
    Source.TERRAFORM,
    ".",
    file_systems=(HOME,),
    plans=(Plan("plan", AT, "plan", (DAILY,)),),
    selections=(Selection("selection", AT, Ref("plan"), "role", (Ref("home", "arn"),)),),
)
MONTHLY = RestoreTestPlan(
    "monthly", AT, "monthly", "cron(0 16 1 * ? *)", include_vaults=("*",), point_types=("SNAPSHOT",)
)
TEST = RestoreTestSelection("test", AT, "role", "EFS", Ref("monthly", "name"), "efs", (Ref("home", "arn"),))
TESTED = replace(BACKED_UP, restore_test_plans=(MONTHLY,), restore_tests=(TEST,))
GOLD = TagCondition("equals", "tier", "gold")
VAULT = "arn:aws:backup:eu-west-1:111122223333:backup-vault:"


def verdict(code: str, within: Estate, address: str, requirements: Requirements | None = None) -> Verdict | None:
    rule = next(one for one in all_rules() if one.code == code)
    given = requirements or Requirements()
    judged = JudgedEstate.under(within, given)
    found = [subject for subject in rule.subjects(judged, given) if subject.address == address]
    return rule(found[0], judged, given) if found else None


def test_a_restore_testing_plan_in_terraform_is_read_whole() -> None:
    (found,) = estate(
        block(
            "aws_backup_restore_testing_plan.p",
            name="p",
            schedule_expression="cron(0 1 ? * * *)",
            schedule_expression_timezone="Asia/Tokyo",
            start_window_hours="8",
            recovery_point_selection=[
                {
                    "algorithm": "RANDOM_WITHIN_WINDOW",
                    "include_vaults": [Ref("aws_backup_vault.v", "arn")],
                    "exclude_vaults": ["x"],
                    "recovery_point_types": ["SNAPSHOT", "CONTINUOUS"],
                    "selection_window_days": 7,
                }
            ],
        )
    ).restore_test_plans
    assert (found.name, found.schedule, found.time_zone) == ("p", "cron(0 1 ? * * *)", "Asia/Tokyo")
    assert (found.start_window_hours, found.window_days, found.algorithm) == (8, 7, "RANDOM_WITHIN_WINDOW")
    assert (found.include_vaults, found.exclude_vaults) == ((Ref("aws_backup_vault.v", "arn"),), ("x",))
    assert found.point_types == ("SNAPSHOT", "CONTINUOUS")


@pytest.mark.parametrize(("chosen", "why"), [(None, "recovery_point_selection is not given"), (OPEN, OPEN.why)])
def test_what_a_restore_testing_plan_does_not_say_is_not_known_or_the_default(chosen: object, why: str) -> None:
    values = {} if chosen is None else {"recovery_point_selection": chosen}
    (found,) = estate(block("aws_backup_restore_testing_plan.p", name="p", **values)).restore_test_plans
    assert (found.start_window_hours, found.time_zone) == (24, "UTC")
    assert isinstance(found.schedule, Unresolved)
    assert {found.include_vaults, found.exclude_vaults, found.point_types, found.window_days} == {Unresolved(why)}


def test_a_restore_testing_selection_in_terraform_is_read_whole() -> None:
    conditions = [{"string_equals": [{"key": "aws:ResourceTag/tier", "value": "gold"}]}]
    (found,) = estate(
        block(
            "aws_backup_restore_testing_selection.s",
            name="s",
            iam_role_arn="arn",
            protected_resource_type="EFS",
            restore_testing_plan_name="p",
            protected_resource_arns=["*"],
            protected_resource_conditions=conditions,
        )
    ).restore_tests
    assert (found.name, found.plan, found.role, found.resource_type) == ("s", "p", "arn", "EFS")
    assert (found.resources, found.conditions) == (("*",), (GOLD,))


PLAN_BODY = """{
  RestoreTestingPlanName: p, ScheduleExpression: cron(0 1 ? * * *), RecoveryPointSelection: {
    Algorithm: LATEST_WITHIN_WINDOW, IncludeVaults: [!GetAtt V.BackupVaultArn], RecoveryPointTypes: [SNAPSHOT]}}"""
SELECTION_BODY = """{
  RestoreTestingSelectionName: s, RestoreTestingPlanName: !Ref P, ProtectedResourceType: EFS, IamRoleArn: arn,
  ProtectedResourceArns: ["*"],
  ProtectedResourceConditions: {StringEquals: [{Key: "aws:ResourceTag/tier", Value: gold}]}}"""


def test_restore_testing_in_templates_is_read_whole() -> None:
    text = f"""
Resources:
  V: {{Type: AWS::Backup::BackupVault}}
  P: {{Type: AWS::Backup::RestoreTestingPlan, Properties: {PLAN_BODY}}}
  S: {{Type: AWS::Backup::RestoreTestingSelection, Properties: {SELECTION_BODY}}}
  Bare: {{Type: AWS::Backup::RestoreTestingPlan, Properties: {{RestoreTestingPlanName: bare}}}}
"""
    (found,) = read_template_text(text, Path("t.yaml")).estates
    plan, bare = found.restore_test_plans
    (selection,) = found.restore_tests
    assert (plan.name, plan.schedule, plan.time_zone, plan.window_days) == ("p", "cron(0 1 ? * * *)", "UTC", 30)
    assert (plan.include_vaults, plan.point_types) == ((Ref("V", "BackupVaultArn"),), ("SNAPSHOT",))
    assert bare.include_vaults == Unresolved("RecoveryPointSelection is missing")
    assert (selection.plan, selection.name, selection.conditions) == (Ref("P", "Ref"), "s", (GOLD,))


def test_awscc_restore_testing_is_read_as_in_templates() -> None:
    found = estate(
        block(
            "awscc_backup_restore_testing_plan.p",
            restore_testing_plan_name="p",
            schedule_expression="cron(0 1 ? * * *)",
            recovery_point_selection={"algorithm": "LATEST_WITHIN_WINDOW", "include_vaults": ["*"]},
        ),
        block(
            "awscc_backup_restore_testing_selection.s",
            restore_testing_plan_name="p",
            protected_resource_conditions={"string_equals": [{"key": "aws:ResourceTag/tier", "value": "gold"}]},
        ),
    )
    assert found.restore_test_plans[0].include_vaults == ("*",)
    assert found.restore_test_plans[0].point_types == Unresolved("RecoveryPointTypes is missing")
    assert found.restore_tests[0].conditions == (GOLD,)


def test_a_name_made_of_unknown_parts_joins_a_selection_to_its_plan(tmp_path: Path) -> None:
    text = """
variable "x" {}
resource "aws_efs_file_system" "home" {}
resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "r"
    target_vault_name = "v"
  }
}
resource "aws_backup_selection" "s" {
  plan_id   = aws_backup_plan.p.id
  resources = [aws_efs_file_system.home.arn]
}
resource "aws_backup_restore_testing_plan" "p" {
  name                = NAME
  schedule_expression = "cron(0 1 ? * * *)"
  recovery_point_selection {
    algorithm            = "LATEST_WITHIN_WINDOW"
    include_vaults       = ["*"]
    recovery_point_types = ["SNAPSHOT"]
  }
}
resource "aws_backup_restore_testing_selection" "s" {
  name                      = "s"
  restore_testing_plan_name = aws_backup_restore_testing_plan.p.name
  protected_resource_type   = "EFS"
  iam_role_arn              = "arn:aws:iam::111122223333:role/r"
  protected_resource_conditions {
    string_not_equals {
      key   = "aws:ResourceTag/tier"
      value = "bronze"
    }
  }
}
"""
    for name in ("var.x", '"${var.x}_p"'):
        (tmp_path / "main.tf").write_text(text.replace("NAME", name))
        assert [one.verdict for one in scan([tmp_path]).judgements if one.rule.code == "RR501"] == [Pass()]


def test_nested_blocks_of_terraform_in_json_are_read(tmp_path: Path) -> None:
    chosen = {"algorithm": "LATEST_WITHIN_WINDOW", "include_vaults": ["*"], "recovery_point_types": ["SNAPSHOT"]}
    plan = {"name": "p", "schedule_expression": "cron(0 1 ? * * *)", "recovery_point_selection": chosen}
    conditions = {"string_equals": {"key": "aws:ResourceTag/tier", "value": "gold"}}
    test = {"name": "s", "restore_testing_plan_name": "p", "protected_resource_type": "EFS", "iam_role_arn": "x"}
    resources = {
        "aws_efs_file_system": {"home": {"tags": {"tier": "gold"}}},
        "aws_backup_plan": {"p": {"name": "p", "rule": {"rule_name": "r", "target_vault_name": "v"}}},
        "aws_backup_selection": {
            "s": {"plan_id": "${aws_backup_plan.p.id}", "resources": ["${aws_efs_file_system.home.arn}"]}
        },
        "aws_backup_restore_testing_plan": {"p": plan},
        "aws_backup_restore_testing_selection": {"s": {**test, "protected_resource_conditions": conditions}},
    }
    (tmp_path / "main.tf.json").write_text(json.dumps({"resource": resources}))
    assert [one.verdict for one in scan([tmp_path]).judgements if one.rule.code == "RR501"] == [Pass()]


def test_the_tests_of_a_file_system_are_those_that_certainly_restore_it() -> None:
    doubtful = replace(TEST, address="doubtful", resources=OPEN)
    both = replace(TESTED, file_systems=(HOME, OTHER), restore_tests=(TEST, doubtful))
    tests = RestoreTests(EstateIndex.of(both))
    found = {one.test.address: one.restored for one in tests.of(HOME)}
    assert found.pop("test") is True
    assert isinstance(found.pop("doubtful"), Unresolved)
    assert not [one for one in tests.of(OTHER) if one.restored is True]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Pass),
        ({"resources": ("*",)}, Pass),
        ({"resources": ("*",), "conditions": (GOLD,)}, Pass),
        ({"resources": (), "conditions": (GOLD,)}, Pass),
        ({"resources": ("*",), "conditions": (replace(GOLD, operator="not_equals"),)}, Fail),
        ({"resources": ("*",), "conditions": (replace(GOLD, value="silver"),)}, Fail),
        ({"resources": ("*",), "conditions": (replace(GOLD, value=OPEN),)}, Unknown),
        ({"resources": ("*",), "conditions": OPEN}, Unknown),
        ({"resources": ()}, Unknown),
        ({"resources": (Ref("other", "arn"),)}, Fail),
        ({"resources": (Ref("data.aws_efs_file_system.x", "arn"),)}, Unknown),
        ({"resources": ("arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1",)}, Unknown),
        ({"resources": ("arn:aws:rds:eu-west-1:111122223333:db:x",)}, Fail),
        ({"resource_type": "RDS", "resources": ("*",)}, Fail),
        ({"resource_type": OPEN}, Unknown),
        ({"plan": "monthly"}, Pass),
        ({"plan": "elsewhere"}, Unknown),
        ({"plan": None}, Unknown),
        ({"plan": Ref("plan")}, Fail),
    ],
)
def test_what_a_selection_chooses(changes: dict[str, object], expected: type) -> None:
    within = replace(TESTED, restore_tests=(replace(TEST, **changes),))
    assert isinstance(verdict("RR501", within, "home"), expected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"include_vaults": (f"{VAULT}efs",)}, Pass),
        ({"include_vaults": ("arn:aws:backup:*:*:backup-vault:e*",)}, Pass),
        ({"include_vaults": (f"{VAULT}rds",)}, Fail),
        ({"include_vaults": (Ref("vault", "arn"),)}, Pass),
        ({"include_vaults": (Ref("second", "arn"),)}, Fail),
        ({"include_vaults": OPEN}, Unknown),
        ({"include_vaults": ()}, Fail),
        ({"exclude_vaults": (f"{VAULT}efs",)}, Fail),
        ({"exclude_vaults": (f"{VAULT}rds",)}, Pass),
        ({"exclude_vaults": OPEN}, Unknown),
        ({"point_types": ("CONTINUOUS",)}, Fail),
        ({"point_types": OPEN}, Unknown),
    ],
)
def test_where_a_plan_takes_recovery_points_from(changes: dict[str, object], expected: type) -> None:
    vaults = (Vault("vault", AT, "efs"), Vault("second", AT, "second"))
    within = replace(TESTED, vaults=vaults, restore_test_plans=(replace(MONTHLY, **changes),))
    assert isinstance(verdict("RR501", within, "home"), expected)


@pytest.mark.parametrize(
    ("wrong", "cure", "cured"),
    [
        ({"include_vaults": (f"{VAULT}rds",)}, "include efs by its ARN", {"include_vaults": (f"{VAULT}efs",)}),
        ({"exclude_vaults": (f"{VAULT}efs",)}, "exclude it nowhere", {"exclude_vaults": ()}),
        ({"point_types": ("CONTINUOUS",)}, "add SNAPSHOT to its types", {"point_types": ("CONTINUOUS", "SNAPSHOT")}),
    ],
)
def test_the_cure_makes_a_test_restore_the_file_system(
    wrong: dict[str, object], cure: str, cured: dict[str, object]
) -> None:
    plan = replace(MONTHLY, **wrong)
    found = verdict("RR501", replace(TESTED, restore_test_plans=(plan,)), "home")
    assert isinstance(found, Fail)
    assert found.fix.startswith("In monthly, ")
    assert cure in found.fix
    assert isinstance(verdict("RR501", replace(TESTED, restore_test_plans=(replace(plan, **cured),)), "home"), Pass)


def test_what_has_no_test_is_to_be_added_to_one_that_its_vault_lets_restore() -> None:
    found = verdict("RR501", BACKED_UP, "home")
    assert isinstance(found, Fail)
    assert "whose restore testing plan includes efs" in found.fix
    assert isinstance(verdict("RR501", TESTED, "home"), Pass)

    deny = Statement(
        0, "", "Deny", ("backup:StartRestoreJob",), principals=(PrincipalEntry("*", "*"),), resources=("*",)
    )
    closed = replace(BACKED_UP, vault_policies=(VaultPolicy("policy", AT, "efs", PolicyDocument((deny,))),))
    found = verdict("RR501", closed, "home")
    assert isinstance(found, Fail)
    assert found.fix.startswith("First let AWSServiceRoleForBackupRestoreTesting restore from efs, whose policy")


def test_the_vault_of_automatic_backups_can_not_be_tested() -> None:
    automatic = (AutomaticBackups("on", AT, Ref("home"), enabled=True),)
    found = verdict("RR501", Estate(Source.TERRAFORM, ".", (HOME,), automatic), "home")
    assert isinstance(found, Fail)
    assert found.fix.startswith("Back it up to a vault of its own with a backup plan first")
    both = verdict("RR501", replace(BACKED_UP, automatic_backups=automatic), "home")
    assert isinstance(both, Fail)
    assert "includes efs" in both.fix


@pytest.mark.parametrize(
    ("tags", "expected"),
    [((("tested", "yes"),), Pass), ((), Fail), (OPEN, Unknown), ((("tested", OPEN),), Unknown)],
)
def test_tags_are_those_of_the_recovery_points(tags: tuple[tuple[str, Str], ...] | Unresolved, expected: type) -> None:
    by_tag = replace(TEST, resources=("*",), conditions=(TagCondition("equals", "tested", "yes"),))
    rules = (replace(DAILY, point_tags=tags),)
    within = replace(TESTED, plans=(Plan("plan", AT, "plan", rules),), restore_tests=(by_tag,))
    assert isinstance(verdict("RR501", within, "home"), expected)


def test_recovery_points_that_are_tagged_differently_leave_it_open() -> None:
    by_tag = replace(TEST, resources=("*",), conditions=(TagCondition("equals", "tested", "yes"),))
    rules = (DAILY, replace(DAILY, name="weekly", point_tags=(("tested", "yes"),)))
    within = replace(TESTED, plans=(Plan("plan", AT, "plan", rules),), restore_tests=(by_tag,))
    assert isinstance(verdict("RR501", within, "home"), Unknown)


def test_only_what_is_certainly_backed_up_is_asked_for_tests() -> None:
    uncertain = replace(BACKED_UP.selections[0], resources=OPEN)
    assert verdict("RR501", replace(BACKED_UP, selections=()), "home") is None
    assert verdict("RR501", replace(BACKED_UP, selections=(uncertain,)), "home") is None
    assert isinstance(verdict("RR501", BACKED_UP, "home"), Fail)


def test_tests_may_be_where_the_backup_plan_is() -> None:
    outside = replace(BACKED_UP.selections[0], plan="3c5cd1b0")
    declared = Requirements(external_selections=(ExternalSelection({"tier": "gold"}),))
    assert isinstance(verdict("RR501", replace(BACKED_UP, selections=(outside,)), "home"), Unknown)
    assert isinstance(verdict("RR501", replace(BACKED_UP, plans=(), selections=()), "home", declared), Unknown)


def test_tests_may_be_in_what_could_not_be_read() -> None:
    hiding = Gap("module.backup", AT, "is remote", hides_backups=True)
    assert isinstance(verdict("RR501", replace(BACKED_UP, gaps=(hiding,)), "home"), Unknown)
    assert isinstance(verdict("RR501", replace(BACKED_UP, gaps=(replace(hiding, hides_backups=False),)), "home"), Fail)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({"resources": ("*",)}, Unknown), ({"resource_type": "RDS", "resources": ("*",)}, Fail), ({}, Fail)],
)
def test_tests_by_wildcard_of_another_configuration_may_choose_it(changes: dict[str, object], expected: type) -> None:
    central = Estate(Source.TERRAFORM, "b", restore_test_plans=(MONTHLY,), restore_tests=(replace(TEST, **changes),))
    first, second = attach_elsewhere([Reading((BACKED_UP,)), Reading((central,))])
    assert isinstance(verdict("RR501", first.estates[0], "home"), expected)
    assert second.estates[0].tests_elsewhere == ()


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [("cron(0 16 1 * ? *)", Pass), ("cron(0 16 1 1 ? *)", Fail), (OPEN, Unknown)],
)
def test_tests_are_as_frequent_as_required(schedule: Str, expected: type) -> None:
    within = replace(TESTED, restore_test_plans=(replace(MONTHLY, schedule=schedule),))
    assert isinstance(verdict("RR501", within, "home", Requirements(rehearse_every=35)), expected)
    assert verdict("RR501", within, "home") == Pass()


def test_several_tests_together_may_be_frequent_enough() -> None:
    january, july = (
        replace(MONTHLY, address=f"in{n}", name=f"in{n}", schedule=f"cron(0 16 1 {n} ? *)") for n in (1, 7)
    )
    tests = tuple(replace(TEST, address=f"of{n}", plan=f"in{n}") for n in (1, 7))
    within = replace(TESTED, restore_test_plans=(january, july), restore_tests=tests)
    required = Requirements(rehearse_every=190)
    assert verdict("RR501", within, "home", required) == Pass()
    assert isinstance(verdict("RR501", replace(within, restore_tests=tests[:1]), "home", required), Fail)


@pytest.mark.parametrize(
    ("changes", "expected", "severity"),
    [
        ({}, Pass, None),
        ({"name": "a-b"}, Fail, None),
        ({"name": OPEN}, Unknown, None),
        ({"start_window_hours": 0}, Fail, None),
        ({"start_window_hours": 168, "window_days": 365}, Pass, None),
        ({"window_days": 0}, Fail, None),
        ({"schedule": "cron(0 16 1 * *)"}, Fail, None),
        ({"schedule": "cron(0 16 1 * ? *)", "time_zone": "Mars/Base"}, Unknown, None),
        ({"algorithm": "NEWEST"}, Fail, None),
        ({"include_vaults": ("*",), "exclude_vaults": ("*",)}, Fail, None),
        ({"include_vaults": (Ref("vault", "name"),)}, Fail, None),
        ({"schedule": "cron(0 16 1 1,7 ? *)"}, Fail, Severity.WARNING),
    ],
)
def test_plans_that_aws_refuses_or_that_prove_nothing(
    changes: dict[str, object], expected: type, severity: Severity | None
) -> None:
    found = verdict("RR504", replace(TESTED, restore_test_plans=(replace(MONTHLY, **changes),)), "monthly")
    assert isinstance(found, expected)
    assert not isinstance(found, Fail) or found.severity == severity


def test_what_is_kept_longest_counts_against_the_interval() -> None:
    yearly = replace(DAILY, name="yearly", delete_after_days=400)
    twice_a_year = replace(MONTHLY, schedule="cron(0 16 1 1,7 ? *)")
    within = replace(TESTED, restore_test_plans=(twice_a_year,))
    kept_long = replace(within, plans=(Plan("plan", AT, "plan", (DAILY, yearly)),))
    for_ever = replace(within, plans=(Plan("plan", AT, "plan", (replace(DAILY, delete_after_days=None),)),))
    open_days = replace(within, plans=(Plan("plan", AT, "plan", (replace(DAILY, delete_after_days=OPEN),)),))
    assert isinstance(verdict("RR504", within, "monthly"), Fail)
    assert verdict("RR504", kept_long, "monthly") == Pass()
    assert verdict("RR504", for_ever, "monthly") == Pass()
    assert isinstance(verdict("RR504", open_days, "monthly"), Unknown)


def test_some_runs_without_a_recovery_point_are_a_warning() -> None:
    quarterly = replace(DAILY, schedule="cron(0 13 1 1,4,7,10 ? *)", delete_after_days=None)
    within = replace(TESTED, plans=(Plan("plan", AT, "plan", (quarterly,)),))
    found = verdict("RR504", within, "monthly")
    assert isinstance(found, Fail)
    assert found.severity is Severity.WARNING
    assert "16 of 23 runs" in found.message or "16 of 24 runs" in found.message


def test_a_plan_whose_selection_may_be_elsewhere_is_not_known_to_be_without() -> None:
    alone = replace(TESTED, restore_tests=())
    hiding = Gap("module.backup", AT, "is remote", hides_backups=True)
    assert isinstance(verdict("RR504", alone, "monthly"), Fail)
    assert isinstance(verdict("RR504", replace(alone, gaps=(hiding,)), "monthly"), Unknown)
    assert isinstance(verdict("RR504", replace(alone, restore_tests=(replace(TEST, plan=OPEN),)), "monthly"), Unknown)


def test_tests_of_other_services_alone_are_passed_over() -> None:
    within = replace(TESTED, restore_tests=(replace(TEST, resource_type="RDS"),))
    assert verdict("RR504", replace(within, restore_test_plans=(replace(MONTHLY, name="a-b"),)), "monthly") is None
    assert verdict("RR504", within, "test") is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Pass),
        ({"name": "a b"}, Fail),
        ({"resources": ("*", Ref("home", "arn"))}, Fail),
        ({"resources": tuple(f"arn:aws:elasticfilesystem:::file-system/fs-{n}" for n in range(31))}, Fail),
        ({"conditions": (GOLD,)}, Fail),
        ({"conditions": (GOLD,), "resources": ("*",)}, Pass),
        ({"conditions": (GOLD,), "resources": ("*",), "one_of_both": True}, Fail),
        ({"conditions": (replace(GOLD, prefixed=False),), "resources": ()}, Fail),
        ({"conditions": (replace(GOLD, prefixed=OPEN),), "resources": ()}, Unknown),
        ({"resources": OPEN}, Unknown),
        ({"plan": Ref("monthly", "arn")}, Fail),
        ({"plan": Ref("data.aws_x.y", "name")}, Unknown),
        ({"role": "restore"}, Fail),
        ({"role": "arn:aws:iam::111122223333:role/elsewhere"}, Pass),
    ],
)
def test_selections_that_aws_refuses_or_that_prove_nothing(changes: dict[str, object], expected: type) -> None:
    test = replace(TEST, role="arn:aws:iam::111122223333:role/r")
    within = replace(TESTED, restore_tests=(replace(test, **changes),))
    assert isinstance(verdict("RR504", within, "test"), expected)


def test_the_role_of_a_test_of_another_service_is_no_restore_role_of_efs(tmp_path: Path) -> None:
    text = """
Resources:
  Files: {Type: AWS::EFS::FileSystem}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: backup.amazonaws.com}}]
      Policies:
        - {PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: "rds:*", Resource: "*"}]}}
  Test:
    Type: AWS::Backup::RestoreTestingSelection
    Properties: {IamRoleArn: !GetAtt Role.Arn, ProtectedResourceType: RDS, RestoreTestingPlanName: p}
"""
    (tmp_path / "template.yaml").write_text(text)
    assert "RR404" not in {one.rule.code for one in scan([tmp_path]).judgements}
