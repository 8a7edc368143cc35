"""How kinds of policy combine: IAM User Guide, "Policy evaluation logic" and what it refers to, rule by rule."""

import pytest
from tests.support.iam_cases import (
    BOUNDARY,
    DECRYPT,
    ELSE,
    FEDERATED,
    FOREIGN_ROLE,
    FULL,
    HOLE,
    IDENTITY,
    KEY,
    LINKED,
    OWN,
    RCP,
    RESOURCE,
    ROLE,
    ROOT,
    SCP,
    SERVICE,
    SESSION,
    START,
    TARGET,
    USER,
    USES,
    A,
    Case,
    D,
    allow,
    allowed,
    check,
    denied,
    deny,
    granting,
    lacking,
    undecided,
    when,
)

from restore_ready import PrincipalKind, Text

MAYBE = when("StringEquals", "aws:unheard", "x")
PASS = "iam:PassRole"  # noqa: S105  # an IAM action


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
    "passing roles": PASSING,
    "root users": ROOT_USERS,
    "unknowns": UNKNOWNS,
}


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{group}: {case.rule}") for group, cases in GROUPS.items() for case in cases]
)
def test_policies_combine_as_the_guide_says(case: Case) -> None:
    check(case)
