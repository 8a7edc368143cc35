"""EFS automatic backups: their plan, and which file systems have it.

The figures are those of the plan ``aws/efs/automatic-backup-plan`` that AWS creates. Its owner may change them, which
shows in a live account (https://docs.aws.amazon.com/efs/latest/ug/automatic-backups.html).
"""

from __future__ import annotations

from typing import Final

from restore_ready.index import EstateIndex
from restore_ready.model import (
    AutomaticBackups,
    Estate,
    FileSystem,
    Known,
    Place,
    Plan,
    PlanRule,
    PolicyDocument,
    PrincipalEntry,
    Ref,
    Statement,
    Truth,
    Unresolved,
    any_true,
    is_external,
    unresolved_reason,
)

PLAN: Final = "aws/efs/automatic-backup-plan"
VAULT: Final = "aws/efs/automatic-backup-vault"
_ITS_ARN: Final = f":backup-vault:{VAULT}"
START_WINDOW: Final = 480
COMPLETION_WINDOW: Final = 10080
KEPT_DAYS: Final = 35
PUBLISHED: Final = Plan(
    PLAN,
    Place(""),
    PLAN,
    (
        PlanRule(
            "aws/efs/automatic-backup-rule",
            Place(""),
            VAULT,
            START_WINDOW,
            COMPLETION_WINDOW,
            delete_after_days=KEPT_DAYS,
        ),
    ),
)
"""The plan as AWS makes it: once a day at 05:00 UTC, which is AWS Backup's default."""

VAULT_POLICY: Final = PolicyDocument(
    (
        Statement(
            0,
            "",
            "Deny",
            (
                "backup:DeleteBackupVault",
                "backup:DeleteBackupVaultAccessPolicy",
                "backup:DeleteRecoveryPoint",
                "backup:StartCopyJob",
                "backup:StartRestoreJob",
                "backup:UpdateRecoveryPointLifecycle",
            ),
            principals=(PrincipalEntry("AWS", "*"),),
        ),
    ),
    "2012-10-17",
)
"""The access policy that AWS gives the vault."""


def automatic_rules(estate: Estate) -> tuple[PlanRule, ...]:
    """Return the rules of the plan of automatic backups: the account's own, where it shows them, else AWS's."""
    plan = estate.automatic_plan
    rules = PUBLISHED.rules if plan is None or isinstance(plan.rules, Unresolved) else plan.rules
    return () if isinstance(rules, Unresolved) else rules


def is_automatic_vault(key: Known[str]) -> bool:
    """Return whether *key*, as `Vaults.key` has it, certainly identifies the vault of automatic backups of a Region."""
    return isinstance(key, str) and (key == VAULT or key.endswith(_ITS_ARN))


def has_automatic_backups(file_system: FileSystem, estate: EstateIndex) -> Truth:
    """Return whether EFS backs *file_system* up by itself."""
    candidates = estate.automatic_settings.about(file_system)
    return any_true(_switched_on(setting, file_system) for setting in candidates)


def _switched_on(setting: AutomaticBackups, file_system: FileSystem) -> Truth:
    if setting.enabled is False:
        return False
    match setting.file_system:
        case Ref() as reference if not is_external(reference):
            return setting.enabled if reference.target == file_system.address else False
        case str() as file_system_id:
            named = isinstance(file_system.arn, str) and file_system.arn.endswith(f"/{file_system_id}")
            return setting.enabled if named else False
        case _:
            why = unresolved_reason(setting.file_system)
            return Unresolved(f"which file system {setting.address} gives automatic backups is not known: {why}")
