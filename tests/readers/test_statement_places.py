"""Findings about identities point at the statement of a policy, however that is written, or at the policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.files import write
from tests.support.paths import FIXTURES

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
    return found_in(write(folder, files), folder, code)


def found_in(source: Path, folder: Path, code: str) -> str:
    rules = [rule for rule in all_rules() if rule.code == code]
    verdicts = (judgement.verdict for judgement in scan([source], rules=rules).judgements)
    fail, *_ = (verdict for verdict in verdicts if isinstance(verdict, Fail))
    if fail.focus is None:
        return ""
    place = fail.focus.place
    file = Path(place.file)
    line = file.read_text(encoding="utf-8").splitlines()[place.line - 1]
    return f"{file.relative_to(folder).as_posix()}: {line[max(place.column - 1, 0) :]}"


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


DENIED = f"""
resource "aws_iam_user_policy" "sato" {{
  user   = "sato"
  policy = jsonencode({{
    Statement = [
      {{ Effect = "Allow", Action = ["{START}", "iam:PassRole"], Resource = "*" }},
      {{ Effect = "Deny", Action = "backup:ListRecoveryPoints*", Resource = "*" }},
    ]
  }})
}}
resource "aws_iam_user" "sato" {{
  name = "sato"
}}
"""


def test_what_is_taken_away_is_pointed_at_and_not_what_grants(tmp_path: Path) -> None:
    found = pointed_at(tmp_path, {"main.tf": DENIED}, "RR408")
    assert found.startswith('main.tf: Action = "backup:ListRecoveryPoints*"')


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("RR107/fail_name_for_arn/main.tf", "iam_role_arn = aws_iam_role.backup.name"),
        ("RR107/fail_service_control_policy/template.yaml", "Action: elasticfilesystem:*"),
        ("RR109/fail_role_is_denied/template.yaml", 'Action: ["kms:CreateGrant", "kms:GenerateDataKey*"]'),
        ("RR402/fail_passed_to_lambda/main.tf", "condition {"),
        ("RR402/fail_passes_ecs_role/template.yaml", "Resource: !GetAtt Task.Arn"),
        ("RR403/fail_lambda_trust/main.tf", 'Principal = { Service = "lambda.amazonaws.com" }'),
        ("RR404/fail_create_on_one_file_system/template.yaml", "Resource: !GetAtt Home.Arn"),
        ("RR405/fail_service_control_policy/main.tf", 'Action   = "backup:StartRestoreJob"'),
        ("RR405/fail_boundary_leaves_it_out/template.yaml", "PolicyDocument:"),
        ("RR405/fail_power_user_boundary/main.tf", "permissions_boundary = "),
        ("RR405/fail_vault_spares_another/template.yaml", "Action: backup:StartRestoreJob"),
        ("RR406/fail_every_role/main.tf", 'Resource = "arn:aws:iam::*:role/*"'),
        ("RR407/fail_encrypt_only/template.yaml", 'Action: ["kms:CreateGrant", '),
        ("RR407/fail_separate_policy/main.tf", "principals {"),
        ("RR409/fail_other_region/main.tf", "Resource = "),
        ("RR502/fail_more_than_fits/template.yaml", "Timeout: 900"),
        ("RR503/fail_application_access_point/main.tf", 'path = "/app"'),
        ("RR504/fail_continuous_only/main.tf", 'recovery_point_types = ["CONTINUOUS"]'),
        ("RR504/fail_vault_denies_everyone/template.yaml", 'Action: ["backup:DeleteRecoveryPoint", '),
    ],
)
def test_each_kind_of_policy_and_setting_is_pointed_at(story: str, expected: str) -> None:
    path = FIXTURES / story
    source = path.parent if path.suffix == ".tf" else path
    assert found_in(source, path.parent, story[:5]).startswith(f"{path.name}: {expected}")
