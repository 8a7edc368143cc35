"""Conditions and the keys that who asks implies: IAM User Guide, "Condition operators" and the pages beside it."""

import pytest
from tests.support.iam_cases import (
    FEDERATED,
    HOLE,
    NO,
    OPEN,
    OWN,
    ROLE,
    SESSION,
    USER,
    YES,
    Case,
    allow,
    allowed,
    check,
    deny,
    lacking,
    undecided,
    when,
)

from restore_ready import Text

CONTEXT = {
    "x:text": ("Team-A",),
    "x:number": ("300",),
    "x:date": ("2026-06-01T00:00:00Z",),
    "x:bool": ("true",),
    "x:ip": ("10.1.2.3",),
    "x:ip6": ("2001:db8::1",),
    "x:arn": ("arn:aws:sns:eu-west-1:111111111111:topic/a",),
    "x:binary": ("QmluYXJ5",),
    "x:tags": ("cost", "team"),
    "x:none": (),
    "x:blank": ("",),
    "x:odd": (HOLE,),
    "aws:principalorgpaths": ("o-1/r-1/",),
}
ABSENT = frozenset({"aws:tagkeys", "x:absent"})

Test = tuple[str, str, str, object, object]
OPERATORS: list[Test] = [
    ("StringEquals is exact", "StringEquals", "x:text", "Team-A", YES),
    ("StringEquals counts letter case", "StringEquals", "x:text", "team-a", NO),
    ("StringEquals takes asterisks as they are", "StringEquals", "x:text", "Team-*", NO),
    ("key names don't count letter case", "StringEquals", "X:TEXT", "Team-A", YES),
    ("several values are alternatives", "StringEquals", "x:text", ["Team-B", "Team-A"], YES),
    ("no value matches nothing", "StringEquals", "x:text", [], NO),
    ("StringNotEquals negates", "StringNotEquals", "x:text", "Team-A", NO),
    ("StringNotEquals with another value", "StringNotEquals", "x:text", "Team-B", YES),
    ("several values of a negated operator are NOR", "StringNotEquals", "x:text", ["Team-B", "Team-A"], NO),
    ("StringEqualsIgnoreCase", "StringEqualsIgnoreCase", "x:text", "TEAM-a", YES),
    ("StringNotEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "x:text", "TEAM-a", NO),
    ("StringLike takes asterisks", "StringLike", "x:text", "Team*", YES),
    ("StringLike takes question marks", "StringLike", "x:text", "Team-?", YES),
    ("a question mark is one character", "StringLike", "x:text", "Team?", NO),
    ("StringLike counts letter case", "StringLike", "x:text", "team*", NO),
    ("StringNotLike", "StringNotLike", "x:text", "Team*", NO),
    ("StringNotLike with another pattern", "StringNotLike", "x:text", "Crew*", YES),
    ("NumericEquals compares numbers, not text", "NumericEquals", "x:number", "300.0", YES),
    ("NumericNotEquals", "NumericNotEquals", "x:number", "300", NO),
    ("NumericLessThan", "NumericLessThan", "x:number", "300", NO),
    ("NumericLessThanEquals", "NumericLessThanEquals", "x:number", "300", YES),
    ("NumericGreaterThan", "NumericGreaterThan", "x:number", "299", YES),
    ("NumericGreaterThanEquals", "NumericGreaterThanEquals", "x:number", "301", NO),
    ("a number may be a JSON number", "NumericEquals", "x:number", 300, YES),
    ("what is no number is not compared", "NumericEquals", "x:number", "nan", OPEN),
    ("DateEquals takes seconds since 1970", "DateEquals", "x:date", "1780272000", YES),
    ("DateNotEquals", "DateNotEquals", "x:date", "2026-06-01", NO),
    ("DateLessThan counts the zone", "DateLessThan", "x:date", "2026-06-01T00:00:00-01:00", YES),
    ("DateLessThanEquals", "DateLessThanEquals", "x:date", "2026-06-01T00:00Z", YES),
    ("DateGreaterThan", "DateGreaterThan", "x:date", "2026-05-31T23:59:59.999Z", YES),
    ("DateGreaterThanEquals takes months", "DateGreaterThanEquals", "x:date", "2026-06", YES),
    ("a bare year may be seconds", "DateGreaterThan", "x:date", "2026", OPEN),
    ("what is no date is not compared", "DateGreaterThan", "x:date", "2026-13-01", OPEN),
    ("Bool", "Bool", "x:bool", "true", YES),
    ("Bool with a JSON value", "Bool", "x:bool", False, NO),
    ("BinaryEquals", "BinaryEquals", "x:binary", "QmluYXJ5", YES),
    ("BinaryEquals counts letter case", "BinaryEquals", "x:binary", "qmluYXJ5", NO),
    ("IpAddress takes a range", "IpAddress", "x:ip", "10.0.0.0/8", YES),
    ("IpAddress takes a single address", "IpAddress", "x:ip", "10.1.2.3", YES),
    ("IpAddress takes IPv6 beside IPv4", "IpAddress", "x:ip6", ["10.0.0.0/8", "2001:db8::/32"], YES),
    ("NotIpAddress", "NotIpAddress", "x:ip", "10.0.0.0/8", NO),
    ("NotIpAddress outside of the range", "NotIpAddress", "x:ip", ["192.168.0.0/16", "172.16.0.0/12"], YES),
    ("what is no range is not compared", "IpAddress", "x:ip", "10.0.0.0/99", OPEN),
    ("ArnEquals takes asterisks", "ArnEquals", "x:arn", "arn:aws:sns:*:*:topic/?", YES),
    ("ArnLike is the same", "ArnLike", "x:arn", "arn:aws:sns:*:111111111111:*", YES),
    ("an asterisk does not run over parts of an ARN", "ArnLike", "x:arn", "arn:aws:*:topic/a:*:*:*", NO),
    ("ArnNotEquals", "ArnNotEquals", "x:arn", "arn:aws:sns:*:*:topic/a", NO),
    ("ArnNotLike", "ArnNotLike", "x:arn", "arn:aws:sqs:*:*:*", YES),
    ("Null true: the key is missing", "Null", "x:absent", "true", YES),
    ("Null true: the key is there", "Null", "x:text", "true", NO),
    ("Null false: the key is there", "Null", "x:text", "false", YES),
    ("Null false: the key is missing", "Null", "x:absent", False, NO),
    ("Null counts a key without values as missing", "Null", "x:none", "true", YES),
    ("Null of a key that may be there", "Null", "x:unheard", "true", OPEN),
    ("an unknown operator", "StringMatches", "x:text", "Team-A", OPEN),
]

MISSING: list[Test] = [
    ("without the key a positive operator fails", "StringEquals", "x:absent", "a", NO),
    ("without the key numbers fail", "NumericLessThan", "x:absent", "1", NO),
    ("without the key Bool fails", "Bool", "x:absent", "false", NO),
    ("without the key dates fail", "DateLessThan", "x:absent", "2026-01-01", NO),
    ("without the key addresses fail", "IpAddress", "x:absent", "0.0.0.0/0", NO),
    ("without the key ARNs fail", "ArnLike", "x:absent", "*", NO),
    ("without the key StringNotEquals holds", "StringNotEquals", "x:absent", "a", YES),
    ("without the key StringNotLike holds", "StringNotLike", "x:absent", "*", YES),
    ("without the key ArnNotLike holds", "ArnNotLike", "x:absent", "*", YES),
    ("without the key NotIpAddress holds", "NotIpAddress", "x:absent", "0.0.0.0/0", YES),
    ("without the key NumericNotEquals holds", "NumericNotEquals", "x:absent", "1", YES),
    ("IfExists holds without the key", "StringEqualsIfExists", "x:absent", "a", YES),
    ("IfExists of numbers holds without the key", "NumericLessThanIfExists", "x:absent", "1", YES),
    ("IfExists of a negated operator holds without the key", "StringNotLikeIfExists", "x:absent", "*", YES),
    ("IfExists compares where the key is there", "StringEqualsIfExists", "x:text", "a", NO),
    ("IfExists of a negated operator compares", "StringNotEqualsIfExists", "x:text", "Team-A", NO),
    ("a key that may be there decides", "StringEquals", "x:unheard", "a", OPEN),
    ("whether a key is there does not matter where both agree", "StringLikeIfExists", "x:unheard", "*", YES),
    ("a key with unknown value", "StringEquals", "x:odd", "a", OPEN),
    ("any value will do", "StringLike", "x:odd", "*", YES),
]

SETS: list[Test] = [
    ("ForAnyValue: one in common", "ForAnyValue:StringEquals", "x:tags", ["team", "owner"], YES),
    ("ForAnyValue: none in common", "ForAnyValue:StringEquals", "x:tags", ["owner"], NO),
    ("ForAnyValue fails without values", "ForAnyValue:StringEquals", "x:none", "team", NO),
    ("ForAnyValue fails without the key", "ForAnyValue:StringLike", "x:absent", "*", NO),
    ("ForAnyValue negated: one value is none of them", "ForAnyValue:StringNotEquals", "x:tags", ["team"], YES),
    ("ForAnyValue negated: all are among them", "ForAnyValue:StringNotEquals", "x:tags", ["team", "cost"], NO),
    ("ForAnyValue negated fails without the key", "ForAnyValue:StringNotEquals", "x:absent", "a", NO),
    ("ForAllValues: all are among them", "ForAllValues:StringEquals", "x:tags", ["team", "cost", "owner"], YES),
    ("ForAllValues: one is not", "ForAllValues:StringEquals", "x:tags", ["team"], NO),
    ("ForAllValues holds without values", "ForAllValues:StringEquals", "x:none", "team", YES),
    ("ForAllValues holds without the key", "ForAllValues:StringEquals", "x:absent", "team", YES),
    ("ForAllValues holds for an empty value", "ForAllValues:StringEquals", "x:blank", "team", YES),
    ("ForAnyValue fails for an empty value", "ForAnyValue:StringLike", "x:blank", "*", NO),
    ("ForAnyValue negated fails for an empty value", "ForAnyValue:StringNotEquals", "x:blank", "team", NO),
    ("ForAnyValue: an unknown value may be empty", "ForAnyValue:StringLike", "x:odd", "*", OPEN),
    ("ForAllValues negated: none is among them", "ForAllValues:StringNotEquals", "x:tags", ["owner"], YES),
    ("ForAllValues negated: one is", "ForAllValues:StringNotEquals", "x:tags", ["team", "owner"], NO),
    ("ForAllValues with patterns", "ForAllValues:StringLike", "x:tags", ["t*", "c*"], YES),
    ("ForAnyValue of ARNs", "ForAnyValue:ArnLike", "x:arn", "arn:aws:sns:*:*:*", YES),
    ("set operators don't count letter case", "forANYvalue:stringEQUALS", "x:tags", "team", YES),
    ("ForAnyValue with IfExists fails without the key", "ForAnyValue:StringEqualsIfExists", "x:absent", "a", NO),
    ("ForAnyValue negated with IfExists, too", "ForAnyValue:StringNotLikeIfExists", "x:absent", "a", NO),
    ("ForAllValues with IfExists holds without the key", "ForAllValues:StringEqualsIfExists", "x:absent", "a", YES),
    ("several values need a set operator", "StringEquals", "x:tags", ["team", "cost"], OPEN),
    ("several values need one for negation, too", "StringNotEquals", "x:tags", "owner", OPEN),
    ("without values none is needed", "StringNotEquals", "x:none", "owner", YES),
    ("one value of a multivalued key, too", "StringLike", "aws:PrincipalOrgPaths", "o-1/*", OPEN),
    ("without a multivalued key a positive operator fails", "StringLike", "aws:TagKeys", "*", NO),
]


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [pytest.param(*test[1:], id=test[0]) for test in [*OPERATORS, *MISSING, *SETS]],
)
def test_operators(operator: str, key: str, values: object, expected: object) -> None:
    listed = values if isinstance(values, list) else [values]
    identity = [allow("A", Condition={operator: {key: listed}})]
    given = {"identity": identity, "context": CONTEXT, "absent": ABSENT}
    build = {YES: allowed, NO: lacking, OPEN: undecided}[expected]  # type: ignore[index]  # one of the three
    check(build("", **given))


