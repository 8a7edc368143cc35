"""Backup policies of AWS Organizations become plans and selections: operators, inheritance, defaults, odd content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.files import write
from tests.support.terraform_blocks import block, estate

from restore_ready import (
    Estate,
    Fail,
    Pass,
    PlanRule,
    Ref,
    Requirements,
    Selection,
    TagCondition,
    Text,
    Unknown,
    Unresolved,
    all_rules,
    scan,
)
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.coverage._coverage import coverage
from restore_ready.index import EstateIndex
from restore_ready.readers._inheritance import effective
from restore_ready.readers.cloudformation import read_template_text
from restore_ready.readers.terraform._block import Block

WHOLE = {"target_backup_vault_name": "efs"}
POLICY = "aws_organizations_policy"
UNIT = "aws_organizations_organizational_unit"


def assign(value: object) -> dict[str, object]:
    return {"@@assign": value}


def daily(selections: object = None, **rule: object) -> dict[str, Any]:
    """Return the content of a policy with the plan ``Daily`` of one rule, ``nightly``."""
    plan: dict[str, object] = {"rules": {"nightly": rule}}
    return {"plans": {"Daily": plan if selections is None else {**plan, "selections": selections}}}


def policy(content: object, name: str = "daily", kind: object = "BACKUP_POLICY") -> Block:
    return block(f"{POLICY}.{name}", name=name, type=kind, content=content)


def attached(name: str, target: object) -> Block:
    return block(f"{POLICY}_attachment.{name}", policy_id=Ref(f"{POLICY}.{name}"), target_id=target)


def unit(name: str, parent: object) -> Block:
    return block(f"{UNIT}.{name}", name=name, parent_id=parent)


def only_rule(found: Estate, name: str = "daily") -> PlanRule:
    plans = [one for one in found.plans if one.address == f"{POLICY}.{name}"]
    assert len(plans) == 1
    assert not isinstance(plans[0].rules, Unresolved)
    return plans[0].rules[0]


def only_selection(selections: object) -> Selection:
    return estate(policy(daily(selections, **WHOLE))).selections[0]


def test_a_whole_rule_gets_the_defaults_of_aws_backup_for_what_it_leaves_out() -> None:
    rule = only_rule(estate(policy(daily(target_backup_vault_name=assign("efs")))))

    assert (rule.start_window, rule.completion_window) == (480, 10080)
    assert (rule.start_window_stated, rule.completion_window_stated) == (False, False)
    assert (rule.schedule, rule.delete_after_days, rule.copies) == (None, None, ())


@pytest.mark.parametrize("written", [assign("90"), assign(90), "90", 90])
def test_a_number_may_be_text_and_the_operator_may_be_missing(written: object) -> None:
    assert only_rule(estate(policy(daily(start_backup_window_minutes=written, **WHOLE)))).start_window == 90


def test_a_rule_is_named_after_its_plan_and_itself() -> None:
    assert only_rule(estate(policy(daily(**WHOLE)))).name == "Daily/nightly"


def test_everything_of_a_rule_is_read() -> None:
    arn = "arn:aws:backup:$region:$account:backup-vault:copies"
    rule = only_rule(
        estate(
            policy(
                daily(
                    schedule_expression=assign("cron(0 5 ? * * *)"),
                    target_backup_vault_name=assign("efs"),
                    lifecycle={
                        "delete_after_days": assign("270"),
                        "move_to_cold_storage_after_days": assign("180"),
                    },
                    copy_actions={
                        arn: {"target_backup_vault_arn": assign(arn), "lifecycle": {"delete_after_days": "7"}},
                        "arn:aws:backup:us-west-2:111122223333:backup-vault:far": {},
                    },
                )
            )
        )
    )

    assert (rule.schedule, rule.time_zone, rule.vault) == ("cron(0 5 ? * * *)", "UTC", "efs")
    assert (rule.delete_after_days, rule.cold_after_days) == (270, 180)
    assert not isinstance(rule.copies, Unresolved)
    assert [(one.destination, one.delete_after_days) for one in rule.copies] == [
        ("arn:aws:backup:this-region:this-account:backup-vault:copies", 7),
        ("arn:aws:backup:us-west-2:111122223333:backup-vault:far", None),
    ]


def test_a_rule_may_fill_a_logically_air_gapped_vault_beside_its_own() -> None:
    arn = "arn:aws:backup:$region:$account:backup-vault:gapped"
    rule = only_rule(estate(policy(daily(target_logically_air_gapped_backup_vault_arn=assign(arn), **WHOLE))))

    assert rule.vault == "efs"
    assert rule.air_gapped_vault == "arn:aws:backup:this-region:this-account:backup-vault:gapped"


def test_recovery_point_tags_are_spelled_out_entry_by_entry() -> None:
    tags = {
        "Owner": {"tag_key": assign("cost-center"), "tag_value": assign("backup")},
        "Kept": {"tag_key": assign("kept")},
    }
    rule = only_rule(estate(policy(daily(recovery_point_tags=tags, **WHOLE))))

    assert rule.point_tags == (("cost-center", "backup"), ("kept", Unresolved("tag_value is not given")))


@pytest.mark.parametrize("tags", [{"Owner": {"tag_value": assign("backup")}}, {"Owner": "x"}])
def test_recovery_point_tags_of_unknown_keys_are_open_as_a_whole(tags: object) -> None:
    rule = only_rule(estate(policy(daily(recovery_point_tags=tags, **WHOLE))))

    assert isinstance(rule.point_tags, Unresolved)


def test_a_fragment_may_inherit_an_air_gapped_vault_and_tags() -> None:
    rule = only_rule(estate(policy(daily(start_backup_window_minutes=assign("60")))))

    assert isinstance(rule.air_gapped_vault, Unresolved)
    assert isinstance(rule.point_tags, Unresolved)


def test_a_logically_air_gapped_vault_counts_where_it_is_the_only_one() -> None:
    arn = "arn:aws:backup:$region:$account:backup-vault:gapped"
    rule = only_rule(estate(policy(daily(target_logically_air_gapped_backup_vault_arn=assign(arn)))))

    assert rule.vault == "arn:aws:backup:this-region:this-account:backup-vault:gapped"


def test_what_a_fragment_of_a_rule_leaves_out_is_open_because_it_may_be_inherited() -> None:
    rule = only_rule(estate(policy(daily(start_backup_window_minutes=assign("60")))))

    assert rule.start_window == 60
    for value in (rule.completion_window, rule.vault, rule.schedule, rule.delete_after_days, rule.copies):
        assert isinstance(value, Unresolved)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ({"plans": []}, "not a JSON object"),
        ({"plans": Unresolved("var.plans has no value")}, "var.plans"),
        (Unresolved("known after apply"), "known after apply"),
        (Ref("aws_s3_object.policy", "content"), "aws_s3_object.policy"),
        ('{"a":' * 100_000, "not JSON"),
    ],
)
def test_content_that_cannot_be_read_is_an_open_plan_and_may_select_anything(content: object, why: str) -> None:
    found = estate(policy(content))

    assert isinstance(found.plans[0].rules, Unresolved)
    assert why in found.plans[0].rules.why
    assert isinstance(found.selections[0].tags, Unresolved)


@pytest.mark.parametrize(
    "content",
    [
        {"plans": {"Daily": Unresolved("var.plan has no value")}},
        {"plans": {"Daily": {"rules": Unresolved("var.rules has no value")}}},
        {"plans": {"Daily": {}}},
        {"plans": {"Daily": {"rules": {}}}},
    ],
)
def test_a_plan_without_rules_in_sight_is_open(content: object) -> None:
    assert isinstance(estate(policy(content)).plans[0].rules, Unresolved)


def test_a_rule_that_is_no_object_is_open() -> None:
    rule = only_rule(estate(policy({"plans": {"Daily": {"rules": {"nightly": 7}}}})))

    assert isinstance(rule.start_window, Unresolved)
    assert isinstance(rule.vault, Unresolved)


def test_content_nested_too_deep_is_open_where_it_is_too_deep() -> None:
    deep: dict[str, object] = {}
    for _ in range(5_000):
        deep = {"lifecycle": deep}

    assert only_rule(estate(policy(daily(**WHOLE, lifecycle=deep)))).delete_after_days is None


def test_text_of_which_only_parts_are_known_is_read_as_far_as_it_goes() -> None:
    vault = Ref("aws_backup_vault.efs", "name")
    before, after = json.dumps(daily(target_backup_vault_name=assign("|"), start_backup_window_minutes="60")).split("|")
    rule = only_rule(estate(policy(Text((before, vault, after)))))

    assert (rule.vault, rule.start_window) == (vault, 60)


@pytest.mark.parametrize("kind", ["SERVICE_CONTROL_POLICY", "TAG_POLICY", None])
def test_other_types_of_policy_are_left_alone(kind: object) -> None:
    values = {} if kind is None else {"type": kind}
    found = estate(block(f"{POLICY}.other", name="other", content=daily(**WHOLE), **values))

    assert (found.plans, found.selections) == ((), ())


def test_a_policy_of_unknown_type_counts_if_its_content_is_about_plans_or_not_known() -> None:
    kind = Unresolved("var.type has no value")

    assert only_rule(estate(policy(daily(**WHOLE), kind=kind))).vault == "efs"
    assert estate(policy({"Statement": []}, kind=kind)).plans == ()
    open_plan = estate(policy(Unresolved("var.content has no value"), kind=kind)).plans[0]
    assert isinstance(open_plan.rules, Unresolved)
    assert "its type is not known" in open_plan.rules.why


TAGS = {
    "iam_role_arn": assign("arn:aws:iam::$account:role/Backup"),
    "tag_key": assign("env"),
    "tag_value": assign(["prod", "gamma"]),
}


def test_a_selection_by_tag_takes_any_of_the_values() -> None:
    found = only_selection({"tags": {"datatype": TAGS}})

    assert found.tags == (TagCondition("equals", "env", "prod"), TagCondition("equals", "env", "gamma"))
    assert (found.plan, found.role) == (Ref(f"{POLICY}.daily"), "arn:aws:iam::this-account:role/Backup")
    assert found.organization


def test_the_conditions_of_a_selection_are_read() -> None:
    conditions = {
        "string_not_equals": {"one": {"condition_key": assign("aws:ResourceTag/backup"), "condition_value": "false"}},
        "string_like": {"two": {"condition_key": "aws:ResourceTag/tier", "condition_value": assign("g*")}},
    }
    found = only_selection({"tags": {"datatype": {**TAGS, "conditions": conditions}}})

    assert found.conditions == (TagCondition("not_equals", "backup", "false"), TagCondition("like", "tier", "g*"))


def test_a_selection_by_type_takes_types_and_leaves_out_others() -> None:
    body = {
        "iam_role_arn": assign("arn:aws:iam::$account:role/Backup"),
        "resource_types": assign(["*"]),
        "not_resource_types": assign(["arn:aws:elasticfilesystem:*:*:file-system/*"]),
    }
    found = only_selection({"resources": {"all": body}})

    assert (found.resources, found.not_resources) == (("*",), ("arn:aws:elasticfilesystem:*:*:file-system/*",))


@pytest.mark.parametrize(
    "selections",
    [
        Unresolved("var.selections has no value"),
        {"tags": Unresolved("var.tags has no value")},
        {"tags": {"datatype": Unresolved("var.tag has no value")}},
        {"tags": {"datatype": {"tag_key": "env"}}},
        {"resources": {"all": {"conditions": {}}}},
        {"resources": {"all": {"resource_types": ["*"], "conditions": {"string_is": {}}}}},
        {"resources": {"all": {"resource_types": ["*"], "conditions": Unresolved("var.conditions has no value")}}},
        {"resources": {"all": {"resource_types": ["*"], "conditions": {"string_equals": {"one": 1}}}}},
    ],
)
def test_what_a_selection_does_not_tell_leaves_coverage_open(selections: object) -> None:
    home = block("aws_efs_file_system.home", tags={"env": "prod"})
    found = estate(home, policy(daily(selections, **WHOLE)))

    assert isinstance(coverage(found.file_systems[0], EstateIndex.of(found)), Unresolved)


@pytest.mark.parametrize(("env", "covered"), [("prod", "if the policy is attached"), ("dev", "")])
def test_a_file_system_that_a_policy_would_choose_may_be_covered_and_another_is_not(env: str, covered: str) -> None:
    home = block("aws_efs_file_system.home", tags={"env": env})
    found = estate(home, policy(daily({"tags": {"datatype": TAGS}}, **WHOLE)))
    answer = coverage(found.file_systems[0], EstateIndex.of(found))

    assert (isinstance(answer, Unresolved) and covered in answer.why) if covered else answer is None


def judged(found: Estate, code: str) -> list[object]:
    rule = next(one for one in all_rules() if one.code == code)
    judged = JudgedEstate.under(found, Requirements())
    return [rule(subject, judged, Requirements()) for subject in rule.subjects(judged, Requirements())]


PARENT = daily(start_backup_window_minutes=assign("60"), complete_backup_window_minutes=assign("180"), **WHOLE)
CHILD = daily(lifecycle={"delete_after_days": assign("90")})


def test_a_child_inherits_from_the_units_above_it() -> None:
    found = estate(
        unit("apps", "r-abcd"),
        unit("web", Ref(f"{UNIT}.apps")),
        policy(PARENT, "parent"),
        attached("parent", Ref(f"{UNIT}.apps")),
        policy(CHILD, "child"),
        attached("child", Ref(f"{UNIT}.web")),
    )
    rule = only_rule(found, "child")

    assert (rule.start_window, rule.vault, rule.delete_after_days) == (60, "efs", 90)
    assert only_rule(found, "parent").delete_after_days is None


def test_the_nearest_policy_above_wins() -> None:
    nearer = daily(start_backup_window_minutes=assign("120"))
    found = estate(
        unit("apps", "r-abcd"),
        unit("web", Ref(f"{UNIT}.apps")),
        policy(PARENT, "root"),
        attached("root", "r-abcd"),
        policy(nearer, "nearer"),
        attached("nearer", Ref(f"{UNIT}.apps")),
        policy(CHILD, "child"),
        attached("child", Ref(f"{UNIT}.web")),
    )

    assert only_rule(found, "child").start_window == 120


def test_an_id_of_the_root_is_above_everything_whose_parents_are_not_in_sight() -> None:
    found = estate(
        policy(PARENT, "root"), attached("root", "r-abcd"), policy(CHILD, "child"), attached("child", "111122223333")
    )

    assert only_rule(found, "child").start_window == 60


ROOTS = [Ref("aws_organizations_organization.org", "roots[0].id"), Ref("data.aws_organizations_organization.o", "id")]


@pytest.mark.parametrize("root", ROOTS)
def test_the_root_of_an_organization_is_above_everything(root: Ref) -> None:
    found = estate(
        policy(PARENT, "root"), attached("root", root), policy(CHILD, "child"), attached("child", "111122223333")
    )

    assert only_rule(found, "child").start_window == 60


def test_of_several_roots_none_is_taken_to_be_above_the_rest() -> None:
    found = estate(
        policy(PARENT, "root"),
        attached("root", "r-abcd"),
        policy(PARENT, "other"),
        attached("other", "r-efgh"),
        policy(CHILD, "child"),
        attached("child", "111122223333"),
    )

    assert isinstance(only_rule(found, "child").start_window, Unresolved)


def test_a_policy_that_is_attached_nowhere_in_sight_inherits_nothing() -> None:
    found = estate(policy(PARENT, "root"), attached("root", "r-abcd"), policy(CHILD, "child"))

    assert isinstance(only_rule(found, "child").start_window, Unresolved)


def test_policies_side_by_side_are_taken_by_themselves() -> None:
    found = estate(
        unit("apps", "r-abcd"),
        unit("web", "r-abcd"),
        policy(PARENT, "apps"),
        attached("apps", Ref(f"{UNIT}.apps")),
        policy(CHILD, "web"),
        attached("web", Ref(f"{UNIT}.web")),
    )

    assert isinstance(only_rule(found, "web").start_window, Unresolved)


def test_a_policy_attached_at_two_places_is_judged_for_both() -> None:
    found = estate(
        unit("apps", Unresolved("the root is not known")),
        unit("web", Ref(f"{UNIT}.apps")),
        unit("lone", Unresolved("the root is not known")),
        policy(PARENT, "parent"),
        attached("parent", Ref(f"{UNIT}.apps")),
        policy(CHILD, "child"),
        attached("child", Ref(f"{UNIT}.web")),
        block(f"{POLICY}_attachment.again", policy_id=Ref(f"{POLICY}.child"), target_id=Ref(f"{UNIT}.lone")),
    )

    assert [type(one) for one in judged(found, "RR201")] == [Pass, Pass, Unknown]


def test_units_that_are_in_each_other_do_not_hang() -> None:
    found = estate(
        unit("a", Ref(f"{UNIT}.b")),
        unit("b", Ref(f"{UNIT}.a")),
        policy(PARENT, "parent"),
        attached("parent", Ref(f"{UNIT}.a")),
        policy(CHILD, "child"),
        attached("child", Ref(f"{UNIT}.b")),
    )

    assert only_rule(found, "child").start_window == 60


def test_a_parent_that_cannot_be_read_leaves_the_child_to_itself() -> None:
    found = estate(
        policy("{", "root"), attached("root", "r-abcd"), policy(CHILD, "child"), attached("child", "111122223333")
    )

    assert isinstance(only_rule(found, "child").start_window, Unresolved)


def test_a_parent_of_more_rules_than_aws_takes_is_not_passed_down() -> None:
    many = {"plans": {"Daily": {"rules": {f"r{number}": WHOLE for number in range(101)}}}}
    found = estate(
        policy(many, "root"), attached("root", "r-abcd"), policy(CHILD, "child"), attached("child", "111122223333")
    )
    child = next(one for one in found.plans if one.address == f"{POLICY}.child")

    assert isinstance(child.rules, Unresolved)


@pytest.mark.parametrize(
    ("own", "inherited", "result"),
    [
        ({"@@assign": ["a"]}, ["b"], ["a"]),
        ({"@@append": ["a"]}, ["b"], ["b", "a"]),
        ({"@@append": "a"}, None, ["a"]),
        ({"@@remove": ["b"]}, ["a", "b"], ["a"]),
        ({"@@append": ["c"], "@@remove": ["b"]}, ["a", "b"], ["a", "c"]),
        ({"x": {"@@assign": "1"}}, {"X": "2", "y": "3"}, {"X": "1", "y": "3"}),
        ({"@@operators_allowed_for_child_policies": ["@@none"], "x": "1"}, None, {"x": "1"}),
        ({"x": {"@@assign": "1", "@@operators_allowed_for_child_policies": ["@@none"]}}, None, {"x": "1"}),
        ("plain", "other", "plain"),
    ],
)
def test_the_operators_do_what_organizations_says(own: object, inherited: object, result: object) -> None:
    assert effective(own, inherited) == result


def test_removing_or_adding_to_what_is_not_known_is_not_known() -> None:
    gap = Unresolved("var.x has no value")

    assert effective({"@@append": ["a"]}, gap) == gap
    assert isinstance(effective({"@@remove": gap}, ["a"]), Unresolved)


TEMPLATE = """
Parameters:
  Window: {Type: Number, Default: 480}
