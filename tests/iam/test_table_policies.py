"""How kinds of policy combine: IAM User Guide, "Policy evaluation logic" and what it refers to, rule by rule."""

import pytest
from tests.support.iam_cases import (
    FEDERATED,
    FOREIGN,
    HOLE,
    LINKED,
    OTHER,
    OWN,
    ROLE,
    ROOT,
    SERVICE,
    SESSION,
    START,
    USER,
    Case,
    allow,
    allowed,
    check,
    denied,
    deny,
    lacking,
    to,
    undecided,
    when,
)

from restore_ready import PrincipalKind, Ref, Text
from restore_ready.iam import PolicyType

A, D = allow("A"), deny("D")
FULL = allow("Full", "*")
ELSE = allow("Else", "s3:*")
RCP, SCP, RESOURCE = PolicyType.RESOURCE_CONTROL, PolicyType.SERVICE_CONTROL, PolicyType.RESOURCE
BOUNDARY, IDENTITY = PolicyType.BOUNDARY, PolicyType.IDENTITY
MAYBE = when("StringEquals", "aws:unheard", "x")
KEY = f"arn:aws:kms:eu-west-1:{OWN}:key/1"
FOREIGN_KEY = f"arn:aws:kms:eu-west-1:{OTHER}:key/1"
DECRYPT = "kms:Decrypt"
USES = allow("A", DECRYPT)
TARGET = f"arn:aws:iam::{OWN}:role/target"
FOREIGN_ROLE = f"arn:aws:iam::{OTHER}:role/target"
ASSUME = "sts:AssumeRole"
ASSUMES = allow("A", ASSUME)
PASS = "iam:PassRole"  # noqa: S105  # an IAM action


def granting(*arns: object, action: str = START, **elements: object) -> dict[str, object]:
    return allow("R", action, Principal=to(*arns), **elements)


EFFECTS = [
    lacking("by default every request is implicitly denied"),
    allowed("an Allow overrides the default", identity=[A]),
    lacking("an Allow of something else changes nothing", identity=[ELSE]),
    denied("an explicit Deny overrides an Allow", "D", IDENTITY, identity=[A, D]),
    denied("an explicit Deny overrides an Allow written after it", "D", IDENTITY, identity=[D, A]),
    denied("an explicit Deny needs no Allow to override", "D", IDENTITY, identity=[D]),
    allowed("a Deny of something else changes nothing", identity=[A, deny("D", "s3:*")]),
    allowed("one Allow among several is enough", identity=[ELSE, A]),
    denied("a Deny in the resource policy overrides an identity policy", "D", RESOURCE, identity=[A],
           resource_policy=[deny("D", Principal="*")]),
    denied("a Deny in an identity policy overrides the resource policy", "D", IDENTITY, identity=[D],
           resource_policy=[granting(ROLE)]),
    denied("a Deny in the boundary overrides", "D", BOUNDARY, identity=[A], boundary=[FULL, D]),
    denied("a Deny in a service control policy overrides", "D", SCP, identity=[A], service_controls=[[FULL, D]]),
    denied("a Deny in a resource control policy overrides", "D", RCP, identity=[USES], action=DECRYPT, resource=KEY,
           resource_controls=[[{**FULL, "Principal": "*"}, deny("D", "kms:*", Principal="*")]]),
    denied("of several Denies the one of the first type of policy is named", "S", SCP, identity=[A, D],
           service_controls=[[FULL, deny("S")]]),
]  # fmt: skip

BOUNDARIES = [
    allowed("what policy and boundary both allow is allowed", identity=[A], boundary=[FULL]),
    lacking("what the boundary does not allow is denied", BOUNDARY, identity=[A], boundary=[ELSE]),
    lacking("a boundary grants nothing by itself", identity=[ELSE], boundary=[FULL]),
    lacking("an empty boundary allows nothing", BOUNDARY, identity=[A], boundary=[deny("D", "s3:*")]),
    lacking("users have boundaries too", BOUNDARY, who=USER, identity=[A], boundary=[ELSE]),
    allowed("groups have none", identity=[A], boundary=[ELSE], kind=PrincipalKind.GROUP,
            who=f"arn:aws:iam::{OWN}:group/staff"),
    allowed("an Allow naming the user's ARN is not cut by the boundary", "R", RESOURCE, who=USER, boundary=[ELSE],
            resource_policy=[granting(USER)]),
    lacking("an Allow naming the role's ARN is cut by the boundary", BOUNDARY, boundary=[ELSE],
            resource_policy=[granting(ROLE)]),
    allowed("an Allow naming the role's ARN stands where the boundary allows", "R", RESOURCE, boundary=[FULL],
            resource_policy=[granting(ROLE)]),
    allowed("an Allow naming the session's ARN is not cut by the boundary", "R", RESOURCE, who=SESSION,
            boundary=[ELSE], resource_policy=[granting(SESSION)]),
    allowed("an Allow naming the federated user's ARN is not cut by the boundary", "R", RESOURCE, who=FEDERATED,
            boundary=[ELSE], resource_policy=[granting(FEDERATED)]),
    allowed("an asterisk with aws:PrincipalArn is not cut by the boundary", "R", RESOURCE, boundary=[ELSE],
            resource_policy=[granting("*", Condition=when("ArnEquals", "aws:PrincipalArn", ROLE))]),
    denied("a Deny of the boundary cuts even what is granted directly", "D", BOUNDARY, who=USER,
           boundary=[FULL, D], resource_policy=[granting(USER)]),
    undecided("a boundary that can't be read leaves it open", None, BOUNDARY, identity=[A], boundary=HOLE),
    lacking("a boundary that can't be read grants nothing", identity=[ELSE], boundary=HOLE),
    undecided("a boundary that perhaps allows leaves it open", "B", BOUNDARY, identity=[A],
              boundary=[allow("B", Condition=MAYBE)]),
]  # fmt: skip

