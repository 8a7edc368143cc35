from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.support.terraform_blocks import RESTORES, block, estate, role

from restore_ready import AwsPlace, Key, Principal, Ref, Requirements, Text, Unresolved, scan
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.iam import PolicyType
from restore_ready.kms._keys import ENCRYPT_TARGET, READ_BACKUP, is_let_in, key_behind, may_use_key
from restore_ready.readers.cloudformation import read_template
from restore_ready.readers.terraform._block import Block

KEY = "aws_kms_key.k"
EFS_HERE = "elasticfilesystem.eu-west-1.amazonaws.com"
ROLE = "arn:aws:iam::111122223333:role/ops"
ROOT = {"AWS": "arn:aws:iam::111122223333:root"}
ALL = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}


def key(*statements: object, **values: object) -> Block:
    policy = {"policy": {"Statement": list(statements)}} if statements else {}
    return block(KEY, **policy, **values)


def found(*blocks: Block, managed: tuple[str, ...] = (RESTORES,), **values: object) -> tuple[Principal, JudgedEstate]:
    """Return a role named ops with AWS's restore policy, and the estate of it with *blocks*."""
    whole = estate(role(managed_policy_arns=list(managed), **values), *blocks)
    return next(whole.roles()), JudgedEstate.under(whole, Requirements())


def answer(*statements: object, actions: tuple[str, ...] = READ_BACKUP, **values: object) -> object:
    who, whole = found(key(*statements), **values)
    told = may_use_key(who, Ref(KEY, "arn"), AwsPlace(), whole, actions).answer
    return "open" if isinstance(told, Unresolved) else told


def named(principal: object, **more: object) -> dict[str, object]:
    return {**ALL, "Principal": principal, **more}


def deny(**more: object) -> dict[str, object]:
    return {"Effect": "Deny", "Action": "kms:Decrypt", "Resource": "*", "Principal": "*", **more}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], True),
        ([named(ROOT)], True),
        ([named({"AWS": "111122223333"})], True),
        ([named({"AWS": ROLE})], True),
        ([named({"AWS": Ref("aws_iam_role.ops", "arn")})], True),
        ([named("*")], True),
        ([named({"AWS": "arn:aws:iam::111122223333:role/other"})], False),
        ([named({"AWS": Ref("aws_iam_role.other", "arn")})], False),
        ([named({"AWS": Ref("data.aws_iam_role.other", "arn")})], "open"),
        ([named({"AWS": "arn:aws:iam::"})], "open"),
        ([named({"Service": "lambda.amazonaws.com"})], False),
        ([named({"Service": "backup.amazonaws.com"})], "open"),
        ([named({"AWS": ROLE}, Action="kms:Encrypt")], False),
        ([named({"AWS": ROLE}, NotAction="kms:Decrypt", Action=[])], "open"),
        ([named(ROOT), deny()], False),
        ([named(ROOT), deny(Principal={"AWS": ROLE})], False),
        ([named(ROOT), deny(Condition={"ArnNotEquals": {"aws:PrincipalArn": ROLE}})], True),
        ([named(ROOT), deny(Condition={"ArnNotEquals": {"aws:PrincipalArn": f"{ROLE}-2"}})], False),
        ([named(ROOT), deny(Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}})], "open"),
        ([named(ROOT, Condition={"StringEquals": {"kms:CallerAccount": "111122223333"}})], True),
        ([named("*", Condition={"StringLike": {"kms:ViaService": "elasticfilesystem.*.amazonaws.com"}})], True),
        ([named("*", Condition={"StringEquals": {"kms:ViaService": EFS_HERE}})], True),
        ([named("*", Condition={"StringEquals": {"kms:ViaService": "backup.eu-west-1.amazonaws.com"}})], True),
        ([named("*", Condition={"StringEquals": {"kms:ViaService": "ec2.eu-west-1.amazonaws.com"}})], False),
        ([Unresolved("a statement is open")], "open"),
    ],
)  # fmt: skip
def test_a_key_policy_lets_the_role_in_or_does_not(statements: list[object], expected: object) -> None:
    assert answer(*statements) == expected


def test_an_account_that_is_not_known_is_this_one_because_aws_refuses_policies_that_lock_it_out() -> None:
    open_account = Unresolved("var.account has no value")
    assert answer(named({"AWS": Text(("arn:aws:iam::", open_account, ":root"))})) is True


