terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variable "both" {
  type    = bool
  default = false
}

variable "more_arns" {
  type    = list(string)
  default = ["arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-0other"]
}

locals {
  arns = [aws_efs_file_system.fresh.arn]
}

resource "aws_efs_file_system" "kept" {
  tags = { Name = "kept" }
}

resource "aws_efs_file_system" "fresh" {
  tags = { sibling = aws_backup_vault.v.arn, Name = "fresh" }
}

resource "aws_efs_file_system" "counted" {
  count = 2
}

resource "aws_efs_backup_policy" "counted" {
  count          = 2
  file_system_id = aws_efs_file_system.counted[count.index].id
  backup_policy {
    status = "ENABLED"
  }
}

resource "aws_backup_vault" "v" {
  name = "main"
}

resource "aws_backup_plan" "p" {
  name = "p"
  dynamic "rule" {
    for_each = toset([aws_backup_vault.v.arn])
    content {
      rule_name         = "r"
      target_vault_name = "main"
    }
  }
}

resource "aws_backup_selection" "either" {
  name         = "either"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = "arn:aws:iam::111122223333:role/AWSBackup"
  resources    = var.both ? [aws_efs_file_system.kept.arn, aws_efs_file_system.fresh.arn] : [aws_efs_file_system.fresh.arn, aws_efs_file_system.counted[0].arn]
}

resource "aws_backup_selection" "indirect" {
  name         = "indirect"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = "arn:aws:iam::111122223333:role/AWSBackup"
  resources    = local.arns
}

resource "aws_backup_selection" "with_more" {
  name         = "with_more"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = "arn:aws:iam::111122223333:role/AWSBackup"
  resources    = concat(var.more_arns, [aws_efs_file_system.fresh.arn])
}

resource "aws_backup_selection" "kept" {
  name         = "kept"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = "arn:aws:iam::111122223333:role/AWSBackup"
  resources    = [aws_efs_file_system.kept.arn]
}

resource "aws_backup_selection" "mixed" {
  name         = "mixed"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = "arn:aws:iam::111122223333:role/AWSBackup"
  resources    = [aws_efs_file_system.kept.arn, aws_efs_file_system.fresh.arn]
}

resource "aws_iam_role" "generated" {
  name_prefix        = "restore-"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "backup.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "generated" {
  role   = aws_iam_role.generated.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "elasticfilesystem:Restore", Resource = "*" }] })
}

resource "aws_iam_role_policy" "elsewhere" {
  role   = "made-by-hand"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "backup:StartRestoreJob", Resource = "*" }] })
}

resource "aws_backup_restore_testing_selection" "t" {
  name                      = "t"
  restore_testing_plan_name = "plan"
  protected_resource_type   = "EFS"
  iam_role_arn              = aws_iam_role.generated.arn
  protected_resource_arns   = ["*"]
}

resource "aws_ssoadmin_permission_set" "ops" {
  name         = "Ops"
  instance_arn = "arn:aws:sso:::instance/ssoins-1111222233334444"
}

resource "aws_ssoadmin_managed_policy_attachment" "ops" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1111222233334444"
  managed_policy_arn = "arn:aws:iam::aws:policy/AWSBackupOperatorAccess"
  permission_set_arn = aws_ssoadmin_permission_set.ops.arn
}
