from pathlib import Path

from restore_ready import Fail, Pass, Unknown, scan

GRANTS = {
    "account": ('"arn:aws:backup:eu-west-1:999988887777:recovery-point:*"', Fail),
    "any_region": ('"arn:aws:backup:*:*:recovery-point:*"', Pass),
    "copied": ('"arn:aws:backup:us-west-2:111122223333:recovery-point:*"', Pass),
    "custom": ("null_resource.point.id", Unknown),
    "ec2": ('"arn:aws:ec2:*::snapshot/*"', Pass),
    "file_system": ("aws_efs_file_system.data.arn", Fail),
    "here": ('"arn:aws:backup:eu-west-1:111122223333:recovery-point:*"', Pass),
    "one": ('"arn:aws:backup:eu-west-1:111122223333:recovery-point:1234"', Pass),
    "open": ("var.point", Unknown),
    "open_region": ('"arn:aws:backup:${var.point}:111122223333:recovery-point:*"', Unknown),
    "region": ('"arn:aws:backup:us-east-1:111122223333:recovery-point:*"', Fail),
    "service": ('"arn:aws:backup:*"', Pass),
    "snapshot": ("aws_ebs_snapshot.data.arn", Pass),
    "vault": ("aws_backup_vault.efs.arn", Fail),
    "vault_below": ('"${aws_backup_vault.efs.arn}/*"', Fail),
    "vault_by_open_name": ('"arn:aws:backup:eu-west-1:111122223333:backup-vault:${var.point}"', Fail),
    "vault_data": ("data.aws_backup_vault.efs.arn", Fail),
}
ESTATE = """
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}
variable "point" {}
data "aws_backup_vault" "efs" { name = "efs" }
resource "null_resource" "point" {}
resource "aws_ebs_snapshot" "data" { volume_id = "vol-1" }
resource "aws_efs_file_system" "data" {}
resource "aws_backup_vault" "efs" { name = "efs" }
resource "aws_backup_plan" "efs" {
  name = "efs"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.efs.name
    copy_action { destination_vault_arn = "arn:aws:backup:us-west-2:111122223333:backup-vault:far" }
  }
}
"""
POLICY = """
resource "aws_iam_policy" "NAME" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "backup:StartRestoreJob", Resource = RESOURCE }]
  })
}
"""
ROLE = """
resource "aws_iam_role" "NAME" {
  name               = "NAME"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Principal = PRINCIPAL, Action = "sts:AssumeRole"
  }] })
}
resource "aws_iam_role_policy" "NAME" {
  role   = aws_iam_role.NAME.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "backup:StartRestoreJob", Resource = "*"
  }] })
}
"""


def test_a_grant_can_match_what_is_a_recovery_point_where_recovery_points_lie(tmp_path: Path) -> None:
    policies = (POLICY.replace("NAME", name).replace("RESOURCE", entry) for name, (entry, _) in GRANTS.items())
    (tmp_path / "main.tf").write_text(ESTATE + "".join(policies))
    judged = [one for one in scan([tmp_path]).judgements if one.rule.code == "RR409"]
    assert {one.address.rpartition(".")[2]: type(one.verdict) for one in judged} == {
        name: verdict for name, (_, verdict) in GRANTS.items()
    }


def test_who_holds_another_grant_that_matches_may_start_restores(tmp_path: Path) -> None:
    role = ROLE.replace("NAME", "on_call").replace("PRINCIPAL", '{ AWS = "111122223333" }')
    useless = POLICY.replace("NAME", "useless").replace("RESOURCE", GRANTS["vault"][0])
    attached = (
        'resource "aws_iam_role_policy_attachment" "a" {\n  role = aws_iam_role.on_call.name\n'
        "  policy_arn = aws_iam_policy.useless.arn\n}\n"
    )
    (tmp_path / "main.tf").write_text(ESTATE + role + useless + attached)
    judged = [one for one in scan([tmp_path]).judgements if one.rule.code == "RR409"]
    assert {type(one.verdict) for one in judged} == {Pass}


def test_a_role_of_a_program_needs_to_find_nothing(tmp_path: Path) -> None:
    people = ROLE.replace("NAME", "people").replace("PRINCIPAL", '{ AWS = "111122223333" }')
    program = ROLE.replace("NAME", "program").replace("PRINCIPAL", '{ Service = "lambda.amazonaws.com" }')
    both = ROLE.replace("NAME", "both").replace(
        "PRINCIPAL", '{ Service = "lambda.amazonaws.com", AWS = "111122223333" }'
    )
    (tmp_path / "main.tf").write_text(people + program + both)
    judged = [one for one in scan([tmp_path]).judgements if one.rule.code == "RR408"]
    assert {one.address for one in judged} == {"aws_iam_role.people", "aws_iam_role.both"}
