from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.support.terraform_blocks import (
    BACKUP,
    OPERATOR,
    OTHER,
    RESTORES,
    START,
    TRUST,
    block,
    estate,
    held,
    principal,
    role,
)

from restore_ready import PolicyDocument, PrincipalKind, Ref, Text, Unresolved
from restore_ready.readers.terraform._block import Block

ROLE = "aws_iam_role.ops"


def test_a_role_has_its_arn_and_trust() -> None:
    found = principal(estate(role(path="/ops/")), ROLE)
    assert (found.kind, found.name, found.arn) == (
        PrincipalKind.ROLE,
        "ops",
        "arn:aws:iam::this-account:role/ops/ops",
    )
    assert isinstance(found.trust, PolicyDocument)


def test_a_name_that_terraform_makes_up_is_known_by_its_prefix_only() -> None:
    found = principal(estate(block(ROLE, name_prefix="ops-", assume_role_policy=TRUST)), ROLE)
    assert found.name == Text(("ops-", Unresolved("Terraform generates the name")))
    assert found.arn.parts[0] == "arn:aws:iam::this-account:role/ops-"


def test_policies_written_in_the_role_land_on_the_role() -> None:
    found = estate(role(inline_policy=[{"name": "in", "policy": START}, {}], managed_policy_arns=[OPERATOR]))
    assert held(found, ROLE) == [(ROLE, "in"), (ROLE, "AWSBackupOperatorAccess")]
    assert [policy.own_address for policy in principal(found, ROLE).policies] == [False, False]
    assert [policy.aws_managed for policy in principal(found, ROLE).policies] == [False, True]


@pytest.mark.parametrize("holder", ["ops", Ref(ROLE, "name"), Ref(ROLE, "id")])
@pytest.mark.parametrize(
    ("kind", "declared"),
    [
        ("role", role()),
        ("user", block("aws_iam_user.ops", name="ops")),
        ("group", block("aws_iam_group.ops", name="ops")),
    ],
)
def test_inline_policies_of_every_kind_have_their_own_address(kind: str, declared: Block, holder: object) -> None:
    named = Ref(f"aws_iam_{kind}.ops", holder.attribute) if isinstance(holder, Ref) else holder
    inline = block(f"aws_iam_{kind}_policy.p", **{kind: named}, name="p", policy=START)
    found = estate(declared, inline)
    assert held(found, f"aws_iam_{kind}.ops") == [(f"aws_iam_{kind}_policy.p", "p")]
    assert len(found.principals) == 1


@pytest.mark.parametrize("kind", ["role", "user", "group"])
@pytest.mark.parametrize(
    "arn",
    [Ref("aws_iam_policy.p", "arn"), "arn:aws:iam::123456789012:policy/x/p", "arn:aws:iam::this-account:policy/x/p"],
)
def test_attachments_of_every_kind_find_customer_managed_policies(kind: str, arn: object) -> None:
    found = estate(
        block(f"aws_iam_{kind}.ops", name="ops", assume_role_policy=TRUST),
        block("aws_iam_policy.p", name="p", path="/x/", policy=START),
        block(f"aws_iam_{kind}_policy_attachment.a", **{kind: "ops"}, policy_arn=arn),
    )
    assert held(found, f"aws_iam_{kind}.ops") == [("aws_iam_policy.p", "p")]
    assert [policy.address for policy in found.policies] == ["aws_iam_policy.p"]


def test_aws_managed_policies_land_on_each_holder() -> None:
    found = estate(role(), block("aws_iam_role_policy_attachment.a", role="ops", policy_arn=RESTORES))
    assert held(found, ROLE) == [(ROLE, "AWSBackupServiceRolePolicyForRestores")]


def test_an_arn_of_an_unknown_partition_still_names_the_aws_managed_policy() -> None:
    arn = Text(("arn:", Unresolved("partition"), ":iam::aws:policy/AWSBackupOperatorAccess"))
    found = estate(role(managed_policy_arns=[arn]))
    assert held(found, ROLE) == [(ROLE, "AWSBackupOperatorAccess")]