Resources:
  Daily:
    Type: AWS::Organizations::Policy
    Properties:
      Name: daily
      Type: BACKUP_POLICY
      Content: CONTENT
"""


@pytest.mark.parametrize(
    "content",
    [
        "{plans: {Daily: {rules: {n: {target_backup_vault_name: efs, start_backup_window_minutes: !Ref Window}}}}}",
        '\'{"plans": {"Daily": {"rules": {"n": {"target_backup_vault_name": "efs"}}}}}\'',
        """!Sub '{"plans": {"Daily": {"rules": {"n": {
          "target_backup_vault_name": "efs", "start_backup_window_minutes": {"@@assign": "${Window}"}}}}}}'""",
    ],
)
def test_a_template_may_hold_the_content_as_an_object_or_as_text(content: str) -> None:
    found = read_template_text(TEMPLATE.replace("CONTENT", content), Path("t.yaml")).estates[0]

    assert not isinstance(found.plans[0].rules, Unresolved)
    assert (found.plans[0].address, found.plans[0].rules[0].start_window) == ("Daily", 480)


def test_terraform_may_read_the_content_from_a_file(tmp_path: Path) -> None:
    main = f'resource "{POLICY}" "daily" {{\n  name = "d"\n  type = "BACKUP_POLICY"\n  content = file("p.json")\n}}\n'
    done = scan([write(tmp_path, {"main.tf": main, "p.json": json.dumps(daily(**WHOLE))})])

    assert {(one.rule.code, one.address) for one in done.judgements if isinstance(one.verdict, Fail)} >= {
        ("RR201", f"{POLICY}.daily"),
        ("RR202", f"{POLICY}.daily"),
    }


