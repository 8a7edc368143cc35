"""The links of the chain from a person to a restored file system, each asked by itself.

To restore, a principal starts a restore job on a recovery point, which the vault's policy must not forbid, and passes
a role that AWS Backup can assume, that may restore EFS and that may use the keys
(https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from msgspec import Struct

from restore_ready.access._constants import BACKUP_SERVICE
from restore_ready.access._decisions import deciding, truth_of, vault_lets
from restore_ready.access._role_permissions import RESTORE_ACTIONS, may_do
from restore_ready.access._statements import trusts_backup
from restore_ready.iam import Allowed, Cause, Decision, Denied
from restore_ready.index import EstateIndex
from restore_ready.kms._keys import ENCRYPT_TARGET, KeyAnswer, may_use_key
from restore_ready.model import FileSystem, Principal, Str, Truth, Unresolved
from restore_ready.vaults._recovery_points import RecoveryPointVault


class Step(Enum):
    """What must hold for a restore, in the order in which AWS finds out."""

    START = "StartRestoreJob"
    VAULT = "vault policy"
    PASS_ROLE = "PassRole"  # noqa: S105  # an IAM action
    TRUST = "role trust"
    PERMISSIONS = "role permissions"
    KEY = "key"


class Cited(Struct, frozen=True):
    """The statement that decided: its policy's address, its Sid or else its index from 0, and the kind of policy."""

    policy: str
    sid: str
    kind: str


class StepResult(Struct, frozen=True):
    """Whether one link holds, and why: a plain sentence, empty where there is nothing to add."""

    step: Step
    holds: Truth
    why: str = ""
    by: Cited | None = None


def of_decision(step: Step, decision: Decision) -> StepResult:
    """Return whether *step* holds, by the decision about it."""
    outcome, cause = decision.outcome, deciding(decision)
    by = None if cause is None else _cited(cause, decision)
    if isinstance(outcome, Allowed):
        return StepResult(step, holds=True, by=by)
    holds = truth_of(outcome)
    why = f"{decision.policy_type.value}: {outcome.why}" if by is None and isinstance(outcome, Denied) else outcome.why
    return StepResult(step, holds, why, by if isinstance(outcome, Denied) else None)


def _cited(cause: Cause, decision: Decision) -> Cited:
    policy_types = [
        traced.policy_type for traced in decision.trace if (traced.policy_address, traced.statement) == _name(cause)
    ]
    return Cited(
        cause.policy_address, cause.statement, (policy_types[0] if policy_types else decision.policy_type).value
    )


def _name(cause: Cause) -> tuple[str, str]:
    return (cause.policy_address, cause.statement)


def vault_step(principal: Principal, holding: RecoveryPointVault) -> StepResult:
    """Return whether the vault's policies leave it to *principal* to restore, whatever else says."""
    if isinstance(holding.in_sight, Unresolved):
        return StepResult(Step.VAULT, holding.in_sight, holding.in_sight.why)
    if not holding.policies:
        return StepResult(Step.VAULT, holds=True, why=f"vault {holding.name} has no access policy")
    answer = worst(of_decision(Step.VAULT, vault_lets(principal, policy)) for policy in holding.policies)
    return StepResult(Step.VAULT, holds=True) if answer.holds is True else answer


def worst(answers: Iterable[StepResult]) -> StepResult:
    """Return an answer that blocks, else an open one, else the last."""
    found = list(answers)
    blocked = [step for step in found if step.holds is False]
    still_open = [step for step in found if isinstance(step.holds, Unresolved)]
    return (blocked or still_open or found[-1:])[0]


def trust_step(role: Principal) -> StepResult:
    """Return whether AWS Backup can assume *role*."""
    holds = trusts_backup(role)
    if isinstance(holds, Unresolved):
        return StepResult(Step.TRUST, holds, holds.why)
    return StepResult(
        Step.TRUST, holds, "" if holds else f"the trust policy of {role.label} does not let {BACKUP_SERVICE} assume it"
    )


def permissions_step(role: Principal, estate: EstateIndex) -> StepResult:
    """Return whether *role* may do what every restore of EFS does."""
    answers = {action: may_do(role, action, estate) for action in RESTORE_ACTIONS}
    missing = [action for action, answer in answers.items() if answer is False]
    if missing:
        return StepResult(Step.PERMISSIONS, holds=False, why=f"{role.label} lacks {', '.join(missing)}")
    unknown = [answer for answer in answers.values() if isinstance(answer, Unresolved)]
    return (
        StepResult(Step.PERMISSIONS, unknown[0], unknown[0].why)
        if unknown
        else StepResult(Step.PERMISSIONS, holds=True)
    )


def key_step(
    role: Principal, holding: RecoveryPointVault | None, file_system: FileSystem, estate: EstateIndex
) -> StepResult:
    """Return whether *role* may use the keys of the vault and of the file system."""
    vault = None if holding is None else holding.vault
    vault_key: Str | None = None if vault is None else vault.key
    at = file_system.aws_place
    asked = [
        ("the vault's key", may_use_key(role, vault_key, at if vault is None else vault.aws_place, estate)),
        ("the file system's key", may_use_key(role, file_system.key, at, estate, ENCRYPT_TARGET)),
    ]
    return worst(_of_key(role, which, answer) for which, answer in asked)


def _of_key(role: Principal, which: str, answer: KeyAnswer) -> StepResult:
    if answer.answer is True:
        return StepResult(Step.KEY, holds=True)
    if isinstance(answer.answer, Unresolved):
        return StepResult(Step.KEY, answer.answer, f"{which}: {answer.why}")
    by = None if answer.by is None else Cited(answer.by.policy_address, answer.by.statement, answer.policy_type.value)
    return StepResult(
        Step.KEY, holds=False, why=f"{role.label} may not call {answer.action} with {which}: {answer.why}", by=by
    )
