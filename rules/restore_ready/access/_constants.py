"""The actions and the service that starting a restore turns on.

Starting a restore takes two parties: the caller, who needs ``backup:StartRestoreJob`` and ``iam:PassRole``, and the
role passed, which ``backup.amazonaws.com`` assumes
(https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html).
"""

from __future__ import annotations

from typing import Final

BACKUP_SERVICE: Final = "backup.amazonaws.com"

START_RESTORE: Final = "backup:StartRestoreJob"

PASS_ROLE: Final = "iam:PassRole"  # noqa: S105  # an IAM action

RESTORE: Final = "elasticfilesystem:Restore"

BACK_UP: Final = "elasticfilesystem:Backup"

FOR_RESTORES: Final = "AWSBackupServiceRolePolicyForRestores"