def test_a_finding_names_every_plan_of_the_policy_that_fails(tmp_path: Path) -> None:
    content = {"plans": {name: {"rules": {"r": WHOLE}} for name in ("Daily", "Weekly")}}
    main = f'resource "{POLICY}" "all" {{\n  name = "a"\n  type = "BACKUP_POLICY"\n  content = file("p.json")\n}}\n'
    done = scan([write(tmp_path, {"main.tf": main, "p.json": json.dumps(content)})])
    found = [one.verdict for one in done.judgements if one.rule.code == "RR201"]

    assert len(found) == 1
    assert isinstance(found[0], Fail)
    assert '"Daily/r"' in found[0].message
    assert '"Weekly/r"' in found[0].message
    assert [one["rule"] for one in found[0].evidence["rules"]] == ['rule "Daily/r"', 'rule "Weekly/r"']  # type: ignore[attr-defined]


ORGANIZATION = """
data "aws_organizations_organization" "own" {}

resource "aws_organizations_policy" "root" {
  name    = "root"
  type    = "BACKUP_POLICY"
  content = file("root.json")
}

resource "aws_organizations_policy_attachment" "root" {
  policy_id = aws_organizations_policy.root.id
  target_id = data.aws_organizations_organization.own.roots[0].id
}

resource "aws_organizations_policy" "child" {
  name    = "child"
  type    = "BACKUP_POLICY"
  content = file("child.json")
}

resource "aws_organizations_policy_attachment" "child" {
  policy_id = aws_organizations_policy.child.id
  target_id = aws_organizations_organizational_unit.apps.id
}

resource "aws_organizations_organizational_unit" "apps" {
  name      = "apps"
  parent_id = data.aws_organizations_organization.own.roots[0].id
}
"""


