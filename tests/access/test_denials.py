"""RR405 beyond its stories: whom a Deny, a boundary or a vault really stops, and when that stays open."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.terraform_blocks import RESTORES, block, estate, role

from restore_ready import Ref, Requirements, Unresolved
from restore_ready.access._denials import Denial, taken_from
from restore_ready.access._operators import operators
from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.iam import PolicyType
from restore_ready.readers.terraform._block import Block

START = {"Effect": "Allow", "Action": "backup:StartRestoreJob", "Resource": "*"}
PASS_ANY = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
RESTORE_ROLE = role("restore", managed_policy_arns=[RESTORES])


def operator(*statements: object, **values: object) -> tuple[Block, Block]:
    """Return a user with a policy of *statements*, which starts with the grants of a restore operator."""
    policy = {"Version": "2012-10-17", "Statement": [START, PASS_ANY, *statements]}
    return (
        block("aws_iam_user.sato", name="sato", **values),
        block("aws_iam_user_policy.sato", user=Ref("aws_iam_user.sato"), policy=policy),
    )


def bounded(*statements: object) -> tuple[Block, ...]:
    policy = block("aws_iam_policy.boundary", name="boundary", policy={"Statement": list(statements)})
    return (*operator(permissions_boundary=Ref("aws_iam_policy.boundary", "arn")), policy)


def deny(**values: object) -> dict[str, object]:
    return {"Sid": "No", "Effect": "Deny", "Action": "iam:PassRole", "Resource": "*", **values}


def vaults(**policies: dict[str, Any] | None) -> list[Block]:
    """Return a plan that writes to a vault for each keyword, with the Deny statement that its policy consists of."""
    rules = [{"rule_name": name, "target_vault_name": Ref(f"aws_backup_vault.{name}", "name")} for name in policies]
    blocks = [block("aws_backup_plan.daily", name="daily", rule=rules)]
    for name, statement in policies.items():
        blocks.append(block(f"aws_backup_vault.{name}", name=name))
        if statement is not None:
            document = {"Statement": [{"Effect": "Deny", "Action": "backup:*", "Resource": "*", **statement}]}
            vault = Ref(f"aws_backup_vault.{name}", "name")
            blocks.append(block(f"aws_backup_vault_policy.{name}", backup_vault_name=vault, policy=document))
    return blocks


def found(*blocks: Block) -> list[Denial | Unresolved]:
    told = judged(*blocks)
    (operator,) = operators(told.restore_grants)
    return list(taken_from(operator, told, told.restore_roles, told.open_vaults))


def judged(*blocks: Block) -> JudgedEstate:
    return JudgedEstate.under(estate(*blocks), Requirements())


def policy_types(*blocks: Block) -> list[PolicyType | None]:
    return [one.policy_type if isinstance(one, Denial) else None for one in found(*blocks)]


SATO = {"Principal": {"AWS": "arn:aws:iam::111122223333:user/sato"}}
NOT_SATO = {"Principal": {"AWS": "arn:aws:iam::111122223333:user/ito"}}
EVERYONE = {"Principal": "*"}


def test_nothing_is_taken_from_whom_nothing_is_denied() -> None:
    assert found(RESTORE_ROLE, *operator()) == []


def test_one_statement_can_take_both() -> None:
    (start, passing) = found(RESTORE_ROLE, *operator(deny(Action="*")))

    assert isinstance(start, Denial)
    assert isinstance(passing, Denial)
    assert (start.action, start.statement) == ("backup:StartRestoreJob", "No")
    assert (passing.action, passing.policy) == ("iam:PassRole", "aws_iam_user_policy.sato")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, []),
        ({"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}, []),
        ({"Bool": {"aws:SecureTransport": "false"}}, []),
        ({"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}, [None]),
        ({"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, [None]),
        ({"StringEquals": {"aws:username": "sato"}}, [PolicyType.IDENTITY]),
        ({"StringEquals": {"aws:username": "ito"}}, []),
        ({"StringNotEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}, [PolicyType.IDENTITY]),
        ({"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}, []),
    ],
)
def test_a_deny_counts_as_far_as_its_condition_goes(condition: object, expected: list[PolicyType | None]) -> None:
    assert policy_types(RESTORE_ROLE, *operator(deny(Condition=condition))) == expected


def test_another_role_that_may_be_passed_is_enough() -> None:
    second = role("second", managed_policy_arns=[RESTORES])
    denied = deny(Resource="arn:aws:iam::111122223333:role/restore")

    assert policy_types(RESTORE_ROLE, *operator(denied)) == [PolicyType.IDENTITY]
    assert policy_types(RESTORE_ROLE, second, *operator(denied)) == []


@pytest.mark.parametrize(
    ("denied", "expected"),
    [
        (deny(), [PolicyType.IDENTITY]),
        (deny(Resource="arn:aws:iam::111122223333:role/admin"), []),
        ({"Effect": "Deny", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::111122223333:role/r"}, [None]),
    ],
)
def test_of_roles_out_of_sight_only_what_holds_for_all_is_said(
    denied: object, expected: list[PolicyType | None]
) -> None:
    assert policy_types(*operator(denied)) == expected


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        ("*", []),
        ("arn:aws:iam::111122223333:role/team-*", [None]),
        ("arn:aws:iam::111122223333:role/service-role/AWSBackup*", []),
    ],
)
def test_a_boundary_for_roles_out_of_sight_may_let_the_right_one_through(
    allowed: str, expected: list[PolicyType | None]
) -> None:
    assert policy_types(*bounded(START, {"Effect": "Allow", "Action": "iam:PassRole", "Resource": allowed})) == expected


def test_a_boundary_that_leaves_pass_role_out_stops_it_for_every_role() -> None:
    assert policy_types(*bounded(START)) == [PolicyType.BOUNDARY]
    assert policy_types(RESTORE_ROLE, *bounded(START)) == [PolicyType.BOUNDARY]


def test_a_policy_that_only_bounds_is_no_grant() -> None:
    assert [one.address for one in operators(judged(*bounded(START)).restore_grants)] == ["aws_iam_user.sato"]


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ({"efs": SATO}, [PolicyType.RESOURCE]),
        ({"efs": NOT_SATO}, []),
        ({"efs": None}, []),
        ({"efs": SATO, "second": None}, []),
        ({"efs": SATO, "second": SATO}, [PolicyType.RESOURCE]),
        ({"efs": EVERYONE}, []),
        ({"efs": EVERYONE, "second": SATO}, [PolicyType.RESOURCE]),
        ({"efs": {**EVERYONE, "Condition": {"ArnNotLike": {"aws:PrincipalArn": "*:user/ito"}}}}, [PolicyType.RESOURCE]),
        ({"efs": {**EVERYONE, "Condition": {"StringNotLike": {"aws:userid": "AIDAEXAMPLE"}}}}, [None]),
    ],
)
def test_a_vault_stops_whom_it_names_where_no_other_vault_helps(
    policies: dict[str, dict[str, Any] | None], expected: list[PolicyType | None]
) -> None:
    assert policy_types(RESTORE_ROLE, *operator(), *vaults(**policies)) == expected


def test_a_vault_that_no_plan_writes_to_stops_nobody() -> None:
    _, *blocks = vaults(efs=SATO)

    assert found(RESTORE_ROLE, *operator(), *blocks) == []


def test_a_vault_out_of_sight_may_help() -> None:
    plan, *blocks = vaults(efs=SATO)
    rules = [*plan.values["rule"], {"rule_name": "other", "target_vault_name": "elsewhere"}]  # type: ignore[misc]  # a list

    assert policy_types(RESTORE_ROLE, *operator(), block(plan.address, name="daily", rule=rules), *blocks) == [None]


def test_a_group_is_judged_by_itself_only_without_its_users() -> None:
    policy = {"Statement": [START, PASS_ANY]}
    group = (
        block("aws_iam_group.ops", name="ops"),
        block("aws_iam_group_policy.ops", group=Ref("aws_iam_group.ops"), policy=policy),
    )
    user = (
        block("aws_iam_user.ito", name="ito"),
        block(
            "aws_iam_user_group_membership.ito", user=Ref("aws_iam_user.ito"), groups=[Ref("aws_iam_group.ops", "name")]
        ),
    )

    assert [one.address for one in operators(judged(*group).restore_grants)] == ["aws_iam_group.ops"]
    assert [one.address for one in operators(judged(*group, *user).restore_grants)] == ["aws_iam_user.ito"]