SERVICE_CONTROLS = [
    allowed("a service control policy that allows leaves it to the others", identity=[A], service_controls=[[FULL]]),
    lacking("it grants nothing", service_controls=[[FULL]]),
    lacking("without an Allow in it the request is denied", SCP, identity=[A], service_controls=[[ELSE]]),
    lacking("a level without policies allows nothing", SCP, identity=[A], service_controls=[[]]),
    lacking("every level must allow", SCP, identity=[A], service_controls=[[FULL], [ELSE], [FULL]]),
    allowed("every level allows", identity=[A], service_controls=[[FULL], [A], [FULL]]),
    allowed("of a level known in part only a Deny counts", identity=[A], service_controls=[[ELSE]], complete=False),
    denied("a Deny counts in a level known in part", "D", SCP, identity=[A], service_controls=[[D]], complete=False),
    lacking("it limits what a resource policy grants to its principals", SCP, service_controls=[[ELSE]], who=USER,
            resource_policy=[granting(USER)]),
    allowed("roles under aws-service-role are service-linked", identity=[A], service_controls=[[D]], who=LINKED),
    undecided("what can't be read in it leaves the request open", None, SCP, identity=[A],
              service_controls=[[FULL, None]]),
    denied("it may spare by aws:PrincipalArn", "D", SCP, identity=[A], service_controls=[
        [FULL, deny("D", Condition=when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/admin"))]]),
    allowed("it spares whom it names by aws:PrincipalArn", identity=[A], service_controls=[
        [FULL, deny("D", Condition=when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/ops/*"))]]),
    allowed("a Deny of root's actions spares roles", identity=[A], service_controls=[
        [FULL, deny("D", "*", Condition=when("StringLike", "aws:PrincipalArn", "arn:aws:iam::*:root"))]]),
]  # fmt: skip

ANY = {"Principal": "*"}
RESOURCE_CONTROLS = [
    allowed("a resource control policy that allows leaves it to the others", identity=[USES],
            resource_controls=[[{**FULL, **ANY}]], action=DECRYPT, resource=KEY),
    lacking("every level of resource control policies must allow", RCP, identity=[USES],
            resource_controls=[[{**FULL, **ANY}], [{**ELSE, **ANY}]], action=DECRYPT, resource=KEY),
    lacking("resource control policies grant nothing", resource_controls=[[{**FULL, **ANY}]], action=DECRYPT,
            resource=KEY),
    allowed("they do not reach service-linked roles", identity=[USES], who=LINKED, action=DECRYPT, resource=KEY,
            resource_controls=[[{**deny("D", "*"), **ANY}]]),
    undecided("whether they reach AWS Backup is not certain", "D", RCP, identity=[A],
              resource_controls=[[{**FULL, **ANY}, {**D, **ANY}]]),
    allowed("what they allow is allowed whether they reach it or not", identity=[A],
            resource_controls=[[{**FULL, **ANY}]]),
    allowed("calls of services can be spared", "R", RESOURCE, who=SERVICE, action=DECRYPT, resource=KEY,
            resource_policy=[allow("R", DECRYPT, Principal={"Service": SERVICE})],
            resource_controls=[[{**FULL, **ANY}, {
                **deny("D", "kms:*", Condition=when("BoolIfExists", "aws:PrincipalIsAWSService", "false")), **ANY}]]),
    denied("calls of roles are not calls of services", "D", RCP, identity=[USES], action=DECRYPT, resource=KEY,
           resource_controls=[[{**FULL, **ANY}, {
               **deny("D", "kms:*", Condition=when("BoolIfExists", "aws:PrincipalIsAWSService", "false")), **ANY}]]),
]  # fmt: skip

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

PASSING = [
    allowed("passing a role needs an identity policy", identity=[allow("A", PASS)], action=PASS, resource=TARGET),
    lacking("no trust policy grants passing", action=PASS, resource=TARGET,
            resource_policy=[granting("*", action="*")]),
    allowed("a Deny in the trust policy is none of passing", identity=[allow("A", PASS)], action=PASS,
            resource=TARGET, resource_policy=[deny("D", "*", Principal="*")]),
    lacking("roles are passed within one account", RESOURCE, identity=[allow("A", PASS)], action=PASS,
            resource=FOREIGN_ROLE),
    allowed("iam:PassedToService of the request meets the condition", action=PASS, resource=TARGET,
            context={"iam:passedtoservice": (SERVICE,)},
            identity=[allow("A", PASS, Condition=when("StringEquals", "iam:PassedToService", SERVICE))]),
    lacking("or does not", action=PASS, resource=TARGET, context={"iam:passedtoservice": (SERVICE,)},
            identity=[allow("A", PASS, Condition=when("StringEquals", "iam:PassedToService", "ecs.amazonaws.com"))]),
]  # fmt: skip

ROOT_USERS = [
    allowed("the root user is allowed without any policy", "root user", who=ROOT),
    denied("service control policies bind it", "D", SCP, who=ROOT, service_controls=[[FULL, D]]),
    lacking("and must allow", SCP, who=ROOT, service_controls=[[ELSE]]),
    denied("resource control policies bind it", "D", RCP, who=ROOT, action="s3:GetObject", resource="arn:aws:s3:::b/x",
           resource_controls=[[{**FULL, **ANY}, {**deny("D", "s3:*"), **ANY}]]),
    denied("a Deny of the resource policy binds it", "D", RESOURCE, who=ROOT,
           resource_policy=[deny("D", Principal="*")]),
    allowed("a Deny that spares its ARN does not", "root user", who=ROOT, resource_policy=[
        deny("D", Principal="*", Condition=when("ArnNotEquals", "aws:PrincipalArn", ROOT))]),
    allowed("its user id is the account's number", "root user", who=ROOT, resource_policy=[
        deny("D", Principal="*", Condition=when("StringNotLike", "aws:userId", "AROAEXAMPLE:*", OWN))]),
    undecided("who asks may not be known", None, who=Text(("arn:aws:iam::", HOLE, ":x")), kind=None, identity=[A]),
]  # fmt: skip

UNKNOWNS = [
    undecided("a statement that perhaps allows leaves it open", identity=[allow("A", Condition=MAYBE)]),
    undecided("a statement that perhaps denies leaves it open", "D", identity=[A, deny("D", Condition=MAYBE)]),
    lacking("a statement that perhaps denies allows nothing", identity=[deny("D", Condition=MAYBE)]),
    denied("a certain Deny decides whatever is open", "D", IDENTITY, identity=[D, allow("A", Condition=MAYBE), None]),
    undecided("an unknown Effect may allow", "E", identity=[{**A, "Sid": "E", "Effect": None}]),
    undecided("an unknown Effect may deny", "E", identity=[A, {**D, "Sid": "E", "Effect": None}]),
    undecided("an unreadable statement may do either", "1", identity=[A, None]),
    undecided("policies that were not read may deny", None, identity=[A], unread=[HOLE]),
    undecided("policies that were not read may allow", None, unread=[HOLE]),
    denied("policies that were not read don't outweigh a Deny", "D", IDENTITY, identity=[D], unread=[HOLE]),
    lacking("what is open in one type of policy does not matter where another lacks", SCP,
            identity=[allow("A", Condition=MAYBE)], service_controls=[[ELSE]]),
    undecided("a level of control policies that perhaps allows leaves it open", "S", SCP, identity=[A],
              service_controls=[[allow("S", Condition=MAYBE)]]),
    undecided("a boundary that perhaps denies leaves it open", "B", BOUNDARY, identity=[A],
              boundary=[FULL, deny("B", Condition=MAYBE)]),
    undecided("an unknown action may be the one", identity=[allow("A", None)]),
    undecided("an unknown resource may be the one", identity=[allow("A", START, None)]),
]  # fmt: skip

GROUPS = {
    "effects": EFFECTS,
    "boundaries": BOUNDARIES,
    "service control policies": SERVICE_CONTROLS,
    "resource control policies": RESOURCE_CONTROLS,
    "resource policies": RESOURCE_POLICIES,
    "NotPrincipal": NOT_PRINCIPALS,
    "across accounts": ACROSS,
    "keys": KEYS,
    "assuming roles": ASSUMING,
    "passing roles": PASSING,
    "root users": ROOT_USERS,
    "unknowns": UNKNOWNS,
}


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{group}: {case.rule}") for group, cases in GROUPS.items() for case in cases]
)
def test_policies_combine_as_the_guide_says(case: Case) -> None:
    check(case)
