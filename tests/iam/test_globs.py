import itertools
import random
from fnmatch import fnmatchcase

import pytest
from tests.support.effort import steps

from restore_ready import Ref, Str, Text, Truth, Unresolved
from restore_ready.iam import arn_matches, matches
from restore_ready.iam._glob import LONGEST

HOLE = Unresolved("not known")
OPEN = "open"
ROLE = "arn:aws:iam::this-account:role/restore"


def plain(answer: Truth) -> bool | str:
    return OPEN if isinstance(answer, Unresolved) else answer


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("*", "", True),
        ("*", HOLE, True),
        ("*", Ref("aws_iam_role.x", "arn"), True),
        ("", "", True),
        ("", "a", False),
        ("a", "", False),
        ("a", "a", True),
        ("a", "A", False),
        ("?", "", False),
        ("?", "a", True),
        ("?", "ab", False),
        ("a?c", "abc", True),
        ("a*c", "ac", True),
        ("a*c", "abbbc", True),
        ("a*c", "abbb", False),
        ("**", "abc", True),
        ("a**?", "a", False),
        ("a**?", "ab", True),
        ("*a*b*", "xxaxxbxx", True),
        ("*a*b*", "xxbxxaxx", False),
        ("[a]", "a", False),
        ("a.c", "abc", False),
        ("${*}", "*", True),
        ("${*}", "a", False),
        ("a${?}", "a?", True),
        ("${aws:username}", "anna", OPEN),
        ("home/${aws:username}/*", "other/anna/x", False),
        ("*${aws:username}*", "anna", OPEN),
        (HOLE, "a", OPEN),
        ("a", HOLE, OPEN),
        (Text(("a", HOLE)), "b", False),
        (Text(("a", HOLE)), "abc", OPEN),
        (Text(("a", HOLE, "z")), "abc", False),
        ("a*", Text(("ab", HOLE)), True),
        ("a?", Text(("a", HOLE)), OPEN),
        ("?*", HOLE, OPEN),
        ("ab*", Text(("a", HOLE)), OPEN),
        ("b*", Text(("a", HOLE)), False),
        ("*z", Text((HOLE, "y")), False),
        ("*a*", Text((HOLE, "a", HOLE)), True),
        ("*b*", Text((HOLE, "a", HOLE)), OPEN),
        (Text(("a", HOLE)), Text(("b", HOLE)), False),
        (Text(("a", HOLE)), Text(("a", HOLE)), OPEN),
        (Ref("x", "arn"), Ref("x", "arn"), True),
        (Ref("x", "arn"), Ref("y", "arn"), OPEN),
        (Text((Ref("x", "arn"), "/*")), Text((Ref("x", "arn"), "/a")), True),
        (Text((Ref("x", "arn"), "/*")), Text((Ref("x", "arn"), "-a")), OPEN),
        (Text(("arn:aws:iam::", HOLE, ":role/ecs-*")), "arn:aws:iam::this-account:role/restore", False),
        (Text(("arn:aws:iam::", HOLE, ":role/*")), "arn:aws:iam::this-account:role/restore", OPEN),
        ("arn:aws:iam::*:role/*", Text(("arn:aws:iam::this-account:role/", HOLE)), True),
        ("arn:aws:iam::*:role/*AWSBackup*", Text(("arn:aws:iam::this-account:role/", HOLE)), OPEN),
        ("arn:aws:iam::*:role/*AWSBackup*", Text(("arn:aws:iam::this-account:role/AWSBackup-", HOLE)), True),
    ],
)
def test_pattern_matches_as_far_as_can_be_proven(pattern: Str, value: Str, expected: object) -> None:
    assert plain(matches(pattern, value)) == expected


def test_letter_case_is_ignored_only_when_asked() -> None:
    assert matches("BACKUP:start*", "backup:StartRestoreJob", fold_case=True) is True
    assert matches("BACKUP:start*", "backup:StartRestoreJob") is False


def test_every_answer_on_known_text_equals_fnmatch() -> None:
    chance = random.Random(1)  # noqa: S311  # cases, not secrets
    for _ in range(3000):
        pattern = "".join(chance.choices("ab*?", k=chance.randint(0, 7)))
        value = "".join(chance.choices("ab", k=chance.randint(0, 7)))
        assert matches(pattern, value) is fnmatchcase(value, pattern)


def test_a_decided_answer_holds_for_whatever_the_unknown_part_is() -> None:
    chance = random.Random(2)  # noqa: S311  # cases, not secrets
    fillings = ["".join(letters) for n in range(4) for letters in itertools.product("ab", repeat=n)]
    for _ in range(800):
        pattern = "".join(chance.choices("ab*?", k=chance.randint(1, 5)))
        before, after = ("".join(chance.choices("ab", k=chance.randint(0, 2))) for _ in "ba")
        answer = matches(pattern, Text((before, HOLE, after)))
        found = {fnmatchcase(before + filling + after, pattern) for filling in fillings}
        assert isinstance(answer, Unresolved) or {answer} == found


