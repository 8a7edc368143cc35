"""What is asked once per account: who it is, its IAM, its place in the organization?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from restore_ready.live._row import Expansion, Level, Pages, Row, under

_ORGANIZATIONS: Final = 2.0
_ORGANIZATIONS_PAGES: Final = Pages("NextToken", "NextToken", "MaxResults", 20)
_NO_ORGANIZATION: Final = frozenset({"AWSOrganizationsNotInUseException"})


def _is_unit(parent: Mapping[str, Any]) -> bool:
    return parent.get("Type") == "ORGANIZATIONAL_UNIT"


ACCOUNT_ROWS: Final = (
    Row(
        "identity",
        "sts:GetCallerIdentity",
        Level.ACCOUNT,
        ("Account", "Arn"),
        "which account is read, and as whom",
        per_second=10,
    ),
    Row(
        "regions",
        "ec2:DescribeRegions",
        Level.ACCOUNT,
        under("Regions", "RegionName OptInStatus"),
        "which Regions the account can use, unless they are given",
    ),
    Row(
        "iam",
        "iam:GetAccountAuthorizationDetails",
        Level.ACCOUNT,
        (
            *under("UserDetailList", "Arn UserName GroupList UserPolicyList AttachedManagedPolicies"),
            "UserDetailList.PermissionsBoundary",
            *under("GroupDetailList", "Arn GroupName GroupPolicyList AttachedManagedPolicies"),
            *under("RoleDetailList", "Arn Path RoleName AssumeRolePolicyDocument RolePolicyList"),
            *under("RoleDetailList", "AttachedManagedPolicies PermissionsBoundary"),
            *under("Policies", "Arn PolicyName DefaultVersionId"),
            *under("Policies.PolicyVersionList", "Document VersionId IsDefaultVersion"),
        ),
        "who may restore, and what the roles of backups and restores may do",
        given={"Filter": ["User", "Role", "Group", "LocalManagedPolicy"]},
        pages=Pages("Marker", "Marker", "MaxItems", 1000),
        own=("UserDetailList.Arn", "GroupDetailList.Arn", "RoleDetailList.Arn", "Policies.Arn"),
    ),
    Row(
        "global_settings",
        "backup:DescribeGlobalSettings",
        Level.ACCOUNT,
        ("GlobalSettings",),
        "whether AWS Backup may copy to other accounts",
        absent=frozenset({"InvalidRequestException"}),
        optional=True,
    ),
    Row(
        "organization_parents",
        "organizations:ListParents",
        Level.CHILD,
        under("Parents", "Id Type"),
        "where in the organization the account is",
        about={"ChildId": "Id"},
        absent=_NO_ORGANIZATION,
        pages=_ORGANIZATIONS_PAGES,
        expands=(Expansion("Parents", Level.NODE), Expansion("Parents", Level.CHILD, where=_is_unit)),
        per_second=_ORGANIZATIONS,
        optional=True,
    ),
    Row(
        "service_controls",
        "organizations:ListPoliciesForTarget",
        Level.NODE,
        under("Policies", "Id Arn Name AwsManaged"),
        "which service control policies limit the account",
        about={"TargetId": "Id"},
        given={"Filter": "SERVICE_CONTROL_POLICY"},
        absent=_NO_ORGANIZATION,
        pages=_ORGANIZATIONS_PAGES,
        expands=(Expansion("Policies", Level.CONTROL),),
        per_second=_ORGANIZATIONS,
        optional=True,
    ),
    Row(
        "service_control",
        "organizations:DescribePolicy",
        Level.CONTROL,
        ("Policy.Content", *under("Policy.PolicySummary", "Id Arn Name AwsManaged")),
        "what a service control policy denies",
        about={"PolicyId": "Id"},
        per_second=_ORGANIZATIONS,
        optional=True,
    ),
)
