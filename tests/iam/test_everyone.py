import pytest

from restore_ready import PolicyDocument, Ref, Text, Truth, Unresolved
from restore_ready.iam import denies_everyone, lets_service_assume, parse_document

HOLE = Unresolved("not known")
OPEN = "open"
START = "backup:StartRestoreJob"
BACKUP = "backup.amazonaws.com"
ADMIN = "arn:aws:iam::123456789012:role/admin"
AUTOMATIC_VAULT = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": [
        "backup:DeleteBackupVault",
        "backup:DeleteBackupVaultAccessPolicy",
        "backup:DeleteRecoveryPoint",
        "backup:StartCopyJob",
        "backup:StartRestoreJob",
        "backup:UpdateRecoveryPointLifecycle",
    ],
    "Resource": "*",
}


def plain(answer: Truth) -> bool | str:
    return OPEN if isinstance(answer, Unresolved) else answer


def document(*statements: object) -> PolicyDocument:
    found = parse_document({"Version": "2012-10-17", "Statement": list(statements)})
    assert isinstance(found, PolicyDocument)
    return found


def deny(**elements: object) -> dict[str, object]:
    action = {} if "NotAction" in elements else {"Action": START}
    principal = {} if "NotPrincipal" in elements else {"Principal": "*"}
    resource = {} if "NotResource" in elements else {"Resource": "*"}
    return {"Effect": "Deny", **action, **principal, **resource, **elements}


