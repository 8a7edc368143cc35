"""The facts of an account become estates: one for each Region, with what AWS really means by its answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace
from tests.support.account_surroundings import ACCOUNT, REGION
from tests.support.accounts import NOW, facts_of

from restore_ready import (
    Estate,
    Fact,
    Fail,
    Judgement,
    Reading,
    Requirements,
    RequirementsFile,
    Status,
    Unknown,
    Unresolved,
    all_rules,
    judge,
)
from restore_ready.readers.account import read_account

FILE_SYSTEM = f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/fs-1"
AUTOMATIC = "aws/efs/automatic-backup"


def read(*facts: dict[str, Any]) -> Reading:
    return read_account(facts_of({"facts": facts}), NOW)


def estate(*facts: dict[str, Any]) -> Estate:
    (found,) = read(*facts).estates
    return found


def judgements(reading: Reading) -> list[Judgement]:
    return judge(reading, all_rules(), RequirementsFile(Requirements()))


def fails(reading: Reading) -> set[tuple[str, str]]:
    return {(one.rule.code, one.address) for one in judgements(reading) if isinstance(one.verdict, Fail)}


def file_systems(*names: str, region: str = REGION, **more: object) -> dict[str, Any]:
    entries = [{"FileSystemId": name, "CreationTime": "2026-11-20T05:30:00Z", **more} for name in names]
    return {"fact": "file_systems", "region": region, "data": {"FileSystems": entries}}


def plan(name: str, region: str = REGION, **rule: object) -> dict[str, Any]:
    rules = [{"RuleName": "r", "TargetBackupVaultName": "efs", **rule}]
    data = {"BackupPlanId": name, "BackupPlanName": name, "BackupPlan": {"BackupPlanName": name, "Rules": rules}}
    return {"fact": "plan", "region": region, "data": data}


def operator(name: str) -> dict[str, Any]:
    policies = [{"PolicyArn": "arn:aws:iam::aws:policy/PowerUserAccess"}]
    return {"Arn": f"arn:aws:iam::{ACCOUNT}:group/{name}", "GroupName": name, "AttachedManagedPolicies": policies}


def test_each_region_is_an_estate_and_a_plan_backs_up_its_own() -> None:
    chosen = {"SelectionName": "all", "IamRoleArn": "role", "Resources": ["*"]}
    found = read(
        file_systems("fs-1"),
        file_systems("fs-2", region="us-east-1"),
        plan("nightly"),
        {"fact": "selection", "data": {"BackupPlanId": "nightly", "SelectionId": "s", "BackupSelection": chosen}},
    )

    assert [one.root for one in found.estates] == [f"aws:{ACCOUNT}/eu-west-1", f"aws:{ACCOUNT}/us-east-1"]
    uncovered = f"arn:aws:elasticfilesystem:us-east-1:{ACCOUNT}:file-system/fs-2"
    assert {address for code, address in fails(found) if code == "RR102"} == {uncovered}


def test_a_principal_is_judged_once_for_all_regions() -> None:
    people = {"fact": "iam", "data": {"GroupDetailList": [operator("backup-operators")]}}
    found = read(file_systems("fs-1"), file_systems("fs-2", region="us-east-1"), people)

    told = [one for one in judgements(found) if one.rule.code == "RR401"]
    assert [one.address for one in told] == [f"arn:aws:iam::{ACCOUNT}:group/backup-operators"]
    assert isinstance(told[0].verdict, Fail)
    assert told[0].verdict.message.count("backup-operators") == 1


def test_the_principals_of_an_account_without_file_systems_are_judged() -> None:
    found = read({"fact": "iam", "data": {"GroupDetailList": [operator("backup-operators")]}})

    assert ("RR401", f"arn:aws:iam::{ACCOUNT}:group/backup-operators") in fails(found)


def test_windows_that_aws_does_not_give_are_those_of_its_api() -> None:
    (rule,) = (one for found in estate(plan("nightly")).plans for one in found.rules)  # type: ignore[union-attr]

    assert (rule.start_window, rule.completion_window) == (480, 10080)


def test_minus_one_day_is_never() -> None:
    lifecycle = {"DeleteAfterDays": 35, "MoveToColdStorageAfterDays": -1}
    (rule,) = (one for found in estate(plan("n", Lifecycle=lifecycle)).plans for one in found.rules)  # type: ignore[union-attr]

    assert (rule.delete_after_days, rule.cold_after_days) == (35, None)


def test_the_automatic_plan_and_vault_are_no_plan_and_vault_of_ones_own() -> None:
    vault = {"fact": "vaults", "data": {"BackupVaultList": [{"BackupVaultName": f"{AUTOMATIC}-vault"}]}}
    found = read(file_systems("fs-1"), plan(f"{AUTOMATIC}-plan", TargetBackupVaultName=f"{AUTOMATIC}-vault"), vault)

    assert found.estates[0].plans == ()
    assert found.estates[0].vaults == ()
    assert {code for code, _ in fails(found)} == {"RR102"}


@pytest.mark.parametrize(("status", "on"), [("ENABLED", True), ("ENABLING", True), ("DISABLING", False)])
def test_automatic_backups_are_on_from_the_moment_they_are_switched_on(status: str, on: bool) -> None:  # noqa: FBT001  # a case
    policy = {
        "fact": "backup_policy",
        "params": {"FileSystemId": "fs-1"},
        "data": {"BackupPolicy": {"Status": status}},
    }

    assert [one.enabled for one in estate(file_systems("fs-1"), policy).automatic_backups] == [on]


def test_one_zone_without_a_policy_has_no_automatic_backups() -> None:
    found = estate(file_systems("fs-1", AvailabilityZoneName="eu-west-1a"))

    assert [one.enabled for one in found.automatic_backups] == [False]


def test_what_is_being_deleted_is_not_judged() -> None:
    assert estate(file_systems("fs-1", LifeCycleState="deleting")).file_systems == ()


def test_service_linked_roles_are_no_restore_operators() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/restore-testing.backup.amazonaws.com/AWSServiceRoleForRestore"
    found = read(file_systems("fs-1"), {"fact": "iam", "data": {"RoleDetailList": [{"Arn": arn}]}})

    assert found.estates[0].principals == ()


def test_keys_that_aws_manages_ask_for_nothing() -> None:
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
    policy = {"fact": "key_policy", "params": {"KeyId": key}, "data": {"Policy": '{"Id": "auto-backup-1"}'}}
    vault = {"BackupVaultName": "efs", "EncryptionKeyArn": key}
    found = estate(policy, {"fact": "vaults", "data": {"BackupVaultList": [vault]}})

    assert found.keys == ()
    assert [one.key for one in found.vaults] == [None]


@pytest.mark.parametrize(("trusted", "code"), [("999988887777", "RR301"), (ACCOUNT, "RR301")])
def test_the_ids_of_other_accounts_are_those_of_others(trusted: str, code: str) -> None:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "backup:StartRestoreJob",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": trusted}},
    }
    found = read(
        {"fact": "vaults", "data": {"BackupVaultList": [{"BackupVaultName": "efs"}]}},
        {"fact": "vault_policy", "params": {"BackupVaultName": "efs"}, "data": {"Policy": {"Statement": [statement]}}},
    )

    assert (code in {one for one, _ in fails(found)}) is (trusted == ACCOUNT)


def test_a_copy_to_a_vault_of_the_same_name_elsewhere_is_one_elsewhere() -> None:
    copy = {"DestinationBackupVaultArn": "arn:aws:backup:us-east-1:999988887777:backup-vault:efs"}
    lock = {"BackupVaultName": "efs", "MinRetentionDays": 30, "MaxRetentionDays": 90}
    found = read(
        {"fact": "vaults", "data": {"BackupVaultList": [lock]}},
        plan("n", Lifecycle={"DeleteAfterDays": 35}, CopyActions=[{**copy, "Lifecycle": {"DeleteAfterDays": 7}}]),
    )

    assert not [one for one in judgements(found) if one.rule.code == "RR105" and not _passes(one)]


def _passes(judgement: Judgement) -> bool:
    return not isinstance(judgement.verdict, (Fail, Unknown))


def control(management: str) -> tuple[dict[str, Any], ...]:
    arn = f"arn:aws:organizations::{management}:policy/o-1/service_control_policy/p-1"
    denial = {"Effect": "Deny", "Action": "backup:StartRestoreJob", "Resource": "*"}
    listed = {"Policies": [{"Id": "p-1", "Arn": arn, "Name": "no restores"}]}
    return (
        {"fact": "service_controls", "params": {"TargetId": ACCOUNT}, "data": listed},
        {
            "fact": "service_control",
            "params": {"PolicyId": "p-1"},
            "data": {"Policy": {"Content": {"Statement": [denial]}}},
        },
    )


@pytest.mark.parametrize(("management", "taken"), [("999988887777", True), (ACCOUNT, False)])
def test_service_control_policies_bind_all_but_the_management_account(management: str, taken: bool) -> None:  # noqa: FBT001  # a case
    people = {"fact": "iam", "data": {"GroupDetailList": [operator("backup-operators")]}}

    found = fails(read(file_systems("fs-1"), people, *control(management)))

    assert (("RR405", f"arn:aws:iam::{ACCOUNT}:group/backup-operators") in found) is taken


def test_a_region_that_can_not_be_read_is_reported_once() -> None:
    unread = [
        {"fact": name, "region": "eu-south-1", "unknown": "OptInRequired"}
        for name in ("file_systems", "vaults", "plans")
    ]
    found = read(file_systems("fs-1"), *unread)

    assert [gap.address for gap in found.gaps] == [f"aws:{ACCOUNT}/eu-south-1"]
    assert "OptInRequired" in found.gaps[0].why
    assert len(found.estates) == 1


def test_facts_that_were_never_collected_are_not_known() -> None:
    entries = {"FileSystems": [{"FileSystemId": "fs-1"}]}
    found = read_account([Fact("file_systems", ACCOUNT, REGION, Status.OK, {}, entries)], NOW)

    verdicts = {one.rule.code: one.verdict for one in judgements(found)}
    assert isinstance(verdicts["RR101"], Unknown)
    assert isinstance(verdicts["RR102"], Unknown)


def test_facts_of_two_accounts_are_refused() -> None:
    one = Fact("iam", ACCOUNT, "", Status.OK)

    with pytest.raises(ValueError, match="several accounts"):
        read_account([one, replace(one, account="999988887777")])


MALFORMED: list[tuple[str, Any]] = [
    ("file_systems", {"FileSystems": {}}),
    ("file_systems", {"FileSystems": ["fs-1"]}),
    ("file_systems", {"FileSystems": [{"FileSystemId": 1}]}),
    ("plans", []),
    ("vaults", {}),
    ("iam", {"RoleDetailList": [{"RoleName": "without ARN"}]}),
    ("iam", {"RoleDetailList": [{"Arn": "arn", "RolePolicyList": "text"}]}),
    ("backup_jobs", {"BackupJobs": [{"BackupJobId": "j"}]}),
]


@pytest.mark.parametrize(("fact_id", "data"), MALFORMED)
def test_an_answer_of_another_shape_is_not_known(fact_id: str, data: Any) -> None:  # noqa: ANN401  # whatever a snapshot holds
    region = "" if fact_id == "iam" else REGION
    facts = [*facts_of({"facts": [file_systems("fs-1")]})]
    kept = [one for one in facts if one.id != fact_id]

    found = read_account([*kept, Fact(fact_id, ACCOUNT, region, Status.OK, {}, data)], NOW)

    gaps = [*found.gaps, *(gap for one in found.estates for gap in one.gaps)]
    assert [gap.why for gap in gaps if "MalformedAnswer" in gap.why]


@pytest.mark.parametrize(
    ("fact_id", "about", "data"),
    [
        ("file_systems", {}, {"FileSystems": [{"FileSystemId": "fs-1", "FileSystemArn": ""}]}),
        ("vaults", {}, {"BackupVaultList": [{"BackupVaultName": "v", "BackupVaultArn": ""}]}),
        ("vault_policy", {"BackupVaultName": "v"}, {"BackupVaultName": "v", "BackupVaultArn": "", "Policy": "{}"}),
    ],
)
def test_an_answer_about_another_account_is_told_and_not_used(
    fact_id: str, about: Mapping[str, str], data: dict[str, Any]
) -> None:
    foreign = "arn:aws:backup:eu-west-1:999988887777:backup-vault:v"
    answer = json.loads(json.dumps(data).replace('Arn": ""', f'Arn": "{foreign}"'))
    facts = [*facts_of({"facts": [file_systems("fs-1")]})]
    kept = [one for one in facts if one.id != fact_id]

    found = read_account([*kept, Fact(fact_id, ACCOUNT, REGION, Status.OK, about, answer)], NOW)

    gaps = [*found.gaps, *(gap for one in found.estates for gap in one.gaps)]
    assert [gap.why for gap in gaps if f"answered for account 999988887777: {foreign}" in gap.why]


def test_a_time_that_can_not_be_read_leaves_the_history_open() -> None:
    job = {"BackupJobId": "j", "ResourceArn": FILE_SYSTEM, "State": "COMPLETED", "CreationDate": "yesterday"}
    found = estate(file_systems("fs-1"), {"fact": "backup_jobs", "data": {"BackupJobs": [job]}})

    assert isinstance(found.histories[0].backup_jobs, Unresolved)


def test_a_policy_that_nests_without_end_is_not_known() -> None:
    deep: Any = "*"
    for _ in range(900):
        deep = [deep]
    statement = {"Effect": "Deny", "Principal": "*", "Action": "backup:*", "Resource": deep}
    found = read(
        {"fact": "vaults", "data": {"BackupVaultList": [{"BackupVaultName": "efs"}]}},
        {"fact": "vault_policy", "params": {"BackupVaultName": "efs"}, "data": {"Policy": {"Statement": [statement]}}},
    )

    assert {type(one.verdict) for one in judgements(found) if one.rule.code == "RR301"} == {Unknown}