@pytest.mark.parametrize("for_aws", ["true", "false"])
def test_grants_are_made_for_aws_resources_only(for_aws: str) -> None:
    statement = named({"AWS": ROLE}, Condition={"Bool": {"kms:GrantIsForAWSResource": for_aws}})
    expected = for_aws == "true"
    assert answer(statement, actions=("kms:CreateGrant",)) is expected


def test_a_role_without_permissions_uses_only_keys_that_name_it() -> None:
    assert answer(named(ROOT), managed=()) is False
    assert answer(named({"AWS": ROLE}), managed=()) is True


def test_the_managed_policy_for_restores_suffices_for_both_keys() -> None:
    assert answer(named(ROOT), actions=(*READ_BACKUP, *ENCRYPT_TARGET)) is True


def test_who_decided_is_told() -> None:
    who, whole = found(key(named(ROOT), deny(Sid="Nobody")))
    told = may_use_key(who, Ref(KEY, "arn"), AwsPlace(), whole)
    assert (told.action, told.policy_type, told.by and told.by.statement) == (
        "kms:Decrypt",
        PolicyType.RESOURCE,
        "Nobody",
    )
    who, whole = found(key(named(ROOT)), managed=())
    told = may_use_key(who, Ref(KEY, "arn"), AwsPlace(), whole)
    assert (told.answer, told.policy_type, told.by) == (False, PolicyType.IDENTITY, None)
    assert is_let_in(who, whole.keys[0], READ_BACKUP).answer is True


@pytest.mark.parametrize("attribute", ["arn", "id", "key_id"])
def test_a_key_is_found_by_reference(attribute: str) -> None:
    _, whole = found(key())
    assert getattr(key_behind(Ref(KEY, attribute), AwsPlace(), whole), "address", None) == KEY


ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234"


@pytest.mark.parametrize(
    "value",
    [
        ARN,
        "1234",
        "alias/backups",
        "arn:aws:kms:eu-west-1:111122223333:alias/backups",
        Ref("aws_kms_alias.a", "target_key_arn"),
    ],
)
def test_a_key_is_found_by_whatever_names_it(value: object) -> None:
    alias = block("aws_kms_alias.a", name="alias/backups", target_key_id=Ref(KEY, "key_id"))
    _, whole = found(key(arn=ARN), alias, block("aws_backup_vault.v", name="v", kms_key_arn=value))
    assert getattr(key_behind(whole.vaults[0].key, AwsPlace(), whole), "address", None) == KEY


@pytest.mark.parametrize("value", [None, "", "alias/aws/backup", "arn:aws:kms:eu-west-1:111122223333:alias/aws/backup"])
def test_keys_of_aws_need_nothing(value: str | None) -> None:
    who, whole = found(managed=())
    assert key_behind(value, AwsPlace(), whole) is None
    assert may_use_key(who, value, AwsPlace(), whole).answer is True


@pytest.mark.parametrize(("kind", "argument"), [("aws_kms_alias", "name"), ("aws_kms_key", "key_id")])
def test_a_data_source_that_looks_up_a_key_of_aws_is_that_key(kind: str, argument: str) -> None:
    looked_up = block(f"data.{kind}.own", **{argument: "alias/aws/backup"}, arn="arn:aws:kms:x:1:key/5")
    for value in (Ref(f"data.{kind}.own", "arn"), "arn:aws:kms:x:1:key/5"):
        _, whole = found(looked_up, block("aws_backup_vault.v", name="v", kms_key_arn=value))
        assert key_behind(whole.vaults[0].key, AwsPlace(), whole) is None


@pytest.mark.parametrize("value", [ARN, Ref("data.aws_kms_key.k", "arn"), Unresolved("var.key has no value")])
def test_a_key_out_of_sight_is_open(value: object) -> None:
    _, whole = found(block("aws_backup_vault.v", name="v", kms_key_arn=value))
    assert isinstance(key_behind(whole.vaults[0].key, AwsPlace(), whole), Unresolved)


