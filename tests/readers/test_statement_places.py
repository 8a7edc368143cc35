"""Findings about identities point at the statement of a policy, however that is written, or at the policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.files import write

from restore_ready import Fail, scan
from restore_ready.catalog._finder import all_rules

START = "backup:StartRestoreJob"
POLICY = 'resource "aws_iam_policy" "on_call" {\n  name   = "on-call"\n  policy = WRITTEN\n}\n'
LIST = '{ Effect = "Allow", Action = "backup:List*", Resource = "*" }'
GRANT = f'{{ Effect = "Allow", Action = "{START}", Resource = "*" }}'
JSON = f"""{{
  "Version": "2012-10-17",
  "Statement": [
    {{"Effect": "Allow", "Action": "backup:List*", "Resource": "*"}},
    {{"Effect": "Allow", "Action": "{START}", "Resource": "arn:${{part}}:backup:*"}}
  ]
}}
"""
DOCUMENT = f"""
data "aws_iam_policy_document" "first" {{
  statement {{
    actions   = ["backup:List*"]
    resources = ["*"]
  }}
}}
data "aws_iam_policy_document" "all" {{
  source_policy_documents = [data.aws_iam_policy_document.first.json]
  statement {{
    actions   = ["{START}"]
    resources = ["*"]
  }}
}}
"""
LOCALS = f"""
locals {{
  list   = {LIST}
  policy = jsonencode({{ Statement = [local.list, {GRANT}] }})
}}
"""


def pointed_at(folder: Path, files: dict[str, str], code: str) -> str:
    """Return what the one finding of a rule points at: its file and the text from there on; empty if at nothing."""
    rules = [rule for rule in all_rules() if rule.code == code]
    verdicts = (judgement.verdict for judgement in scan([write(folder, files)], rules=rules).judgements)
    (fail,) = (verdict for verdict in verdicts if isinstance(verdict, Fail))
    if fail.focus is None:
        return ""
    place = fail.focus.place
    name = Path(place.file).relative_to(folder).as_posix()
    return f"{name}: {files[name].splitlines()[place.line - 1][max(place.column - 1, 0) :]}"


@pytest.mark.parametrize(
    ("written", "more", "expected"),
    [
        (f"jsonencode({{ Statement = [{LIST}, {GRANT}] }})", {}, f'main.tf: Action = "{START}"'),
        ("local.policy", {"locals.tf": LOCALS}, f'locals.tf: Action = "{START}"'),
        ("data.aws_iam_policy_document.all.json", {"docs.tf": DOCUMENT}, f'docs.tf: actions   = ["{START}"]'),
        (f"<<-EOF\n{JSON}EOF", {}, f'main.tf: "Action": "{START}"'),
        ('file("${path.module}/p.json")', {"p.json": JSON.replace("${part}", "aws")}, f'p.json: "Action": "{START}"'),
        ('templatefile("p.tpl", { part = "aws" })', {"p.tpl": JSON}, f'p.tpl: "Action": "{START}"'),
    ],
)
def test_terraform_points_at_the_statement(tmp_path: Path, written: str, more: dict[str, str], expected: str) -> None:
    text = POLICY.replace("WRITTEN", written) + 'variable "part" { default = "aws" }\n'
    files = {"main.tf": text.replace("${part}", "${var.part}"), **more}
    assert pointed_at(tmp_path, files, "RR401").startswith(expected)


@pytest.mark.parametrize(
    "written",
    [
        f"jsonencode({{ Statement = concat([{LIST}], [{GRANT}]) }})",
        f"jsonencode({{ Statement = [for s in [{LIST}, {GRANT}] : s] }})",
        f'"{{\\"Statement\\": [{{\\"Effect\\": \\"Allow\\", \\"Action\\": \\"{START}\\", \\"Resource\\": \\"*\\"}}]}}"',
    ],
)
def test_of_statements_that_are_not_written_out_it_points_at_the_policy(tmp_path: Path, written: str) -> None:
    found = pointed_at(tmp_path, {"main.tf": POLICY.replace("WRITTEN", written)}, "RR401")
    assert found.startswith("main.tf: policy = ")


TEMPLATE = """Conditions:
  Never: !Equals [a, b]
Resources:
  OnCall:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: WRITTEN
"""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            (
                f'\n          - {{Effect: Allow, Action: "backup:List*", Resource: "*"}}\n'
                f'          - Effect: Allow\n            Action: {START}\n            Resource: "*"'
            ),
            f"t.yaml: Action: {START}",
        ),
        (f'{{Effect: Allow, Action: "{START}", Resource: "*"}}', f't.yaml: Action: "{START}"'),
        (
            (
                f'\n          - !If [Never, {{Effect: Deny, Action: "iam:*", Resource: "*"}}, !Ref "AWS::NoValue"]\n'
                f'          - {{Effect: Allow, Action: "{START}", Resource: "*"}}'
            ),
            "t.yaml: PolicyDocument:",
        ),
    ],
)
def test_templates_point_at_the_statement_or_the_document(tmp_path: Path, written: str, expected: str) -> None:
    assert pointed_at(tmp_path, {"t.yaml": TEMPLATE.replace("WRITTEN", written)}, "RR401").startswith(expected)


def test_a_template_in_json_points_at_it_too(tmp_path: Path) -> None:
    document = JSON.replace("${part}", "aws").replace("\n", "\n      ")
    text = f"""{{
  "Resources": {{
    "OnCall": {{
      "Type": "AWS::IAM::ManagedPolicy",
      "Properties": {{"PolicyDocument": {document}}}
    }},
    "Other": {{"Type": "AWS::SNS::Topic"}}
  }}
}}
"""
    assert pointed_at(tmp_path, {"t.json": text}, "RR401").startswith(f't.json: "Action": "{START}"')


def test_what_aws_wrote_is_pointed_at_where_it_is_attached(tmp_path: Path) -> None:
    text = """
resource "aws_iam_user" "sato" {
  name = "sato"
}
resource "aws_iam_user_policy_attachment" "sato" {
  user       = aws_iam_user.sato.name
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
}
"""
    files = {"main.tf": text, "restore-ready.yaml": "version: 1\nrestore:\n  operators: [sato]\n"}
    assert pointed_at(tmp_path, files, "RR401") == ('main.tf: policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"')
