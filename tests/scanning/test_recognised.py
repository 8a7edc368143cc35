"""Files are recognised by what they say, however it is written; what they say twice is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.files import write
from tests.support.paths import FIXTURES

from restore_ready import Scan, scan

PLAN = (FIXTURES / "RR101" / "fail_enabled" / "plan.json").read_text()
STATEMENT = '{"Effect": "Allow", "Action": "backup:StartRestoreJob", "Resource": "*"}'
POLICY = f'{{"Version": "2012-10-17", "Statement": [{STATEMENT}]}}'
TEMPLATE = "Resources:\n  Files:\n    Type: AWS::EFS::FileSystem\n"


def told(found: Scan) -> list[str]:
    return [gap.why for gap in found.gaps]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("STACK.YAML", TEMPLATE),
        ("stack.Yml", TEMPLATE),
        ("STACK.TEMPLATE", TEMPLATE),
        ("STACK.JSON", json.dumps({"Resources": {"Files": {"Type": "AWS::EFS::FileSystem"}}})),
        ("PLAN.JSON", PLAN),
        ("plan.json", PLAN.replace("planned_values", r"planned\u005fvalues").replace("format", r"f\u006frmat")),
        ("plan.json", f"\ufeff{PLAN}"),
        ("restore.json", POLICY.replace("Statement", r"\u0053tatement")),
        ("restore.json", POLICY.replace("backup:", r"backup\u003A")),
    ],
)
def test_letter_case_of_names_and_escapes_hide_nothing(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, {name: text})
    found = scan([tmp_path])
    assert found.sources == (tmp_path / name,)
    assert (told(found), found.crashes) == ([], ())


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("t.yaml", f"Resources: {{}}\n{TEMPLATE}", "Resources is given twice, of which the last is read"),
        ("t.yaml", f"{TEMPLATE}Resources: {{}}\n", "Resources is given twice"),
        ("plan.json", PLAN.replace("{", '{"planned_values": {}, ', 1), "planned_values is given twice in one object"),
        ("p.json", POLICY.replace("]}", '], "Statement": []}'), "can't be judged: Statement is given twice"),
        ("p.json", POLICY.replace('"Effect"', '"Effect": "Deny", "Effect"'), "can't be judged: Effect is given twice"),
    ],
)
def test_what_is_given_twice_is_told(tmp_path: Path, name: str, text: str, why: str) -> None:
    write(tmp_path, {name: text})
    assert [gap for gap in told(scan([tmp_path])) if why in gap]


ROLE = """\
resource "aws_iam_role" "ops" {
  name               = "ops"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "restore" {
  role   = aws_iam_role.ops.name
  policy = <<-JSON
    POLICY
  JSON
}
"""
STACK = """\
Resources:
  Ops:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies: [{PolicyName: restore, PolicyDocument: POLICY}]
"""


@pytest.mark.parametrize(("name", "text"), [("main.tf", ROLE), ("stack.yaml", STACK)])
def test_a_policy_that_iam_refuses_for_a_key_given_twice_is_told(tmp_path: Path, name: str, text: str) -> None:
    twice = POLICY.replace('"Action"', '"Action": "s3:GetObject", "Action"')
    write(tmp_path, {name: text.replace("POLICY", twice)})
    found = scan([tmp_path])
    assert told(found) == ["IAM refuses the policy: Action is given twice"]
    assert found.judgements == ()


def test_a_plan_shows_what_it_is_at_its_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("restore_ready.scanning._discover._SEARCHED", 200)
    write(tmp_path, {"plan.json": '{"format_version": "1.2", "planned_values": {}, "configuration": {}}' + " " * 500})
    assert scan([tmp_path]).sources == (tmp_path / "plan.json",)
