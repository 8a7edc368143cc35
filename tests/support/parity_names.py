"""What an account calls the resources of a story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tests.aws_server.deploy import resources_in
from tests.aws_server.server import ACCOUNT, REGION, AwsServer

BACKUP: Final = f"arn:aws:backup:{REGION}:{ACCOUNT}"
EFS: Final = f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}"

FORMS: Final = {
    "AWS::Backup::BackupPlan": f"{BACKUP}:backup-plan:{{}}",
    "AWS::Backup::BackupVault": f"{BACKUP}:backup-vault:{{}}",
    "AWS::Backup::LogicallyAirGappedBackupVault": f"{BACKUP}:backup-vault:{{}}",
    "AWS::EFS::AccessPoint": f"{EFS}:access-point/{{}}",
    "AWS::EFS::FileSystem": f"{EFS}:file-system/{{}}",
    "AWS::IAM::Group": f"arn:aws:iam::{ACCOUNT}:group/{{}}",
    "AWS::IAM::ManagedPolicy": "{}",
    "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/{{}}",
    "AWS::IAM::User": f"arn:aws:iam::{ACCOUNT}:user/{{}}",
    "AWS::KMS::Key": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{{}}",
    "AWS::Lambda::Function": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{}}",
}
"""The ARN of a resource by what Ref gives, for the types where that is all it takes."""

HOLDERS: Final = ("RoleName", "UserName", "GroupName", "Roles", "Users", "Groups")
"""The properties of an inline policy that say who has it."""

INLINE: Final = frozenset(f"AWS::IAM::{kind}Policy" for kind in ("", "Role", "User", "Group"))

Names = Mapping[str, tuple[str, ...]]
"""A story's own names of its resources, logical ids or Terraform addresses, to what an account calls them."""


def names_of_stack(server: AwsServer, template: Path, ids: Mapping[str, str]) -> Names:
    """Return the ARN of each resource of a deployed template by its logical id, given the physical *ids*.

    An inline policy has none: what an account says of it lands on the users, groups and roles that have it.
    """
    declared = {key: one for key, one in resources_in(template.read_text()).items() if key in ids}
    named = {key: tuple(_arns(server, str(one["Type"]), ids[key])) for key, one in declared.items()}
    for key, one in declared.items():
        if one["Type"] in INLINE:
            named[key] = tuple(arn for holder in _holders(one["Properties"]) for arn in named[holder])
    return {key: arns for key, arns in named.items() if arns}


def _arns(server: AwsServer, kind: str, physical: str) -> Iterator[str]:
    if kind in FORMS:
        yield FORMS[kind].format(physical)
    elif kind == "AWS::Backup::BackupSelection":
        selection, plan = physical.split("_")
        yield f"{BACKUP}:backup-plan:{plan}/selection/{selection}"
    elif kind == "AWS::Backup::RestoreTestingPlan":
        yield _restore_testing_plan(server, physical)
    elif kind == "AWS::Backup::RestoreTestingSelection":
        selection, plan = physical.split("|")
        yield f"{_restore_testing_plan(server, plan)}/selection/{selection}"


def _restore_testing_plan(server: AwsServer, name: str) -> str:
    found = server.client("backup").get_restore_testing_plan(RestoreTestingPlanName=name)
    return str(found["RestoreTestingPlan"]["RestoreTestingPlanArn"])


def _holders(properties: Mapping[str, Any]) -> Iterator[str]:
    """Give the logical ids of who has an inline policy."""
    for name in HOLDERS:
        given = properties.get(name, ())
        yield from [given] if isinstance(given, str) else given


def names_in_state(server: AwsServer, state: Mapping[str, Any]) -> Names:
    """Return the ARNs of each resource of a Terraform state by its address; *state* as ``show -json`` writes it.

    What is a resource of its own in Terraform, but part of another to AWS, has the other's.
    """
    resources = _resources(state["values"]["root_module"])
    named = {str(one["address"]): _arn_in_state(server, str(one["type"]), one["values"]) for one in resources}
    return {address: (arn,) for address, arn in named.items() if arn}


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)


def _arn_in_state(server: AwsServer, kind: str, values: Mapping[str, Any]) -> str:
    if kind == "aws_efs_backup_policy":
        return f"{EFS}:file-system/{values['file_system_id']}"
    if kind == "aws_backup_selection":
        return f"{BACKUP}:backup-plan:{values['plan_id']}/selection/{values['id']}"
    if kind == "aws_backup_restore_testing_selection":
        return f"{_restore_testing_plan(server, values['restore_testing_plan_name'])}/selection/{values['name']}"
    if kind == "aws_backup_region_settings":
        return f"aws:{ACCOUNT}/{REGION}:region-settings"
    for holder in ("role", "user", "group"):
        if kind == f"aws_iam_{holder}_policy":
            return f"arn:aws:iam::{ACCOUNT}:{holder}/{values[holder]}"
    return str(values.get("arn") or values.get("backup_vault_arn") or "")