def when(operator: str, key: str, *values: object) -> dict[str, object]:
    return deny(Condition={operator: {key: list(values)}})


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (AUTOMATIC_VAULT, True),
        (deny(), True),
        (deny(Effect="Allow"), False),
        (deny(Effect=None), OPEN),
        (deny(Effect=None, Action="s3:*"), False),
        (deny(Action="backup:*"), True),
        (deny(Action="*"), True),
        (deny(Action="backup:Start*"), True),
        (deny(Action="BACKUP:startrestorejob"), True),
        (deny(Action="backup:?tartRestoreJob"), True),
        (deny(Action="backup:StartCopyJob"), False),
        (deny(Action=["backup:DeleteRecoveryPoint", "backup:PutBackupVaultAccessPolicy"]), False),
        (deny(Action=None), OPEN),
        (deny(NotAction=["backup:CopyIntoBackupVault"]), True),
        (deny(NotAction=["backup:CopyIntoBackupVault", "backup:Start*"]), False),
        (deny(Principal={"AWS": "*"}), True),
        (deny(Principal={"AWS": ["*"]}), True),
        (deny(Principal={"AWS": "arn:aws:iam::123456789012:root"}), True),
        (deny(Principal={"AWS": "123456789012"}), True),
        (deny(Principal={"AWS": ADMIN}), False),
        (deny(Principal={"AWS": HOLE}), OPEN),
        (deny(Principal=HOLE), OPEN),
        (deny(NotPrincipal={"AWS": ADMIN}), OPEN),
        (deny(NotPrincipal={"AWS": [ADMIN, "arn:aws:iam::999988887777:root"]}), OPEN),
        (deny(NotPrincipal={"AWS": [ADMIN, "arn:aws:iam::123456789012:root"]}), False),
        (deny(NotPrincipal={"AWS": [ADMIN, "123456789012"]}), False),
        (deny(NotPrincipal={"AWS": [Ref("aws_iam_role.admin", "arn"), "arn:aws:iam::this-account:root"]}), False),
        (deny(NotPrincipal={"AWS": Ref("aws_iam_role.admin", "arn")}), OPEN),
        (deny(NotPrincipal={"AWS": "*"}), False),
        (deny(NotPrincipal={"AWS": []}), True),
        (deny(Resource="arn:aws:backup:*:*:recovery-point:*"), True),
        (deny(Resource="arn:aws:backup:eu-west-1:123456789012:recovery-point:*"), True),
        (deny(Resource="arn:aws:backup:*"), True),
        (deny(Resource="arn:*"), True),
        (deny(Resource="arn:aws-cn:backup:*:*:recovery-point:*"), True),
        (deny(Resource="arn:aws:ec2:*::snapshot/*"), False),
        (deny(Resource="arn:aws:backup:*:*:recovery-point:1234"), OPEN),
        (deny(Resource="arn:aws:backup:eu-west-1:123456789012:backup-vault:prod"), OPEN),
        (deny(Resource=Ref("aws_backup_vault.prod", "arn")), OPEN),
        (deny(Resource=[Ref("aws_backup_vault.prod", "arn"), "*"]), True),
        (deny(Resource=HOLE), OPEN),
        (deny(NotResource="arn:aws:backup:*:*:backup-vault:*"), True),
        (deny(NotResource="arn:aws:backup:*:*:recovery-point:*"), False),
        (deny(Condition={}), True),
        (deny(Condition=HOLE), OPEN),
        (when("StringNotEquals", "aws:userId", "AIDAEXAMPLE"), False),
        (when("StringNotLike", "aws:userId", "AROAEXAMPLE:*", "123456789012"), False),
        (when("StringNotLike", "aws:userId", None), False),
        (deny(Condition={"StringNotLike": {"aws:userId": HOLE}}), OPEN),
        (when("StringNotLike", "aws:userId"), True),
        (when("StringLike", "aws:userId", None), OPEN),
        (when("ArnLike", "aws:PrincipalArn", Text(("arn:aws:iam::", HOLE, ":role/x"))), False),
        (when("ArnNotEquals", "aws:PrincipalArn", ADMIN), False),
        (when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/admin*"), False),
        (when("ArnNotLike", "aws:PrincipalArn", Ref("aws_iam_role.admin", "arn")), False),
        (when("StringNotEquals", "aws:PrincipalArn", ADMIN), False),
        (when("StringNotEquals", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/restore-*"), True),
        (when("StringNotEquals", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/restore-*", ADMIN), False),
        (when("StringNotEqualsIgnoreCase", "aws:PrincipalArn", "arn:aws:iam::*:role/restore"), True),
        (when("StringNotEqualsIgnoreCase", "aws:PrincipalArn", ADMIN), False),
        (when("StringNotEqualsIgnoreCase", "aws:PrincipalArn", ADMIN.upper()), False),
        (when("StringEqualsIgnoreCase", "aws:PrincipalArn", ADMIN), False),
        (when("StringNotEquals", "aws:PrincipalArn", Text(("arn:aws:iam::", HOLE, ":role/restore-*"))), True),
        (when("StringNotEquals", "aws:PrincipalArn", Text(("arn:aws:iam::", HOLE, ":role/restore"))), False),
        (when("ArnNotLike", "aws:PrincipalArn", "arn:aws:sts::123456789012:assumed-role/admin/*"), True),
        (when("ArnNotLike", "aws:PrincipalArn", "arn:aws:sts::123456789012:assumed-role/admin/*", ADMIN), False),
        (when("StringNotEquals", "aws:PrincipalArn", "admin"), True),
        (when("StringNotLike", "aws:PrincipalArn", "*admin*"), False),
        (when("StringNotEquals", "aws:userId", "AROAEXAMPLE:*"), True),
        (when("StringNotEqualsIfExists", "aws:PrincipalTag/restore", "y*"), True),
        (when("StringNotEquals", "aws:UserAgent", "*restore*"), False),
        (when("ForAllValues:StringNotEquals", "aws:PrincipalTag/restore", "y*"), False),
        (when("StringLike", "aws:PrincipalTag/restore", "*"), False),
        (when("StringLikeIfExists", "aws:PrincipalTag/restore", "*"), True),
        (when("Null", "aws:PrincipalTag/restore", "true", "false"), True),
        (when("Null", "aws:SourceIp", "false"), False),
        (when("BoolIfExists", "aws:MultiFactorAuthPresent", "true", "false"), True),
        (when("Bool", "aws:MultiFactorAuthPresent", "true", "false"), False),
        (when("IpAddress", "aws:SourceIp", "0.0.0.0/1", "128.0.0.0/1"), True),
        (when("IpAddress", "aws:SourceIp", "0.0.0.0/0"), True),
        (when("IpAddress", "aws:SourceIp", "0.0.0.0/1", "128.0.0.0/2"), False),
        (when("IpAddress", "aws:SourceIp", "2001:db8::/32"), False),
        (when("IpAddress", "aws:SourceIp", "0.0.0.0/0", "2001:db8::/32"), False),
        (when("IpAddress", "aws:SourceIp", "0.0.0.0/0", "::/0"), True),
        (when("NotIpAddress", "aws:SourceIp", "2001:db8::/32"), False),
        (when("StringNotLike", "aws:PrincipalArn", "*"), False),
        (when("StringLike", "aws:PrincipalArn", "*"), True),
        (when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::123456789012:*"), True),
        (when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*"), False),
        (when("StringEquals", "aws:PrincipalArn", ADMIN), False),
        (when("StringEquals", "aws:PrincipalTag/team", "apps"), False),
        (when("StringNotEquals", "aws:PrincipalTag/restore", "yes"), False),
        (when("StringNotEqualsIfExists", "aws:PrincipalTag/restore", "yes"), False),
        (when("Null", "aws:PrincipalTag/restore", "true"), False),
        (when("StringNotEquals", "aws:PrincipalOrgID", "o-1"), False),
        (when("StringEquals", "aws:PrincipalOrgID", "o-1"), OPEN),
        (when("StringEquals", "aws:PrincipalAccount", "123456789012"), True),
        (when("StringNotEquals", "aws:PrincipalAccount", "123456789012"), False),
        (when("Bool", "aws:SecureTransport", "true"), True),
        (when("Bool", "aws:SecureTransport", "false"), False),
        (when("Bool", "aws:PrincipalIsAWSService", "false"), True),
        (when("Bool", "aws:ViaAWSService", "false"), True),
        (when("Bool", "aws:MultiFactorAuthPresent", "false"), False),
        (when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"), False),
        (when("NumericGreaterThan", "aws:MultiFactorAuthAge", 3600), False),
        (when("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"), False),
        (when("StringNotEquals", "aws:SourceVpce", "vpce-1"), False),
        (when("StringNotLike", "aws:UserAgent", "*restore*"), False),
        (when("StringEquals", "aws:PrincipalType", "User"), False),
        (when("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"), OPEN),
        (when("StringEquals", "aws:ResourceTag/locked", "yes"), OPEN),
        (when("StringNotEquals", "aws:RequestedRegion", "eu-west-1"), OPEN),
        (when("ForAllValues:StringEquals", "aws:CalledVia", "x"), True),
        (when("StringNotEquals", "aws:SourceAccount", "123456789012"), True),
        (when("StringWhatever", "aws:userId", "x"), OPEN),
        (
            deny(
                Condition={
                    "StringEquals": {"aws:ResourceTag/locked": "yes"},
                    "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"},
                },
            ),
            False,
        ),
        ("not a statement", OPEN),
    ],
)
def test_a_statement_denies_the_restore_to_everyone_or_spares_somebody(statement: object, expected: object) -> None:
    assert plain(denies_everyone(document(statement), START).answer) == expected


UNLESS_A = when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/a-*")
UNLESS_ADMIN = when("ArnNotEquals", "aws:PrincipalArn", ADMIN)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([UNLESS_ADMIN, when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/other")], True),
        ([UNLESS_ADMIN, when("StringNotLike", "aws:PrincipalArn", "*role/admin")], False),
        ([UNLESS_ADMIN, when("StringNotEqualsIgnoreCase", "aws:PrincipalArn", ADMIN.upper())], False),
        ([UNLESS_ADMIN, deny(Principal={"AWS": ADMIN})], True),
        ([UNLESS_ADMIN, deny(Principal={"AWS": "arn:aws:iam::123456789012:role/other"})], False),
        ([UNLESS_ADMIN, deny(Principal={"AWS": "arn:aws:sts::123456789012:assumed-role/admin/x"})], False),
        ([UNLESS_ADMIN, deny(Principal={"AWS": ADMIN}, Effect="Allow")], False),
        ([UNLESS_ADMIN, deny(Principal={"AWS": ADMIN}, Action="backup:StartCopyJob")], False),
        ([UNLESS_ADMIN, deny(Principal={"AWS": ADMIN}, Resource="arn:aws:ec2:*::snapshot/*")], False),
        ([UNLESS_A, when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/b-*")], True),
        ([UNLESS_A, when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*-prod")], False),
        ([UNLESS_A, when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*")], True),
        ([UNLESS_A, when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/a-b*")], False),
        ([UNLESS_A, when("ArnNotLike", "aws:PrincipalArn", Ref("aws_iam_role.admin", "arn"))], OPEN),
        (
            [
                when("ArnNotLike", "aws:PrincipalArn", Ref("aws_iam_role.admin", "arn")),
                when("ArnNotLike", "aws:PrincipalArn", Ref("aws_iam_role.other", "arn")),
            ],
            True,
        ),
        (
            [
                when("ArnNotLike", "aws:PrincipalArn", Ref("aws_iam_role.admin", "arn")),
                when("ArnNotLike", "aws:PrincipalArn", Ref("aws_iam_role.admin", "arn"), ADMIN),
            ],
            False,
        ),
        ([UNLESS_A, when("StringNotEquals", "aws:PrincipalTag/team", "ops")], False),
        (
            [
                when("StringNotEquals", "aws:PrincipalTag/team", "ops"),
                when("StringNotEquals", "aws:PrincipalTag/team", "web"),
            ],
            True,
        ),
        (
            [
                when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"),
                when("Bool", "aws:MultiFactorAuthPresent", "true"),
            ],
            True,
        ),
        (
            [
                when("Bool", "aws:MultiFactorAuthPresent", "false"),
                when("Bool", "aws:MultiFactorAuthPresent", "true"),
            ],
            False,
        ),
        ([when("Null", "aws:PrincipalTag/x", "true"), when("Null", "aws:PrincipalTag/x", "false")], True),
        ([when("Null", "aws:PrincipalTag/x", "true"), when("Null", "aws:PrincipalTag/y", "false")], False),
        ([when("Null", "aws:PrincipalTag/x", "true"), when("StringLike", "aws:PrincipalTag/x", "*")], True),
        (
            [
                when("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"),
                when("NotIpAddress", "aws:SourceIp", "192.168.0.0/16"),
            ],
            True,
        ),
        (
            [when("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"), when("NotIpAddress", "aws:SourceIp", "10.1.0.0/16")],
            False,
        ),
        ([when("IpAddress", "aws:SourceIp", "0.0.0.0/1"), when("NotIpAddress", "aws:SourceIp", "0.0.0.0/1")], True),
        (
            [
                when("NumericGreaterThan", "aws:MultiFactorAuthAge", 3600),
                when("NumericLessThanEquals", "aws:MultiFactorAuthAge", 3600),
            ],
            False,
        ),
        (
            [
                UNLESS_ADMIN,
                deny(
                    Condition={
                        "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/other"},
                        "StringNotEquals": {"aws:PrincipalTag/team": "ops"},
                    }
                ),
            ],
            False,
        ),
        ([UNLESS_ADMIN, when("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z")], OPEN),
        ([UNLESS_ADMIN, when("Bool", "aws:SecureTransport", "false")], False),
    ],
)
def test_several_statements_deny_it_to_everyone_unless_somebody_is_spared_by_all(
    statements: list[object], expected: object
) -> None:
    assert plain(denies_everyone(document(*statements), START).answer) == expected


def test_statements_that_deny_it_together_are_all_named() -> None:
    denied = denies_everyone(document(UNLESS_ADMIN, deny(Sid="NoAdmin", Principal={"AWS": ADMIN})), START)
    assert denied.statement == "0 and NoAdmin"


def test_more_ways_to_be_spared_than_are_looked_at_prove_nothing() -> None:
    teams = {f"aws:PrincipalTag/{number}": "x" for number in range(40)}
    statements = [deny(Condition={"StringNotEquals": teams}), deny(Condition={"StringEquals": teams})]
    assert denies_everyone(document(*statements), START).answer is False


def test_the_deciding_statement_is_named_by_its_sid_or_index() -> None:
    spare = when("StringNotEquals", "aws:userId", "AIDAEXAMPLE")
    assert denies_everyone(document(spare, deny(Sid="NoRestore")), START).statement == "NoRestore"
    assert denies_everyone(document(spare, deny()), START).statement == "1"
    assert denies_everyone(document(spare), START).statement == ""
    assert denies_everyone(document(), START).answer is False


def test_a_certain_deny_outweighs_what_is_open_before_it() -> None:
    found = denies_everyone(document(None, deny(Principal=HOLE), deny(Sid="NoRestore")), START)
    assert (found.answer, found.statement) == (True, "NoRestore")


def test_a_deny_on_the_vaults_arn_only_is_open_with_that_reason() -> None:
    found = denies_everyone(document(deny(Resource="arn:aws:backup:eu-west-1:1:backup-vault:v", Sid="V")), START)
    assert isinstance(found.answer, Unresolved)
    assert "recovery point" in found.answer.why
    assert found.statement == "V"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("*", True),
        ("arn:aws:backup:*:*:backup-vault:*", True),
        ("arn:aws:backup:*:*:recovery-point:*", False),
        ("arn:aws:backup:*:*:backup-vault:prod", OPEN),
    ],
)
def test_changes_to_the_policy_are_compared_with_the_vault(resource: str, expected: object) -> None:
    action = "backup:PutBackupVaultAccessPolicy"
    found = denies_everyone(document(deny(Action=action, Resource=resource)), action, "backup-vault")
    assert plain(found.answer) == expected


def test_references_are_compared_with_the_address_of_the_vault() -> None:
    action = "backup:PutBackupVaultAccessPolicy"
    policy = document(deny(Action=action, Resource=Ref("aws_backup_vault.v", "arn")))
    assert denies_everyone(policy, action, "backup-vault", "aws_backup_vault.v").answer is True
    assert denies_everyone(policy, action, "backup-vault", "aws_backup_vault.w").answer is False


def trust(**elements: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": BACKUP}, **elements}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([trust()], True),
        ([trust(Action="sts:*")], True),
        ([trust(Action="*")], True),
        ([trust(Action="STS:assumerole")], True),
        ([trust(Action=["sts:TagSession", "sts:AssumeRole"])], True),
        ([trust(Action="sts:AssumeRoleWithWebIdentity")], False),
        ([trust(Principal={"Service": ["ec2.amazonaws.com", BACKUP]})], True),
        ([trust(Principal={"Service": "ec2.amazonaws.com"})], False),
        ([trust(Principal={"Service": "restore-testing.backup.amazonaws.com"})], False),
        ([trust(Principal="*")], True),
        ([trust(Principal={"AWS": "arn:aws:iam::123456789012:root"})], False),
        ([trust(Principal={"AWS": "arn:aws:iam::123456789012:root", "Service": BACKUP})], True),
        ([trust(Principal={"Service": HOLE})], OPEN),
        ([trust(Principal=HOLE)], OPEN),
        ([trust(Effect="Deny")], False),
        ([trust(), trust(Effect="Deny")], False),
        ([trust(), trust(Effect="Deny", Principal={"AWS": ADMIN})], True),
        ([trust(), trust(Effect="Deny", Principal="*", Condition={"StringEquals": {"aws:x": "y"}})], OPEN),
        ([trust(Principal={"Service": "ec2.amazonaws.com"}), trust()], True),
        ([], False),
        ([None], OPEN),
        ([None, trust(Effect="Deny")], False),
        ([trust(Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}})], OPEN),
        ([trust(Condition={"StringEquals": {"aws:SourceAccount": "this-account"}})], OPEN),
        ([trust(Condition={"StringEquals": {"aws:SourceAccount": HOLE}})], OPEN),
        ([trust(Condition={"StringEquals": {"aws:SourceAccount": "production"}})], False),
        ([trust(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:backup:eu-west-1:123456789012:*"}})], OPEN),
        ([trust(Condition={"ArnLike": {"aws:SourceArn": "arn:*:backup:*:*:*"}})], OPEN),
        ([trust(Condition={"StringLike": {"aws:SourceArn": "arn:*:backup:*"}})], OPEN),
        ([trust(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:backup:*:*:backup-vault:*"}})], OPEN),
        ([trust(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:ec2:*:*:instance/*"}})], False),
        ([trust(Condition={"StringEqualsIfExists": {"aws:SourceAccount": "123456789012"}})], True),
        ([trust(Condition={"StringEquals": {"sts:ExternalId": "x"}})], False),
        ([trust(Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})], False),
        ([trust(Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})], OPEN),
    ],
)
def test_trust_policy_lets_aws_backup_assume_the_role(statements: list[object], expected: object) -> None:
    assert plain(lets_service_assume(document(*statements), BACKUP)) == expected


def test_a_service_name_with_an_unknown_suffix_is_open() -> None:
    policy = document(trust(Principal={"Service": Text(("backup.", HOLE))}))
    assert isinstance(lets_service_assume(policy, BACKUP), Unresolved)
    assert lets_service_assume(policy, "ec2.amazonaws.com") is False
