"""What moto's backup backend does not keep, kept inside it: reset, accounts and Regions work as for the rest."""

from dataclasses import dataclass, field
from typing import Any

from moto.backup.models import BackupBackend, backup_backends
from tests.aws_server._operations import Place

OPTED_IN = {
    "Aurora": True,
    "DocumentDB": False,
    "DynamoDB": True,
    "EBS": True,
    "EC2": True,
    "EFS": True,
    "FSx": True,
    "RDS": True,
    "S3": False,
}
"""The service opt-ins of a new account, as far as a test may look at them."""


@dataclass
class BackupState:
    """Selections, policies, jobs and restore tests of one account in one Region."""

    selections: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """By plan id and selection id, as GetBackupSelection answers."""
    vault_policies: dict[str, str] = field(default_factory=dict)
    vault_notifications: dict[str, dict[str, Any]] = field(default_factory=dict)
    vault_types: dict[str, str] = field(default_factory=dict)
    shared_vaults: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """Of other accounts, by account and name, as ListBackupVaults gives them."""
    recovery_points: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By ARN, as DescribeRecoveryPoint answers."""
    backup_jobs: list[dict[str, Any]] = field(default_factory=list)
    copy_jobs: list[dict[str, Any]] = field(default_factory=list)
    restore_jobs: list[dict[str, Any]] = field(default_factory=list)
    restore_testing_plans: dict[str, dict[str, Any]] = field(default_factory=dict)
    restore_testing_selections: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    opt_in: dict[str, bool] = field(default_factory=lambda: dict(OPTED_IN))
    management: dict[str, bool] = field(default_factory=lambda: {"DynamoDB": True, "EFS": True})
    global_settings: dict[str, str] = field(default_factory=lambda: {"isCrossAccountBackupEnabled": "false"})


def backend_at(place: Place) -> BackupBackend:
    """Return moto's backup backend at *place*."""
    return backup_backends[place.account][place.region]


def state_at(place: Place) -> BackupState:
    """Return what we keep at *place*."""
    state: BackupState = backend_at(place).__dict__.setdefault("restore_ready", BackupState())
    return state
