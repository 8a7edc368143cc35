"""What people are told of a decision, and whose Allow an action needs."""

import pytest
from tests.support.iam_cases import HOLE, OWN, POINT, ROLE, ROOT, START, allow, deny, explain, policy, when

from restore_ready import Place, Principal, PrincipalKind, Ref, Unresolved
from restore_ready.iam import (
    Allowed,
    Authority,
    Cause,
    Denied,
    Identity,
    Level,
    PolicyType,
    Request,
    TracedStatement,
    Undecided,
    authority_for,
    evaluate,
)

ASKED = Request(START, POINT)
FULL = allow("Full", "*")
MAYBE = when("StringEquals", "aws:unheard", "x")
OPEN = "aws:unheard of the request is not known"


def held(*statements: object, **more: object) -> Identity:
    return Identity(ROLE, PrincipalKind.ROLE, (policy("ops", statements),), **more)  # type: ignore[arg-type]  # fields


def test_a_denial_names_statement_and_policy() -> None:
    guardrail = Level((policy("org-guardrail", [FULL, deny("DenyRestore")]),), complete=True)
    found = evaluate(held(allow("A"), service_controls=(guardrail,)), ASKED)
    why = "statement DenyRestore of service control policy org-guardrail denies it"
    assert (found.outcome, found.policy_type) == (
        Denied(Cause("org-guardrail", "DenyRestore", "Deny"), why),
        PolicyType.SERVICE_CONTROL,
    )
    assert explain(found) == (
        f"denied: {why}",
        "statement Full of service control policy org-guardrail allows it",
        "statement DenyRestore of service control policy org-guardrail denies it",
        "statement A of identity policy ops allows it",
    )


def test_a_doubt_names_statement_and_policy() -> None:
    found = evaluate(held(allow("A"), deny("D", Condition=MAYBE)), ASKED)
    why = f"whether statement D of identity policy ops applies is not known: {OPEN}"
    assert found.outcome == Undecided(why, Cause("ops", "A", "Allow"))
    assert explain(found) == (
        f"not decided: {why}",
        "statement A of identity policy ops allows it",
        f"statement D of identity policy ops may apply and denies it then: {OPEN}",
    )
    assert found.trace[1] == TracedStatement(PolicyType.IDENTITY, "ops", "ops", "D", "Deny", Unresolved(OPEN))


def test_an_allow_is_traced_through_all_stages_by_address_where_a_name_is_not_known() -> None:
    nameless = policy("aws_iam_policy.b", [{**FULL, "Sid": ""}])
    boundary = type(nameless)(nameless.address, Place("main.tf", 1, 1), HOLE, nameless.document)
    found = evaluate(held(allow("A"), boundary=boundary), ASKED, resource_policy=policy("vault", [deny("D", "s3:*")]))
    assert found.outcome == Allowed(Cause("ops", "A", "Allow"))
    assert explain(found) == (
        "allowed",
        "statement A of identity policy ops allows it",
        "statement 0 of permissions boundary aws_iam_policy.b allows it",
    )


@pytest.mark.parametrize(
    ("identity", "why"),
    [
        (held(allow("A", "s3:*")), "no identity policy allows it"),
        (held(allow("A"), boundary=policy("limit", [])), "permissions boundary limit does not allow it"),
        (
            held(allow("A"), service_controls=(Level((policy("scp", []),), complete=True),)),
            "no service control policy of one level allows it (scp)",
        ),
    ],
)
def test_a_lack_says_where_it_is(identity: Identity, why: str) -> None:
    assert evaluate(identity, ASKED).outcome == Denied(None, why)


def test_what_was_not_read_says_so() -> None:
    unread = Identity(ROLE, PrincipalKind.ROLE, unread=(Unresolved("a module attaches more"),))
    assert evaluate(unread, ASKED).outcome == Undecided("a module attaches more")
    found = evaluate(held(allow("A")), ASKED, resource_policy=policy("vault", HOLE))
    assert found.outcome == Undecided(
        "what resource policy vault says is not known: not known", Cause("ops", "A", "Allow")
    )
    assert explain(found)[1] == "resource policy vault may apply and allows or denies it then: not known"


@pytest.mark.parametrize(
    ("action", "authority"),
    [
        ("backup:StartRestoreJob", Authority.EITHER),
        ("elasticfilesystem:ClientMount", Authority.EITHER),
        ("KMS:Decrypt", Authority.RESOURCE_POLICY),
        ("sts:AssumeRole", Authority.RESOURCE_POLICY),
        ("sts:AssumeRoleWithSAML", Authority.RESOURCE_POLICY),
        ("sts:GetCallerIdentity", Authority.EITHER),
        ("iam:PassRole", Authority.IDENTITY_POLICY),
    ],
)
def test_whose_allow_an_action_needs(action: str, authority: Authority) -> None:
    assert authority_for(action) is authority


def test_a_caller_may_say_whose_allow_is_needed() -> None:
    given = policy("vault", [allow("R", Principal={"AWS": ROOT})])
    needy = evaluate(held(allow("A", "s3:*")), ASKED, resource_policy=given, authority=Authority.RESOURCE_POLICY)
    why = "the resource policy leaves it to identity policies, and none allows it"
    assert needy.outcome == Denied(None, why)
    found = evaluate(held(allow("A")), ASKED, resource_policy=policy("v", []), authority=Authority.RESOURCE_POLICY)
    assert found.outcome == Denied(None, "resource policy v does not allow it")


def test_a_principal_of_the_estate_is_known_by_its_address() -> None:
    arn = f"arn:aws:iam::{OWN}:role/x"
    role = Principal("aws_iam_role.x", Place("main.tf", 1, 1), PrincipalKind.ROLE, "x", arn)
    given = policy("vault", [allow("R", Principal={"AWS": Ref("aws_iam_role.x", "id")})])
    found = evaluate(Identity.of(role), ASKED, resource_policy=given)
    assert found.outcome == Allowed(Cause("vault", "R", "Allow"))
