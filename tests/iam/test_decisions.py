import itertools
import random

import pytest

from restore_ready import Place, Policy, Text, Unresolved
from restore_ready.iam import (
    Allowed,
    Cause,
    Denied,
    Outcome,
    Request,
    Undecided,
    decide,
    managed_arn,
    managed_document,
    managed_policies_date,
    managed_policy_names,
    parse_document,
)

HOLE = Unresolved("not known")
ANYWHERE = Place("main.tf", 1, 1)
START = Request("backup:StartRestoreJob", "arn:aws:backup:this-region:this-account:recovery-point:1")
ALLOW = {"Sid": "A", "Effect": "Allow", "Action": "backup:*", "Resource": "*"}
DENY = {"Effect": "Deny", "Action": "backup:Start*", "Resource": "*"}
OTHER = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
PERHAPS_ALLOW = {**ALLOW, "Condition": {"StringEquals": {"aws:unheard": "x"}}}
PERHAPS_DENY = {**DENY, "Condition": {"StringEquals": {"aws:unheard": "x"}}}
EITHER = {**ALLOW, "Effect": None}
BY_ALLOW = Cause("p", "A", "Allow")
BY_DENY = Cause("p", "0", "Deny")


def policy(*statements: object, address: str = "p") -> Policy:
    return Policy(address, ANYWHERE, address, parse_document({"Version": "2012-10-17", "Statement": list(statements)}))


def managed(name: str) -> Policy:
    arn = managed_arn(name)
    document = managed_document(arn or "")
    assert document is not None
    return Policy(name, ANYWHERE, name, document, aws_managed=True)


UNREADABLE = Policy("u", ANYWHERE, "u", HOLE)


def pass_role(arn: str, service: str = "backup.amazonaws.com") -> Request:
    return Request("iam:PassRole", arn, context={"iam:passedtoservice": (service,)})


@pytest.mark.parametrize(
    ("policies", "kind", "by"),
    [
        ([], Denied, None),
        ([policy(OTHER)], Denied, None),
        ([policy(ALLOW)], Allowed, BY_ALLOW),
        ([policy(OTHER), policy(ALLOW)], Allowed, BY_ALLOW),
        ([policy(ALLOW), policy(DENY)], Denied, BY_DENY),
        ([policy(DENY)], Denied, BY_DENY),
        ([policy(PERHAPS_ALLOW)], Undecided, None),
        ([policy(PERHAPS_ALLOW), policy(ALLOW)], Allowed, BY_ALLOW),
        ([policy(PERHAPS_ALLOW), policy(DENY)], Denied, BY_DENY),
        ([policy(ALLOW), policy(PERHAPS_DENY)], Undecided, BY_ALLOW),
        ([policy(PERHAPS_DENY)], Denied, None),
        ([policy(EITHER)], Undecided, None),
        ([policy(ALLOW), policy(EITHER)], Undecided, BY_ALLOW),
        ([policy({**EITHER, "Action": "s3:*"})], Denied, None),
        ([policy(None)], Undecided, None),
        ([policy(None), policy(DENY)], Denied, BY_DENY),
        ([UNREADABLE], Undecided, None),
        ([UNREADABLE, policy(ALLOW)], Undecided, BY_ALLOW),
        ([UNREADABLE, policy(DENY)], Denied, BY_DENY),
    ],
)
def test_explicit_deny_wins_and_what_is_unknown_decides_nothing(
    policies: list[Policy], kind: type, by: Cause | None
) -> None:
    for order in itertools.permutations(policies):
        outcome = decide(order, START)
        assert type(outcome) is kind
        assert (outcome.allowed_by if isinstance(outcome, Undecided) else outcome.by) == by


def test_every_refusal_and_doubt_gives_its_reason() -> None:
    assert decide([policy(DENY)], START) == Denied(BY_DENY, "statement 0 of identity policy p denies it")
    assert decide([], START) == Denied(None, "no identity policy allows it")
    assert decide([UNREADABLE], START) == Undecided("what identity policy u says is not known: not known")