def condition(*tests: dict[str, object]) -> dict[str, object]:
    return allow("A", Condition={operator: keys for one in tests for operator, keys in one.items()})


def asked_by(who: str, operator: str, key: str, *values: object) -> dict[str, object]:
    return {"who": who, "identity": [condition(when(operator, key, *values))]}


TEXT, NUMBER = when("StringEquals", "x:text", "Team-A"), when("NumericEquals", "x:number", "300")
COMBINED = [
    allowed("operators are joined by and", identity=[condition(TEXT, NUMBER)], context=CONTEXT),
    lacking("one that fails fails all", context=CONTEXT,
            identity=[condition(TEXT, when("NumericEquals", "x:number", "1"))]),
    lacking("keys of one operator are joined by and", context=CONTEXT,
            identity=[allow("A", Condition={"StringEquals": {"x:text": "Team-A", "x:bool": "false"}})]),
    undecided("what is open leaves all open", context=CONTEXT,
              identity=[condition(TEXT, when("StringLike", "x:unheard", "*"))]),
    lacking("what fails decides over what is open", context=CONTEXT, absent=ABSENT,
            identity=[condition(when("StringLike", "x:unheard", "*"), when("Bool", "x:absent", "true"))]),
    allowed("statements are alternatives", by="B", context=CONTEXT,
            identity=[allow("A", Condition=when("Bool", "x:bool", "false")), allow("B", Condition=TEXT)]),
    undecided("a Condition that can't be read", identity=[allow("A", Condition=None)]),
]  # fmt: skip