def test_an_exclusive_attachment_reaches_all_it_lists() -> None:
    found = estate(
        role(),
        block("aws_iam_user.u", name="u"),
        block("aws_iam_group.g", name="g"),
        block(
            "aws_iam_policy_attachment.a",
            roles=["ops"],
            users=["u"],
            groups=[Ref("aws_iam_group.g")],
            policy_arn=OPERATOR,
        ),
    )
    assert [len(one.policies) for one in found.principals] == [1, 1, 1]


def test_an_exclusive_list_attaches_what_it_lists_and_removes_the_rest() -> None:
    found = estate(
        role(),
        block("aws_iam_role_policy_attachment.a", role="ops", policy_arn=RESTORES),
        block("aws_iam_role_policy_attachment.b", role=Ref(ROLE), policy_arn=OTHER),
        block("aws_iam_role_policy_attachments_exclusive.x", role_name="ops", policy_arns=[OPERATOR]),
    )
    assert [policy.name for policy in principal(found, ROLE).policies] == ["AWSBackupOperatorAccess"]


def test_an_empty_exclusive_list_leaves_nothing_attached_but_inline_policies() -> None:
    found = estate(
        block("aws_iam_user.u", name="u"),
        block("aws_iam_user_policy.p", user="u", name="p", policy=START),
        block("aws_iam_user_policy_attachment.a", user="u", policy_arn=OPERATOR),
        block("aws_iam_user_policy_attachments_exclusive.x", user_name=Ref("aws_iam_user.u", "name"), policy_arns=[]),
    )
    assert [policy.name for policy in principal(found, "aws_iam_user.u").policies] == ["p"]


def test_an_exclusive_list_of_inline_policies_keeps_those_it_names() -> None:
    found = estate(
        block("aws_iam_group.g", name="g"),
        block("aws_iam_group_policy.kept", group="g", name="kept", policy=START),
        block("aws_iam_group_policy.referred", group="g", policy=START),
        block("aws_iam_group_policy.gone", group="g", name="gone", policy=START),
        block("aws_iam_group_policy_attachment.a", group="g", policy_arn=OPERATOR),
        block(
            "aws_iam_group_policies_exclusive.x",
            group_name="g",
            policy_names=["kept", Ref("aws_iam_group_policy.referred", "name")],
        ),
    )
    addresses = [policy.address for policy in principal(found, "aws_iam_group.g").policies]
    assert addresses == ["aws_iam_group_policy.kept", "aws_iam_group_policy.referred", "aws_iam_group.g"]


def test_an_exclusive_list_may_name_what_an_attachment_attaches() -> None:
    found = estate(
        role(),
        block("aws_iam_role_policy_attachment.a", role="ops", policy_arn=RESTORES),
        block(
            "aws_iam_role_policy_attachments_exclusive.x",
            role_name="ops",
            policy_arns=[Ref("aws_iam_role_policy_attachment.a", "policy_arn")],
        ),
    )
    assert [policy.name for policy in principal(found, ROLE).policies] == ["AWSBackupServiceRolePolicyForRestores"]


@pytest.mark.parametrize(
    "exclusive",
    [
        block("aws_iam_role_policy_attachments_exclusive.x", role_name="ops", policy_arns=Unresolved("not given")),
        block("aws_iam_role_policy_attachments_exclusive.x", role_name=Unresolved("not given"), policy_arns=[]),
        replace(
            block("aws_iam_role_policy_attachments_exclusive.x", role_name="ops", policy_arns=[]),
            maybe=("its count is not known",),
        ),
    ],
)
def test_an_exclusive_list_that_is_open_leaves_what_is_attached_open(exclusive: Block) -> None:
    attached = block("aws_iam_role_policy_attachment.a", role="ops", policy_arn=BACKUP)
    held_policies = principal(estate(role(), attached, exclusive), ROLE).policies
    documents = [policy.document for policy in held_policies]
    assert all(isinstance(document, PolicyDocument) for document in documents)
    entries = [entry for found in documents if isinstance(found, PolicyDocument) for entry in found.statements]
    assert any(isinstance(entry, Unresolved) for entry in entries)


