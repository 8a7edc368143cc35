"""Which vault access policy stands while a restore is started: the present one, its Deny of restores left out?

What protects recovery points from deletion stays. AWS refuses an Allow for everyone on anything but copies into the
vault, so such an Allow is narrowed to the account; an empty policy is refused as well, so an Allow of restores to the
account stands for one (https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, Final

from msgspec import Struct

from restore_ready.access._constants import START_RESTORE
from restore_ready.iam import covers_action, covers_everyone, denies_everyone, matches
from restore_ready.model import THIS_ACCOUNT, Known, PolicyDocument, Statement, StatementEntry, Str, Unresolved

PUT_POLICY: Final = "backup:PutBackupVaultAccessPolicy"
DELETE_POLICY: Final = "backup:DeleteBackupVaultAccessPolicy"
_OPENED: Final = (
    START_RESTORE,
    "backup:DescribeBackupVault",
    "backup:DescribeRecoveryPoint",
    "backup:GetBackupVaultAccessPolicy",
    "backup:GetRecoveryPointRestoreMetadata",
    "backup:ListRecoveryPointsByBackupVault",
)
"""What this runbook calls upon a vault and its recovery points."""

_DENIABLE: Final = (
    "backup:DeleteBackupVault",
    DELETE_POLICY,
    "backup:DeleteBackupVaultNotifications",
    "backup:DeleteRecoveryPoint",
    "backup:GetBackupVaultNotifications",
    PUT_POLICY,
    "backup:PutBackupVaultNotifications",
    "backup:StartBackupJob",
    "backup:StartCopyJob",
    "backup:UpdateRecoveryPointLifecycle",
)
"""What else a vault access policy can deny: wildcards that take in a restore are written out as these."""

_COPY_INTO: Final = "backup:CopyIntoBackupVault"
_ACCOUNT: Final = {"AWS": f"arn:aws:iam::{THIS_ACCOUNT}:root"}


class RemovalMethod(Enum):
    """What has to be done to a vault's policy before a restore."""

    NOTHING = "nothing"
    REPLACE = "replace"
    REPLACE_AFTER_DELETING = "delete, then put"
    EDIT_LIVE = "edit what is there"
    LOCKED = "nobody can"


class DenyRemoval(Struct, frozen=True):
    """How the Deny of restores is removed from one vault's policy.

    Attributes:
        policy: the replacement, as JSON values, where the present policy is known.
        before: the present policy, likewise.
        copies_denied: whether nothing can be copied out of a vault that nobody can open.
        for_everyone: whether the Deny spares nobody; false where it spares somebody or that is not known.
        why: why nothing is known of the policy.
    """

    method: RemovalMethod
    policy: Mapping[str, Any] | None = None
    for_everyone: bool = False
    why: str = ""
    before: Mapping[str, Any] | None = None
    copies_denied: bool = False

    @property
    def deletes_first(self) -> bool:
        """Whether the present policy has to be deleted before another can be put."""
        return self.method is RemovalMethod.REPLACE_AFTER_DELETING


def remove_deny(document: Known[PolicyDocument]) -> DenyRemoval:
    """Return how restores are made possible under the vault policy *document*."""
    if isinstance(document, Unresolved):
        return DenyRemoval(RemovalMethod.EDIT_LIVE, why=document.why)
    if not any(_may_deny_restore(entry) for entry in document.statements):
        return DenyRemoval(RemovalMethod.NOTHING)
    everyone = denies_everyone(document, START_RESTORE).answer is True
    put = denies_everyone(document, PUT_POLICY, "backup-vault").answer is True
    delete = denies_everyone(document, DELETE_POLICY, "backup-vault").answer is True
    if put and delete:
        copies = denies_everyone(document, "backup:StartCopyJob").answer is not False
        return DenyRemoval(RemovalMethod.LOCKED, for_everyone=everyone, copies_denied=copies)
    method = RemovalMethod.REPLACE_AFTER_DELETING if put else RemovalMethod.REPLACE
    statements = list(_statements(document.statements, lift=True))
    unknown = next((statement.why for statement in statements if isinstance(statement, Unresolved)), "")
    if unknown:
        return DenyRemoval(RemovalMethod.EDIT_LIVE, for_everyone=everyone, why=unknown)
    kept = statements or [{"Effect": "Allow", "Principal": _ACCOUNT, "Action": START_RESTORE, "Resource": "*"}]
    lifted = {"Version": document.version, "Statement": kept}
    return DenyRemoval(method, lifted, for_everyone=everyone, before=written_policy(document))


