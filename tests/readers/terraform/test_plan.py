from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.support.paths import DATA

from restore_ready import Estate, PolicyDocument, Ref, Source, Text, UnreadableError, Unresolved
from restore_ready.readers.terraform._addresses import index, module_of, steps
from restore_ready.readers.terraform.plan import read_plan
from restore_ready.scanning._discover import discover

PLANS = DATA / "plans"


@cache
def estate(name: str) -> Estate:
    (found,) = read_plan(PLANS / f"{name}.json").estates
    return found


def first(part: str, address: str) -> Any:  # noqa: ANN401  # what it is depends on the part
    return next(one for one in getattr(estate("first_apply"), part) if one.address == address)


def second(part: str, address: str) -> Any:  # noqa: ANN401  # what it is depends on the part
    return next(one for one in getattr(estate("second_apply"), part) if one.address == address)


def changed(tmp_path: Path, name: str, indent: int | None = None, **parts: object) -> Path:
    """Write the plan *name* anew with other *parts* in it."""
    tree = {**json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8")), **parts}
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(tree, indent=indent), encoding="utf-8")
    return path


def test_the_estate_says_that_it_is_a_plans() -> None:
    assert estate("first_apply").source is Source.PLAN
    assert estate("first_apply").root == str(PLANS / "first_apply.json")
    assert estate("first_apply").gaps == ()


def test_instances_of_modules_for_each_and_count_are_found() -> None:
    assert [one.address for one in estate("first_apply").file_systems] == [
        'aws_efs_file_system.each["a"]',
        'aws_efs_file_system.each["b"]',
        "aws_efs_file_system.many[0]",
        "aws_efs_file_system.many[1]",
        'module.efs["y"].aws_efs_file_system.this',
        'module.efs["z"].aws_efs_file_system.this',
    ]


def test_tags_include_the_default_tags() -> None:
    assert first("file_systems", 'aws_efs_file_system.each["a"]').tags == {"share": "a", "team": "web"}


def test_a_zone_that_nobody_configured_is_not_one_zone() -> None:
    assert first("file_systems", 'aws_efs_file_system.each["a"]').one_zone is False
    assert first("file_systems", "aws_efs_file_system.many[0]").one_zone is True


@pytest.mark.parametrize("key", ["a", "b"])
def test_each_value_is_the_instance_with_the_same_key(key: str) -> None:
    found = first("automatic_backups", f'aws_efs_backup_policy.each["{key}"]')
    assert (found.file_system, found.enabled) == (Ref(f'aws_efs_file_system.each["{key}"]', "id"), False)


@pytest.mark.parametrize("at", [0, 1])
def test_count_index_is_the_instance_with_the_same_number(at: int) -> None:
    found = second("automatic_backups", f"aws_efs_backup_policy.counted[{at}]")
    assert found.file_system == Ref(f"aws_efs_file_system.counted[{at}]", "id")


def test_what_is_computed_and_not_configured_is_not_given() -> None:
    found = first("selections", "aws_backup_selection.all")
    assert (found.not_resources, found.tags, found.conditions) == ((), (), ())


def test_conditions_and_tags_of_a_selection_are_read() -> None:
    found = first("selections", "aws_backup_selection.one")
    assert [(one.operator, one.key, one.value) for one in found.conditions] == [("equals", "share", "a")]
    assert [(one.operator, one.key, one.value) for one in found.tags] == [("equals", "backup", "yes")]


def test_arguments_and_outputs_of_modules_are_followed() -> None:
    assert first("selections", "aws_backup_selection.all").role == Ref("module.roles.aws_iam_role.backup", "arn")
    inner = first("selections", "module.roles.aws_backup_selection.inner")
    assert inner.plan == Ref("aws_backup_plan.p", "id")
    assert isinstance(inner.resources, Unresolved)


