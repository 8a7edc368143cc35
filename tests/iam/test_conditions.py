import pytest

from restore_ready import Condition, Ref, Str, Text, Truth, Unresolved
from restore_ready.iam import Request
from restore_ready.iam._condition import holds

HOLE = Unresolved("not known")
OPEN = "open"
ROLE = "arn:aws:iam::123456789012:role/restore"
REQUEST = Request(
    "iam:PassRole",
    "*",
    context={
        "iam:passedtoservice": ("backup.amazonaws.com",),
        "aws:principalarn": (ROLE,),
        "aws:securetransport": ("true",),
        "aws:sourceip": ("10.1.2.3",),
        "aws:currenttime": ("2026-06-01T00:00:00Z",),
        "aws:multifactorauthage": ("300",),
        "aws:principalaccount": ("this-account",),
        "aws:tagkeys": ("cost", "team"),
        "aws:empty": (),
        "x:partly": (Text(("team-", HOLE)),),
        "x:unknown": (HOLE,),
    },
    absent=frozenset({"aws:viaawsservice", "aws:requesttag/team"}),
)

CASES: list[tuple[str, str, str | list[str], bool | str]] = [
    ("StringEquals", "iam:PassedToService", "backup.amazonaws.com", True),
    ("StringEquals", "IAM:passedtoservice", ["ec2.amazonaws.com", "backup.amazonaws.com"], True),
    ("StringEquals", "iam:PassedToService", "Backup.amazonaws.com", False),
    ("StringEquals", "iam:PassedToService", "backup.*", False),
    ("StringEquals", "iam:PassedToService", [], False),
    ("StringEquals", "x:partly", "team-a", OPEN),
    ("StringEquals", "x:partly", "crew-a", False),
    ("StringEquals", "aws:PrincipalAccount", "123456789012", True),
    ("StringEquals", "aws:PrincipalArn", "${aws:PrincipalArn}", OPEN),
    ("StringNotEquals", "iam:PassedToService", "backup.amazonaws.com", False),
    ("StringNotEquals", "iam:PassedToService", ["ec2.amazonaws.com", "backup.amazonaws.com"], False),
    ("StringNotEquals", "iam:PassedToService", ["ec2.amazonaws.com", "ecs.amazonaws.com"], True),
    ("StringNotEquals", "iam:PassedToService", [], True),
    ("StringEqualsIgnoreCase", "iam:PassedToService", "BACKUP.amazonaws.com", True),
    ("StringNotEqualsIgnoreCase", "iam:PassedToService", "BACKUP.amazonaws.com", False),
    ("StringLike", "iam:PassedToService", "backup.*", True),
    ("StringLike", "iam:PassedToService", "Backup.*", False),
    ("StringLike", "x:unknown", "*", True),
    ("StringLike", "x:partly", "team-*", True),
    ("StringLike", "x:partly", "team-a*", OPEN),
    ("StringNotLike", "iam:PassedToService", "*.amazonaws.com", False),
    ("StringNotLike", "x:unknown", "*", False),
    ("StringNotLike", "iam:PassedToService", "*.amazonaws.com.cn", True),
    ("ArnEquals", "aws:PrincipalArn", ROLE, True),
    ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/re*", True),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/restore", True),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:user/*", False),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::999999999999:role/restore", False),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:*::123456789012:role/restore", True),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam*", OPEN),
    ("ArnLike", "aws:PrincipalArn", "*", OPEN),
    ("ArnLike", "iam:PassedToService", "arn:aws:iam::*:role/*", False),
    ("ArnNotEquals", "aws:PrincipalArn", ROLE, False),
    ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/admin", True),
    ("ArnNotLike", "x:unknown", "arn:aws:iam::*:role/admin", OPEN),
    ("Bool", "aws:SecureTransport", "true", True),
    ("Bool", "aws:SecureTransport", "TRUE", True),
    ("Bool", "aws:SecureTransport", "false", False),
    ("Bool", "aws:ViaAWSService", "false", False),
    ("BoolIfExists", "aws:ViaAWSService", "false", True),
    ("Bool", "aws:MultiFactorAuthPresent", "true", OPEN),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", "true", OPEN),
    ("Null", "aws:ViaAWSService", "true", True),
    ("Null", "aws:ViaAWSService", "false", False),
    ("Null", "iam:PassedToService", "true", False),
    ("Null", "iam:PassedToService", "false", True),
    ("Null", "aws:userId", "false", True),
    ("Null", "aws:FederatedProvider", "true", OPEN),
    ("NumericEquals", "aws:MultiFactorAuthAge", "300", True),
    ("NumericEquals", "aws:MultiFactorAuthAge", "300.0", True),
    ("NumericNotEquals", "aws:MultiFactorAuthAge", "300", False),
    ("NumericLessThan", "aws:MultiFactorAuthAge", "300", False),
    ("NumericLessThan", "aws:MultiFactorAuthAge", "301", True),
    ("NumericLessThanEquals", "aws:MultiFactorAuthAge", "300", True),
    ("NumericGreaterThan", "aws:MultiFactorAuthAge", "299", True),
    ("NumericGreaterThan", "aws:MultiFactorAuthAge", ["900", "299"], True),
    ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", "301", False),
    ("NumericEquals", "aws:MultiFactorAuthAge", "soon", OPEN),
    ("NumericLessThan", "x:unknown", "3", OPEN),
    ("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z", True),
    ("DateGreaterThan", "aws:CurrentTime", "2027-01-01", False),
    ("DateGreaterThanEquals", "aws:CurrentTime", "2026-06-01T00:00:00Z", True),
    ("DateLessThan", "aws:CurrentTime", "2026-06-01T02:00:00+01:00", True),
    ("DateLessThanEquals", "aws:CurrentTime", "1", False),
    ("DateEquals", "aws:CurrentTime", "1780272000", True),
    ("DateNotEquals", "aws:CurrentTime", "1780272000", False),
    ("DateGreaterThan", "aws:CurrentTime", "tomorrow", OPEN),
    ("DateGreaterThan", "aws:EpochTime", "2020-01-01", OPEN),
    ("IpAddress", "aws:SourceIp", "10.0.0.0/8", True),
    ("IpAddress", "aws:SourceIp", ["192.168.0.0/16", "10.1.2.3"], True),
    ("IpAddress", "aws:SourceIp", "192.168.0.0/16", False),
    ("IpAddress", "aws:SourceIp", "2001:db8::/32", False),
    ("IpAddress", "aws:SourceIp", "everywhere", OPEN),
    ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8", False),
    ("NotIpAddress", "aws:SourceIp", "192.168.0.0/16", True),
    ("BinaryEquals", "iam:PassedToService", "backup.amazonaws.com", True),
    ("StringEquals", "aws:RequestTag/team", "a", False),
    ("StringNotEquals", "aws:RequestTag/team", "a", True),
    ("StringEqualsIfExists", "aws:RequestTag/team", "a", True),
    ("StringNotEqualsIfExists", "aws:RequestTag/team", "a", True),
    ("StringEqualsIfExists", "iam:PassedToService", "ec2.amazonaws.com", False),
    ("ArnLikeIfExists", "aws:ViaAWSService", "arn:aws:iam::*:role/x", True),
    ("StringEquals", "iam:AssociatedResourceArn", "x", OPEN),
    ("StringEqualsIfExists", "iam:AssociatedResourceArn", "x", OPEN),
    ("StringLikeIfExists", "iam:AssociatedResourceArn", "*", True),
    ("StringLike", "iam:AssociatedResourceArn", "*", OPEN),
    ("StringLike", "aws:userId", "*", True),
    ("ForAnyValue:StringEquals", "aws:TagKeys", "team", True),
    ("ForAnyValue:StringEquals", "aws:TagKeys", "owner", False),
    ("ForAllValues:StringEquals", "aws:TagKeys", "team", False),
    ("ForAllValues:StringEquals", "aws:TagKeys", ["team", "cost", "owner"], True),
    ("ForAllValues:StringLike", "aws:TagKeys", "*", True),
    ("ForAllValues:StringNotEquals", "aws:TagKeys", ["owner"], True),
    ("ForAnyValue:StringNotEquals", "aws:TagKeys", ["team"], True),
    ("ForAnyValue:StringNotEquals", "aws:TagKeys", ["team", "cost"], False),
    ("ForAllValues:StringEquals", "aws:empty", "x", True),
    ("ForAnyValue:StringEquals", "aws:empty", "x", False),
    ("ForAllValues:StringEquals", "aws:RequestTag/team", "x", True),
    ("ForAnyValue:StringEquals", "aws:RequestTag/team", "x", False),
    ("ForAnyValue:StringNotEquals", "aws:RequestTag/team", "x", False),
    ("ForAnyValue:StringEqualsIfExists", "aws:RequestTag/team", "x", False),
    ("foranyvalue:stringequals", "aws:TagKeys", "team", True),
    ("StringMatches", "iam:PassedToService", "backup.amazonaws.com", OPEN),
    ("", "iam:PassedToService", "backup.amazonaws.com", OPEN),
    ("ForSomeValue:StringEquals", "iam:PassedToService", "backup.amazonaws.com", OPEN),
]


def plain(answer: Truth) -> bool | str:
    return OPEN if isinstance(answer, Unresolved) else answer


@pytest.mark.parametrize(("operator", "key", "values", "expected"), CASES)
def test_condition_holds_as_iam_defines(operator: str, key: str, values: str | list[str], expected: object) -> None:
    wanted = (values,) if isinstance(values, str) else tuple(values)
    assert plain(holds(Condition(operator, key, wanted), REQUEST)) == expected


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("StringEquals", (HOLE,), OPEN),
        ("StringEquals", (HOLE, "backup.amazonaws.com"), True),
        ("StringNotEquals", (HOLE, "backup.amazonaws.com"), False),
        ("StringNotEquals", (HOLE,), OPEN),
        ("StringEquals", HOLE, OPEN),
        ("StringLike", (Text(("ecs", HOLE)),), False),
        ("StringLike", (Text(("backup", HOLE)),), OPEN),
        ("StringEquals", (Ref("aws_x.y", "id"),), OPEN),
        ("Null", (HOLE,), OPEN),
        ("IpAddress", (HOLE,), OPEN),
        ("NumericEquals", (HOLE,), OPEN),
        ("Bool", (Text(("t", HOLE)),), False),
    ],
)
def test_unknown_values_leave_open_only_what_they_can_decide(
    operator: str, values: tuple[Str, ...] | Unresolved, expected: object
) -> None:
    assert plain(holds(Condition(operator, "iam:PassedToService", values), REQUEST)) == expected


def test_an_unknown_key_leaves_a_condition_open() -> None:
    assert isinstance(holds(Condition("StringEquals", HOLE, ("x",)), REQUEST), Unresolved)
