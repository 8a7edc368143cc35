"""What resource policies give to whom, within and across accounts: the IAM User Guide, rule by rule."""

import pytest
from tests.support.iam_cases import (
    ASSUME,
    BOUNDARY,
    DECRYPT,
    ELSE,
    FOREIGN,
    FOREIGN_ROLE,
    FULL,
    HOLE,
    KEY,
    OTHER,
    OWN,
    RESOURCE,
    ROLE,
    ROOT,
    SERVICE,
    SESSION,
    TARGET,
    USER,
    USES,
    A,
    Case,
    allow,
    allowed,
    check,
    denied,
    deny,
    granting,
    lacking,
    to,
    undecided,
    when,
)

from restore_ready import Ref

FOREIGN_KEY = f"arn:aws:kms:eu-west-1:{OTHER}:key/1"
ASSUMES = allow("A", ASSUME)

RESOURCE_POLICIES = [
    allowed("in one account the identity policy's Allow is enough", identity=[A], resource_policy=[]),
    allowed("in one account the resource policy's Allow is enough", "R", RESOURCE, resource_policy=[granting(ROLE)]),
    allowed("an asterisk grants to everybody of the account", "R", RESOURCE, resource_policy=[granting("*")]),
    lacking("naming the account by its root ARN only delegates", resource_policy=[granting(ROOT)]),
    lacking("naming the account by its id only delegates", resource_policy=[granting(OWN)]),
    allowed("what is delegated to the account an identity policy grants", identity=[A],
            resource_policy=[granting(ROOT)]),
    lacking("naming somebody else grants nothing", resource_policy=[granting(USER)]),
    lacking("naming a part of an ARN with a wildcard grants nothing",
            resource_policy=[granting(f"arn:aws:iam::{OWN}:role/*")]),
    lacking("a role's ARN without its path is another's",
            resource_policy=[granting(f"arn:aws:iam::{OWN}:role/restorer")]),
    lacking("letter case counts in principals", resource_policy=[granting(ROLE.replace("restorer", "Restorer"))]),
    undecided("naming one session of the role leaves open whether it asks", "R", RESOURCE,
              resource_policy=[granting(SESSION)]),
    lacking("naming a session of another role grants nothing",
            resource_policy=[granting(f"arn:aws:sts::{OWN}:assumed-role/other/anna")]),
    lacking("naming another session of the role grants nothing", who=SESSION,
            resource_policy=[granting(SESSION.replace("anna", "bert"))]),
    undecided("naming the role of a session by a path leaves it open", "R", RESOURCE, who=SESSION,
              resource_policy=[granting(ROLE)]),
    lacking("naming another role grants its name's sessions nothing", who=SESSION,
            resource_policy=[granting(f"arn:aws:iam::{OWN}:role/ops/other")]),
    undecided("unique ids may be anybody's", "R", RESOURCE, resource_policy=[granting("AROAEXAMPLEID")]),
    lacking("federated principals are none of the account's", resource_policy=[
        allow("R", Principal={"Federated": "accounts.google.com"})]),
    undecided("a canonical user id may be the account's", "R", RESOURCE, resource_policy=[
        allow("R", Principal={"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"})]),
    allowed("the condition on aws:PrincipalArn takes the role's ARN for its session", "R", RESOURCE, resource_policy=[
        granting("*", Condition=when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/ops/restorer"))]),
    lacking("the root ARN as aws:PrincipalArn is the root user only", resource_policy=[
        granting("*", Condition=when("ArnEquals", "aws:PrincipalArn", ROOT))]),
    allowed("a reference to the caller in the estate names it", "R", RESOURCE, address="aws_iam_role.r",
            resource_policy=[granting(Ref("aws_iam_role.r", "arn"))]),
    lacking("a reference to another role of the estate does not", address="aws_iam_role.r",
            resource_policy=[granting(Ref("aws_iam_role.other", "id"))]),
    undecided("a reference out of sight may name anybody", "R", RESOURCE, address="aws_iam_role.r",
              resource_policy=[granting(Ref("data.aws_iam_role.r", "arn"))]),
    allowed("a Deny spares the caller it refers to", identity=[A], address="aws_iam_role.r", resource_policy=[
        deny("D", Principal="*", Condition=when("ArnNotEquals", "aws:PrincipalArn", Ref("aws_iam_role.r", "id")))]),
    denied("a Deny that spares another role hits the caller", "D", RESOURCE, identity=[A], address="aws_iam_role.r",
           resource_policy=[deny("D", Principal="*", Condition=when(
               "ArnNotEquals", "aws:PrincipalArn", Ref("aws_iam_role.other", "arn")))]),
    denied("a Deny naming the account hits all of it", "D", RESOURCE, identity=[A],
           resource_policy=[deny("D", Principal=to(ROOT))]),
    denied("a Deny naming the role hits its sessions", "D", RESOURCE, identity=[A],
           resource_policy=[deny("D", Principal=to(ROLE))]),
    allowed("a Deny naming another account spares it", identity=[A],
            resource_policy=[deny("D", Principal=to(OTHER))]),
    undecided("a resource policy that can't be read may deny", None, RESOURCE, identity=[A], resource_policy=HOLE),
    undecided("a resource policy that can't be read may allow", None, RESOURCE, resource_policy=HOLE),
    undecided("whose ARN is not known may be the caller's", "D", RESOURCE, identity=[A],
              resource_policy=[deny("D", Principal=to(HOLE))]),
    allowed("the estate's own account is any account's number", "R", RESOURCE,
            who="arn:aws:iam::this-account:role/x",
            resource_policy=[granting("arn:aws:iam::123456789012:role/x")]),
    allowed("a service needs the resource policy alone", "R", RESOURCE, who=SERVICE,
            resource_policy=[allow("R", Principal={"Service": SERVICE})]),
    lacking("a service without it has nothing", RESOURCE, who=SERVICE),
    lacking("another service's Allow is not its own", RESOURCE, who=SERVICE,
            resource_policy=[allow("R", Principal={"Service": "ec2.amazonaws.com"})]),
]  # fmt: skip

NOT_PRINCIPALS = [
    denied("NotPrincipal with Deny hits whom it does not name", "D", RESOURCE, identity=[A],
           resource_policy=[deny("D", NotPrincipal=to(USER))]),
    allowed("it spares who is named with the account", identity=[A],
            resource_policy=[deny("D", NotPrincipal=to(ROLE, ROOT))]),
    undecided("who is named without the account may be hit through it", "D", RESOURCE, identity=[A],
              resource_policy=[deny("D", NotPrincipal=to(ROLE))]),
    undecided("whose account alone is named may be hit", "D", RESOURCE, identity=[A],
              resource_policy=[deny("D", NotPrincipal=to(ROOT))]),
    denied("it always hits who has a boundary", "D", RESOURCE, identity=[A], boundary=[FULL],
           resource_policy=[deny("D", NotPrincipal=to(ROLE, ROOT))]),
    undecided("it may hit who may have a boundary", "D", RESOURCE, who=USER, boundary=HOLE,
              resource_policy=[granting(USER), deny("D", NotPrincipal=to(USER, ROOT))]),
    allowed("an asterisk spares everybody", identity=[A], resource_policy=[deny("D", NotPrincipal="*")]),
    allowed("it spares the service it names", "R", RESOURCE, who=SERVICE, resource_policy=[
        allow("R", Principal={"Service": SERVICE}), deny("D", NotPrincipal={"Service": SERVICE})]),
    undecided("NotPrincipal with Allow is not defined", "R", RESOURCE,
              resource_policy=[allow("R", NotPrincipal=to(USER))]),
    lacking("NotPrincipal with Allow gives nothing to whom it names", who=USER,
            resource_policy=[allow("R", NotPrincipal=to(USER, OWN))]),
]  # fmt: skip

ACROSS = [
    allowed("across accounts both sides must allow", identity=[A], resource=FOREIGN, resource_policy=[granting(ROLE)]),
    lacking("across accounts the identity policy is not enough", RESOURCE, identity=[A], resource=FOREIGN),
    lacking("across accounts the resource policy is not enough", resource=FOREIGN, resource_policy=[granting(ROLE)]),
    lacking("naming the user directly is not enough either", who=USER, resource=FOREIGN,
            resource_policy=[granting(USER)]),
    allowed("across accounts naming the account lets its identity policies grant", identity=[A], resource=FOREIGN,
            resource_policy=[granting(OWN)]),
    lacking("naming the resource's own account gives others nothing", RESOURCE, identity=[A], resource=FOREIGN,
            resource_policy=[granting(OTHER)]),
    lacking("across accounts the boundary limits", BOUNDARY, who=USER, identity=[A], boundary=[ELSE],
            resource=FOREIGN, resource_policy=[granting(USER)]),
    denied("across accounts a Deny on either side wins", "D", RESOURCE, identity=[A], resource=FOREIGN,
           resource_policy=[granting(ROLE), deny("D", Principal=to(OWN))]),
    undecided("in which account the resource lies may decide", None, RESOURCE, identity=[A], resource=HOLE),
    lacking("where both answers agree it does not", identity=[ELSE], resource=HOLE),
    allowed("where both sides allow it does not", identity=[A], resource=HOLE, resource_policy=[granting(ROLE)]),
    allowed("an ARN without account counts as the caller's own", identity=[A], resource="arn:aws:s3:::b"),
    lacking("aws:ResourceAccount tells where a resource without account lies", RESOURCE, identity=[A],
            resource="arn:aws:s3:::b", context={"aws:resourceaccount": (OTHER,)}),
    allowed("the root user of another account needs the resource policy alone", "R", RESOURCE, who=ROOT,
            resource=FOREIGN, resource_policy=[granting(ROOT)]),
    lacking("the root user of another account has nothing by itself", RESOURCE, who=ROOT, resource=FOREIGN),
]  # fmt: skip

KEYS = [
    lacking("an identity policy alone gives no access to a key", RESOURCE, identity=[USES], action=DECRYPT,
            resource=KEY, resource_policy=[]),
    allowed("a key policy naming the role is enough", "R", RESOURCE, action=DECRYPT, resource=KEY,
            resource_policy=[granting(ROLE, action="kms:*")]),
    allowed("a key policy naming the account lets identity policies grant", identity=[USES], action=DECRYPT,
            resource=KEY, resource_policy=[granting(ROOT, action="kms:*")]),
    lacking("a key policy naming the account grants nothing itself", action=DECRYPT, resource=KEY,
            resource_policy=[granting(ROOT, action="kms:*")]),
    lacking("it delegates only what it names", RESOURCE, identity=[USES], action=DECRYPT, resource=KEY,
            resource_policy=[granting(ROOT, action="kms:Describe*")]),
    allowed("a key without stated policy has the default one, which delegates", identity=[USES], action=DECRYPT,
            resource=KEY),
    lacking("the default key policy grants nothing itself", action=DECRYPT, resource=KEY),
    denied("a key policy's Deny of everybody but others wins", "D", RESOURCE, identity=[USES], action=DECRYPT,
           resource=KEY, resource_policy=[granting(ROOT, action="kms:*"), deny(
               "D", "kms:*", Principal="*", Condition=when("ArnNotEquals", "aws:PrincipalArn", USER))]),
    lacking("even the root user needs the key policy", RESOURCE, who=ROOT, action=DECRYPT, resource=KEY,
            resource_policy=[granting(ROLE, action="kms:*")]),
    allowed("a key policy naming the account lets the root user in", "R", RESOURCE, who=ROOT, action=DECRYPT,
            resource=KEY, resource_policy=[granting(ROOT, action="kms:*")]),
    allowed("everybody of the account that the service acts for", "R", RESOURCE, action=DECRYPT, resource=KEY,
            context={"kms:calleraccount": (OWN,)}, resource_policy=[
                granting("*", action=DECRYPT, Condition=when("StringEquals", "kms:CallerAccount", OWN))]),
    allowed("a key of another account needs both", identity=[USES], action=DECRYPT, resource=FOREIGN_KEY,
            resource_policy=[granting(OWN, action="kms:*")]),
    lacking("a key of another account with the default policy is closed", RESOURCE, identity=[USES],
            action=DECRYPT, resource=FOREIGN_KEY),
]  # fmt: skip

ASSUMING = [
    allowed("a trust policy naming the role is enough", "R", RESOURCE, action=ASSUME, resource=TARGET,
            resource_policy=[granting(ROLE, action=ASSUME)]),
    allowed("a trust policy naming the account leaves it to identity policies", identity=[ASSUMES], action=ASSUME,
            resource=TARGET, resource_policy=[granting(ROOT, action=ASSUME)]),
    lacking("the account's trust alone lets nobody in", action=ASSUME, resource=TARGET,
            resource_policy=[granting(ROOT, action=ASSUME)]),
    lacking("an identity policy alone assumes no role", RESOURCE, identity=[ASSUMES], action=ASSUME, resource=TARGET,
            resource_policy=[allow("R", ASSUME, Principal={"Service": SERVICE})]),
    allowed("a service needs the trust policy alone", "R", RESOURCE, who=SERVICE, action=ASSUME, resource=TARGET,
            resource_policy=[allow("R", ASSUME, Principal={"Service": SERVICE})]),
    allowed("across accounts trust and identity policy", identity=[ASSUMES], action=ASSUME, resource=FOREIGN_ROLE,
            resource_policy=[granting(ROLE, action=ASSUME)]),
    lacking("across accounts trust alone is not enough", action=ASSUME, resource=FOREIGN_ROLE,
            resource_policy=[granting(ROLE, action=ASSUME)]),
    lacking("a role is not trusted by itself unless it says so", RESOURCE, identity=[ASSUMES], action=ASSUME,
            resource=ROLE, resource_policy=[granting(USER, action=ASSUME)]),
    lacking("the root user can't assume roles", who=ROOT, action=ASSUME, resource=TARGET,
            resource_policy=[granting(ROOT, action=ASSUME)]),
    undecided("an unknown trust policy may let it in", None, RESOURCE, identity=[ASSUMES], action=ASSUME,
              resource=TARGET),
]  # fmt: skip

GROUPS = {
    "resource policies": RESOURCE_POLICIES,
    "NotPrincipal": NOT_PRINCIPALS,
    "across accounts": ACROSS,
    "keys": KEYS,
    "assuming roles": ASSUMING,
}


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{group}: {case.rule}") for group, cases in GROUPS.items() for case in cases]
)
def test_resource_policies_give_what_the_guide_says(case: Case) -> None:
    check(case)