def test_windows_are_stated_where_the_configuration_has_them() -> None:
    stated, default = first("plans", "aws_backup_plan.p").rules
    assert (stated.name, stated.start_window, stated.start_window_stated) == ("stated", 60, True)
    assert (default.name, default.start_window, default.start_window_stated) == ("default", 60, False)
    assert (default.completion_window, default.completion_window_stated) == (180, False)


def test_a_rule_is_read_whole() -> None:
    stated, default = first("plans", "aws_backup_plan.p").rules
    assert (stated.vault, stated.schedule) == ("main", "cron(0 13 * * ? *)")
    assert (stated.delete_after_days, stated.cold_after_days) == (120, 30)
    assert stated.copies[0].destination == Ref("aws_backup_vault.v", "arn")
    assert (default.vault, default.schedule) == (Ref("aws_backup_vault.generated", "name"), None)


def test_rules_of_dynamic_blocks_are_there_and_what_is_unknown_of_them_is_unresolved() -> None:
    unknown, known = first("plans", "aws_backup_plan.dyn").rules
    assert isinstance(unknown.vault, Unresolved)
    assert (known.name, known.vault, known.start_window) == ("y", "lit", 60)


def test_a_name_put_together_from_unknown_parts_is_not_taken_for_a_reference() -> None:
    assert isinstance(first("vaults", "aws_backup_vault.generated").name, Unresolved)


def test_a_document_read_during_apply_is_built_from_its_statements() -> None:
    (deny,) = first("vault_policies", "aws_backup_vault_policy.v").document.statements
    assert (deny.effect, deny.actions) == ("Deny", ("backup:StartRestoreJob",))
    assert deny.resources == ("arn:aws:ec2:*", Ref("aws_backup_vault.v", "arn"))
    assert deny.conditions[0].values == ("${aws:username}",)


def test_sources_and_overrides_of_a_document_are_merged() -> None:
    document = first("policies", "module.roles.aws_iam_policy.p").document
    assert [(one.sid, one.actions[0]) for one in document.statements] == [
        ("A", "backup:Describe*"),
        ("", "backup:List*"),
        ("B", "iam:PassRole"),
    ]


def test_a_document_read_while_planning_is_in_the_plan_already() -> None:
    trust = first("principals", "module.roles.aws_iam_role.backup").trust
    assert trust.statements[0].principals[0].value == "backup.amazonaws.com"


def test_policies_of_every_kind_reach_their_role() -> None:
    role = first("principals", "module.roles.aws_iam_role.backup")
    assert role.arn == "arn:aws:iam::this-account:role/ops/AWSBackup-restore"
    assert {policy.name for policy in role.policies} == {"inl", "AWSBackupServiceRolePolicyForRestores", "restore"}
    assert role.unread == ()


def test_a_policy_encoded_with_something_unknown_in_it_is_unresolved_and_says_so() -> None:
    user = first("principals", "aws_iam_user.u")
    encoded, of_group = user.policies
    assert encoded.document == Unresolved("aws_backup_vault.v.arn is known only once it is deployed")
    assert of_group.name == "AWSBackupOperatorAccess"


def test_a_resource_that_is_being_destroyed_is_not_there() -> None:
    addresses = {one.address for one in estate("second_apply").file_systems}
    assert "aws_efs_file_system.kept" in addresses
    assert "aws_efs_file_system.gone" not in addresses


def test_a_resource_that_exists_has_its_real_arn_and_zone() -> None:
    kept = second("file_systems", "aws_efs_file_system.kept")
    assert kept.arn == "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-0kept"
    assert kept.one_zone is True
    assert second("selections", "aws_backup_selection.kept").resources == (kept.arn,)


def test_a_list_of_known_and_unknown_resources_has_both() -> None:
    assert set(second("selections", "aws_backup_selection.mixed").resources) == {
        Ref("aws_efs_file_system.kept", "arn"),
        Ref("aws_efs_file_system.fresh", "arn"),
    }