@pytest.mark.parametrize(
    ("own", "boundary", "kind", "by"),
    [
        (ALLOW, policy(ALLOW, address="b"), Allowed, BY_ALLOW),
        (ALLOW, policy(OTHER, address="b"), Denied, None),
        (ALLOW, policy(DENY, address="b"), Denied, Cause("b", "0", "Deny")),
        (ALLOW, policy(PERHAPS_ALLOW, address="b"), Undecided, BY_ALLOW),
        (ALLOW, HOLE, Undecided, BY_ALLOW),
        (OTHER, HOLE, Denied, None),
        (OTHER, policy(ALLOW, address="b"), Denied, None),
        (OTHER, policy(DENY, address="b"), Denied, Cause("b", "0", "Deny")),
        (DENY, HOLE, Denied, BY_DENY),
        (PERHAPS_ALLOW, policy(ALLOW, address="b"), Undecided, None),
        (PERHAPS_ALLOW, policy(OTHER, address="b"), Denied, None),
    ],
)
def test_a_permissions_boundary_narrows_and_never_grants(
    own: object, boundary: Policy | Unresolved, kind: type, by: Cause | None
) -> None:
    outcome = decide([policy(own)], START, boundary=boundary)
    assert type(outcome) is kind
    assert (outcome.allowed_by if isinstance(outcome, Undecided) else outcome.by) == by


def test_policies_that_could_not_be_read_may_allow_and_may_deny() -> None:
    assert decide([], START, unread=[HOLE]) == Undecided("not known")
    assert decide([policy(ALLOW)], START, unread=[HOLE]) == Undecided("not known", BY_ALLOW)
    assert decide([policy(DENY)], START, unread=[HOLE]) == Denied(BY_DENY, "statement 0 of identity policy p denies it")


def test_adding_a_deny_never_allows_and_order_never_matters() -> None:
    chance = random.Random(4)  # noqa: S311  # cases, not secrets
    actions = ["*", "backup:*", "backup:StartRestoreJob", "s3:*", None, "b*", Text(("backup:", HOLE))]
    conditions = [{}, {}, {"StringEquals": {"aws:unheard": "x"}}, {"Bool": {"aws:SecureTransport": "true"}}, None]
    rank = {Denied: 0, Undecided: 1, Allowed: 2}

    def random_statement(effects: list[str | None]) -> dict[str, object]:
        action = chance.choice(["Action", "Action", "NotAction"])
        return {
            "Effect": chance.choice(effects),
            action: [chance.choice(actions)],
            "Resource": chance.choice(["*", None, "arn:aws:s3:::x"]),
            "Condition": chance.choice(conditions),
        }

    for _ in range(1500):
        policies = [policy(random_statement(["Allow", "Deny", "Allow", None])) for _ in range(chance.randint(0, 4))]
        before = decide(policies, START)
        assert type(decide(chance.sample(policies, len(policies)), START)) is type(before)
        after = decide([*policies, policy(random_statement(["Deny"]))], START)
        assert rank[type(after)] <= rank[type(before)]


def test_an_unknown_part_never_gives_an_answer_that_its_value_can_refute() -> None:
    chance = random.Random(5)  # noqa: S311  # cases, not secrets
    values = ["*", "backup:*", "s3:*", "backup:StartRestoreJob", "backup:List*"]
    for _ in range(1000):
        effects = [chance.choice(["Allow", "Deny"]) for _ in range(3)]
        known = [chance.choice(values) for _ in range(3)]

        def decided(first: object, effects: list[str] = effects, known: list[str] = known) -> Outcome:
            written = zip(effects, [first, *known[1:]], strict=True)
            return decide([policy(*({"Effect": e, "Action": [a], "Resource": "*"} for e, a in written))], START)

        blind = decided(None)
        if not isinstance(blind, Undecided):
            assert {type(decided(value)) for value in values} == {type(blind)}


PASSABLE = [
    "service-role/AWSBackupDefaultServiceRole",
    "AwsBackupEfsRestore",
    "MyAWSBackupRestore",
    "XAWSBackup",
    "AWSBackup/efs-restore",
]
NOT_PASSABLE = [
    "aws-backup-restore",
    "awsbackup-restore",
    "AWSbackupRestore",
    "AWS_Backup",
    "awsBackupRole",
    "Aws-Backup-x",
    "AWS-Backup-Restore",
    "efs-restore",
    "BackupRestoreRole",
]


@pytest.mark.parametrize("holder", ["AWSBackupOperatorAccess", "AWSBackupFullAccess"])
@pytest.mark.parametrize(
    ("role", "kind"), [*((role, Allowed) for role in PASSABLE), *((role, Denied) for role in NOT_PASSABLE)]
)
@pytest.mark.parametrize("account", ["this-account", "123456789012"])
def test_backup_managed_policies_pass_only_names_with_awsbackup(
    holder: str, role: str, kind: type, account: str
) -> None:
    assert type(decide([managed(holder)], pass_role(f"arn:aws:iam::{account}:role/{role}"))) is kind


