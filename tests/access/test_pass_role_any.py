from __future__ import annotations

import pytest
from tests.support.terraform_blocks import OPERATOR, block, estate

from restore_ready import Estate, Ref, Requirements, Text, Unresolved
from restore_ready.access._pass_role_any import is_hole, passing_policies
from restore_ready.access._restore_grants import restore_grants

START = {"Effect": "Allow", "Action": "backup:StartRestoreJob", "Resource": "*"}
EVERY = "arn:aws:iam::*:role/*"
TO_BACKUP = {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}
TRUST = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "111122223333"}}]}


def passing(resource: object = "*", condition: object = None, **more: object) -> dict[str, object]:
    found = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": resource, **more}
    return found if condition is None else {**found, "Condition": condition}


def deny(condition: object = None, **more: object) -> dict[str, object]:
    return passing(condition=condition, Effect="Deny", **more)


def holder(*statements: object, **values: object) -> Estate:
    inline = {"name": "in", "policy": {"Statement": list(statements)}}
    return estate(block("aws_iam_role.ops", name="ops", assume_role_policy=TRUST, inline_policy=[inline], **values))


def told(whole: Estate) -> list[object]:
    answers = [is_hole(one)[0] for one in passing_policies(restore_grants(whole, Requirements()))]
    return ["open" if isinstance(one, Unresolved) else one for one in answers]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (passing(), [True]),
        (passing(EVERY), [True]),
        (passing("arn:aws:iam::111122223333:role/*"), [True]),
        (passing("arn:*:iam::*:role/*"), [True]),
        (passing(Action="iam:Pass*"), [True]),
        (passing(Action="IAM:passrole"), [True]),
        (passing(Action="iam:*"), []),
        (passing(Action="*"), []),
        (passing(Action="iam:Get*"), []),
        (passing("arn:aws:iam::*:role/app-*"), [False]),
        (passing("arn:aws:iam::*:role/service-role/*"), [False]),
        (passing("arn:aws:iam::111122223333:role/restore"), [False]),
        (passing(Ref("aws_iam_role.r", "arn")), [False]),
        (passing(Text(("arn:aws:iam::111122223333:role/", Unresolved("var.name")))), [False]),
        (passing(Unresolved("var.role has no value")), ["open"]),
        (passing(["arn:aws:iam::111122223333:role/restore", EVERY]), [True]),
        (passing([], NotResource="arn:aws:iam::111122223333:role/admin"), ["open"]),
        (passing(condition=TO_BACKUP), [False]),
        (passing(condition={"StringLike": {"iam:PassedToService": "backup*"}}), [False]),
        (passing(condition={"StringEqualsIfExists": {"iam:PassedToService": "backup.amazonaws.com"}}), [False]),
        (passing(condition={"StringLike": {"iam:PassedToService": "*"}}), [True]),
        (passing(condition={"StringLike": {"iam:PassedToService": "*.amazonaws.com"}}), [True]),
        (passing(condition={"StringNotEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}), [True]),
        (passing(condition={"StringEquals": {"iam:PassedToService": Unresolved("var.service")}}), ["open"]),
        (passing(condition={"StringEquals": {"aws:ResourceAccount": "111122223333"}}), [True]),
        (passing(condition={"StringEquals": {"aws:ResourceTag/use": "restore"}}), [False]),
        (passing(condition={"ArnLike": {"iam:AssociatedResourceArn": "arn:aws:backup:*"}}), [False]),
        (passing(condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}), ["open"]),
    ],
)
def test_a_statement_is_a_hole_or_is_not(statement: object, expected: list[object]) -> None:
    assert told(holder(START, statement)) == expected


def test_not_resource_takes_in_all_roles_but_a_few() -> None:
    spared = passing()
    del spared["Resource"]
    assert told(holder(START, {**spared, "NotResource": "arn:aws:iam::111122223333:role/admin"})) == [True]
    assert told(holder(START, {**spared, "NotResource": EVERY})) == [False]


@pytest.mark.parametrize(
    ("denial", "expected"),
    [
        (deny({"StringNotEquals": {"iam:PassedToService": "backup.amazonaws.com"}}), False),
        (deny({"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}), False),
        (deny(), False),
        (deny(resource="arn:aws:iam::*:role/admin*"), True),
        (deny({"Bool": {"aws:MultiFactorAuthPresent": "false"}}), "open"),
    ],
)
def test_what_takes_it_back_counts(denial: object, expected: object) -> None:
    assert told(holder(START, passing(), denial)) == [expected]


def test_a_boundary_counts() -> None:
    limit = block("aws_iam_policy.limit", name="limit", policy={"Statement": [START, passing(condition=TO_BACKUP)]})
    bounded = {"name": "ops", "assume_role_policy": TRUST, "permissions_boundary": Ref("aws_iam_policy.limit", "arn")}
    inline = {"name": "in", "policy": {"Statement": [START, passing()]}}
    whole = estate(block("aws_iam_role.ops", **bounded, inline_policy=[inline]), limit)
    answers = {one.address: is_hole(one)[0] for one in passing_policies(restore_grants(whole, Requirements()))}
    assert answers["aws_iam_role.ops"] is False


def test_it_is_found_in_another_policy_of_who_may_restore() -> None:
    assert told(holder(passing(), managed_policy_arns=[OPERATOR])) == [True]


@pytest.mark.parametrize("mighty", [{"Effect": "Allow", "Action": "*", "Resource": "*"}, passing(Action="iam:*")])
def test_administrators_are_left_alone(mighty: object) -> None:
    assert told(holder(START, passing(), mighty)) == [False]


def test_nobody_who_may_not_restore_is_judged() -> None:
    assert told(holder(passing())) == []


def test_a_role_that_only_aws_backup_assumes_is_not_judged() -> None:
    service = {"Statement": [{**TRUST["Statement"][0], "Principal": {"Service": "backup.amazonaws.com"}}]}
    inline = {"name": "in", "policy": {"Statement": [START, passing()]}}
    whole = estate(block("aws_iam_role.ops", name="ops", assume_role_policy=service, inline_policy=[inline]))
    assert told(whole) == []


def test_a_policy_that_nobody_holds_is_judged_by_itself() -> None:
    policy = {"Statement": [START, passing()]}
    whole = estate(block("aws_iam_policy.p", name="p", policy=policy))
    (found,) = passing_policies(restore_grants(whole, Requirements()))
    assert is_hole(found) == (True, ("whoever holds this policy alone",))
