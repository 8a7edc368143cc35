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
  default_tags {
    tags = { team = "web" }
  }
}

locals {
  shares = toset(["a", "b"])
}

resource "aws_efs_file_system" "each" {
  for_each = local.shares
  tags     = { share = each.key }
}

resource "aws_efs_file_system" "many" {
  count                  = 2
  availability_zone_name = "us-east-1a"
}

resource "aws_efs_backup_policy" "each" {
  for_each       = aws_efs_file_system.each
  file_system_id = each.value.id
  backup_policy {
    status = "DISABLED"
  }
}

resource "aws_backup_vault" "v" {
  name = "main"
}

resource "aws_backup_vault" "generated" {
  name = "gen-${aws_backup_vault.v.arn == "" ? "x" : "y"}"
}

resource "aws_backup_vault_policy" "v" {
  backup_vault_name = aws_backup_vault.v.name
  policy            = data.aws_iam_policy_document.v.json
}

data "aws_iam_policy_document" "v" {
  statement {
    sid       = "NoRestore"
    effect    = "Deny"
    actions   = ["backup:StartRestoreJob"]
    resources = [aws_backup_vault.v.arn, "arn:aws:ec2:*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "StringLike"
      variable = "aws:username"
      values   = ["&{aws:username}"]
    }
  }
}

resource "aws_backup_plan" "p" {
  name = "daily"
  rule {
    rule_name         = "stated"
    target_vault_name = aws_backup_vault.v.name
    schedule          = "cron(0 13 * * ? *)"
    start_window      = 60
    completion_window = 180
    lifecycle {
      cold_storage_after = 30
      delete_after       = 120
    }
    copy_action {
      destination_vault_arn = aws_backup_vault.v.arn
      lifecycle {
        delete_after = 365
      }
    }
  }
  rule {
    rule_name         = "default"
    target_vault_name = aws_backup_vault.generated.name
  }
}

resource "aws_backup_plan" "dyn" {
  name = "dyn"
  dynamic "rule" {
    for_each = { x = aws_backup_vault.generated.name, y = "lit" }
    content {
      rule_name         = rule.key
      target_vault_name = rule.value
    }
  }
}

resource "aws_backup_selection" "all" {
  name         = "all"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = module.roles.backup_role_arn
  resources    = concat(["arn:aws:ec2:*:*:volume/*"], [for f in aws_efs_file_system.each : f.arn])
}

resource "aws_backup_selection" "splat" {
  name         = "splat"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = module.roles.backup_role_arn
  resources    = aws_efs_file_system.many[*].arn
}

resource "aws_backup_selection" "one" {
  name         = "one"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = module.roles.backup_role_arn
  resources    = [aws_efs_file_system.each["a"].arn, module.efs["z"].arn, aws_efs_file_system.many[0].arn]
  condition {
    string_equals {
      key   = "aws:ResourceTag/share"
      value = "a"
    }
  }
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "yes"
  }
}

module "efs" {
  source   = "./modules/efs"
  for_each = toset(["y", "z"])
  label    = each.key
}

module "roles" {
  source    = "./modules/roles"
  vault_arn = aws_backup_vault.v.arn
  plan_arns = [for m in module.efs : m.arn]
  plan_id   = aws_backup_plan.p.id
}

data "aws_caller_identity" "me" {
  count = 0
}

resource "aws_iam_user" "u" {
  name = "ann"
}

resource "aws_iam_user_policy" "u" {
  user   = aws_iam_user.u.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "backup:StartRestoreJob", Resource = aws_backup_vault.v.arn }] })
}

resource "aws_iam_group" "g" {
  name = "oncall"
}

resource "aws_iam_group_policy_attachment" "g" {
  group      = aws_iam_group.g.name
  policy_arn = "arn:aws:iam::aws:policy/AWSBackupOperatorAccess"
}

resource "aws_iam_user_group_membership" "u" {
  user   = aws_iam_user.u.name
  groups = [aws_iam_group.g.name]
}