def test_terraform_may_look_the_root_up(tmp_path: Path) -> None:
    files = {"main.tf": ORGANIZATION, "root.json": json.dumps(PARENT), "child.json": json.dumps(CHILD)}
    done = scan([write(tmp_path, files)])
    verdicts = {one.address: type(one.verdict) for one in done.judgements if one.rule.code == "RR201"}

    assert verdicts == {"aws_organizations_policy.root": Pass, "aws_organizations_policy.child": Pass}


def test_a_template_may_take_the_root_of_its_organization() -> None:
    text = f"""
Resources:
  Organization:
    Type: AWS::Organizations::Organization
  Root:
    Type: AWS::Organizations::Policy
    Properties:
      {{Name: root, Type: BACKUP_POLICY, TargetIds: [!GetAtt Organization.RootId], Content: {json.dumps(PARENT)}}}
  Child:
    Type: AWS::Organizations::Policy
    Properties: {{Name: child, Type: BACKUP_POLICY, TargetIds: ["111122223333"], Content: {json.dumps(CHILD)}}}
"""
    child = read_template_text(text, Path("t.yaml")).estates[0].plans[1]

    assert child.address == "Child"
    assert not isinstance(child.rules, Unresolved)
    assert child.rules[0].start_window == 60


def test_the_cloud_control_provider_says_it_like_cloudformation(tmp_path: Path) -> None:
    content = json.dumps(json.dumps(daily(**WHOLE)))
    main = (
        'resource "awscc_organizations_policy" "daily" {\n  name = "d"\n  type = "BACKUP_POLICY"\n'
        f"  content = {content}\n}}\n"
    )
    done = scan([write(tmp_path, {"main.tf": main})])

    found = {one.address for one in done.judgements if one.rule.code == "RR201" and isinstance(one.verdict, Fail)}
    assert found == {"awscc_organizations_policy.daily"}