@pytest.mark.parametrize(
    "membership",
    [
        block("aws_iam_group_membership.m", group="g", users=["u"]),
        block("aws_iam_user_group_membership.m", user=Ref("aws_iam_user.u"), groups=[Ref("aws_iam_group.g")]),
    ],
)
def test_users_have_the_policies_of_their_groups(membership: Block) -> None:
    found = estate(
        block("aws_iam_user.u", name="u"),
        block("aws_iam_group.g", name="g"),
        block("aws_iam_group_policy_attachment.a", group="g", policy_arn=OPERATOR),
        block("aws_iam_user_policy.own", user="u", name="own", policy=START),
        membership,
    )
    assert held(found, "aws_iam_user.u") == [
        ("aws_iam_user_policy.own", "own"),
        ("aws_iam_group.g", "AWSBackupOperatorAccess"),
    ]


def test_a_group_that_is_not_declared_leaves_its_users_open() -> None:
    found = estate(
        block("aws_iam_user.u", name="u"), block("aws_iam_user_group_membership.m", user="u", groups=["admins"])
    )
    assert principal(found, "aws_iam_user.u").unread != ()


def test_unknown_members_leave_the_users_beside_open_if_the_group_holds_anything() -> None:
    blocks = [
        block("aws_iam_user.u", name="u"),
        block("aws_iam_group.g", name="g"),
        block("aws_iam_group_membership.m", group="g", users=Unresolved("var.users has no value")),
    ]
    assert principal(estate(*blocks), "aws_iam_user.u").unread == ()
    holding = block("aws_iam_group_policy_attachment.a", group="g", policy_arn=OPERATOR)
    assert principal(estate(*blocks, holding), "aws_iam_user.u").unread != ()


def test_a_policy_that_is_defined_elsewhere_leaves_its_holder_open() -> None:
    for arn in (
        "arn:aws:iam::1:policy/elsewhere",
        "arn:aws:iam::aws:policy/NoSuchPolicy",
        Unresolved("var.arn"),
        Ref("x.y"),
    ):
        found = estate(role(), block("aws_iam_role_policy_attachment.a", role="ops", policy_arn=arn))
        assert len(principal(found, ROLE).unread) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"name": "AWSBackupServiceRolePolicyForRestores"},
        {"arn": RESTORES},
        {"name": "x", "arn": RESTORES, "policy": "{}"},
    ],
)
def test_a_data_source_of_an_aws_managed_policy_is_that_policy(values: dict[str, object]) -> None:
    data = block("data.aws_iam_policy.p", **values)
    found = estate(role(managed_policy_arns=[Ref("data.aws_iam_policy.p", "arn")]), data)
    assert held(found, ROLE) == [(ROLE, "AWSBackupServiceRolePolicyForRestores")]
    assert found.policies == ()


def test_an_arn_that_aws_does_not_have_is_told_with_the_one_of_its_name() -> None:
    wrong = OPERATOR.replace("policy/", "policy/service-role/")
    (why,) = principal(estate(role(managed_policy_arns=[wrong])), ROLE).unread
    assert f"{wrong} is not in" in why.why
    assert why.why.endswith(OPERATOR)


def test_a_data_source_of_another_policy_is_out_of_sight_unless_a_plan_has_read_it() -> None:
    blind = estate(
        role(managed_policy_arns=[Ref("data.aws_iam_policy.p")]), block("data.aws_iam_policy.p", name="mine")
    )
    assert len(principal(blind, ROLE).unread) == 1
    read = block("data.aws_iam_policy.p", name="mine", arn="arn:aws:iam::1:policy/mine", policy=START)
    assert held(estate(role(managed_policy_arns=[Ref("data.aws_iam_policy.p")]), read), ROLE) == [(ROLE, "mine")]


