from __future__ import annotations

import pytest
from tests.support.terraform_blocks import block, estate, provider

from restore_ready import Gap, Place, PlanRule, Ref, Source, TagCondition, Text, Unresolved
from restore_ready.readers.terraform._attributes import as_text, nested, number, texts
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._estate import estate_from_blocks

FS = "aws_efs_file_system.this"


def policy(status: object, file_system: object = Ref(FS, "id")) -> Block:
    return block("aws_efs_backup_policy.this", file_system_id=file_system, backup_policy=[{"status": status}])


def plan_of(**rule: object) -> PlanRule:
    (plan,) = estate(
        block("aws_backup_plan.p", name="p", rule=[{"rule_name": "r", "target_vault_name": "v", **rule}])
    ).plans
    assert isinstance(plan.rules, tuple)
    return plan.rules[0]


def test_a_file_system_stands_for_its_arn_until_it_is_known() -> None:
    (unknown,) = estate(block(FS)).file_systems
    (known,) = estate(block(FS, arn="arn:aws:elasticfilesystem:eu-west-1:1:file-system/fs-1")).file_systems
    assert unknown.arn == Ref(FS, "arn")
    assert known.arn == "arn:aws:elasticfilesystem:eu-west-1:1:file-system/fs-1"


def test_tags_are_strings_as_terraform_makes_them() -> None:
    (found,) = estate(block(FS, tags={"on": True, "days": 7, "open": Unresolved("var.x has no value")})).file_systems
    assert found.tags == {"on": "true", "days": "7", "open": Unresolved("var.x has no value")}


def test_default_tags_of_the_provider_are_under_the_file_systems_own() -> None:
    found = estate(
        provider(default_tags=[{"tags": {"team": "web", "tier": "silver"}}]), block(FS, tags={"tier": "gold"})
    )
    assert found.file_systems[0].tags == {"team": "web", "tier": "gold"}


def test_default_tags_of_an_aliased_provider_are_for_its_resources_only() -> None:
    aliased = provider(alias="dr", default_tags=[{"tags": {"site": "dr"}}])
    found = estate(aliased, block(FS), block("aws_efs_file_system.dr", provider="aws.dr"))
    assert [one.tags for one in found.file_systems] == [{}, {"site": "dr"}]


def test_tags_all_of_a_plan_already_has_the_default_tags() -> None:
    found = estate(provider(default_tags=[{"tags": {"x": "1"}}]), block(FS, tags={"a": "b"}, tags_all={"y": "2"}))
    assert found.file_systems[0].tags == {"y": "2"}


def test_tags_of_unknown_keys_are_unresolved() -> None:
    (found,) = estate(block(FS, tags=Unresolved("var.tags has no value"))).file_systems
    assert isinstance(found.tags, Unresolved)


@pytest.mark.parametrize(("status", "enabled"), [("ENABLED", True), ("DISABLED", False), ("enabled", True)])
def test_a_backup_policy_states_automatic_backups_at_its_own_address(status: str, *, enabled: bool) -> None:
    (found,) = estate(block(FS), policy(status)).automatic_backups
    assert (found.address, found.file_system, found.enabled, found.stated) == (
        "aws_efs_backup_policy.this",
        Ref(FS, "id"),
        enabled,
        True,
    )


@pytest.mark.parametrize("status", [Unresolved("var.on has no value"), "MAYBE", ["ENABLED"]])
def test_a_status_that_cant_be_read_is_unresolved(status: object) -> None:
    assert isinstance(estate(policy(status)).automatic_backups[0].enabled, Unresolved)


def test_a_regional_file_system_without_a_policy_has_nothing_to_say() -> None:
    assert estate(block(FS)).automatic_backups == ()


def test_one_zone_is_backed_up_automatically_unless_something_says_otherwise() -> None:
    zone = block(FS, availability_zone_name="eu-west-1a")
    (found,) = estate(zone).automatic_backups
    assert (found.address, found.enabled, found.stated) == (FS, True, False)
    (stated,) = estate(zone, policy("DISABLED")).automatic_backups
    assert (stated.enabled, stated.stated) == (False, True)


