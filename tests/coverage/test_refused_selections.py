"""What stands where an ARN belongs, and what AWS makes of a selection."""

from __future__ import annotations

import pytest
from tests.support.terraform_blocks import block, estate

from restore_ready import Fail, FileSystem, Place, Ref, Requirements, Selection, Source, Text, Unknown, Unresolved
from restore_ready.catalog.rr111_selection_refused import judge
from restore_ready.coverage._arn_values import no_arn
from restore_ready.coverage._coverage import covers
from restore_ready.coverage._refusals import refusals
from restore_ready.index import EstateIndex
from restore_ready.model import Str, TagCondition, Truth

HERE = Place("main.tf", 1, 9)
OPEN = Unresolved("var.x has no value")
HOME = "module.files[0].aws_efs_file_system.home"
FILES = FileSystem(HOME, HERE, Ref(HOME, "arn"), {"tier": "gold"})
ID_IN_ARN = Text(("arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/", Ref(HOME)))


def selection(**parts: object) -> Selection:
    return Selection("s", HERE, "p", "r", **parts)  # type: ignore[arg-type]  # whatever a test wants to change


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Ref(HOME), "id of module.files[0].aws_efs_file_system.home"),
        (Ref("data.aws_efs_file_system.x", "dns_name"), "dns_name of data.aws_efs_file_system.x"),
        (Ref("aws_iam_role.r", "name"), "name of aws_iam_role.r"),
        (Ref(HOME, "arn"), ""),
        (Ref(HOME, "tags.arn"), ""),
        (Ref("aws_db_instance.x"), ""),
        (Ref("module.efs", "id"), ""),
        ("fs-0123456789abcdef0", '"fs-0123456789abcdef0"'),
        ("", '""'),
        ("*", ""),
        ("${self:custom.arn}", ""),
        (ID_IN_ARN, ""),
        (Text(("file-system/", Ref(HOME))), '"file-system/${module.files[0].aws_efs_file_system.home.id}"'),
        (Text((Ref(HOME), "/")), '"${module.files[0].aws_efs_file_system.home.id}/"'),
        (Text(("arn", OPEN)), ""),
        (OPEN, ""),
    ],
)
def test_what_is_no_arn_is_told_from_what_may_be_one(value: Str, expected: str) -> None:
    assert no_arn(value) == expected


@pytest.mark.parametrize(
    ("resource", "covered"),
    [
        (Ref(HOME, "arn"), True),
        (Ref(HOME), False),
        (Ref(HOME, "tags.arn"), OPEN),
        (ID_IN_ARN, True),
        (Text((ID_IN_ARN.parts[0], Ref("aws_efs_file_system.other"))), False),
        (Text((ID_IN_ARN.parts[0], Ref("aws_efs_access_point.other", "file_system_id"))), OPEN),
    ],
)
def test_a_file_system_is_covered_by_its_arn_alone(resource: Str, covered: Truth) -> None:
    answer = covers(selection(resources=(resource,)), FILES)
    assert isinstance(answer, Unresolved) if isinstance(covered, Unresolved) else answer is covered


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"conditions": (TagCondition("equals", "tier", "gold"),)},
        {"resources": ("*",), "conditions": (TagCondition("equals", "tier", "gold", prefixed=False),)},
        {"resources": ("*",), "tags": (TagCondition("STRINGLIKE", "tier", "g*"),)},
        {"resources": tuple(f"arn:aws:ec2:*:*:volume/{number}*" for number in range(31)), "tags": ()},
    ],
)
def test_what_aws_refuses_covers_nothing_unless_aws_has_accepted_it(parts: dict[str, object]) -> None:
    assert any(refusals(selection(**parts)))
    assert covers(selection(**parts), FILES) is False
    assert not any(refusals(selection(accepted=True, **parts)))


def test_a_selection_whose_inputs_give_nothing_yet_is_not_judged() -> None:
    found = selection(emptied=("var.arns",))
    assert isinstance(covers(found, FILES), Unresolved)
    assert isinstance(judge(found, EstateIndex(Source.TERRAFORM, "."), Requirements()), Unknown)


def test_blocks_of_one_operator_are_a_warning_and_leave_open_which_one_counts() -> None:
    tests = [{"string_equals": [{"key": f"aws:ResourceTag/{key}", "value": "x"}]} for key in ("a", "b")]
    like = [{"string_like": [{"key": "aws:ResourceTag/c", "value": "x"}]}]
    (found,) = estate(
        block("aws_backup_selection.s", plan_id="p", iam_role_arn="r", resources=["*"], condition=[*tests, *like])
    ).selections
    tags = [{"a": "x", "b": "x", "c": "x"}, {"a": "x", "c": "x"}, {"a": "x", "b": "x"}]
    answers = [covers(found, FileSystem(HOME, HERE, Ref(HOME, "arn"), tag)) for tag in tags]
    verdict = judge(found, EstateIndex(Source.TERRAFORM, "."), Requirements())

    assert [answer if isinstance(answer, bool) else None for answer in answers] == [True, None, False]
    assert isinstance(verdict, Fail)
    assert "several of its condition blocks have string_equals" in verdict.message
    assert str(verdict.severity) == "Severity.WARNING"
