"""A selection of another stack covers what it is handed: by a nested stack's parameters, or by an import."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.files import write

from restore_ready import scan

OUTPUTS = "Outputs: {Id: {Value: !Ref Files, Export: {Name: NAME}}}\n"
FILES = "Resources:\n  Files: {Type: AWS::EFS::FileSystem}\n"
SELECTION = """
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: 3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11
      BackupSelection:
        SelectionName: nightly
        IamRoleArn: arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole
        Resources: RESOURCES
"""
ARN = '!Sub ["arn:aws:elasticfilesystem:${AWS::Region}:${AWS::AccountId}:file-system/${Id}", {Id: VALUE}]'
NESTED = """
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: WHERE, Parameters: {Given: !GetAtt Files.Arn}}
"""


def selecting(resources: str, before: str = "") -> str:
    return before + "Resources:" + SELECTION.replace("RESOURCES", resources)


def verdict(folder: Path, files: dict[str, str], code: str = "RR102") -> str:
    write(folder, files)
    (found,) = [
        judgement
        for judgement in scan([folder]).judgements
        if (judgement.rule.code, judgement.address) == (code, "Files")
    ]
    return type(found.verdict).__name__


@pytest.mark.parametrize(
    ("name", "imported", "expected"),
    [
        ("files", "files", "Pass"),
        ("files", "other", "Unknown"),
        ("Storage:ExportsOutputRefFiles", "Storage:ExportsOutputRefFiles", "Pass"),
    ],
)
def test_what_imports_a_file_system_by_name_covers_it(tmp_path: Path, name: str, imported: str, expected: str) -> None:
    importing = selecting(f"[{ARN.replace('VALUE', f'!ImportValue {imported!r}')}]")
    files = {"storage.yaml": OUTPUTS.replace("NAME", name) + FILES, "backup.yaml": importing}
    assert verdict(tmp_path, files) == expected


def test_two_templates_that_export_the_same_leave_it_open(tmp_path: Path) -> None:
    exporting = OUTPUTS.replace("NAME", "files") + FILES
    importing = selecting(f"[{ARN.replace('VALUE', '!ImportValue files')}]")
    write(tmp_path, {"prod.yaml": exporting, "dev.yaml": exporting, "backup.yaml": importing})
    found = [judgement for judgement in scan([tmp_path]).judgements if judgement.rule.code == "RR102"]
    assert [type(judgement.verdict).__name__ for judgement in found] == ["Unknown", "Unknown"]


@pytest.mark.parametrize(("name", "expected"), [("files", "Fail"), ("Storage:ExportsOutputRefFiles", "Unknown")])
def test_an_export_that_nobody_is_seen_to_import_is_an_offer_unless_the_cdk_made_it(
    tmp_path: Path, name: str, expected: str
) -> None:
    assert verdict(tmp_path, {"storage.yaml": OUTPUTS.replace("NAME", name) + FILES}) == expected


@pytest.mark.parametrize(
    ("resources", "kind", "expected"),
    [
        ("[!Ref Given]", "String", "Pass"),
        ("!Ref Given", "CommaDelimitedList", "Pass"),
        ("[arn:aws:dynamodb:us-east-1:111122223333:table/t]", "String", "Fail"),
    ],
)
def test_a_nested_stack_whose_template_is_here_is_followed(
    tmp_path: Path, resources: str, kind: str, expected: str
) -> None:
    parent = FILES + NESTED.replace("WHERE", "nested/backup.yaml")
    nested = selecting(resources, f"Parameters: {{Given: {{Type: {kind}}}}}\n")
    assert verdict(tmp_path, {"parent.yaml": parent, "nested/backup.yaml": nested}) == expected


def test_what_a_nested_stack_is_not_handed_it_does_not_choose(tmp_path: Path) -> None:
    parent = FILES + NESTED.replace("WHERE", "../nested/backup.yaml")
    nested = selecting("!Ref Given", "Parameters: {Given: {Type: CommaDelimitedList}}\n")
    write(tmp_path / "repository", {".git/HEAD": "", "top/parent.yaml": parent, "nested/backup.yaml": nested})
    write(tmp_path / "repository", {"other.yaml": FILES.replace("Files", "Others")})
    found = {
        judgement.address: type(judgement.verdict).__name__
        for judgement in scan([tmp_path]).judgements
        if judgement.rule.code == "RR102"
    }
    assert found == {"Files": "Pass", "Others": "Fail"}


def test_a_nested_stack_within_a_nested_stack_is_followed(tmp_path: Path) -> None:
    given = "Parameters: {Given: {Type: String}}\n"
    middle = given + "Resources:\n" + NESTED.replace("WHERE", "inner.yaml").replace("!GetAtt Files.Arn", "!Ref Given")
    files = {
        "parent.yaml": FILES + NESTED.replace("WHERE", "nested/middle.yaml"),
        "nested/middle.yaml": middle,
        "nested/inner.yaml": selecting("[!Ref Given]", given),
    }
    assert verdict(tmp_path, files) == "Pass"


@pytest.mark.parametrize("url", ["https://examplebucket.s3.amazonaws.com/b.yaml", "missing.yaml", "../outside.yaml"])
def test_a_nested_stack_whose_template_is_not_here_is_open(tmp_path: Path, url: str) -> None:
    write(tmp_path, {"outside.yaml": selecting("[]")})
    assert verdict(tmp_path / "inside", {"parent.yaml": FILES + NESTED.replace("WHERE", url)}) == "Unknown"


def test_a_nested_stack_that_names_itself_ends(tmp_path: Path) -> None:
    assert verdict(tmp_path, {"parent.yaml": FILES + NESTED.replace("WHERE", "parent.yaml")}) == "Unknown"


def test_a_nested_selection_that_depends_on_an_open_condition_is_open(tmp_path: Path) -> None:
    head = "Parameters: {Given: {Type: String}, On: {Type: String}}\nConditions: {Is: !Equals [!Ref On, 'yes']}\n"
    nested = selecting("[!Ref Given]", head).replace("  Selection:\n", "  Selection:\n    Condition: Is\n")
    parent = FILES + NESTED.replace("WHERE", "nested/backup.yaml")
    assert verdict(tmp_path, {"parent.yaml": parent, "nested/backup.yaml": nested}) == "Unknown"


STACK = """
resource "aws_efs_file_system" "home" {{}}
resource "aws_cloudformation_stack{suffix}" "protection" {{
  name = "protection"
  template_body = {body}
}}
"""
BODY = """jsonencode({ Resources = { Selection = {
    Type = "AWS::Backup::BackupSelection"
    Properties = { BackupPlanId = "x", BackupSelection = {
      SelectionName = "x", IamRoleArn = "arn:aws:iam::111122223333:role/x", Resources = [aws_efs_file_system.home.arn]
    } }
  } } })"""
OPEN_BODY = '"${file("nowhere.yaml")}: ${aws_efs_file_system.home.arn}"'


@pytest.mark.parametrize(
    ("suffix", "body", "expected"),
    [("", BODY, "Pass"), ("_set", BODY, "Unknown"), ("", OPEN_BODY, "Unknown"), ("", "jsonencode({})", "Fail")],
)
def test_the_body_of_a_stack_in_terraform_is_followed(tmp_path: Path, suffix: str, body: str, expected: str) -> None:
    write(tmp_path, {"main.tf": STACK.format(suffix=suffix, body=body)})
    (found,) = [judgement for judgement in scan([tmp_path]).judgements if judgement.rule.code == "RR102"]
    assert type(found.verdict).__name__ == expected


def test_a_selection_of_what_another_configuration_hands_over_may_be_of_any_file_system(tmp_path: Path) -> None:
    selection = """
