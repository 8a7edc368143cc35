"""The role of a backup selection can back up the file systems it chooses.

## What it does
Finds roles that backup selections of EFS name and that can't do the work: their trust policy does not let
`backup.amazonaws.com` assume them, or they may not call `elasticfilesystem:Backup` on what the selections choose. What
counts is what is left of the role's policies within its permissions boundary and the organization's service control
policies; the file system's own policy may allow it too (what that denies is RR108's concern). The role of a selection
by tags needs `tag:GetResources` as well.

Also selections that give a role's name, or something else, where its ARN belongs, that name a role of another account
than their plan's, or `AWSServiceRoleForBackup`, which may back up only file systems with automatic backups. In a live
account, selections whose role does not exist: also `service-role/AWSBackupDefaultServiceRole`, which AWS Backup's
console makes, and nothing else. In files, roles that are not in the same configuration are not judged.

## Why is this bad?
AWS Backup tries to assume the role when the selection is made: without that trust, or with a name for the ARN, the
selection is refused and the deployment fails. A role without the permission is accepted, and then every job of the
selection fails, night after night, and nobody notices until a recovery point is needed.

## Example
```terraform
resource "aws_efs_file_system" "data" {}

resource "aws_backup_selection" "data" {
  name         = "data"
  plan_id      = "3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11"
  iam_role_arn = aws_iam_role.backup.arn
  resources    = [aws_efs_file_system.data.arn]
}

resource "aws_iam_role" "backup" {
  name = "AWSBackup-efs"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "backup.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "backup" {
  role       = aws_iam_role.backup.name
  policy_arn = "arn:aws:iam::aws:policy/AWSBackupFullAccess"
}
```

Use instead:
```terraform
resource "aws_efs_file_system" "data" {}

resource "aws_backup_selection" "data" {
  name         = "data"
  plan_id      = "3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11"
  iam_role_arn = aws_iam_role.backup.arn
  resources    = [aws_efs_file_system.data.arn]
}

resource "aws_iam_role" "backup" {
  name = "AWSBackup-efs"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "backup.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "backup" {
  role       = aws_iam_role.backup.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
}
```

## References
- https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html
- https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/backup/selection.go
- https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
- https://docs.aws.amazon.com/aws-backup/latest/devguide/using-service-linked-roles.html
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from msgspec.structs import replace

from restore_ready.access._constants import BACK_UP, BACKUP_SERVICE
from restore_ready.access._resource_types import DECLARED_ROLE_CLOUDFORMATION, DECLARED_ROLE_TERRAFORM
from restore_ready.access._role_permissions import FIND_BY_TAG, lacks_at, may_do, may_do_on, may_find_by_tag
from restore_ready.access._statements import trust_focus, trusts_backup
from restore_ready.catalog._changes import FOR_BACKUP, attach, trust
from restore_ready.catalog._related import named, resources
from restore_ready.coverage._service_role import (
    BackupRole,
    ForeignRole,
    NoRole,
    OfNoUse,
    ServiceLinkedRole,
    UnseenRole,
    backup_roles,
)
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    Pass,
    Requirements,
    Rule,
    Severity,
    Source,
    Truth,
    Unknown,
    Unresolved,
    Verdict,
    all_true,
    settled,
)

_ATTACH = "Attach the AWS managed policy service-role/AWSBackupServiceRolePolicyForBackup."

_NEEDED = (BACK_UP, FIND_BY_TAG)

_Subject: TypeAlias = BackupRole | OfNoUse


def _subjects(estate: EstateIndex, _requirements: Requirements) -> Iterable[_Subject]:
    return backup_roles(estate)


def judge(subject: _Subject, estate: EstateIndex, _requirements: Requirements) -> Verdict:
    """Fail a role that can't back up what its selections choose, and a selection that names no role of use.

    Raises:
        Open: if what the role may do is not known.
    """
    if isinstance(subject, NoRole):
        return Fail(
            f"its role is {subject.given}, which is not the ARN of a role: {_refused('the selection', estate)}",
            fix="Give the ARN of a role that AWS Backup can assume.",
            evidence={"role": subject.given},
            focus=subject.focus,
        )
    if isinstance(subject, ForeignRole):
        return Fail(
            f"its role is of account {subject.role_of}, its plan of account {subject.plan_of}: AWS Backup takes "
            "roles of its own account only, and no job of this selection can run",
            fix="Give the ARN of a role of the plan's own account.",
            evidence={"role_of": subject.role_of, "plan_of": subject.plan_of},
            focus=subject.focus,
        )
    if isinstance(subject, ServiceLinkedRole):
        return Fail(
            "its role is a service-linked one, which AWS lets back up only file systems with automatic backups, so no "
            f"job of this selection can run: {subject.given}",
            fix="Give the ARN of a role of your own, or of service-role/AWSBackupDefaultServiceRole.",
            evidence={"role": subject.given},
            focus=subject.focus,
        )
    return _judge_unseen(subject) if isinstance(subject, UnseenRole) else _judge_role(subject, estate)


def _judge_unseen(subject: UnseenRole) -> Verdict:
    """Fail a selection whose role does not exist; where that is not known, say why."""
    role = subject.role
    if isinstance(role, Unresolved):
        return Unknown(role.why)
    return Fail(
        f"its role {subject.given} {role.said}: no job of this selection can run",
        fix="Create the role, or name one that exists by its whole ARN.",
        evidence={"role": subject.given, "alike": list(role.alike)},
        focus=subject.focus,
    )


def _judge_role(subject: BackupRole, estate: EstateIndex) -> Verdict:
    """Return the verdict on a role in sight.

    Raises:
        Open: if what it may do is not known.
    """
    trusted, users = trusts_backup(subject.role), ", ".join(subject.selections)
    used = resources("It backs up for", named(subject.selections, estate.selections))
    if trusted is False:
        return Fail(
            f"its trust policy does not let {BACKUP_SERVICE} assume it: {_refused(users, estate)}",
            fix=f"Allow sts:AssumeRole to the service principal {BACKUP_SERVICE} in its trust policy.",
            evidence={"service": BACKUP_SERVICE, "selections": list(subject.selections)},
            changes=trust(subject.role),
            focus=trust_focus(subject.role),
            related=used,
        )
    rights = tuple(_rights(subject, estate))
    lacking = [(action, where) for action, where, needed, allowed in rights if allowed is False and needed is True]
    if lacking:
        focus = lacks_at(subject.role, lacking[0][0], _NEEDED, estate)
        return replace(_lacks(subject, lacking), focus=focus, related=used)
    for answer in (trusted, *(allowed for _, _, _, allowed in rights)):
        settled(answer, "the role could not be judged")
    for action, _, needed, allowed in rights:
        if allowed is False and isinstance(needed, Unresolved):
            return Unknown(f"the role lacks {action}; {needed.why}")
    return Pass()


def _refused(selections: str, estate: EstateIndex) -> str:
    """Return what becomes of selections; those of an account were accepted while their role could be assumed."""
    return f"no job of {selections} can run" if estate.source is Source.ACCOUNT else f"AWS refuses {selections}"


def _rights(subject: BackupRole, estate: EstateIndex) -> Iterator[tuple[str, str, Truth, Truth]]:
    """Yield what the role has to do, where if that is one file system, whether it has to, and whether it may."""
    anywhere = may_do(subject.role, BACK_UP, estate)
    if anywhere is False or not subject.file_systems:
        yield BACK_UP, "", subject.chooses_efs, anywhere
    else:
        for file_system in subject.file_systems:
            yield BACK_UP, file_system.address, True, may_do_on(subject.role, BACK_UP, file_system, estate)
    if subject.by_tags is not False:
        yield FIND_BY_TAG, "", all_true([subject.by_tags, subject.chooses_efs]), may_find_by_tag(subject.role, estate)


def _lacks(subject: BackupRole, lacking: list[tuple[str, str]]) -> Fail:
    users = ", ".join(subject.selections)
    missing = list(dict.fromkeys(action for action, _ in lacking))
    where = [address for _, address in lacking if address]
    if where:
        message = f"the role may not call {BACK_UP} on {', '.join(where)}: every backup of it by {users} fails"
    elif missing == [FIND_BY_TAG]:
        message = f"the role lacks {FIND_BY_TAG}: {users} can't find what carries its tags"
    else:
        message = f"the role lacks {', '.join(missing)}: every backup of EFS by {users} fails"
    return Fail(
        message,
        fix=_ATTACH,
        evidence={"missing": missing, "selections": list(subject.selections)},
        changes=attach(subject.role, FOR_BACKUP),
    )


RULE = Rule(
    "RR107",
    "role-cannot-back-up",
    Severity.ERROR,
    _subjects,
    judge,
    since="0.1.0",
    terraform=(
        *DECLARED_ROLE_TERRAFORM,
        "aws_backup_selection",
        "aws_organizations_policy",
        "awscc_backup_backup_selection",
        "awscc_organizations_policy",
    ),
    cloudformation=(
        *DECLARED_ROLE_CLOUDFORMATION,
        "AWS::Backup::BackupSelection",
        "AWS::Organizations::Policy",
    ),
)