def test_a_role_out_of_sight_stands_where_something_is_attached_to_it() -> None:
    found = estate(block("aws_iam_role_policy.p", role="made-by-hand", name="p", policy=START))
    (ghost,) = found.principals
    assert (ghost.address, ghost.name, len(ghost.policies), len(ghost.unread)) == (
        "aws_iam_role_policy.p",
        "made-by-hand",
        1,
        1,
    )
    assert isinstance(ghost.trust, Unresolved)


def test_a_data_source_of_a_role_stands_for_it() -> None:
    data = block("data.aws_iam_role.r", name="made-by-hand")
    attached = [
        block(f"aws_iam_role_policy_attachment.{at}", role=Ref("data.aws_iam_role.r", "name"), policy_arn=arn)
        for at, arn in enumerate((OPERATOR, RESTORES))
    ]
    (ghost,) = estate(data, *attached).principals
    assert (ghost.address, ghost.name, len(ghost.policies)) == ("data.aws_iam_role.r", "made-by-hand", 2)
    assert estate(data).principals == ()


def test_a_data_source_that_a_plan_has_read_shows_its_trust() -> None:
    data = block("data.aws_iam_role.r", name="r", arn="arn:aws:iam::1:role/r", assume_role_policy=TRUST)
    (ghost,) = estate(data, block("aws_iam_role_policy.p", role=Ref("data.aws_iam_role.r"), policy=START)).principals
    assert ghost.arn == "arn:aws:iam::1:role/r"
    assert isinstance(ghost.trust, PolicyDocument)


def test_a_data_source_of_a_declared_role_is_that_role() -> None:
    data = block("data.aws_iam_role.r", name="ops")
    found = estate(
        role(), data, block("aws_iam_role_policy.p", role=Ref("data.aws_iam_role.r"), name="p", policy=START)
    )
    assert held(found, ROLE) == [("aws_iam_role_policy.p", "p")]


def test_an_unrelated_policy_for_an_unknown_role_opens_nobody() -> None:
    found = estate(role(), block("aws_iam_role_policy.p", role=Unresolved("var.role has no value"), policy=OTHER))
    assert principal(found, ROLE).unread == ()


def test_a_restore_policy_for_an_unknown_role_may_be_anyones() -> None:
    unknown = Unresolved("var.role has no value")
    found = estate(
        role(),
        block("module.m.aws_iam_role.far", name="far", assume_role_policy=TRUST),
        block("aws_iam_user.u", name="u"),
        block("aws_iam_role_policy.p", role=unknown, policy=START),
    )
    opened = [one.address for one in found.principals if one.unread]
    assert opened == [ROLE, "module.m.aws_iam_role.far", "aws_iam_role_policy.p"]


def test_an_unreadable_policy_for_an_unknown_role_opens_the_roles_beside_it_only() -> None:
    unknown = Unresolved("var.x has no value")
    found = estate(
        role(),
        block("module.m.aws_iam_role.far", name="far", assume_role_policy=TRUST),
        block("module.m.aws_iam_role_policy_attachment.p", role=unknown, policy_arn=unknown),
    )
    assert [one.address for one in found.principals if one.unread] == ["module.m.aws_iam_role.far"]


def test_a_half_known_role_name_opens_only_roles_it_can_mean() -> None:
    half = Text(("app-", Unresolved("var.x has no value")))
    found = estate(role(), role("app-1"), block("aws_iam_role_policy.p", role=half, policy=START))
    assert [one.address for one in found.principals if one.unread] == ["aws_iam_role.app-1", "aws_iam_role_policy.p"]


