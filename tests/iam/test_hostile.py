"""Policies that are huge, deep or odd: judged without a crash, with work that grows as they do."""

import pytest
from tests.support.effort import steps
from tests.support.iam_cases import HOLE, OWN, ROLE, START, explain, policy

from restore_ready import PrincipalKind, Ref, Str, Text
from restore_ready.iam import Allowed, Decision, Denied, Identity, Request, Undecided, evaluate

SIZE = 100_000
POINT = f"arn:aws:backup:eu-west-1:{OWN}:recovery-point:{'a' * 60}"
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def judged(statements: object, resource: object = ()) -> Decision:
    who = Identity(ROLE, PrincipalKind.ROLE, (policy("p", statements),))
    context: dict[str, tuple[Str, ...]] = {"x:text": ("a" * 200,), "x:number": ("1",)}
    found = evaluate(who, Request(START, POINT, context=context), resource_policy=policy("r", resource))
    assert max(map(len, explain(found))) < 1000
    return found


def when(operator: str, key: str, value: object, times: int) -> list[object]:
    return [{**EVERYTHING, "Condition": {operator: {key: [value] * times}}}]


def huge(size: int) -> dict[str, object]:
    """Return policies of *size* characters, each hard on another part of the evaluator."""
    many = size // 60
    return {
        "asterisks in an action": [{**EVERYTHING, "Action": "*a" * (size // 2)}],
        "asterisks in a resource": [{**EVERYTHING, "Resource": ["*a?" * 20] * many}],
        "variables": [{**EVERYTHING, "Resource": "arn:aws:s3:::" + "${aws:PrincipalArn}" * (size // 19)}],
        "variables in many resources": [{**EVERYTHING, "Resource": ["arn:aws:s3:::${a:b, 'x'}*?" * 2] * many}],
        "braces": [{**EVERYTHING, "Resource": "${" * (size // 2)}],
        "statements": [{"Effect": "Allow", "Action": "b*", "Resource": "*?b"}] * many,
        "patterns in a condition": when("StringLike", "x:text", "*a*b?" * 12, many),
        "ARN patterns": when("ArnLike", "aws:PrincipalArn", "arn:*:*:*:*:*?*a*" * 4, many),
        "digits": when("NumericEquals", "x:number", "9" * size, 1),
        "open conditions": when("StringLike", "x:unheard", "a", 1) * many,
        "a long name": [{**EVERYTHING, "Sid": "x" * size, "Effect": "Deny"}],
    }


@pytest.mark.parametrize("name", huge(0))
def test_a_huge_policy_is_judged(name: str) -> None:
    assert isinstance(judged(huge(SIZE)[name]).outcome, (Allowed, Denied, Undecided))


@pytest.mark.parametrize("form", ["iam::{own}:role/{n}", "sts::{own}:assumed-role/restorer/{n}", "iam::{own}:user/{n}"])
def test_a_huge_list_of_principals_is_judged(form: str) -> None:
    listed = [f"arn:aws:{form.format(own=OWN, n=n)}" for n in range(SIZE // 50)]
    assert judged([EVERYTHING], [{**EVERYTHING, "Effect": "Deny", "Principal": {"AWS": listed}}]).trace


@pytest.mark.thorough
@pytest.mark.parametrize("name", huge(0))
def test_the_work_grows_with_the_size(name: str) -> None:
    small, large = (steps(lambda size=size: judged(huge(size)[name])) for size in (SIZE // 8, SIZE))
    assert large < 9 * small + 1000, (small, large)


ODD: list[Str] = ["", "arn:", "arn:::::", "arn:aws:sts::1:assumed-role/", "arn:aws:sts::1:assumed-role", "root"]
ODD += ["arn:aws:iam::1:user", "arn:aws:iam:::role/x", "arn:aws:iam::1:root:root", Text((HOLE, "a")), Ref("a", "b")]


@pytest.mark.parametrize("who", ODD)
@pytest.mark.parametrize("kind", [None, *PrincipalKind])
def test_odd_callers_and_principals_are_judged(who: Str, kind: PrincipalKind | None) -> None:
    named = [{**EVERYTHING, "Principal": {"AWS": [one]}} for one in ODD]
    condition = {"StringLike": {"aws:userid": "*:a", "aws:username": "a", "aws:PrincipalArn": "a"}}
    identity = Identity(who, kind, (policy("p", [{**EVERYTHING, "Condition": condition}]),))
    found = evaluate(identity, Request(START, POINT), resource_policy=policy("r", named))
    assert explain(found)
