"""What makes a restore test restore a file system that none restores, so that it passes afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from restore_ready.coverage._automatic import is_automatic_vault
from restore_ready.index import EstateIndex, plain_arn
from restore_ready.model import FileSystem, RestoreTestPlan, same_place
from restore_ready.restore_testing._selections import SNAPSHOT, Tested, takes_from, takes_snapshots
from restore_ready.restore_testing._vault_access import TESTER, denies_tests
from restore_ready.vaults._destinations import destinations

_AUTOMATIC: Final = (
    "Back it up to a vault of its own with a backup plan first, and add it to a restore testing selection whose plan "
    "includes that vault: AWS's policy of the vault of automatic backups denies backup:StartRestoreJob to tests too."
)


def cure_of(file_system: FileSystem, missed: Sequence[Tested], estate: EstateIndex) -> str:
    """Return what to change so that a restore test restores *file_system*.

    Args:
        file_system: one whose backups are in sight.
        missed: the selections that choose it, whose plans do not restore it.
        estate: the estate.
    """
    laid = [destination.vault for destination in destinations(file_system, estate).certain]
    if laid and all(map(is_automatic_vault, laid)):
        return _AUTOMATIC
    own = [vault for vault in laid if isinstance(vault, str) and not is_automatic_vault(vault)]
    allowing = [vault for vault in own if not denies_tests(vault, estate)]
    vault = next(iter(allowing or own), "")
    change = next(filter(None, (_in_plan(tested.plan, vault, estate) for tested in missed)), "") or (
        "Add it to a restore testing selection for EFS, in the Region of its vault, whose restore testing plan "
        f"includes {plain_arn(vault) or 'the vault of its backups'} and recovery points of the type {SNAPSHOT}."
    )
    if allowing or not own:
        return change
    return f"First let {TESTER} restore from {plain_arn(vault)}, whose policy denies it. {change}"


def _in_plan(plan: object, vault: str, estate: EstateIndex) -> str:
    """Return what to change in a plan one of whose selections chooses the file system."""
    if not isinstance(plan, RestoreTestPlan):
        return ""
    changes = []
    if takes_snapshots(plan) is False:
        changes.append(f"add {SNAPSHOT} to its types of recovery points")
    if vault and takes_from(plan, vault, estate) is False:
        if same_place(plan.aws_place, estate.vault_keys.place_of(vault)) is False:
            return ""
        changes.append(f"include {plain_arn(vault)} by its ARN and exclude it nowhere")
    return f"In {plan.address}, {' and '.join(changes)}." if changes else ""