def written_policy(document: Known[PolicyDocument]) -> Mapping[str, Any] | None:
    """Return *document* as JSON values, ``None`` where a part of it is not known."""
    if isinstance(document, Unresolved):
        return None
    statements = list(_statements(document.statements, lift=False))
    if any(isinstance(statement, Unresolved) for statement in statements):
        return None
    return {"Version": document.version, "Statement": statements}


def _may_deny_restore(entry: StatementEntry) -> bool:
    if isinstance(entry, Unresolved):
        return True
    return entry.effect != "Allow" and covers_action(entry, START_RESTORE) is not False


def _statements(entries: Iterable[StatementEntry], *, lift: bool) -> Iterator[dict[str, Any] | Unresolved]:
    """Return the statements as JSON values, as they are or to *lift* a Deny, and why where one can't be written."""
    for entry in entries:
        if isinstance(entry, Unresolved):
            yield entry
            continue
        try:
            written = _written(entry, lift=lift)
        except _OpenError as error:
            yield Unresolved(str(error))
            continue
        if written is not None:
            yield written


class _OpenError(Exception):
    """A part of a statement that is not known."""


def _written(statement: Statement, *, lift: bool) -> dict[str, Any] | None:
    actions = _texts(statement.actions)
    effect = _known(statement.effect)
    if lift and effect == "Deny" and covers_action(statement, START_RESTORE) is not False:
        actions = list(_without_restore(statement, actions))
        element = "Action"
        if not actions:
            return None
    else:
        element = "NotAction" if statement.not_actions else "Action"
    written: dict[str, Any] = {"Sid": statement.sid} if statement.sid else {}
    written["Effect"] = effect
    written |= _principal(statement, actions, narrow=lift)
    written[element] = actions
    resources = _texts(statement.resources)
    written["NotResource" if statement.not_resources else "Resource"] = (
        resources[0] if len(resources) == 1 else resources
    )
    conditions = _conditions(statement)
    return written | ({"Condition": conditions} if conditions else {})


def _without_restore(statement: Statement, actions: list[str]) -> Iterator[str]:
    """Return the actions that a Deny keeps; wildcards and NotAction that take in a restore are written out."""
    if statement.not_actions:
        yield from (action for action in _DENIABLE if covers_action(statement, action) is True)
        return
    for action in actions:
        if not any(matches(action, opened, fold_case=True) is True for opened in _OPENED):
            yield action
        elif set("*?") & set(action):
            yield from (denied for denied in _DENIABLE if matches(action, denied, fold_case=True) is True)


def _principal(statement: Statement, actions: list[str], *, narrow: bool) -> dict[str, Any]:
    if statement.principals is None:
        return {}
    entries = _known(statement.principals)
    too_wide = (
        narrow
        and statement.effect == "Allow"
        and covers_everyone(statement) is True
        and any(_text(entry.value) == "*" for entry in entries)
        and {action.lower() for action in actions} != {_COPY_INTO.lower()}
    )
    if too_wide:
        return {"Principal": _ACCOUNT}
    element = "NotPrincipal" if statement.not_principals else "Principal"
    if any(entry.kind == "*" for entry in entries):
        return {element: "*"}
    by_kind: dict[str, list[str]] = {}
    for entry in entries:
        by_kind.setdefault(entry.kind, []).append(_text(entry.value))
    return {element: {kind: values[0] if len(values) == 1 else values for kind, values in by_kind.items()}}


def _conditions(statement: Statement) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for condition in _known(statement.conditions):
        found.setdefault(condition.operator, {})[_text(condition.key)] = _texts(condition.values)
    return found


def _known(value: Known[Any]) -> Any:  # noqa: ANN401  # whatever kind of value it is, it comes back as it is
    if isinstance(value, Unresolved):
        raise _OpenError(value.why)
    return value


def _texts(values: Known[tuple[Str, ...]]) -> list[str]:
    return [_text(value) for value in _known(values)]


def _text(value: Str) -> str:
    if not isinstance(value, str):
        msg = "parts of it are known only once it is deployed"
        raise _OpenError(msg)
    return value
