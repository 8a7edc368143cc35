"""Which IAM policy does an audit need? Alone, or in a role for Terraform or CloudFormation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from restore_ready.live._organization_rows import ORGANIZATION_ROWS
from restore_ready.live._plan import actions

SID: Final = "ReadWhatBackupsAndRestoresDependOn"
ROLE_NAME: Final = "rr-audit"
"""The role's name unless another is given. Without "restore" in it: that would make it a restore operator."""


def policy_document() -> dict[str, Any]:
    """Return the policy: every action of the fact plan, all of them only read."""
    return {"Version": "2012-10-17", "Statement": [_statement(SID, actions())]}


def starter_document(role: str = ROLE_NAME) -> dict[str, Any]:
    """Return the policy of whoever starts the audit of a whole organization, in whose accounts *role* is.

    It has what reading an account needs, because the account that starts it is read without the role.
    """
    listing = sorted({row.action for row in ORGANIZATION_ROWS} - set(actions()))
    entering = {**_statement("EnterTheAccounts", ["sts:AssumeRole"]), "Resource": f"arn:aws:iam::*:role/{role}"}
    whole = policy_document()
    return {**whole, "Statement": [*whole["Statement"], _statement("ListTheOrganization", listing), entering]}


def _statement(sid: str, allowed: Iterable[str]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": list(allowed), "Resource": "*"}


def json_text() -> str:
    """Return the policy as JSON."""
    return json.dumps(policy_document(), indent=2)


def terraform_text() -> str:
    """Return a Terraform configuration of a role with the policy."""
    return _TERRAFORM.replace("@SID@", SID).replace("@ROLE@", ROLE_NAME).replace("@ACTIONS@", _lines(10, '"{}",'))


def cloudformation_text() -> str:
    """Return a CloudFormation template of a role with the policy; as a StackSet it makes one in every account."""
    return _CLOUDFORMATION.replace("@SID@", SID).replace("@ROLE@", ROLE_NAME).replace("@ACTIONS@", _lines(18, "- {}"))


FORMATS: Final[Mapping[str, Callable[[], str]]] = {
    "json": json_text,
    "terraform": terraform_text,
    "cloudformation": cloudformation_text,
}
"""What each format's text is written by."""


def _lines(indent: int, form: str) -> str:
    return f"\n{' ' * indent}".join(form.format(action) for action in actions())


_TERRAFORM: Final = """\
# The role with which restore-ready audit reads an account. Written by: restore-ready iam-policy -o terraform
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "trusted_account_id" {
  description = "The account whose principals may assume the role"
  type        = string
  validation {
    condition     = can(regex("^[0-9]{12}$", var.trusted_account_id))
    error_message = "Must be an account id: 12 digits."
  }
}

variable "external_id" {
  description = "What must be given to assume the role; empty for nothing"
  type        = string
  default     = ""
}

variable "role_name" {
  description = "The role's name"
  type        = string
  default     = "@ROLE@"
}

data "aws_partition" "current" {}

resource "aws_iam_role" "audit" {
  name        = var.role_name
  description = "Lets restore-ready read what backups and restores depend on"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [merge(
      {
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${var.trusted_account_id}:root" }
      },
      var.external_id == "" ? null : { Condition = { StringEquals = { "sts:ExternalId" = var.external_id } } },
    )]
  })
}

resource "aws_iam_role_policy" "audit" {
  name = "audit"
  role = aws_iam_role.audit.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "@SID@"
        Effect = "Allow"
        Action = [
          @ACTIONS@
        ]
        Resource = "*"
      },
    ]
  })
}

output "role_arn" {
  description = "What to give restore-ready audit as --role-arn"
  value       = aws_iam_role.audit.arn
}"""

_CLOUDFORMATION: Final = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: The role with which restore-ready audit reads an account. Fit for a StackSet.
Parameters:
  TrustedAccountId:
    Type: String
    Description: The account whose principals may assume the role
    AllowedPattern: "[0-9]{12}"
    ConstraintDescription: must be an account id of 12 digits
  ExternalId:
    Type: String
    Description: What must be given to assume the role; empty for nothing
    Default: ""
  RoleName:
    Type: String
    Description: The role's name
    Default: @ROLE@
Conditions:
  HasExternalId: !Not [!Equals [!Ref ExternalId, ""]]
Resources:
  AuditRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Ref RoleName
      Description: Lets restore-ready read what backups and restores depend on
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal:
              AWS: !Sub arn:${AWS::Partition}:iam::${TrustedAccountId}:root
            Condition: !If
              - HasExternalId
              - StringEquals:
                  sts:ExternalId: !Ref ExternalId
              - !Ref AWS::NoValue
      Policies:
        - PolicyName: audit
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Sid: @SID@
                Effect: Allow
                Action:
                  @ACTIONS@
                Resource: "*"
Outputs:
  RoleArn:
    Description: What to give restore-ready audit as --role-arn
    Value: !GetAtt AuditRole.Arn"""