def test_the_same_half_known_name_is_the_same_role() -> None:
    half = Text(("app-", Unresolved("var.x has no value")))
    declared = block(ROLE, name=half, assume_role_policy=TRUST)
    found = estate(declared, block("aws_iam_role_policy.p", role=half, name="p", policy=START))
    assert held(found, ROLE) == [("aws_iam_role_policy.p", "p")]


def test_a_name_in_two_module_instances_means_the_one_of_the_same_instance() -> None:
    found = estate(
        *(block(f'module.m["{key}"].aws_iam_role.r', name="same", assume_role_policy=TRUST) for key in "ab"),
        block('module.m["a"].aws_iam_role_policy.p', role="same", name="p", policy=START),
    )
    assert [len(one.policies) for one in found.principals] == [1, 0]
    outside = estate(
        *(block(f'module.m["{key}"].aws_iam_role.r', name="same", assume_role_policy=TRUST) for key in "ab"),
        block("aws_iam_role_policy.p", role="same", name="p", policy=START),
    )
    assert [len(one.policies) for one in outside.principals] == [1, 1]


def test_boundaries_are_read() -> None:
    bound = block("aws_iam_policy.b", name="b", policy=OTHER)
    found = estate(role(permissions_boundary=Ref("aws_iam_policy.b", "arn")), bound)
    assert principal(found, ROLE).boundary.address == "aws_iam_policy.b"
    assert isinstance(principal(estate(role(permissions_boundary="arn:x")), ROLE).boundary, Unresolved)
    assert principal(estate(role()), ROLE).boundary is None


SET = "aws_ssoadmin_permission_set.ops"


def test_permission_sets_have_policies_of_every_kind() -> None:
    found = estate(
        block(SET, name="Ops"),
        block("aws_iam_policy.p", name="p", policy=START),
        block("aws_ssoadmin_permission_set_inline_policy.i", permission_set_arn=Ref(SET, "arn"), inline_policy=START),
        block(
            "aws_ssoadmin_managed_policy_attachment.m", permission_set_arn=Ref(SET, "arn"), managed_policy_arn=OPERATOR
        ),
        block(
            "aws_ssoadmin_customer_managed_policy_attachment.c",
            permission_set_arn=Ref(SET, "arn"),
            customer_managed_policy_reference=[{"name": "p", "path": "/"}],
        ),
        block(
            "aws_ssoadmin_permissions_boundary_attachment.b",
            permission_set_arn=Ref(SET, "arn"),
            permissions_boundary=[{"customer_managed_policy_reference": [{"name": "p"}]}],
        ),
    )
    assert [address for address, _ in held(found, SET)] == [
        "aws_ssoadmin_permission_set_inline_policy.i",
        SET,
        "aws_iam_policy.p",
    ]
    assert principal(found, SET).kind is PrincipalKind.PERMISSION_SET
    assert principal(found, SET).boundary.address == "aws_iam_policy.p"


def test_attachments_find_permission_sets_by_arn_too() -> None:
    arn = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
    found = estate(
        block(SET, name="Ops", arn=arn),
        block("aws_ssoadmin_managed_policy_attachment.m", permission_set_arn=arn, managed_policy_arn=OPERATOR),
    )
    assert len(principal(found, SET).policies) == 1


def test_policies_of_the_aws_provider_reach_roles_of_the_awscc_provider() -> None:
    found = estate(
        block("awscc_iam_role.r", role_name="r", assume_role_policy_document=TRUST),
        block("aws_iam_role_policy_attachment.a", role=Ref("awscc_iam_role.r", "role_name"), policy_arn=OPERATOR),
    )
    assert held(found, "awscc_iam_role.r") == [("awscc_iam_role.r", "AWSBackupOperatorAccess")]


def test_a_policy_attached_to_nobody_is_in_the_estate_only() -> None:
    found = estate(role(), block("aws_iam_policy.p", name="p", policy=START))
    assert [policy.address for policy in found.policies] == ["aws_iam_policy.p"]
    assert principal(found, ROLE).policies == ()