data "terraform_remote_state" "storage" { backend = "s3" }
resource "aws_backup_selection" "all" {
  name         = "all"
  plan_id      = "3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11"
  iam_role_arn = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
  resources    = [data.terraform_remote_state.storage.outputs.arn]
}
"""
    write(tmp_path, {"storage/main.tf": 'resource "aws_efs_file_system" "home" {}', "backup/main.tf": selection})
    (found,) = [judgement for judgement in scan([tmp_path]).judgements if judgement.rule.code == "RR102"]
    assert type(found.verdict).__name__ == "Unknown"


ID = "aws_efs_file_system.home.id"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (f"a = {ID}", "Unknown"),
        ("a = [for f in [aws_efs_file_system.home] : f.arn]", "Unknown"),
        (f'a = {{ b = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/${{{ID}}}" }}', "Unknown"),
        (f'user_data = "mount -t efs ${{{ID}}} /mnt"', "Fail"),
        (f"volumes = [{{ efs_volume_configuration = [{{ file_system_id = {ID} }}] }}]", "Fail"),
        ("name = aws_efs_file_system.home.dns_name", "Fail"),
        (f"policy = jsonencode({{ Resource = {ID} }})", "Fail"),
    ],
)
def test_a_module_that_can_not_be_read_is_handed_what_it_may_choose(tmp_path: Path, given: str, expected: str) -> None:
    module = f'module "web" {{\n  source = "git::https://git.example.com/ec2.git"\n  {given}\n}}\n'
    write(tmp_path, {"main.tf": f'resource "aws_efs_file_system" "home" {{}}\n{module}'})
    (found,) = [judgement for judgement in scan([tmp_path]).judgements if judgement.rule.code == "RR102"]
    assert type(found.verdict).__name__ == expected
