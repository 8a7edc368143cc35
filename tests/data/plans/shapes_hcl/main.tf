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

variable "on" {
  type    = bool
  default = true
}

variable "others" {
  type    = list(string)
  default = ["arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-0123abcd"]
}

variable "hidden" {
  type      = string
  default   = "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-0hidden"
  sensitive = true
}

locals {
  both    = [aws_efs_file_system.a.arn, aws_efs_file_system.b.arn]
  not_yet = [for arn in [aws_backup_vault.v.arn] : arn if arn != ""]
  role    = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole"
}

resource "aws_efs_file_system" "a" {}

resource "aws_efs_file_system" "b" {}

resource "aws_efs_file_system" "each" {
  for_each = toset(["a", "b"])
}

resource "aws_efs_file_system" "many" {
  count = 2
}

resource "aws_efs_file_system" "perhaps" {
  count = var.on ? 1 : 0
}

resource "aws_efs_file_system" "absent" {
  count = var.on ? 0 : 1
}

module "one" {
  source = "./storage"
  label  = "one"
}

module "two" {
  source   = "./storage"
  for_each = toset(["x", "y"])
  label    = each.key
}

module "relay" {
  source      = "./relay"
  arns        = [aws_efs_file_system.a.arn, aws_efs_file_system.b.arn]
  file_system = aws_efs_file_system.b
}

resource "aws_backup_vault" "v" {
  name = "main"
}

resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "written"
    target_vault_name = aws_backup_vault.v.id
    start_window      = 480
  }
  dynamic "rule" {
    for_each = local.not_yet
    content {
      rule_name         = "made"
      target_vault_name = "main"
    }
  }
}

resource "aws_backup_plan" "mixed" {
  name = "mixed"
  rule {
    rule_name         = "written"
    target_vault_name = aws_backup_vault.v.id
  }
  dynamic "rule" {
    for_each = { made = aws_backup_vault.v.id, other = aws_backup_vault.v.arn }
    content {
      rule_name         = rule.key
      target_vault_name = rule.value
    }
  }
}

resource "aws_backup_selection" "hidden" {
  name         = "hidden"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = local.role
  resources    = [var.hidden]
}

resource "aws_backup_selection" "tags" {
  name         = "tags"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = local.role
  dynamic "selection_tag" {
    for_each = local.not_yet
    content {
      type  = "STRINGEQUALS"
      key   = "backup"
      value = "yes"
    }
  }
}

resource "aws_backup_selection" "each_value" {
  for_each     = aws_efs_file_system.each
  name         = each.key
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = local.role
  resources    = [each.value.arn]
}

resource "aws_efs_backup_policy" "each_key" {
  for_each       = toset(["a", "b"])
  file_system_id = aws_efs_file_system.each[each.key].id
  backup_policy {
    status = "DISABLED"
  }
}

resource "aws_efs_backup_policy" "halves" {
  count          = 4
  file_system_id = aws_efs_file_system.many[floor(count.index / 2)].id
  backup_policy {
    status = "DISABLED"
  }
}

resource "aws_backup_selection" "written_out" {
  name          = "written_out"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = [aws_efs_file_system.a.arn, aws_efs_file_system.b.arn]
  not_resources = []
}

resource "aws_backup_selection" "twice" {
  name          = "twice"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = [aws_efs_file_system.a.arn, aws_efs_file_system.a.arn]
  not_resources = []
}

resource "aws_backup_selection" "by_key" {
  name          = "by_key"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = [aws_efs_file_system.each["a"].arn]
  not_resources = []
}

resource "aws_backup_selection" "under_count" {
  name          = "under_count"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = [one(aws_efs_file_system.perhaps[*].arn)]
  not_resources = []
}

resource "aws_backup_selection" "chosen_by_variable" {
  name          = "chosen_by_variable"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = var.on ? [aws_efs_file_system.a.arn] : []
  not_resources = []
}

resource "aws_backup_selection" "with_others" {
  name          = "with_others"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = concat(var.others, [aws_efs_file_system.a.arn])
  not_resources = []
}

resource "aws_backup_selection" "fallback" {
  name          = "fallback"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = [try(aws_efs_file_system.absent[0].arn, aws_efs_file_system.perhaps[0].arn)]
  not_resources = []
}

resource "aws_backup_selection" "of_module" {
  name          = "of_module"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = [module.one.arn]
  not_resources = []
}

resource "aws_backup_selection" "object_of_module" {
  name          = "object_of_module"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = [module.one.whole.arn]
  not_resources = []
}

