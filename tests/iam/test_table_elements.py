"""``Action``, ``Resource`` and their negations: the IAM User Guide, rule by rule."""

import pytest
from tests.support.iam_cases import (
    NO,
    OPEN,
    YES,
    allowed,
    check,
    lacking,
    undecided,
)

START_ONLY = "backup:StartRestoreJob"
ACTIONS: list[tuple[str, dict[str, object], object]] = [
    ("an action by name", {"Action": START_ONLY}, YES),
    ("letter case does not count", {"Action": "BACKUP:startRESTOREjob"}, YES),
    ("an asterisk for all", {"Action": "*"}, YES),
    ("an asterisk for the service", {"Action": "backup:*"}, YES),
    ("an asterisk within the name", {"Action": "backup:Start*Job"}, YES),
    ("an asterisk may be nothing", {"Action": "backup:StartRestoreJob*"}, YES),
    ("a question mark is one character", {"Action": "backup:StartRestoreJo?"}, YES),
    ("a question mark is not none", {"Action": "backup:StartRestoreJob?"}, NO),
    ("another service", {"Action": "backup-gateway:*"}, NO),
    ("one of a list", {"Action": ["s3:*", START_ONLY]}, YES),
    ("an empty list", {"Action": []}, NO),
    ("NotAction takes in all but these", {"NotAction": "iam:*"}, YES),
    ("NotAction leaves these out", {"NotAction": ["iam:*", "backup:Start*"]}, NO),
    ("NotAction of everything", {"NotAction": "*"}, NO),
    ("Action and NotAction together are refused", {"Action": "*", "NotAction": "iam:*"}, OPEN),
    ("an element IAM does not know", {"Action": "*", "Actions": "*"}, OPEN),
]
RESOURCES: list[tuple[str, dict[str, object], object]] = [
    ("all resources", {"Resource": "*"}, YES),
    ("the resource itself", {"Resource": "arn:aws:backup:eu-west-1:111111111111:recovery-point:1"}, YES),
    ("letter case counts", {"Resource": "arn:aws:backup:eu-west-1:111111111111:Recovery-Point:1"}, NO),
    ("an asterisk runs over colons", {"Resource": "arn:aws:backup:*1"}, YES),
    ("a question mark", {"Resource": "arn:aws:backup:eu-west-?:111111111111:recovery-point:1"}, YES),
    ("another Region", {"Resource": "arn:aws:backup:us-east-1:*:recovery-point:*"}, NO),
    ("another account", {"Resource": "arn:aws:backup:*:222222222222:recovery-point:*"}, NO),
    ("one of a list", {"Resource": ["arn:aws:s3:::b", "arn:aws:backup:*:*:recovery-point:1"]}, YES),
    ("an empty list", {"Resource": []}, NO),
    ("NotResource leaves it out", {"NotResource": "arn:aws:backup:*:*:recovery-point:*"}, NO),
    ("NotResource takes in all others", {"NotResource": "arn:aws:backup:*:*:backup-vault:*"}, YES),
    ("Resource and NotResource together are refused", {"Resource": "*", "NotResource": "*"}, OPEN),
]


@pytest.mark.parametrize(
    ("elements", "expected"),
    [pytest.param(elements, expected, id=rule) for rule, elements, expected in [*ACTIONS, *RESOURCES]],
)
def test_elements(elements: dict[str, object], expected: object) -> None:
    action = {} if {"Action", "NotAction"} & {*elements} else {"Action": "*"}
    resource = {} if {"Resource", "NotResource"} & {*elements} else {"Resource": "*"}
    identity = [{"Sid": "A", "Effect": "Allow", **action, **resource, **elements}]
    if expected is OPEN:
        check(undecided("", None, identity=identity))
    else:
        check((allowed if expected else lacking)("", identity=identity))