@pytest.mark.thorough
@pytest.mark.parametrize(
    "pattern",
    ["a*" * 5000, "?*" * 5000, "*" * 10000 + "b", ("a" * 50 + "*") * 200, "a*?" * 5000 + "b"],
    ids=["letters", "question marks", "asterisks", "runs", "mixed"],
)
def test_hostile_patterns_are_tried_in_proportion_to_the_text(pattern: str) -> None:
    for value in ("a" * 19_000 + "c", Text(("a" * 9000, HOLE, "a" * 9000))):
        assert steps(lambda value=value: matches(pattern, value)) < 500_000


def test_text_longer_than_any_policy_is_left_open() -> None:
    assert matches("a*b", "a" * (LONGEST + 1)) is False
    assert isinstance(matches("a?*b", "a" * (LONGEST + 1)), Unresolved)


@pytest.mark.parametrize(
    ("pattern", "arn", "address", "expected"),
    [
        ("*", ROLE, "", True),
        (ROLE, ROLE, "", True),
        ("arn:aws:iam::123456789012:role/restore", ROLE, "", True),
        ("arn:aws:iam::12345:role/restore", ROLE, "", False),
        ("arn:aws:iam::this-account:role/restore", "arn:aws:iam::123456789012:role/restore", "", True),
        ("arn:aws:iam::111111111111:role/r", "arn:aws:iam::222222222222:role/r", "", False),
        ("arn:aws:iam::1234*:role/restore", ROLE, "", OPEN),
        ("arn:aws:iam::*:role/*", ROLE, "", True),
        ("arn:aws-cn:iam::*:role/restore", ROLE, "", True),
        ("arn:aws-cn:iam::*:role/restore", "arn:aws:iam::123456789012:role/restore", "", False),
        ("arn:aws:iam::*:role/*", "arn:aws-us-gov:iam::this-account:role/restore", "", False),
        ("arn:aws:iam::123456789012:role/Restore", ROLE, "", False),
        ("arn:*", ROLE, "", True),
        ("arn:aws:iam::123456789012:*", "arn:aws:iam::this-account:role/a/b", "", True),
        (
            "arn:aws:backup:eu-west-1:*:recovery-point:*",
            "arn:aws:backup:this-region:this-account:recovery-point:1",
            "",
            True,
        ),
        (
            "arn:aws:backup:eu-*:*:recovery-point:1",
            "arn:aws:backup:this-region:this-account:recovery-point:1",
            "",
            OPEN,
        ),
        (Ref("aws_iam_role.x", "arn"), ROLE, "aws_iam_role.x", True),
        (Ref("aws_iam_role.y", "arn"), ROLE, "aws_iam_role.x", False),
        (Ref("data.aws_iam_role.y", "arn"), ROLE, "aws_iam_role.x", OPEN),
        (Ref("module.roles", "arn"), ROLE, "aws_iam_role.x", OPEN),
        (Ref("module.roles.aws_iam_role.y", "arn"), ROLE, "aws_iam_role.x", False),
        (Ref("aws_iam_role.y", "arn"), HOLE, "", OPEN),
        (Ref("aws_iam_role.y", "arn"), Ref("aws_iam_role.y", "arn"), "", True),
        (Text(("arn:aws:iam::this-account:role/", Ref("r", "name"))), ROLE, "r", True),
        (Text(("arn:aws:iam::1:role/", Ref("r", "name"))), ROLE, "r", False),
        (Text(("arn:aws:iam::*:role/", Ref("r", "id"))), Text(("arn:aws:iam::this-account:role/r-", HOLE)), "r", True),
        (Text(("arn:aws:iam::*:role/", Ref("q", "name"))), ROLE, "r", OPEN),
        (Text(("arn:aws:iam::", HOLE, ":role/restore")), ROLE, "r", OPEN),
        (Text(("arn:aws:iam::", HOLE, ":role/ecs")), ROLE, "r", False),
        (HOLE, ROLE, "r", OPEN),
        ("arn:aws:iam::*:role/x", HOLE, "r", OPEN),
        ("arn:aws:iam::*:user/*", ROLE, "", False),
        ("arn:aws:iam::*:user/*", Text(("arn:aws:iam::this-account:role/", HOLE)), "", False),
        ("arn:aws:iam::*:*:x", Text(("arn:aws:iam::this-account:role/", HOLE)), "", False),
        ("*:*:*:*:*:*x", Text(("arn:aws:iam::this-account:role/", HOLE)), "", OPEN),
        ("restore", ROLE, "", False),
        ("", ROLE, "", False),
        ("arn:aws:iam::${aws:PrincipalAccount}:role/restore", ROLE, "", OPEN),
        ("arn:aws:iam::${aws:PrincipalAccount}:role/other", ROLE, "", False),
    ],
)
def test_resource_entry_matches_arn(pattern: Str, arn: Str, address: str, expected: object) -> None:
    assert plain(arn_matches(pattern, arn, address)) == expected