resource "aws_backup_selection" "relayed" {
  name          = "relayed"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = [module.relay.arn]
  not_resources = []
}

resource "aws_backup_selection" "filtered" {
  name          = "filtered"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = [for key, found in aws_efs_file_system.each : found.arn if key == "a"]
  not_resources = []
}

resource "aws_backup_selection" "all_of_map" {
  name          = "all_of_map"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = values(aws_efs_file_system.each)[*].arn
  not_resources = []
}

resource "aws_backup_selection" "all_of_list" {
  name          = "all_of_list"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = aws_efs_file_system.many[*].arn
  not_resources = []
}

resource "aws_backup_selection" "sliced" {
  name          = "sliced"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = slice(aws_efs_file_system.many[*].arn, 0, 1)
  not_resources = []
}

resource "aws_backup_selection" "choice" {
  name          = "choice"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = var.on ? [aws_efs_file_system.a.arn] : [aws_efs_file_system.b.arn]
  not_resources = []
}

resource "aws_backup_selection" "first_there_is" {
  name          = "first_there_is"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = [try(aws_efs_file_system.many[0].arn, aws_efs_file_system.perhaps[0].arn)]
  not_resources = []
}

resource "aws_backup_selection" "local" {
  name          = "local"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = local.both
  not_resources = []
}

resource "aws_backup_selection" "modules" {
  name          = "modules"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = [for found in module.two : found.arn]
  not_resources = []
}

resource "aws_backup_selection" "relayed_list" {
  name          = "relayed_list"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = module.relay.arns
  not_resources = []
}

resource "aws_backup_selection" "relayed_first" {
  name          = "relayed_first"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = [module.relay.first]
  not_resources = []
}

data "aws_iam_policy_document" "all_of_map" {
  statement {
    actions   = ["backup:StartRestoreJob"]
    resources = values(aws_efs_file_system.each)[*].arn
  }
}

resource "aws_iam_policy" "all_of_map" {
  name   = "all_of_map"
  policy = data.aws_iam_policy_document.all_of_map.json
}

data "aws_iam_policy_document" "filtered" {
  statement {
    actions   = ["backup:StartRestoreJob"]
    resources = [for key, found in aws_efs_file_system.each : found.arn if key == "a"]
  }
}

resource "aws_iam_policy" "filtered" {
  name   = "filtered"
  policy = data.aws_iam_policy_document.filtered.json
}

data "aws_iam_policy_document" "sliced" {
  statement {
    actions   = ["backup:StartRestoreJob"]
    resources = slice(aws_efs_file_system.many[*].arn, 0, 1)
  }
}

resource "aws_iam_policy" "sliced" {
  name   = "sliced"
  policy = data.aws_iam_policy_document.sliced.json
}

data "aws_iam_policy_document" "choice" {
  statement {
    actions   = ["backup:StartRestoreJob"]
    resources = var.on ? [aws_efs_file_system.a.arn] : [aws_efs_file_system.b.arn]
  }
}

resource "aws_iam_policy" "choice" {
  name   = "choice"
  policy = data.aws_iam_policy_document.choice.json
}

data "aws_iam_policy_document" "below" {
  statement {
    actions   = ["backup:StartRestoreJob"]
    resources = [aws_efs_file_system.a.arn, "${aws_efs_file_system.a.arn}/*"]
  }
}

resource "aws_iam_policy" "below" {
  name   = "below"
  policy = data.aws_iam_policy_document.below.json
}

data "aws_iam_policy_document" "made" {
  dynamic "statement" {
    for_each = local.not_yet
    content {
      actions = ["backup:StartRestoreJob"]
    }
  }
}

resource "aws_iam_policy" "made" {
  name   = "made"
  policy = data.aws_iam_policy_document.made.json
}

resource "aws_backup_selection" "around_id" {
  name         = "around_id"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = local.role
  resources    = ["arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/${aws_efs_file_system.a.id}"]
}

resource "aws_backup_selection" "not_filled_in" {
  name          = "not_filled_in"
  plan_id       = aws_backup_plan.p.id
  iam_role_arn  = local.role
  resources     = ["*"]
  not_resources = var.on ? [] : var.others
}

data "aws_iam_policy_document" "conditional" {
  statement {
    actions   = ["backup:StartRestoreJob"]
    resources = ["*"]
    dynamic "condition" {
      for_each = local.not_yet
      content {
        test     = "StringEquals"
        variable = "aws:PrincipalArn"
        values   = [condition.value]
      }
    }
  }
}

resource "aws_iam_policy" "conditional" {
  name   = "conditional"
  policy = data.aws_iam_policy_document.conditional.json
}
