"""Resources that a host may name, or leave out, otherwise than we do: loops, instances, and what is told elsewhere."""

from __future__ import annotations

from typing import Final

_BACKUP_POLICY: Final = """
  name    = "%s"
  type    = "BACKUP_POLICY"
  content = jsonencode({ plans = { Daily = {
    regions = { "@@assign" = ["us-east-1"] }
    rules = { nightly = {
      schedule_expression      = { "@@assign" = "cron(0 5 * * ? *)" }
      target_backup_vault_name = { "@@assign" = "data" }
    } }
    selections = { tags = { efs = {
      iam_role_arn = { "@@assign" = "AWSBackupDefaultServiceRole" }
      tag_key      = { "@@assign" = "backup" }
      tag_value    = { "@@assign" = ["daily"] }
    } } }
  } } })
"""
ORGANIZATION: Final = f"""
resource "aws_organizations_policy" "daily" {{
{_BACKUP_POLICY % "daily"}
}}
resource "awscc_organizations_policy" "daily" {{
{_BACKUP_POLICY % "other"}
}}
"""
ORGANIZATION_TEMPLATE: Final = """
Resources:
  Daily:
    Type: AWS::Organizations::Policy
    Properties:
      Name: daily
      Type: BACKUP_POLICY
      Content:
        plans:
          Daily:
            regions: {'@@assign': [us-east-1]}
            rules:
              nightly:
                schedule_expression: {'@@assign': cron(0 5 * * ? *)}
                target_backup_vault_name: {'@@assign': data}
            selections:
              tags:
                efs:
                  iam_role_arn: {'@@assign': AWSBackupDefaultServiceRole}
                  tag_key: {'@@assign': backup}
                  tag_value: {'@@assign': [daily]}
"""
_ATTACHING: Final = {
    "aws_iam_group_policy": ("group", "policy", "local.grant"),
    "aws_iam_group_policy_attachment": ("group", "policy_arn", "aws_iam_policy.grant.arn"),
    "aws_iam_role_policy": ("role", "policy", "local.grant"),
    "aws_iam_role_policy_attachment": ("role", "policy_arn", "aws_iam_policy.grant.arn"),
    "aws_iam_user_policy": ("user", "policy", "local.grant"),
    "aws_iam_user_policy_attachment": ("user", "policy_arn", "aws_iam_policy.grant.arn"),
    "aws_iam_role_policy_attachments_exclusive": ("role_name", "policy_arns", "[aws_iam_policy.grant.arn]"),
    "aws_ssoadmin_permission_set_inline_policy": ("permission_set_arn", "inline_policy", "local.grant"),
    "aws_ssoadmin_managed_policy_attachment": ("permission_set_arn", "managed_policy_arn", "local.operator"),
    "awscc_iam_group_policy": ("group_name", "policy_document", "local.grant"),
    "awscc_iam_role_policy": ("role_name", "policy_document", "local.grant"),
    "awscc_iam_user_policy": ("user_name", "policy_document", "local.grant"),
}
"""What attaches to somebody who is declared elsewhere: attributes for the holder and the policy, and that policy."""

ELSEWHERE: Final = """
locals {
  operator = "arn:aws:iam::aws:policy/AWSBackupOperatorAccess"
  grant = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "backup:StartRestoreJob", Resource = "*" }]
  })
}
resource "aws_iam_policy" "grant" {
  name   = "restore"
  policy = local.grant
}
resource "aws_iam_policy_attachment" "many" {
  name       = "many"
  roles      = ["far"]
  policy_arn = aws_iam_policy.grant.arn
}
resource "aws_iam_role_policy" "carries" {
  role = "runs-restores"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["elasticfilesystem:Restore"], Resource = "*" }]
  })
}
""" + "".join(
    f'resource "{kind}" "far" {{\n  {holder} = "far-{kind}"\n  {name} = {policy}\n}}\n'
    for kind, (holder, name, policy) in _ATTACHING.items()
)
ELSEWHERE_TEMPLATE: Final = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Grant:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [far]
      PolicyDocument: &grant
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: "backup:StartRestoreJob", Resource: "*"}]
  OfGroup:
    Type: AWS::IAM::GroupPolicy
    Properties: {PolicyName: g, GroupName: far-group, PolicyDocument: *grant}
  OfUser:
    Type: AWS::IAM::UserPolicy
    Properties: {PolicyName: u, UserName: far-user, PolicyDocument: *grant}
  Carries:
    Type: AWS::IAM::RolePolicy
    Properties:
      PolicyName: carries
      RoleName: runs-restores
      PolicyDocument: &carries
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: ["elasticfilesystem:Restore"], Resource: "*"}]
  Team:
    Type: AWS::IAM::Group
    Properties:
      ManagedPolicyArns: [!Ref Grant]
  Joined:
    Type: AWS::IAM::UserToGroupAddition
    Properties: {GroupName: !Ref Team, Users: [zoe]}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: index.run
      InlineCode: "def run(event, context): pass"
      Policies: [*carries]
  Choice:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: 5f1c8d3a-1111-2222-3333-444444444444
      BackupSelection:
        SelectionName: efs
        IamRoleArn: !GetAtt FunctionRole.Arn
        Resources: ["arn:aws:elasticfilesystem:*:*:file-system/*"]
