"""Files that resemble a template without being one."""

from __future__ import annotations

import json
from pathlib import Path

from restore_ready import scan

EVENT = {"fragment": {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}}
TEMPLATE = {"Resources": {"Files": {"Type": "AWS::EFS::FileSystem"}}}


def test_a_file_that_only_resembles_a_template_is_passed_over_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text(json.dumps(EVENT), encoding="utf-8")
    (tmp_path / "template.json").write_text(json.dumps(TEMPLATE), encoding="utf-8")
    found = scan([tmp_path])
    assert found.sources == (tmp_path / "template.json",)
    assert (found.gaps, found.unread, found.in_vain) == ((), (), False)


def test_given_by_name_it_is_an_error(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps(EVENT), encoding="utf-8")
    found = scan([event])
    assert found.unread == (event,)
    assert found.in_vain
    assert "is no CloudFormation template" in found.gaps[0].why