def test_a_policy_means_a_file_system_by_its_literal_id_too() -> None:
    zone = block(FS, availability_zone_name="eu-west-1a", id="fs-1")
    assert len(estate(zone, policy("DISABLED", "fs-1")).automatic_backups) == 1


def test_a_policy_for_an_unknown_file_system_leaves_the_one_zone_default_open() -> None:
    zone = block(FS, availability_zone_name="eu-west-1a")
    found = estate(zone, policy("DISABLED", Unresolved("var.id has no value"))).automatic_backups
    assert isinstance(found[1].enabled, Unresolved)
    found = estate(zone, policy("ENABLED", Unresolved("var.id has no value"))).automatic_backups
    assert found[1].enabled is True


def test_an_unknown_zone_leaves_it_open_whether_it_is_one_zone() -> None:
    found = estate(block(FS, availability_zone_name=Unresolved("var.az has no value")))
    assert isinstance(found.file_systems[0].one_zone, Unresolved)
    assert isinstance(found.automatic_backups[0].enabled, Unresolved)


def test_windows_left_out_are_the_providers_sixty_and_a_hundred_and_eighty_minutes() -> None:
    rule = plan_of()
    assert (rule.start_window, rule.start_window_stated) == (60, False)
    assert (rule.completion_window, rule.completion_window_stated) == (180, False)


def test_windows_may_be_written_as_strings() -> None:
    rule = plan_of(start_window="120", completion_window=360)
    assert (rule.start_window, rule.start_window_stated) == (120, True)
    assert (rule.completion_window, rule.completion_window_stated) == (360, True)


def test_a_window_that_is_no_number_is_unresolved() -> None:
    assert isinstance(plan_of(start_window="1h").start_window, Unresolved)
    assert isinstance(plan_of(start_window=Unresolved("var.w has no value")).start_window, Unresolved)


def test_lifecycle_and_copies_are_read() -> None:
    rule = plan_of(
        lifecycle=[{"cold_storage_after": 30, "delete_after": 120}],
        copy_action=[{"destination_vault_arn": Ref("aws_backup_vault.dr", "arn"), "lifecycle": [{"delete_after": 0}]}],
        schedule="cron(0 13 * * ? *)",
        schedule_expression_timezone="Asia/Tokyo",
    )
    assert (rule.cold_after_days, rule.delete_after_days) == (30, 120)
    assert (rule.schedule, rule.time_zone) == ("cron(0 13 * * ? *)", "Asia/Tokyo")
    assert rule.copies[0].destination == Ref("aws_backup_vault.dr", "arn")
    assert rule.copies[0].delete_after_days is None


@pytest.mark.parametrize("values", [{}, {"rule": []}, {"rule": Unresolved("var.rules has no value")}, {"rule": "x"}])
def test_a_plan_that_shows_no_rule_has_rules_that_cant_be_read(values: dict[str, object]) -> None:
    (plan,) = estate(block("aws_backup_plan.p", name="p", **values)).plans
    assert isinstance(plan.rules, Unresolved)


def test_each_rule_has_its_own_place_where_the_source_tells() -> None:
    values = {"rule": [{"rule_name": "a"}, {"rule_name": "b"}]}
    plain = block("aws_backup_plan.p", **values)
    placed = type(plain)(
        plain.address, plain.type, "managed", values, plain.place, {"rule": (Place("main.tf", 3), Place("main.tf", 7))}
    )
    (plan,) = estate(placed).plans
    assert [rule.place.line for rule in plan.rules] == [3, 7]


