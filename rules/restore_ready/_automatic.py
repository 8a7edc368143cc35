"""EFS automatic backups: AWS's fixed plan, and which file systems have it.

The figures are those of the plan ``aws/efs/automatic-backup-plan`` that AWS creates
(https://docs.aws.amazon.com/efs/latest/ug/automatic-backups.html).
"""

from __future__ import annotations

from typing import Final

from restore_ready._candidates import Automatic
from restore_ready._durations import show_minutes
from restore_ready._model import AutomaticBackups, Estate, FileSystem
from restore_ready._requirements import Requirements
from restore_ready._values import Ref, Truth, Unresolved, any_true, leads_out_of_sight

VAULT: Final = "aws/efs/automatic-backup-vault"
START_WINDOW: Final = 480
COMPLETION_WINDOW: Final = 10080


def has_automatic_backups(file_system: FileSystem, estate: Estate) -> Truth:
    """Tell whether EFS backs *file_system* up by itself."""
    candidates = estate.derived(Automatic).about(file_system)
    return any_true(_switched_on(setting, file_system) for setting in candidates)


def _switched_on(setting: AutomaticBackups, file_system: FileSystem) -> Truth:
    if setting.enabled is False:
        return False
    match setting.file_system:
        case Ref() as reference if not leads_out_of_sight(reference):
            return setting.enabled if reference.target == file_system.address else False
        case str() as file_system_id:
            named = isinstance(file_system.arn, str) and file_system.arn.endswith(f"/{file_system_id}")
            return setting.enabled if named else False
        case _:
            return Unresolved(
                f"{setting.address} switches automatic backups on for a file system that is not known yet"
            )


def missed_requirements(requirements: Requirements) -> list[str]:
    """Say which of AWS's fixed settings miss the requirements, one phrase each."""
    missed = []
    if requirements.start_within < START_WINDOW:
        allowed = show_minutes(requirements.start_within)
        missed.append(f"the job starts any time from 05:00 to 13:00 UTC ({allowed} allowed, not 8 h)")
    if requirements.complete_within < COMPLETION_WINDOW:
        allowed = show_minutes(requirements.complete_within)
        missed.append(f"it may take 7 days ({allowed} allowed)")
    return missed