def test_a_policy_of_its_own_counts_for_its_key_only() -> None:
    policy = {"Statement": [named({"AWS": f"{ROLE}-2"})]}
    for at, expected in ((Ref(KEY, "id"), False), (Ref("aws_kms_key.other", "id"), True)):
        separate = block("aws_kms_key_policy.p", key_id=at, policy=policy)
        who, whole = found(key(), separate)
        assert may_use_key(who, Ref(KEY, "arn"), AwsPlace(), whole).answer is expected
    who, whole = found(key(), block("aws_kms_key_policy.p", key_id=Unresolved("open"), policy=policy))
    assert isinstance(may_use_key(who, Ref(KEY, "arn"), AwsPlace(), whole).answer, Unresolved)


def test_vaults_that_only_receive_copies_and_keys_of_aws_are_left_out() -> None:
    vaults = (
        block("aws_backup_vault.a", name="a-dr", kms_key_arn=Ref(KEY, "arn")),
        block("aws_backup_vault.b", name="b"),
    )
    _, whole = found(key(), *vaults, block("aws_efs_file_system.f", kms_key_id="alias/aws/elasticfilesystem"))
    assert [use.vaults for use in whole.keys_in_use] == [("aws_backup_vault.a",)]
    assert replace(whole, naming=Requirements(copy_only=("*-dr",))).keys_in_use == ()


def test_without_a_restore_role_no_key_is_in_use() -> None:
    whole = estate(key(), block("aws_backup_vault.a", name="a", kms_key_arn=Ref(KEY, "arn")))
    assert JudgedEstate.under(whole, Requirements()).keys_in_use == ()


def test_too_many_roles_are_open_and_not_refused() -> None:
    roles = [role(f"r{n}", managed_policy_arns=[RESTORES]) for n in range(30)]
    vault = block("aws_backup_vault.a", name="a", kms_key_arn=Ref(KEY, "arn"))
    strict = key(named({"AWS": "arn:aws:iam::111122223333:role/r29"}))
    for one, expected in ((strict, "False"), (key(named({"AWS": ROLE})), "there are 30 restore roles")):
        use = JudgedEstate.under(estate(*roles, one, vault), Requirements()).keys_in_use[0]
        assert expected in str(use.shuts_out(READ_BACKUP, is_let_in))


def template(*, with_vault: bool) -> dict[str, object]:
    """Return a template whose key exists under an open condition."""
    vault = {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": "v"}}
    trust = {"Statement": [named({"Service": "backup.amazonaws.com"}, Action="sts:AssumeRole")]}
    return {
        "Parameters": {"Env": {"Type": "String"}},
        "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}},
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
            "Key": {
                "Type": "AWS::KMS::Key",
                "Condition": "IsProd",
                "Properties": {"KeyPolicy": {"Statement": [named(ROOT)]}},
            },
            **({"Vault": vault} if with_vault else {}),
        },
    }


@pytest.mark.parametrize(("with_vault", "expected"), [(True, 2), (False, 1)])
def test_keys_open_scenarios_only_beside_what_is_encrypted(tmp_path: Path, with_vault: bool, expected: int) -> None:  # noqa: FBT001  # a parameter
    path = tmp_path / "template.json"
    path.write_text(json.dumps(template(with_vault=with_vault)))
    assert len(read_template(path).estates) == expected


def test_keys_of_the_other_provider_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        """
        resource "awscc_kms_key" "k" {
          key_policy = jsonencode({ Statement = [{
            Effect = "Allow", Action = "kms:*", Resource = "*"
            Principal = { AWS = "arn:aws:iam::111122223333:role/security" }
          }] })
        }
        resource "awscc_backup_backup_vault" "v" {
          backup_vault_name  = "v"
          encryption_key_arn = awscc_kms_key.k.arn
        }
        resource "aws_iam_role" "r" {
          name                = "AWSBackup-restore"
          managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"]
          assume_role_policy  = jsonencode({ Statement = [{
            Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "backup.amazonaws.com" }
          }] })
        }
        """
    )
    judged = {(one.rule.code, one.address): type(one.verdict).__name__ for one in scan([tmp_path]).judgements}
    assert judged["RR407", "awscc_kms_key.k"] == "Fail"


def test_every_kind_of_key_is_read() -> None:
    kinds = ("aws_kms_external_key", "aws_kms_key", "aws_kms_replica_external_key", "aws_kms_replica_key")
    whole = estate(*(block(f"{kind}.k") for kind in kinds))
    assert sorted(one.address for one in whole.keys) == [f"{kind}.k" for kind in kinds]
    assert all(isinstance(one, Key) and one.document is None for one in whole.keys)
