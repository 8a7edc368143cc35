"""Which vault EFS reaches, who may end its recovery points, what copies meet elsewhere, and where notifications go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.files import write

from restore_ready import (
    Estate,
    Fail,
    Pass,
    Place,
    Plan,
    PlanRule,
    Reading,
    Requirements,
    RequirementsFile,
    Source,
    Unknown,
    Vault,
    Verdict,
    all_rules,
    judge,
    scan,
)

PROVIDERS = """
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}
provider "aws" {
  alias               = "safe"
  region              = "eu-west-1"
  allowed_account_ids = ["444455556666"]
}
"""
VAULT = 'resource "aws_backup_vault" "v" {\n  name = "v"\n}\n'
ROLE = "arn:aws:iam::111122223333:role/backup-admin"
ACTIONS = ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle", "backup:*BackupVaultAccessPolicy"]


def verdicts(folder: Path, text: str, code: str, requirements: str = "") -> dict[str, Verdict]:
    written = {"main.tf": text, "restore-ready.yaml": requirements} if requirements else {"main.tf": text}
    found = scan([write(folder, written)]).judgements
    return {judgement.address: judgement.verdict for judgement in found if judgement.rule.code == code}


def policy(resource: str, owner: str, *statements: object) -> str:
    document = json.dumps(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    return f'resource "{resource}" "v" {{\n  {owner}\n  policy = {document}\n}}\n'


def deny(**more: object) -> object:
    return {"Effect": "Deny", "Principal": "*", "Action": ACTIONS, "Resource": "*", **more}


def unless(operator: str, key: str, *values: str) -> object:
    return deny(Condition={operator: {key: list(values)}})


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (deny(), Pass),
        (unless("ArnNotLike", "aws:PrincipalArn", ROLE, "arn:aws:iam::*:role/vault-*"), Pass),
        (unless("StringNotLike", "aws:userId", "AROAEXAMPLE:*"), Pass),
        (unless("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*"), Fail),
        (unless("ArnLike", "aws:PrincipalArn", ROLE), Fail),
        (deny(Principal={"AWS": ROLE}), Fail),
        (unless("StringNotEquals", "aws:PrincipalTag/team", "backup"), Unknown),
    ],
)
def test_a_policy_protects_from_all_whom_it_does_not_name(
    statement: object, expected: type[Verdict], tmp_path: Path
) -> None:
    text = VAULT + policy("aws_backup_vault_policy", "backup_vault_name = aws_backup_vault.v.name", statement)
    found = verdicts(tmp_path, text, "RR308", "version: 1\nvaults: {protect: deny}\n")

    assert isinstance(found["aws_backup_vault.v"], expected)


def test_protection_is_asked_for_only_where_it_is_required(tmp_path: Path) -> None:
    assert verdicts(tmp_path, VAULT, "RR308") == {}


@pytest.mark.parametrize(
    ("lock", "expected"),
    [
        ("min_retention_days = 30", Pass),
        ("min_retention_days = 30\n  changeable_for_days = 1", Fail),
        ("min_retention_days = 30\n  count = var.on ? 1 : 0", Unknown),
    ],
)
def test_a_lock_protects_if_it_exists_and_aws_takes_it(lock: str, expected: type[Verdict], tmp_path: Path) -> None:
    text = f"""{VAULT}variable "on" {{}}
resource "aws_backup_vault_lock_configuration" "v" {{
  backup_vault_name = aws_backup_vault.v.name
  {lock}
}}
"""
    found = verdicts(tmp_path, text, "RR308", "version: 1\nvaults: {protect: lock}\n")

    assert isinstance(found["aws_backup_vault.v"], expected)


def test_an_air_gapped_vault_needs_no_further_lock(tmp_path: Path) -> None:
    text = 'resource "aws_backup_logically_air_gapped_vault" "v" {\n  name = "v"\n  min_retention_days = 7\n}\n'
    found = verdicts(tmp_path, text, "RR308", "version: 1\nvaults: {protect: lock}\n")

    assert found == {"aws_backup_logically_air_gapped_vault.v": Pass()}


def copying(policy_of_destination: str, *, settings: str = "") -> str:
    return f"""{PROVIDERS}{policy_of_destination}{settings}