def test_a_selection_is_read_with_tags_conditions_and_exclusions() -> None:
    key = Text(("aws:ResourceTag/", Unresolved("var.key has no value")))
    (found,) = estate(
        block(
            "aws_backup_selection.s",
            plan_id=Ref("aws_backup_plan.p"),
            iam_role_arn=Ref("aws_iam_role.r", "arn"),
            resources=[Ref(FS, "arn"), "arn:aws:ec2:*:*:volume/*"],
            not_resources=["arn:aws:elasticfilesystem:*:*:file-system/fs-1"],
            selection_tag=[{"type": "STRINGEQUALS", "key": "backup", "value": "daily"}],
            condition=[
                {
                    "string_equals": [{"key": "aws:ResourceTag/tier", "value": "gold"}],
                    "string_not_like": [{"key": key, "value": "x*"}],
                }
            ],
        )
    ).selections
    assert found.resources == (Ref(FS, "arn"), "arn:aws:ec2:*:*:volume/*")
    assert found.not_resources == ("arn:aws:elasticfilesystem:*:*:file-system/fs-1",)
    assert found.tags == (TagCondition("equals", "backup", "daily"),)
    assert found.conditions == (
        TagCondition("equals", "tier", "gold"),
        TagCondition("not_like", Unresolved("var.key has no value"), "x*"),
    )


def test_parts_of_a_selection_that_cant_be_read_are_unresolved() -> None:
    why = Unresolved("var.x has no value")
    (found,) = estate(block("aws_backup_selection.s", resources=why, selection_tag=why, condition=why)).selections
    assert (found.resources, found.tags, found.conditions) == (why, why, why)
    assert isinstance(found.role, Unresolved)


def test_vaults_vault_policies_and_restore_tests_are_read() -> None:
    found = estate(
        block("aws_backup_vault.v", name="main"),
        block("aws_backup_logically_air_gapped_vault.l", name="gapped"),
        block("aws_backup_vault_policy.v", backup_vault_name=Ref("aws_backup_vault.v", "name"), policy="{"),
        block("aws_backup_restore_testing_selection.t", iam_role_arn="arn", protected_resource_type="EFS"),
    )
    assert [vault.name for vault in found.vaults] == ["main", "gapped"]
    assert found.vault_policies[0].vault == Ref("aws_backup_vault.v", "name")
    assert isinstance(found.vault_policies[0].document, Unresolved)
    assert (found.restore_tests[0].role, found.restore_tests[0].resource_type) == ("arn", "EFS")


def test_data_sources_are_no_resources_of_the_estate() -> None:
    assert estate(block("data.aws_efs_file_system.x", file_system_id="fs-1")).file_systems == ()


def test_gaps_of_the_reader_are_passed_on() -> None:
    gap = Gap("module.x", Place("main.tf", 1), "is remote", hides_backups=True)
    assert estate_from_blocks([], source=Source.PLAN, root="p", gaps=(gap,)).gaps == (gap,)


def test_awscc_resources_get_the_defaults_of_cloudformation() -> None:
    found = estate(
        block(
            "awscc_backup_backup_plan.p",
            backup_plan={
                "backup_plan_name": "p",
                "backup_plan_rule": [
                    {"rule_name": "r", "target_backup_vault": "v", "lifecycle": {"delete_after_days": 7}}
                ],
            },
        ),
        block("awscc_efs_file_system.f", file_system_tags=[{"key": "tier", "value": "gold"}]),
        block("awscc_backup_backup_vault.v", backup_vault_name="v", backup_vault_tags={"my_key": "x"}),
    )
    rule = found.plans[0].rules[0]
    assert (found.plans[0].address, rule.start_window, rule.completion_window) == (
        "awscc_backup_backup_plan.p",
        480,
        10080,
    )
    assert rule.delete_after_days == 7
    assert found.file_systems[0].tags == {"tier": "gold"}
    assert found.vaults[0].name == "v"


def test_odd_shapes_are_unresolved_and_never_an_error() -> None:
    assert isinstance(as_text(["a"], "x"), Unresolved)
    assert isinstance(as_text(None, "x"), Unresolved)
    assert isinstance(number({"x": True}, "x"), Unresolved)
    assert isinstance(number({"x": "9" * 5000}, "x"), Unresolved)
    assert number({"x": 60.0}, "x") == 60
    assert isinstance(texts({"x": {"a": "b"}}, "x"), Unresolved)
    assert texts({"x": "lone"}, "x") == ("lone",)
    assert isinstance(nested({"x": [{}, 5]}, "x"), Unresolved)
    assert isinstance(nested({"x": 5}, "x"), Unresolved)