EXEMPT = "arn:aws:iam::*:role/ops/*"
IMPLIED = [
    allowed("aws:PrincipalArn of a role is the role's", **asked_by(ROLE, "ArnEquals", "aws:PrincipalArn", ROLE)),
    allowed("aws:PrincipalArn of a session is the role's too",
            **asked_by(SESSION, "ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*restorer")),
    lacking("aws:PrincipalArn is never the session's",
            **asked_by(SESSION, "StringLike", "aws:PrincipalArn", "arn:aws:sts::*")),
    undecided("a session's ARN does not tell the role's path",
              **asked_by(SESSION, "ArnLike", "aws:PrincipalArn", EXEMPT)),
    allowed("aws:PrincipalArn of a user", **asked_by(USER, "ArnEquals", "aws:PrincipalArn", USER)),
    allowed("aws:PrincipalAccount", **asked_by(ROLE, "StringEquals", "aws:PrincipalAccount", OWN)),
    lacking("aws:PrincipalAccount of another", **asked_by(ROLE, "StringEquals", "aws:PrincipalAccount", "2" * 12)),
    allowed("aws:PrincipalType of a role", **asked_by(ROLE, "StringEquals", "aws:PrincipalType", "AssumedRole")),
    allowed("aws:PrincipalType of a user", **asked_by(USER, "StringEquals", "aws:PrincipalType", "User")),
    allowed("aws:PrincipalType of a federated user",
            **asked_by(FEDERATED, "StringEquals", "aws:PrincipalType", "FederatedUser")),
    allowed("aws:username is a user's name without path", **asked_by(USER, "StringEquals", "aws:username", "anna")),
    lacking("roles have no aws:username", **asked_by(ROLE, "StringLike", "aws:username", "*")),
    allowed("roles have no aws:username, so it is not equal",
            **asked_by(ROLE, "StringNotEquals", "aws:username", "anna")),
    undecided("a user's unique id is not known", **asked_by(USER, "StringLike", "aws:userid", "AIDAEXAMPLE")),
    allowed("a session's user id ends with its name", **asked_by(SESSION, "StringLike", "aws:userid", "*:anna")),
    lacking("and with no other", **asked_by(SESSION, "StringLike", "aws:userid", "*:bert")),
    undecided("a role's session may have any name", **asked_by(ROLE, "StringLike", "aws:userid", "*:anna")),
    allowed("a federated user's id holds the account",
            **asked_by(FEDERATED, "StringEquals", "aws:userid", f"{OWN}:anna")),
    allowed("people are no services", **asked_by(ROLE, "Bool", "aws:PrincipalIsAWSService", "false")),
    lacking("people have no service name", **asked_by(ROLE, "StringLike", "aws:PrincipalServiceName", "*")),
    lacking("people call for no resource", **asked_by(USER, "ArnLike", "aws:SourceArn", "*")),
    allowed("roles have temporary credentials", **asked_by(ROLE, "Null", "aws:TokenIssueTime", "false")),
    undecided("users may have them", **asked_by(USER, "Null", "aws:TokenIssueTime", "false")),
    undecided("tags of who asks are not known", **asked_by(ROLE, "StringEquals", "aws:PrincipalTag/team", "a")),
    allowed("what the request says counts more", context={"aws:username": ("bert",)},
            **asked_by(USER, "StringEquals", "aws:username", "bert")),
    lacking("and what it says is missing", absent=frozenset({"aws:username"}),
            **asked_by(USER, "StringLike", "aws:username", "*")),
    allowed("endpoints of AWS Backup take TLS only",
            identity=[allow("A"), deny("D", Condition=when("Bool", "aws:SecureTransport", "false"))]),
    undecided("those of EFS are mounted either way", "D", action="elasticfilesystem:ClientMount", identity=[
        allow("A", "*"), deny("D", "*", Condition=when("Bool", "aws:SecureTransport", "false"))]),
    allowed("a Deny that spares the caller by aws:PrincipalArn", identity=[
        allow("A"), deny("D", Condition=when("ArnNotLike", "aws:PrincipalArn", EXEMPT))]),
    undecided("a Deny that spares by aws:userId", "D", identity=[
        allow("A"), deny("D", Condition=when("StringNotLike", "aws:userId", "AROAEXAMPLE:*"))]),
    allowed("the estate's account is any number", who="arn:aws:iam::this-account:role/x",
            identity=[condition(when("StringEquals", "aws:PrincipalAccount", "123456789012"))]),
]  # fmt: skip