resource "aws_backup_vault" "dst" {{
  provider = aws.safe
  name     = "dst"
}}
resource "aws_backup_plan" "p" {{
  name = "p"
  rule {{
    rule_name         = "r"
    target_vault_name = "efs"
    copy_action {{
      destination_vault_arn = aws_backup_vault.dst.arn
    }}
  }}
}}
"""


def admitting(principal: object, **more: object) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    owner = "provider          = aws.safe\n  backup_vault_name = aws_backup_vault.dst.name"
    return policy("aws_backup_vault_policy", owner, {**statement, **more})


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (admitting({"AWS": "arn:aws:iam::111122223333:root"}), Pass),
        (admitting("*"), Pass),
        (admitting({"AWS": "111122223333"}), Pass),
        (admitting({"AWS": "arn:aws:iam::777788889999:root"}), Fail),
        (admitting({"AWS": ROLE}), Unknown),
        (admitting("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), Unknown),
        ("", Fail),
    ],
)
def test_a_vault_takes_copies_of_accounts_that_its_policy_admits(
    written: str, expected: type[Verdict], tmp_path: Path
) -> None:
    assert isinstance(verdicts(tmp_path, copying(written), "RR306")["aws_backup_plan.p"], expected)


@pytest.mark.parametrize(("value", "expected"), [('"false"', Fail), ('"true"', Pass), ("var.on", Unknown)])
def test_the_settings_of_the_organization_count(value: str, expected: type[Verdict], tmp_path: Path) -> None:
    settings = f"""variable "on" {{}}
resource "aws_backup_global_settings" "here" {{
  global_settings = {{ isCrossAccountBackupEnabled = {value} }}
}}
"""
    text = copying(admitting("*"), settings=settings)

    assert isinstance(verdicts(tmp_path, text, "RR306")["aws_backup_plan.p"], expected)


def test_an_account_that_is_not_known_may_be_the_own_one(tmp_path: Path) -> None:
    text = copying("").replace(PROVIDERS, "").replace("  provider = aws.safe\n", "")
    foreign = "arn:aws:backup:eu-west-1:444455556666:backup-vault:"

    assert verdicts(tmp_path, text, "RR306") == {"aws_backup_plan.p": Pass()}
    assert verdicts(tmp_path, text.replace("aws_backup_vault.dst.arn", f'"{foreign}else"'), "RR306") == {}
    to_default = verdicts(tmp_path, text.replace("aws_backup_vault.dst.arn", f'"{foreign}Default"'), "RR306")
    assert isinstance(to_default["aws_backup_plan.p"], Unknown)


def topic(statement: object, *arguments: str) -> str:
    inside = "\n  ".join(("name = aws_backup_vault.v.name", *arguments))
    return f"""{VAULT}{policy("aws_sns_topic", inside, statement)}
