"""Selections that live elsewhere count as coverage where they certainly cover a file system."""

from __future__ import annotations

import pytest

from restore_ready import ExternalSelection, FileSystem, Place, Ref, Requirements, Str, Truth, Unresolved
from restore_ready.coverage._coverage import covered_elsewhere

OPEN = Unresolved("var.tags has no value")
ARN = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1"


def covered(tags: dict[str, Str] | Unresolved, *selections: ExternalSelection, arn: Str = ARN) -> Truth:
    file_system = FileSystem("aws_efs_file_system.f", Place("main.tf", 1, 1), arn, tags)
    return covered_elsewhere(file_system, Requirements(external_selections=selections))


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"backup": "daily", "team": "web"}, True),
        ({"backup": "daily"}, False),
        ({"backup": "weekly", "team": "web"}, False),
        ({}, False),
    ],
)
def test_all_tags_of_a_selection_must_be_there(tags: dict[str, Str], expected: Truth) -> None:
    assert covered(tags, ExternalSelection({"backup": "daily", "team": "w*"})) is expected


def test_any_of_the_selections_is_enough() -> None:
    assert covered({"a": "1"}, ExternalSelection({"b": "1"}), ExternalSelection({"a": "1"})) is True


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [(ARN, True), ("arn:aws:elasticfilesystem:*:*:file-system/*", True), (f"{ARN}2", False), ("arn:aws:s3:::*", False)],
)
def test_arns_and_patterns_of_arns_select(pattern: str, expected: Truth) -> None:
    assert covered({}, ExternalSelection(resources=(pattern,))) is expected


def test_what_is_not_known_is_not_coverage() -> None:
    by_tag = ExternalSelection({"backup": "daily"})

    assert isinstance(covered(OPEN, by_tag), Unresolved)
    assert isinstance(covered({"backup": OPEN}, by_tag), Unresolved)
    assert isinstance(covered({}, ExternalSelection(resources=(ARN,)), arn=Ref("aws_efs_file_system.f")), Unresolved)


def test_without_selections_nothing_is_covered_elsewhere() -> None:
    assert covered(OPEN) is False