@pytest.mark.parametrize(
    ("name", "starts", "passes"),
    [
        ("AdministratorAccess", Allowed, Allowed),
        ("PowerUserAccess", Allowed, Denied),
        ("AWSBackupFullAccess", Allowed, Denied),
        ("AWSBackupOperatorAccess", Allowed, Denied),
        ("AWSBackupRestoreAccessForSAPHANA", Allowed, Denied),
        ("AWSBackupOrganizationAdminAccess", Denied, Denied),
        ("AWSBackupServiceRolePolicyForBackup", Denied, Denied),
        ("AWSBackupServiceRolePolicyForRestores", Allowed, Allowed),
        ("AWSBackupServiceLinkedRolePolicyForBackup", Denied, Denied),
        ("AWSServiceRolePolicyForBackupRestoreTesting", Allowed, Allowed),
        ("AmazonElasticFileSystemFullAccess", Denied, Denied),
        ("AIDevOpsAgentActionsPolicy", Allowed, Denied),
        ("AWSMcpServiceActionsFullAccess", Undecided, Undecided),
        ("SecurityAudit", Denied, Denied),
        ("ViewOnlyAccess", Denied, Denied),
        ("ReadOnlyAccess", Denied, Denied),
        ("AWSDenyAll", Denied, Denied),
        ("AmazonS3FullAccess", Denied, Denied),
    ],
)
def test_managed_policies_start_restores_and_pass_roles_as_aws_wrote_them(
    name: str, starts: type, passes: type
) -> None:
    assert type(decide([managed(name)], START)) is starts
    assert type(decide([managed(name)], pass_role("arn:aws:iam::this-account:role/efs-restore"))) is passes


def test_a_managed_policy_can_deny() -> None:
    outcome = decide([managed("AdministratorAccess"), managed("AWSDenyAll")], START)
    assert isinstance(outcome, Denied)
    assert outcome.by is not None
    assert outcome.by.policy_address == "AWSDenyAll"


def test_for_restores_carries_what_a_restore_role_needs_and_for_backup_does_not() -> None:
    system = "arn:aws:elasticfilesystem:this-region:this-account:file-system/fs-1"
    for action in ("Restore", "CreateFileSystem", "DescribeFileSystems", "DeleteFileSystem"):
        request = Request(f"elasticfilesystem:{action}", system)
        assert isinstance(decide([managed("AWSBackupServiceRolePolicyForRestores")], request), Allowed)
    backup = decide([managed("AWSBackupServiceRolePolicyForBackup")], Request("elasticfilesystem:Restore", system))
    assert isinstance(backup, Denied)


def test_managed_policies_are_found_by_arn_with_their_path_in_any_partition() -> None:
    assert managed_document("arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores")
    assert managed_document("arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForRestores") is None
    assert managed_document("arn:aws:iam::aws:policy/NoSuchPolicy") is None
    assert managed_document("arn:aws:iam::123456789012:policy/AdministratorAccess") is None
    assert managed_document("AdministratorAccess") is None
    assert managed_document("") is None
    document = managed_document("arn:aws-cn:iam::aws:policy/AWSBackupOperatorAccess")
    assert document is not None
    chinese = Policy("c", ANYWHERE, "c", document)
    assert isinstance(decide([chinese], pass_role("arn:aws-cn:iam::123456789012:role/AWSBackupX")), Allowed)
    assert isinstance(decide([chinese], pass_role("arn:aws:iam::123456789012:role/AWSBackupX")), Denied)


def test_the_table_knows_every_name_and_its_own_date() -> None:
    names = managed_policy_names()
    assert len(names) > 1500
    assert {"AdministratorAccess", "AWSBackupServiceRolePolicyForRestores", "AmazonS3FullAccess"} <= names
    assert managed_arn("AWSBackupServiceRolePolicyForRestores") == (
        "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"
    )
    assert managed_arn("NoSuchPolicy") is None
    assert managed_policies_date() >= "2026-01-01"


def test_every_policy_of_the_table_can_be_read_to_its_last_statement() -> None:
    for name in managed_policy_names():
        arn = managed_arn(name)
        document = managed_document(arn or "")
        assert document is not None
        assert not any(isinstance(one, Unresolved) for one in document.statements)
