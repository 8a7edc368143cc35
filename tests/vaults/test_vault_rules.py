"""What surrounds vaults, as the readers give it, and what the rules about retention, copies and notice make of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.support.terraform_blocks import block, estate

from restore_ready import (
    AwsPlace,
    Estate,
    EventRule,
    Fail,
    Pass,
    Place,
    Plan,
    Ref,
    Source,
    Text,
    Unknown,
    Unnamed,
    Unresolved,
    VaultLock,
    VaultNotification,
    Verdict,
    scan,
)
from restore_ready.index import EstateIndex, Vaults
from restore_ready.readers.cloudformation import read_template
from restore_ready.vaults._lock import Locks
from restore_ready.vaults._notifications import hears
from restore_ready.vaults._refused_locks import RefusedLocks

OPEN = Unresolved("var.x has no value")
HERE = Place("main.tf", 1, 9)
AT = AwsPlace()
PLAN = Plan("aws_backup_plan.p", HERE, "p", (), aws_place=AT)


def verdicts(folder: Path, code: str) -> dict[str, Verdict]:
    return {one.address: one.verdict for one in scan([folder]).judgements if one.rule.code == code}


def vaults(*names: str) -> Estate:
    return estate(*(block(f"aws_backup_vault.v{at}", name=name) for at, name in enumerate(names)))


def test_a_vault_is_found_by_reference_name_and_arn() -> None:
    found = Vaults(vaults("efs"))
    arn = "arn:aws:backup:this-region:this-account:backup-vault:efs"
    assert {found.key(one, AT) for one in (Ref("aws_backup_vault.v0", "arn"), "efs", arn)} == {"aws_backup_vault.v0"}
    assert found.key("elsewhere", AT) == "elsewhere"


def test_an_arn_of_some_region_may_be_the_vault_of_that_name_or_not() -> None:
    arn = "arn:aws:backup:eu-west-1:111122223333:backup-vault:efs"
    assert isinstance(Vaults(vaults("efs")).key(arn, AT), Unresolved)
    assert Vaults(vaults("efs")).key(arn, AT, here=True) == "aws_backup_vault.v0"
    assert Vaults(vaults("other")).key(arn, AT) == arn


def test_a_name_means_the_vault_of_that_region() -> None:
    near, far = AwsPlace("eu-west-1", "111122223333"), AwsPlace("us-east-1", "111122223333")
    two = [block("aws_backup_vault.near", name="efs"), block("aws_backup_vault.far", name="efs")]
    found = Vaults(estate(*(replace(one, aws_place=at) for one, at in zip(two, (near, far), strict=True))))
    arn = "arn:aws:backup:us-east-1:111122223333:backup-vault:efs"
    assert found.key("efs", near) == "aws_backup_vault.near"
    assert {found.key("efs", far), found.key(arn, near)} == {"aws_backup_vault.far"}
    assert isinstance(found.key("efs", AT), Unresolved)


def test_a_vault_that_nothing_declares_is_told_by_its_region_and_account() -> None:
    found = Vaults(vaults("efs"))
    open_region = AwsPlace(Unnamed("var.region", "var.region has no value"))
    named = {found.key("other", at) for at in (AT, AwsPlace("us-east-1"), open_region)}
    assert len(named) == len({found.place_of(str(key)).region for key in named})
    assert found.place_of(str(found.key("other", open_region))).region == Unnamed(
        "var.region", "in which Region or account it lies is not known"
    )


def test_a_name_that_two_vaults_share_means_neither_for_certain() -> None:
    assert isinstance(Vaults(vaults("efs", "efs")).key("efs", AT), Unresolved)


@pytest.mark.parametrize("value", [OPEN, Text(("a-", OPEN)), Ref("data.aws_backup_vault.x", "name")])
def test_a_vault_that_is_not_known_is_open(value: Unresolved | Text | Ref) -> None:
    assert isinstance(Vaults(vaults("efs")).key(value, AT), Unresolved)


def locked(shortest: int | Unresolved | None, longest: int | Unresolved | None, vault: str = "efs") -> Locks:
    lock = VaultLock("lock", HERE, OPEN if vault == "?" else vault, shortest, longest)
    return Locks(EstateIndex(Source.TERRAFORM, ".", vault_locks=(lock,)))


@pytest.mark.parametrize(
    ("lock", "refused"),
    [
        (VaultLock("lock", HERE, "efs", 30, 30, changeable_days=3), ""),
        (VaultLock("lock", HERE, "efs", 31, 30), "31 days, is longer than its longest, 30 days"),
        (VaultLock("lock", HERE, "efs", 1, None, changeable_days=2), "changed for 2 days, and 3 are the fewest"),
        (VaultLock("lock", HERE, "efs", 6, 30, air_gapped=True), "7 days or more; the lock says 6"),
        (VaultLock("lock", HERE, "efs", OPEN, 30, changeable_days=OPEN), ""),
    ],
)
def test_a_lock_that_aws_refuses_fails_the_plans_of_its_vault(lock: VaultLock, refused: str) -> None:
    found = RefusedLocks(EstateIndex(Source.TERRAFORM, ".", vault_locks=(lock,)))
    verdict = found.judge("efs", PLAN, here=True)

    assert (verdict.message if isinstance(verdict, Fail) else "").endswith(refused)
    assert isinstance(verdict, Fail) == bool(refused)
    assert isinstance(found.judge("other", PLAN, here=True), Pass)
    assert isinstance(found.judge(OPEN, PLAN, here=True), Unknown if refused else Pass)
    accepted = RefusedLocks(EstateIndex(Source.ACCOUNT, ".", vault_locks=(lock,)))
    assert isinstance(accepted.judge("efs", PLAN, here=True), Pass)


@pytest.mark.parametrize(
    ("shortest", "longest", "days", "verdict"),
    [
        (30, 365, 30, Pass),
        (30, 365, 365, Pass),
        (30, 365, 29, Fail),
        (30, 365, 366, Fail),
        (30, 365, None, Fail),
        (30, None, None, Pass),
        (None, None, OPEN, Pass),
        (30, None, OPEN, Unknown),
        (OPEN, 365, 400, Fail),
        (OPEN, 365, 35, Unknown),
    ],
)
def test_retention_has_to_lie_within_the_lock(
    shortest: int | Unresolved | None, longest: int | None, days: int | Unresolved | None, verdict: type
) -> None:
    assert isinstance(locked(shortest, longest).judge("efs", PLAN, days, "they", here=True), verdict)


def test_the_lock_of_a_vault_that_is_not_known_only_may_refuse() -> None:
    locks = locked(30, None, "?")
    assert isinstance(locks.judge("efs", PLAN, 7, "they", here=True), Unknown)
    assert isinstance(locks.judge("efs", PLAN, 30, "they", here=True), Pass)
    assert isinstance(locked(30, None).judge(OPEN, PLAN, 7, "they", here=True), Unknown)


def test_the_strictest_of_several_locks_counts() -> None:
    several = tuple(VaultLock(f"lock{days}", HERE, "efs", days, None) for days in (7, 30))
    judged = Locks(EstateIndex(Source.TERRAFORM, ".", vault_locks=several)).judge("efs", PLAN, 14, "they", here=True)
    assert isinstance(judged, Fail)


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ({"source": ["aws.backup"]}, True),
        ({"source": [{"prefix": "aws."}], "region": ["eu-west-1"]}, True),
        ({"source": ["aws.ec2"]}, False),
        ({"source": ["aws.backup"], "detail-type": ["Copy Job State Change"]}, False),
        ({"source": ["aws.backup"], "detail": {"state": ["EXPIRED"]}}, False),
        ({"source": ["aws.backup"], "detail": {"state": [{"anything-but": "COMPLETED"}]}}, True),
        ({"source": ["aws.backup"], "detail": {"state": [{"anything-but": ["FAILED"]}]}}, False),
        ({"source": ["aws.backup"], "detail": {"resourceType": ["RDS"]}}, False),
        ({"source": ["aws.backup"], "detail": {"backupVaultName": ["efs"]}}, True),
        ({"source": ["aws.backup"], "detail": {"backupVaultName": ["other"]}}, False),
        ({"source": ["aws.backup"], "resources": ["arn:x"]}, None),
        ({"source": ["aws.backup"], "detail": {"state": [{"wildcard": "F*"}]}}, None),
        ({"source": OPEN}, None),
        ({"source": ["aws.backup"], "detail": OPEN}, None),
        ({"$or": [{"source": ["aws.backup"]}]}, None),
    ],
)
def test_an_event_pattern_is_matched_as_eventbridge_does(pattern: dict[str, object], *, answer: bool | None) -> None:
    found = hears(EventRule("rule", HERE, pattern), "FAILED", "efs", AT)
    assert isinstance(found, Unresolved) if answer is None else found is answer


def test_an_event_rule_that_is_off_or_runs_by_schedule_hears_nothing() -> None:
    found = estate(
        block("aws_cloudwatch_event_rule.a", event_pattern='{"source": ["aws.backup"]}'),
        block("aws_cloudwatch_event_rule.b", event_pattern="{}", state="DISABLED"),
        block("aws_cloudwatch_event_rule.c", event_pattern="{}", is_enabled=False),
        block("aws_cloudwatch_event_rule.d", schedule_expression="rate(1 hour)"),
        block("aws_cloudwatch_event_rule.e", event_pattern="no JSON"),
    )
    assert found.event_rules[0].pattern == {"source": ["aws.backup"]}
    assert [one.address[-1] for one in found.event_rules] == ["a", "e"]
    assert isinstance(found.event_rules[1].pattern, Unresolved)


@pytest.mark.parametrize(
    ("given", "opted_in"), [(True, True), ("false", False), (None, None), (OPEN, OPEN), ("perhaps", OPEN)]
)
def test_region_settings_say_whether_efs_is_opted_in(given: object, opted_in: object) -> None:
    preferences = {"EBS": True} if given is None else {"EFS": given}
    (found,) = estate(
        block("aws_backup_region_settings.s", resource_type_opt_in_preference=preferences)
    ).region_settings
    assert isinstance(found.efs, Unresolved) if isinstance(opted_in, Unresolved) else found.efs is opted_in


def test_awscc_vaults_have_their_lock_and_notifications() -> None:
    found = estate(
        block(
            "awscc_backup_backup_vault.v",
            backup_vault_name="efs",
            lock_configuration={"min_retention_days": 30, "max_retention_days": 365},
            notifications={"sns_topic_arn": "arn:x", "backup_vault_events": ["BACKUP_JOB_COMPLETED"]},
        ),
        block(
            "awscc_backup_logically_air_gapped_backup_vault.a",
            backup_vault_name="apart",
            min_retention_days=7,
            max_retention_days=35,
        ),
        block("awscc_events_rule.r", event_pattern='{"detail-type": ["Backup Job State Change"]}'),
    )
    own = "awscc_backup_backup_vault.v"
    assert [(one.min_days, one.max_days) for one in found.vault_locks] == [(30, 365), (7, 35)]
    assert found.vault_notifications == (
        VaultNotification(own, HERE, Ref(own, "Ref"), ("BACKUP_JOB_COMPLETED",), topic="arn:x"),
    )
    assert [one.pattern for one in found.event_rules] == [{"detail-type": ["Backup Job State Change"]}]


SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Alarm:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Failed:
          Type: EventBridgeRule
          Properties: {Pattern: {source: [aws.backup]}}
        Queue: {Type: SQS}
"""


def test_the_event_rules_of_sam_functions_hear_too(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(SAM)
    (read,) = read_template(tmp_path / "template.yaml").estates
    assert [(one.address, one.pattern) for one in read.event_rules] == [("Alarm", {"source": ["aws.backup"]})]


SHUT = """
resource "aws_backup_vault" "dr" {
  name = "efs-dr"
}

resource "aws_backup_vault_policy" "dr" {
  backup_vault_name = aws_backup_vault.dr.name
  policy = jsonencode({ Statement = [{ Effect = "Deny", Principal = "*", Action = "backup:*", Resource = "*" }] })
}
"""


def test_vaults_that_only_receive_copies_need_not_be_restored_from_or_repaired(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(SHUT)
    address = "aws_backup_vault_policy.dr"
    for code in ("RR301", "RR302"):
        assert isinstance(verdicts(tmp_path, code)[address], Fail)
    (tmp_path / "restore-ready.yaml").write_text('version: 1\nvaults: {copy_only: ["*-dr"]}\n')
    for code in ("RR301", "RR302"):
        assert verdicts(tmp_path, code)[address] == Pass()