NAME = "arn:aws:s3:::b/home/${aws:username}/x"
OF_ANNA, OF_BERT = "arn:aws:s3:::b/home/anna/x", "arn:aws:s3:::b/home/bert/x"
GET = "s3:GetObject"
TAG = "${aws:PrincipalTag/team}"


def tagged(team: object = None) -> dict[str, object]:
    return {"context": {"aws:principaltag/team": (team,), **CONTEXT}} if team else {
        "absent": frozenset({"aws:principaltag/team"}), "context": CONTEXT}  # fmt: skip


def getting(resource: object, of: object = OF_ANNA, **given: object) -> dict[str, object]:
    return {"who": USER, "identity": [allow("A", GET, resource)], "action": GET, "resource": of, **given}


VARIABLES = [
    allowed("a variable in Resource is the request's value", **getting(NAME)),
    lacking("and no other", **getting(NAME, OF_BERT)),
    lacking("a variable without value matches no resource", **getting(NAME, who=ROLE)),
    undecided("a variable of which nothing is known", **getting("arn:aws:s3:::b/home/${aws:unheard}/x")),
    lacking("it can't match what the rest rules out", **getting("arn:aws:s3:::c/${aws:unheard}/x")),
    lacking("before version 2012-10-17 it is plain text", **getting(NAME, version="2008-10-17")),
    allowed("which matches itself", **getting(NAME, NAME, version="2008-10-17")),
    undecided("with an unknown version either", **getting(NAME, version=None)),
    allowed("key names in it don't count letter case", **getting(NAME.replace("username", "UserName"))),
    undecided("variables don't stand before the resource part",
              **getting("arn:aws:s3:${aws:RequestedRegion}:${aws:PrincipalAccount}:b/*",
                        "arn:aws:s3:eu-west-1:111111111111:b/x", context={"aws:requestedregion": ("eu-west-1",)})),
    allowed("a default stands where the value is missing",
            **getting("arn:aws:s3:::b/home/${aws:PrincipalTag/team, 'anna'}/x", **tagged())),
    lacking("a default does not stand beside a value",
            **getting("arn:aws:s3:::b/home/${aws:PrincipalTag/team, 'anna'}/x", **tagged("bert"))),
    allowed("wildcards in a value are plain characters", **getting(f"arn:aws:s3:::b/{TAG}/x", "arn:aws:s3:::b/*/x",
                                                                  **tagged("*"))),
    lacking("they match nothing else", **getting(f"arn:aws:s3:::b/{TAG}/x", "arn:aws:s3:::b/y/x", **tagged("*"))),
    allowed("an escaped asterisk is an asterisk", **getting("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/*")),
    lacking("and nothing else", **getting("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/x")),
    allowed("an escaped question mark", **getting("arn:aws:s3:::b/${?}", "arn:aws:s3:::b/?")),
    allowed("an escaped dollar sign", **getting("arn:aws:s3:::b/${$}", "arn:aws:s3:::b/$")),
    allowed("NotResource with a variable without value leaves nothing out", who=ROLE, action=GET, resource=OF_ANNA,
              identity=[{"Sid": "A", "Effect": "Allow", "Action": GET, "NotResource": NAME}]),
    lacking("NotResource with the caller's name", who=USER, action=GET, resource=OF_ANNA,
            identity=[{"Sid": "A", "Effect": "Allow", "Action": GET, "NotResource": NAME}]),
    allowed("a variable in a condition", identity=[condition(when("StringEquals", "x:text", TAG))],
            **tagged("Team-A")),
    lacking("a variable in a condition with another value", identity=[condition(when("StringEquals", "x:text", TAG))],
            **tagged("Team-B")),
    lacking("without value a positive operator fails", identity=[condition(when("StringLike", "x:text", TAG))],
            **tagged()),
    allowed("without value a negated one holds", identity=[condition(when("StringNotEquals", "x:text", TAG))],
            **tagged()),
    undecided("of empty value it is open", context={"aws:principaltag/team": ("",), **CONTEXT},
              identity=[condition(when("StringNotEquals", "x:blank", TAG))]),
    undecided("of unknown value it is open", context=CONTEXT,
              identity=[condition(when("StringEquals", "x:text", TAG))]),
    allowed("ARN operators take variables", who=USER, context={"x:arn": ("arn:aws:iam::1:user/anna",)},
            identity=[condition(when("ArnLike", "x:arn", "arn:aws:iam::*:user/${aws:username}"))]),
    undecided("numeric operators don't", context={"x:n": ("1",), **CONTEXT},
              identity=[condition(when("NumericEquals", "x:n", "${x:n}"))]),
    undecided("keys of several values are no variables", context=CONTEXT,
              identity=[condition(when("StringEquals", "x:text", "${x:tags}"))]),
    allowed("aws:PrincipalAccount compared with the resource's", context={"aws:resourceaccount": (OWN,)},
            identity=[condition(when("StringEquals", "aws:ResourceAccount", "${aws:PrincipalAccount}"))]),
    undecided("the digits of the estate's account are not known",
              **getting("arn:aws:s3:::b-${aws:PrincipalAccount}/x", f"arn:aws:s3:::b-{OWN}/x",
                        who="arn:aws:iam::this-account:user/x")),
    undecided("a partly known resource", **getting(Text(("arn:aws:s3:::b/home/${aws:username}/", HOLE)))),
]  # fmt: skip


@pytest.mark.parametrize("case", [pytest.param(case, id=case.rule) for case in [*COMBINED, *IMPLIED, *VARIABLES]])
def test_conditions_and_variables(case: Case) -> None:
    check(case)
