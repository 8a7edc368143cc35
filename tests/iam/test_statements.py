import pytest

from restore_ready import PolicyDocument, Ref, Statement, Str, Text, Truth, Unresolved
from restore_ready.iam import (
    Request,
    covers_action,
    covers_everyone,
    names_action,
    parse_document,
    statement_applies,
)

HOLE = Unresolved("not known")
OPEN = "open"
START = "backup:StartRestoreJob"
ROLE = "arn:aws:iam::this-account:role/operator"
DATA = Ref("data.aws_iam_role.x", "arn")


def plain(answer: Truth) -> bool | str:
    return OPEN if isinstance(answer, Unresolved) else answer


def document(*statements: dict[str, object]) -> PolicyDocument:
    found = parse_document({"Version": "2012-10-17", "Statement": list(statements)})
    assert isinstance(found, PolicyDocument)
    return found


def statement(**elements: object) -> Statement:
    default = {} if "NotAction" in elements else {"Action": "*"}
    (found,) = document({"Effect": "Allow", **default, **elements}).statements
    assert isinstance(found, Statement)
    return found


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"Action": START}, True),
        ({"Action": "BACKUP:startrestorejob"}, True),
        ({"Action": "backup:*"}, True),
        ({"Action": "backup:Start*"}, True),
        ({"Action": "backup:?tartRestoreJob"}, True),
        ({"Action": "*"}, True),
        ({"Action": "*:*"}, True),
        ({"Action": "b*"}, True),
        ({"Action": "backup:StartRestore"}, False),
        ({"Action": "elasticfilesystem:*"}, False),
        ({"Action": ["elasticfilesystem:*", START]}, True),
        ({"Action": []}, False),
        ({"Action": ["s3:*", None]}, OPEN),
        ({"Action": [None, START]}, True),
        ({"Action": None}, OPEN),
        ({"Action": Text(("backup:", HOLE))}, OPEN),
        ({"Action": Text(("s3:", HOLE))}, False),
        ({"NotAction": "iam:*"}, True),
        ({"NotAction": ["iam:*", "backup:*"]}, False),
        ({"NotAction": "*"}, False),
        ({"NotAction": []}, True),
        ({"NotAction": [None]}, OPEN),
        ({"NotAction": [None, "backup:Start*"]}, False),
    ],
)
def test_action_element_covers_the_start_of_a_restore(elements: dict[str, object], expected: object) -> None:
    assert plain(covers_action(statement(**elements), START)) == expected


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"Action": START}, True),
        ({"Action": "backup:*"}, True),
        ({"Action": "BACKUP:START*"}, True),
        ({"Action": "*"}, False),
        ({"Action": "*:*"}, False),
        ({"Action": "**"}, False),
        ({"Action": ["*", "backup:StartRestoreJob"]}, True),
        ({"Action": "backup:List*"}, False),
        ({"Action": HOLE}, OPEN),
        ({"NotAction": "iam:*"}, False),
        ({"NotAction": HOLE}, False),
    ],
)
def test_an_action_is_named_by_what_goes_beyond_a_bare_asterisk(elements: dict[str, object], expected: object) -> None:
    assert plain(names_action(statement(**elements), START)) == expected


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"Resource": "*"}, True),
        ({"Resource": ROLE}, True),
        ({"Resource": ["arn:aws:iam::*:role/x", "arn:aws:iam::*:role/op*"]}, True),
        ({"Resource": "arn:aws:iam::*:role/x"}, False),
        ({"Resource": Ref("op", "arn")}, True),
        ({"Resource": Ref("other", "arn")}, False),
        ({"Resource": None}, OPEN),
        ({"Resource": []}, False),
        ({"NotResource": ROLE}, False),
        ({"NotResource": "arn:aws:iam::*:role/x"}, True),
        ({"NotResource": [None]}, OPEN),
        ({"Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}}, True),
        ({"Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}}}, False),
        ({"Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}, OPEN),
        (
            {
                "Resource": "*",
                "Condition": {
                    "Bool": {"aws:MultiFactorAuthPresent": "true"},
                    "StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"},
                },
            },
            False,
        ),
        ({"Resource": "arn:aws:iam::*:role/x", "Condition": None}, False),
        ({"Resource": "*", "Condition": None}, OPEN),
        ({"Resource": "*", "Action": "iam:GetRole"}, False),
    ],
)
def test_statement_applies_to_passing_a_role(elements: dict[str, object], expected: object) -> None:
    request = Request("iam:PassRole", ROLE, "op", {"iam:passedtoservice": ("backup.amazonaws.com",)})
    assert plain(statement_applies(statement(**elements), request)) == expected


@pytest.mark.parametrize(
    ("principal", "who", "expected"),
    [
        ("*", ROLE, True),
        ({"AWS": "*"}, ROLE, True),
        ({"AWS": "*"}, "backup.amazonaws.com", True),
        ({"AWS": ROLE}, ROLE, True),
        ({"AWS": "arn:aws:iam::123456789012:role/operator"}, ROLE, True),
        ({"AWS": "arn:aws:iam::123456789012:role/other"}, ROLE, False),
        ({"AWS": "arn:aws:iam::123456789012:role/*"}, ROLE, False),
        ({"AWS": "arn:aws:iam::123456789012:root"}, ROLE, True),
        ({"AWS": "123456789012"}, ROLE, True),
        ({"AWS": "this-account"}, ROLE, True),
        ({"AWS": "111111111111"}, "arn:aws:iam::222222222222:role/x", False),
        ({"AWS": "arn:aws:iam::111111111111:root"}, "arn:aws:iam::222222222222:role/x", False),
        ({"AWS": "AROAEXAMPLE"}, ROLE, OPEN),
        ({"AWS": "arn:aws:sts::123456789012:assumed-role/operator/anna"}, ROLE, OPEN),
        ({"AWS": Ref("op", "arn")}, Ref("op", "arn"), True),
        ({"AWS": Ref("other", "arn")}, Ref("op", "arn"), False),
        ({"AWS": Ref("op", "arn")}, ROLE, OPEN),
        ({"AWS": DATA}, Ref("op", "arn"), OPEN),
        ({"AWS": HOLE}, ROLE, OPEN),
        ({"AWS": HOLE}, "backup.amazonaws.com", OPEN),
        ({"AWS": [HOLE, ROLE]}, ROLE, True),
        ({"AWS": Text(("arn:aws:iam::", HOLE, ":role/other"))}, ROLE, False),
        ({"AWS": ROLE}, "backup.amazonaws.com", False),
        ({"Service": "backup.amazonaws.com"}, "backup.amazonaws.com", True),
        ({"Service": ["ec2.amazonaws.com", "backup.amazonaws.com"]}, "backup.amazonaws.com", True),
        ({"Service": "ec2.amazonaws.com"}, "backup.amazonaws.com", False),
        ({"Service": "backup.amazonaws.com"}, ROLE, False),
        ({"Service": HOLE}, "backup.amazonaws.com", OPEN),
        ({"Federated": "accounts.google.com"}, ROLE, False),
        ({}, ROLE, False),
        (HOLE, ROLE, OPEN),
        (None, ROLE, OPEN),
    ],
)
def test_principal_element_takes_in_a_caller(principal: object, who: Str, expected: object) -> None:
    request = Request(START, "*")
    assert plain(statement_applies(statement(Principal=principal), request, principal=who)) == expected
    opposite = OPEN if expected == OPEN else not expected
    assert plain(statement_applies(statement(NotPrincipal=principal), request, principal=who)) == opposite


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"Principal": "*"}, True),
        ({"Principal": ["*"]}, True),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Principal": {"AWS": [ROLE, "*"]}}, True),
        ({"Principal": {"AWS": "123456789012"}}, True),
        ({"Principal": {"AWS": "this-account"}}, True),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, True),
        ({"Principal": {"AWS": "arn:aws-cn:iam::this-account:root"}}, True),
        ({"Principal": {"AWS": Text(("arn:aws:iam::", HOLE, ":root"))}}, True),
        ({"Principal": {"AWS": Text(("arn:aws:iam::", HOLE, ":role/x"))}}, False),
        ({"Principal": {"AWS": ROLE}}, False),
        ({"Principal": {"AWS": Ref("aws_iam_role.x", "arn")}}, False),
        ({"Principal": {"AWS": DATA}}, OPEN),
        ({"Principal": {"AWS": HOLE}}, OPEN),
        ({"Principal": {"Service": "backup.amazonaws.com"}}, False),
        ({"Principal": {"Federated": "*"}}, False),
        ({"Principal": {}}, False),
        ({"Principal": HOLE}, OPEN),
        ({"Principal": None}, OPEN),
        ({}, OPEN),
        ({"NotPrincipal": {"AWS": []}}, True),
        ({"NotPrincipal": {"AWS": ROLE}}, OPEN),
        ({"NotPrincipal": {"AWS": Ref("aws_iam_role.x", "arn")}}, OPEN),
        ({"NotPrincipal": "*"}, False),
        ({"NotPrincipal": {"Service": "backup.amazonaws.com"}}, True),
        ({"NotPrincipal": {"AWS": "arn:aws:iam::123456789012:root"}}, OPEN),
        ({"NotPrincipal": {"AWS": ["123456789012", ROLE]}}, False),
        ({"NotPrincipal": {"Federated": "x"}}, False),
        ({"NotPrincipal": HOLE}, OPEN),
    ],
)
def test_principal_element_takes_in_everyone(elements: dict[str, object], expected: object) -> None:
    assert plain(covers_everyone(statement(**elements))) == expected
