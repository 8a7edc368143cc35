"""Files that resemble a template without being one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from restore_ready import scan

EVENT = {"fragment": {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}}
TEMPLATE = {"Resources": {"Files": {"Type": "AWS::EFS::FileSystem"}}}


def test_a_file_that_only_resembles_a_template_is_passed_over_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text(json.dumps(EVENT), encoding="utf-8")
    (tmp_path / "template.json").write_text(json.dumps(TEMPLATE), encoding="utf-8")
    found = scan([tmp_path])
    assert found.sources == (tmp_path / "template.json",)
    assert (found.gaps, found.unread, found.unreadable) == ((), (), ())


def test_given_by_name_it_is_an_error(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps(EVENT), encoding="utf-8")
    found = scan([event])
    assert found.unread == (event,)
    assert found.unreadable == found.gaps
    assert "is no CloudFormation template" in found.gaps[0].why


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("anchor.yaml", "Resources:\n  Files:\n    Type: &efs AWS::EFS::FileSystem\n"),
        ("tag.yaml", "Resources:\n  Files:\n    Type: !!str AWS::EFS::FileSystem\n"),
        ("folded.yaml", "Resources:\n  Files:\n    Type: >-\n      AWS::EFS::FileSystem\n"),
        ("key.yaml", '"Reso\\x75rces":\n  Files: {Type: AWS::EFS::FileSystem}\n'),
        ("broken.yaml", 'Resources:\n  Files:\n    Type: "AW\\\n      S::EFS::FileSystem"\n'),
        ("escape.json", '{"Resources": {"Files": {"Type": "\\u0041WS::EFS::FileSystem"}}}'),
        ("Stack.YAML", "Resources:\n  Files:\n    Type: AWS::EFS::FileSystem\n"),
        ("Stack.Template", json.dumps(TEMPLATE)),
    ],
)
def test_a_template_is_one_however_it_is_written(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = scan([tmp_path])
    assert {judgement.address for judgement in found.judgements} == {"Files"}
    assert found.gaps == ()


def test_what_has_the_words_of_a_template_and_can_not_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / "notes.yaml").write_text("Resources such as: AWS::EFS::FileSystem: [\n", encoding="utf-8")
    found = scan([tmp_path])
    assert (found.gaps, found.unread, found.unreadable) == ((), (), ())