"""
LOOPS_TEMPLATE: Final = """
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Plans:
    - Name
    - [Wide, Wider]
    - Plan${Name}: # checkov:skip=RR201:known
        Type: AWS::Backup::BackupPlan
        Properties:
          BackupPlan:
            BackupPlanName: !Sub "plan-${Name}"
            BackupPlanRule:
              - RuleName: nightly
                TargetBackupVault: data
                ScheduleExpression: cron(0 5 * * ? *)
                StartWindowMinutes: 480
                CompletionWindowMinutes: 600
                Lifecycle: {DeleteAfterDays: 35}
  Fn::ForEach::Outer:
    - Env
    - [Dev, Prod]
    - Fn::ForEach::Inner:
        - Name
        - [A, B]
        - Store${Env}${Name}:
            Type: AWS::EFS::FileSystem
            DeletionPolicy: Retain
            UpdateReplacePolicy: Retain
            Properties:
              Encrypted: true
"""
_RULE: Final = """
  rule {
    rule_name         = "nightly"
    target_vault_name = "data"
    schedule          = "cron(0 5 * * ? *)"
    start_window      = %s
    completion_window = 600
  }
"""
MODULE: Final = f"""
variable "window" {{
  type = number
}}
resource "aws_backup_plan" "this" {{
  count = 2
  name  = "this"
{_RULE % "var.window"}
}}
"""
INSTANCES: Final = f"""
variable "many" {{
  type = number
}}
variable "names" {{
  type = set(string)
}}
resource "aws_backup_plan" "counted" {{
  count = var.many
  name  = "counted"
{_RULE % "480"}
}}
resource "aws_backup_plan" "named" {{
  for_each = var.names
  name     = each.key
{_RULE % "480"}
}}
resource "aws_backup_plan" "dynamic" {{
  name = "dynamic"
  dynamic "rule" {{
    for_each = {{ wide = 480, narrow = 60 }}
    content {{
      rule_name         = rule.key
      target_vault_name = "data"
      schedule          = "cron(0 5 * * ? *)"
      start_window      = rule.value
      completion_window = 600
    }}
  }}
}}
resource "aws_kms_key" "each" {{
  for_each   = {{ on = true, off = false }}
  is_enabled = each.value
}}
resource "aws_efs_file_system" "each" {{
  for_each   = {{ on = 1, off = 1 }}
  encrypted  = true
  kms_key_id = aws_kms_key.each[each.key].arn
}}
module "known" {{
  source   = "./module"
  for_each = {{ wide = 480, narrow = 60 }}
  window   = each.value
}}
module "counted" {{
  source = "./module"
  count  = var.many
  window = 480
}}
module "named" {{
  source   = "./module"
  for_each = var.names
  window   = 480
}}
"""
HOST_CASES: Final = {
    "organization/main.tf": ORGANIZATION,
    "organization/template.yaml": ORGANIZATION_TEMPLATE,
    "elsewhere/main.tf": ELSEWHERE,
    "elsewhere/template.yaml": ELSEWHERE_TEMPLATE,
    "loops/template.yaml": LOOPS_TEMPLATE,
    "instances/main.tf": INSTANCES,
    "instances/module/main.tf": MODULE,
}
"""Text by path."""
