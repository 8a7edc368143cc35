variable "vault_arn" {}
variable "plan_arns" {}
variable "plan_id" {}

resource "aws_iam_role" "backup" {
  name               = "AWSBackup-restore"
  path               = "/ops/"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  inline_policy {
    name   = "inl"
    policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["backup.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "base" {
  statement {
    sid       = "A"
    actions   = ["backup:StartRestoreJob"]
    resources = [var.vault_arn]
  }
  statement {
    actions   = ["backup:List*"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "merged" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json]
  override_policy_documents = [jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "A", Effect = "Allow", Action = "backup:Describe*", Resource = "*" }] })]
  statement {
    sid       = "B"
    actions   = ["iam:PassRole"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "p" {
  name   = "restore"
  policy = data.aws_iam_policy_document.merged.json
}

resource "aws_iam_role_policy_attachment" "p" {
  role       = aws_iam_role.backup.name
  policy_arn = aws_iam_policy.p.arn
}

resource "aws_iam_role_policy_attachment" "managed" {
  for_each   = toset(["arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"])
  role       = aws_iam_role.backup.name
  policy_arn = each.value
}

resource "aws_backup_selection" "inner" {
  name         = "inner"
  plan_id      = var.plan_id
  iam_role_arn = aws_iam_role.backup.arn
  resources    = var.plan_arns
}

output "backup_role_arn" {
  value = aws_iam_role.backup.arn
}
