"""The types of the resources that roles, principals and restore grants are told by.

A principal that is declared elsewhere stands at the resource that attaches a policy to it, or puts it into a group.
"""

from __future__ import annotations

from typing import Final

DECLARED_ROLE_TERRAFORM: Final = ("aws_iam_role", "awscc_iam_role")
DECLARED_ROLE_CLOUDFORMATION: Final = ("AWS::IAM::Role", "AWS::Serverless::Function")
"""SAM generates the role of a function that names none."""

ROLE_TERRAFORM: Final = (
    *DECLARED_ROLE_TERRAFORM,
    "aws_iam_policy_attachment",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_role_policy_attachments_exclusive",
    "awscc_iam_managed_policy",
    "awscc_iam_role_policy",
)
ROLE_CLOUDFORMATION: Final = (
    *DECLARED_ROLE_CLOUDFORMATION,
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
)

PRINCIPAL_TERRAFORM: Final = (
    *ROLE_TERRAFORM,
    "aws_iam_group",
    "aws_iam_group_policy",
    "aws_iam_group_policy_attachment",
    "aws_iam_group_policy_attachments_exclusive",
    "aws_iam_user",
    "aws_iam_user_policy",
    "aws_iam_user_policy_attachment",
    "aws_iam_user_policy_attachments_exclusive",
    "aws_ssoadmin_customer_managed_policy_attachment",
    "aws_ssoadmin_managed_policy_attachment",
    "aws_ssoadmin_permission_set",
    "aws_ssoadmin_permission_set_inline_policy",
    "awscc_iam_group",
    "awscc_iam_group_policy",
    "awscc_iam_user",
    "awscc_iam_user_policy",
    "awscc_sso_permission_set",
)
PRINCIPAL_CLOUDFORMATION: Final = (
    *ROLE_CLOUDFORMATION,
    "AWS::IAM::Group",
    "AWS::IAM::GroupPolicy",
    "AWS::IAM::User",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::UserToGroupAddition",
    "AWS::SSO::PermissionSet",
)

GRANT_TERRAFORM: Final = (*PRINCIPAL_TERRAFORM, "aws_iam_policy")
GRANT_CLOUDFORMATION: Final = PRINCIPAL_CLOUDFORMATION
"""A grant stands at a policy or at whoever holds it."""
