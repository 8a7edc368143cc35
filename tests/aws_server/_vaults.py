"""Backup vaults: their policies, notifications, locks and the answers AWS gives where one is missing."""

import json
from typing import Any

from moto.backup import urls
from moto.backup.models import Vault
from moto.backup.responses import BackupResponse
from tests.aws_server._keys import default_key
from tests.aws_server._operations import Answer, AwsError, Place, operation, without_nothing
from tests.aws_server._state import backend_at, state_at

# The router finds the operation: every path of the service may go to it.
urls.url_paths["{0}/.*$"] = urls.response.dispatch


@operation(BackupResponse)
def list_backup_vaults(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with all vaults, the automatic one too; or with those that other accounts share."""
    if parameters.get("ByShared"):
        return {"BackupVaultList": list(state_at(place).shared_vaults.values())}
    return {"BackupVaultList": [described(place, vault) for vault in backend_at(place).vaults.values()]}


@operation(BackupResponse)
def describe_backup_vault(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with the vault; AWS answers 403 without a word where there is none."""
    vault = backend_at(place).vaults.get(parameters["BackupVaultName"])
    if vault is None:
        raise AwsError(code="AccessDeniedException", message="", status=403)
    return described(place, vault)


@operation(BackupResponse)
def create_logically_air_gapped_backup_vault(place: Place, parameters: dict[str, Any]) -> Answer:
    """Create an air-gapped vault: locked from the start, with both retention bounds."""
    name = parameters["BackupVaultName"]
    vault = backend_at(place).create_backup_vault(name, parameters.get("BackupVaultTags") or {}, "", "")
    vault.locked = True
    vault.min_retention_days = parameters["MinRetentionDays"]
    vault.max_retention_days = parameters["MaxRetentionDays"]
    state_at(place).vault_types[name] = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
    made = ("BackupVaultName", "BackupVaultArn", "CreationDate", "VaultState")
    return {key: value for key, value in described(place, vault).items() if key in made}


@operation(BackupResponse)
def delete_backup_vault(place: Place, parameters: dict[str, Any]) -> Answer:
    """Delete an empty vault, unless its own policy denies it."""
    name = existing(place, parameters)
    state = state_at(place)
    if denies(state.vault_policies.get(name), "backup:DeleteBackupVault"):
        raise AwsError(
            code="AccessDeniedException", message="Insufficient privileges to perform this action.", status=403
        )
    if any(point["BackupVaultName"] == name for point in state.recovery_points.values()):
        raise AwsError(
            code="InvalidRequestException",
            message="Backup vault cannot be deleted because it contains recovery points.",
        )
    backend_at(place).delete_backup_vault(name)
    state.vault_policies.pop(name, None)
    state.vault_notifications.pop(name, None)
    return None


@operation(BackupResponse)
def put_backup_vault_access_policy(place: Place, parameters: dict[str, Any]) -> Answer:
    """Keep the vault's policy, which must be a policy, unless the present one denies just that."""
    name = existing(place, parameters)
    if denies(state_at(place).vault_policies.get(name), "backup:PutBackupVaultAccessPolicy"):
        raise AwsError(
            code="AccessDeniedException", message="Insufficient privileges to perform this action.", status=403
        )
    try:
        json.loads(parameters["Policy"])["Statement"]
    except (ValueError, KeyError, TypeError):
        raise AwsError(
            code="InvalidParameterValueException", message="Policy is not a valid policy document."
        ) from None
    state_at(place).vault_policies[name] = parameters["Policy"]
    return None


@operation(BackupResponse)
def get_backup_vault_access_policy(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with the vault's policy."""
    name = existing(place, parameters)
    policy = state_at(place).vault_policies.get(name)
    if policy is None:
        raise AwsError(code="ResourceNotFoundException", message=f"Backup Vault {name} has no associated POLICY")
    return {"BackupVaultName": name, "BackupVaultArn": arn(place, name), "Policy": policy}


@operation(BackupResponse)
def delete_backup_vault_access_policy(place: Place, parameters: dict[str, Any]) -> Answer:
    """Delete the vault's policy, unless it denies just that."""
    name = existing(place, parameters)
    policies = state_at(place).vault_policies
    if denies(policies.get(name), "backup:DeleteBackupVaultAccessPolicy"):
        raise AwsError(
            code="AccessDeniedException", message="Insufficient privileges to perform this action.", status=403
        )
    policies.pop(name, None)
    return None


@operation(BackupResponse)
def put_backup_vault_notifications(place: Place, parameters: dict[str, Any]) -> Answer:
    """Keep where the vault's events go."""
    name = existing(place, parameters)
    kept = {key: parameters[key] for key in ("SNSTopicArn", "BackupVaultEvents")}
    state_at(place).vault_notifications[name] = kept
    return None


@operation(BackupResponse)
def get_backup_vault_notifications(place: Place, parameters: dict[str, Any]) -> Answer:
    """Answer with where the vault's events go; AWS's code for none is a number."""
    name = existing(place, parameters)
    kept = state_at(place).vault_notifications.get(name)
    if kept is None:
        raise AwsError(code="ERROR_2106", message=f"Failed reading notifications from database for vault {name}")
    return {"BackupVaultName": name, "BackupVaultArn": arn(place, name)} | kept


@operation(BackupResponse)
def delete_backup_vault_notifications(place: Place, parameters: dict[str, Any]) -> Answer:
    """Forget where the vault's events go."""
    state_at(place).vault_notifications.pop(existing(place, parameters), None)
    return None


def described(place: Place, vault: Vault) -> dict[str, Any]:
    """Return *vault* as the lists give it."""
    name = vault.backup_vault_name
    points = sum(point["BackupVaultName"] == name for point in state_at(place).recovery_points.values())
    members = vault.to_list_dict() | {
        "VaultType": state_at(place).vault_types.get(name, "BACKUP_VAULT"),
        "VaultState": "AVAILABLE",
        "EncryptionKeyArn": vault.encryption_key_arn or default_key(place, "backup"),
        "NumberOfRecoveryPoints": points,
        "Locked": bool(vault.locked),
    }
    return without_nothing(members)


def share_vault(place: Place, given: dict[str, Any]) -> dict[str, Any]:
    """Let the account see a vault of another, as AWS RAM would: *given* needs AccountId and BackupVaultName."""
    owner, name = Place(given["AccountId"], place.region), given["BackupVaultName"]
    shared = {**described(owner, backend_at(owner).vaults[name]), "VaultState": "AVAILABLE"}
    state_at(place).shared_vaults[owner.account, name] = shared
    return shared


def existing(place: Place, parameters: dict[str, Any]) -> str:
    """Return the name of the vault that *parameters* mean.

    Raises:
        AwsError: if there is none.
    """
    name: str = parameters["BackupVaultName"]
    if name not in backend_at(place).vaults:
        raise AwsError(code="ResourceNotFoundException", message=f"Backup vault {name} not found")
    return name


def arn(place: Place, name: str) -> str:
    """Return the ARN of the vault *name*."""
    return f"arn:aws:backup:{place.region}:{place.account}:backup-vault:{name}"


def denies(policy: str | None, action: str) -> bool:
    """Tell whether *policy* denies *action* to everyone in so many words; AWS's automatic policy does."""
    if policy is None:
        return False
    statements = json.loads(policy)["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        actions = statement.get("Action", [])
        everyone = statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        named = action in (actions if isinstance(actions, list) else [actions])
        if statement["Effect"] == "Deny" and everyone and named and "Condition" not in statement:
            return True
    return False