def test_tags_known_after_apply_are_unresolved() -> None:
    assert isinstance(second("file_systems", "aws_efs_file_system.fresh").tags, Unresolved)


def test_a_generated_role_name_is_known_by_its_prefix_and_its_policy_finds_it() -> None:
    role = second("principals", "aws_iam_role.generated")
    assert isinstance(role.name, Text)
    assert [policy.address for policy in role.policies] == ["aws_iam_role_policy.generated"]
    assert second("restore_tests", "aws_backup_restore_testing_selection.t").role == Ref(
        "aws_iam_role.generated", "arn"
    )


def test_a_permission_set_has_its_managed_policies() -> None:
    found = second("principals", "aws_ssoadmin_permission_set.ops")
    assert [policy.name for policy in found.policies] == ["AWSBackupOperatorAccess"]


def test_without_its_configuration_nothing_unknown_is_taken_for_not_given(tmp_path: Path) -> None:
    (found,) = read_plan(changed(tmp_path, "first_apply", configuration={})).estates
    selection = found.selections[0]
    assert isinstance(selection.resources, Unresolved)
    assert isinstance(selection.conditions, Unresolved)


@pytest.mark.parametrize("flag", [{"errored": True}, {"complete": False}])
def test_a_plan_that_does_not_show_everything_says_so(tmp_path: Path, flag: dict[str, bool]) -> None:
    (found,) = read_plan(changed(tmp_path, "first_apply", **flag)).estates
    assert found.gaps[0].hides_backups


def test_a_plan_without_lines_has_line_zero() -> None:
    place = first("plans", "aws_backup_plan.p").place
    assert (place.file, place.line) == (str(PLANS / "first_apply.json"), 0)


@pytest.mark.parametrize("indent", [1, 2, 4])
def test_a_printed_plan_gives_the_lines_of_its_objects(tmp_path: Path, indent: int) -> None:
    path = changed(tmp_path, "first_apply", indent=indent)
    lines = path.read_text(encoding="utf-8").splitlines()
    (found,) = read_plan(path).estates
    for one in (*found.file_systems, *found.plans, *found.principals):
        assert lines[one.place.line - 1].strip() == "{"
        assert lines[one.place.line].strip() == f'"address": {json.dumps(one.address)},'
        assert lines[one.place.end_line - 1].strip() in {"}", "},"}
        assert one.place.file == str(path)


def test_the_lines_of_the_configuration_beside_the_plan_are_preferred(tmp_path: Path) -> None:
    shutil.copytree(PLANS / "first_apply_hcl", tmp_path, dirs_exist_ok=True)
    path = changed(tmp_path, "first_apply", indent=1)
    (found,) = read_plan(path).estates
    places = {one.address: one.place for one in (*found.file_systems, *found.plans, *found.principals)}
    main = (tmp_path / "main.tf").read_text(encoding="utf-8").splitlines()
    plan = places["aws_backup_plan.p"]
    assert plan.file == str(tmp_path / "main.tf")
    assert main[plan.line - 1] == 'resource "aws_backup_plan" "p" {'
    assert main[plan.end_line - 1] == "}"
    assert main[plan.end_line - 2] != ""
    assert places['module.efs["z"].aws_efs_file_system.this'].file == str(tmp_path / "modules" / "efs" / "main.tf")


def test_what_a_downloaded_module_declares_knows_its_call(tmp_path: Path) -> None:
    shutil.copytree(PLANS / "first_apply_hcl", tmp_path, dirs_exist_ok=True)
    listed = {"Modules": [{"Key": "efs", "Source": "x/efs/aws", "Dir": ".terraform/modules/efs"}]}
    shutil.move(tmp_path / "modules" / "efs", tmp_path / ".terraform" / "modules" / "efs")
    (tmp_path / ".terraform" / "modules" / "modules.json").write_text(json.dumps(listed))
    path = changed(tmp_path, "first_apply", indent=1)
    path.write_text(path.read_text(encoding="utf-8").replace('"./modules/efs"', '"x/efs/aws"'), encoding="utf-8")
    (found,) = read_plan(path).estates
    places = {one.address: one.place for one in found.file_systems}
    place = places['module.efs["z"].aws_efs_file_system.this']
    assert place.is_downloaded
    assert place.call is not None
    main = (tmp_path / "main.tf").read_text(encoding="utf-8").splitlines()
    assert (place.call.file, main[place.call.line - 1]) == (str(tmp_path / "main.tf"), 'module "efs" {')