resource "aws_backup_vault_notifications" "v" {{
  backup_vault_name   = aws_backup_vault.v.name
  sns_topic_arn       = aws_sns_topic.v.arn
  backup_vault_events = ["BACKUP_JOB_COMPLETED"]
}}
"""


def publish(**more: object) -> object:
    service = {"Service": "backup.amazonaws.com"}
    return {"Effect": "Allow", "Principal": service, "Action": "sns:Publish", "Resource": "*", **more}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (topic(publish()), Pass),
        (topic(publish(Principal="*", Condition={"StringEquals": {"aws:SourceAccount": "111122223333"}})), Pass),
        (topic(publish(Principal="*", Condition={"StringEquals": {"aws:SourceOwner": "111122223333"}})), Fail),
        (topic(publish(Effect="Deny")), Fail),
        (topic(publish(), "fifo_topic = var.fifo"), Unknown),
        (topic(publish(), "kms_master_key_id = var.key"), Unknown),
        (topic(publish(), 'kms_master_key_id = "1234abcd-12ab-34cd-56ef-1234567890ab"'), Pass),
        (topic(publish(), 'kms_master_key_id = "alias/aws/sns"'), Fail),
    ],
)
def test_a_topic_hears_what_aws_backup_may_publish(written: str, expected: type[Verdict], tmp_path: Path) -> None:
    found = verdicts(tmp_path, f'variable "fifo" {{}}\nvariable "key" {{}}\n{written}', "RR307")

    assert isinstance(found["aws_backup_vault_notifications.v"], expected)


def test_of_a_topic_out_of_sight_nothing_is_said(tmp_path: Path) -> None:
    text = topic(publish()).replace("aws_sns_topic.v.arn", '"arn:aws:sns:eu-west-1:111122223333:on-call"')

    assert verdicts(tmp_path, text, "RR307") == {}


EVENTS = """
resource "aws_cloudwatch_event_rule" "r" {
  name          = "r"
  event_pattern = jsonencode({ source = ["aws.backup"] })
}
"""


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("rule = aws_cloudwatch_event_rule.r.name", Pass),
        ('rule = "r"', Pass),
        ('rule = "another"', Fail),
        ("rule = var.rule", Unknown),
        ('rule = "r"\n  count = var.rule == "r" ? 1 : 0', Unknown),
    ],
)
def test_an_event_rule_needs_a_target(target: str, expected: type[Verdict], tmp_path: Path) -> None:
    text = (
        f'variable "rule" {{}}\n{EVENTS}resource "aws_cloudwatch_event_target" "t" {{\n  arn = "arn"\n  {target}\n}}\n'
    )

    assert isinstance(verdicts(tmp_path, text, "RR307")["aws_cloudwatch_event_rule.r"], expected)


def test_what_waits_for_other_events_is_no_matter_of_backups(tmp_path: Path) -> None:
    assert verdicts(tmp_path, EVENTS.replace("aws.backup", "aws.ec2"), "RR307") == {}


USER_NOTIFICATION = """
provider "aws" {
  region = "eu-west-1"
}
resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "r"
    target_vault_name = aws_backup_vault.v.name
  }
}
resource "aws_notifications_event_rule" "n" {
  notification_configuration_arn = "arn"
  source                         = "aws.backup"
  event_type                     = "Backup Job State Change"
  regions                        = [REGIONS]
}
"""


@pytest.mark.parametrize(("regions", "expected"), [('"eu-west-1"', Pass), ('"us-east-1"', Fail), ("var.r", Unknown)])
def test_a_user_notification_hears_of_the_regions_that_it_names(
    regions: str, expected: type[Verdict], tmp_path: Path
) -> None:
    text = f'variable "r" {{}}\n{VAULT}{USER_NOTIFICATION.replace("REGIONS", regions)}'

    assert isinstance(verdicts(tmp_path, text, "RR305")["aws_backup_vault.v"], expected)


AIR_GAPPED = """
resource "aws_backup_logically_air_gapped_vault" "apart" {
  name               = "apart"
  min_retention_days = 7
}
resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name                                    = "r"
    target_vault_name                            = aws_backup_vault.v.name
    target_logically_air_gapped_backup_vault_arn = aws_backup_logically_air_gapped_vault.apart.arn
  }
}
"""
ANOTHER = """
resource "aws_backup_plan" "q" {
  name = "q"
  rule {
    rule_name         = "r"
    target_vault_name = VAULT
  }
}
"""


@pytest.mark.parametrize(
    ("besides", "expected"),
    [
        ("", Pass),
        (ANOTHER.replace("VAULT", "aws_backup_vault.v.name"), Fail),
        (ANOTHER.replace("VAULT", "var.vault"), Fail),
        (ANOTHER.replace("VAULT", '"other"'), Pass),
    ],
)
def test_a_vault_that_efs_goes_past_need_not_let_restore(besides: str, expected: type[Verdict], tmp_path: Path) -> None:
    shut = deny(Action="backup:StartRestoreJob")
    shut_vault = VAULT + policy("aws_backup_vault_policy", "backup_vault_name = aws_backup_vault.v.name", shut)
    found = verdicts(tmp_path, f'variable "vault" {{}}\n{shut_vault}{AIR_GAPPED}{besides}', "RR301")

    assert isinstance(found["aws_backup_vault_policy.v"], expected)


def test_an_empty_vault_of_an_account_that_nothing_fills_needs_no_protection() -> None:
    at = Place("")
    filling = (Plan("p", at, "p", (PlanRule("r", at, "filled", 60, 180),)),)
    vaults = tuple(Vault(name, at, name, is_empty=name != "held") for name in ("held", "filled", "idle"))
    estate = Estate(Source.ACCOUNT, "aws:1", plans=filling, vaults=vaults)
    rule = next(rule for rule in all_rules() if rule.code == "RR308")
    found = judge(Reading((estate,)), (rule,), RequirementsFile(Requirements(protect="lock")))

    assert {judgement.address for judgement in found} == {"held", "filled"}