def test_a_plan_is_told_from_a_state_and_from_other_json(tmp_path: Path) -> None:
    others = {"state": '{"format_version": "1.0", "values": {}}', "list": "[]", "template": '{"Resources": {}}'}
    for name, text in others.items():
        (tmp_path / f"{name}.json").write_text(text)
    (tmp_path / "plan.json").write_text((PLANS / "first_apply.json").read_text(encoding="utf-8"))

    assert discover([tmp_path]).plans == [tmp_path / "plan.json"]
    for name in others:
        with pytest.raises(UnreadableError):
            read_plan(tmp_path / f"{name}.json")


def test_addresses_come_apart_at_dots_outside_of_keys() -> None:
    address = 'module.a["x.y\\"]."].module.b[0].aws_efs_file_system.this["k.l"]'
    assert steps(address) == ["module", 'a["x.y\\"]."]', "module", "b[0]", "aws_efs_file_system", 'this["k.l"]']
    assert module_of(address) == 'module.a["x.y\\"]."].module.b[0]'
    assert index('this["k.l"]') == '["k.l"]'
    assert module_of("aws_efs_file_system.this") == ""


def test_documents_of_both_plans_are_all_read_or_say_why() -> None:
    for name in ("first_apply", "second_apply"):
        for one in estate(name).principals:
            assert all(isinstance(policy.document, (PolicyDocument, Unresolved)) for policy in one.policies)


def test_statements_keep_their_order_so_each_is_matched_with_what_was_written(tmp_path: Path) -> None:
    document = "data.aws_iam_policy_document.d"
    names = ("one", "two")

    def planned(address: str, **values: object) -> dict[str, object]:
        parts = steps(address)
        mode = "data" if parts[0] == "data" else "managed"
        return {"address": address, "mode": mode, "type": parts[-2], "name": parts[-1], "values": values}

    roles = [planned(f"aws_iam_role.{name}", name=name) for name in names]
    statements = [{"actions": ["iam:PassRole"], "resources": [None]} for _ in names]
    policy = planned("aws_iam_policy.p", name="p")
    unknown = {
        document: {"json": True, "statement": [{"resources": [True]}, {"resources": [True]}]},
        "aws_iam_policy.p": {"policy": True},
        **{f"aws_iam_role.{name}": {"arn": True} for name in names},
    }
    written = [{"resources": {"references": [f"aws_iam_role.{name}.arn", f"aws_iam_role.{name}"]}} for name in names]
    configured = [
        {"address": document, "expressions": {"statement": written}},
        {"address": "aws_iam_policy.p", "expressions": {"policy": {"references": [f"{document}.json", document]}}},
    ]
    path = changed(
        tmp_path,
        "first_apply",
        planned_values={"root_module": {"resources": [*roles, policy, planned(document, statement=statements)]}},
        resource_changes=[{"address": one, "change": {"after_unknown": mark}} for one, mark in unknown.items()],
        configuration={"root_module": {"resources": configured}},
    )
    (found,) = read_plan(path).estates
    document_read = found.policies[0].document
    assert isinstance(document_read, PolicyDocument)
    assert [one.resources for one in document_read.statements if not isinstance(one, Unresolved)] == [
        (Ref("aws_iam_role.one", "arn"),),
        (Ref("aws_iam_role.two", "arn"),),
    ]
