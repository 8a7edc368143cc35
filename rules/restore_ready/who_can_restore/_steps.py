"""The links of the chain from a person to a restored file system, each asked by itself.

To restore, a principal starts a restore job on a recovery point, which the vault's policy must not forbid, and passes
a role that AWS Backup can assume, that may restore EFS and that may use the keys
(https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.access._constants import BACKUP_SERVICE, RESTORE
from restore_ready.access._decisions import deciding, ruled, takes_away, truth_of, vault_lets
from restore_ready.access._file_system_policies import GuardedFileSystem
from restore_ready.access._role_permissions import RESTORE_ACTIONS, may_do, request_of
from restore_ready.access._statements import trusts_backup
from restore_ready.iam import Allowed, Cause, Decision, Denied, PolicyType
from restore_ready.index import EstateIndex, Missing
from restore_ready.kms._keys import ENCRYPT_TARGET, KeyAnswer, key_behind, may_use_key
from restore_ready.model import (
    FileSystem,
    FileSystemPolicy,
    Focus,
    Key,
    Principal,
    Source,
    Str,
    Truth,
    Unresolved,
    statement_focus,
)
from restore_ready.vaults._recovery_points import RecoveryPointVault
from restore_ready.who_can_restore._points import PointsOnRecord, lies_elsewhere


class Step(Enum):
    """What must hold for a restore, in the order in which AWS finds out.

    Whether there is a recovery point is only asked of accounts: a source has no history.
    """

    POINT = "recovery point"
    START = "StartRestoreJob"
    VAULT = "vault policy"
    PASS_ROLE = "PassRole"  # noqa: S105  # an IAM action
    TRUST = "role trust"
    PERMISSIONS = "role permissions"
    KEY = "key"


class Cited(Struct, frozen=True):
    """The statement that decided: its policy's address, its Sid or else its index from 0, and the kind of policy.

    Attributes:
        focus: where it is written, or else its policy, as far as the source tells.
    """

    policy: str
    sid: str
    kind: str
    focus: Focus | None = None


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
    stage, why = decision.policy_type.value, outcome.why
    if by is None and isinstance(outcome, Denied) and not why.startswith(stage):
        why = f"{stage}: {why}"
    return StepResult(step, holds, why, by if isinstance(outcome, Denied) else None)


def _cited(cause: Cause, decision: Decision) -> Cited:
    policy_types = [
        traced.policy_type for traced in decision.trace if (traced.policy_address, traced.statement) == _name(cause)
    ]
    kind = (policy_types[0] if policy_types else decision.policy_type).value
    return Cited(cause.policy_address, cause.statement, kind, cause.focus)


def _name(cause: Cause) -> tuple[str, str]:
    return (cause.policy_address, cause.statement)


def point_step(points: PointsOnRecord, holding: RecoveryPointVault | None) -> StepResult:
    """Return whether the vault holds a recovery point that can be restored."""
    return StepResult(Step.POINT, *points.at(holding))


def vault_step(principal: Principal, holding: RecoveryPointVault, estate: EstateIndex) -> StepResult:
    """Return whether the vault's policies leave it to *principal* to restore, whatever else says."""
    if isinstance(holding.in_sight, Unresolved):
        return _out_of_sight(holding, holding.in_sight, estate)
    if not holding.policies:
        return StepResult(Step.VAULT, holds=True, why=f"vault {holding.name} has no access policy")
    answer = worst(of_decision(Step.VAULT, vault_lets(principal, policy)) for policy in holding.policies)
    if answer.holds is not True:
        return answer
    return StepResult(Step.VAULT, holds=True, why=f"the access policy of vault {holding.name} does not deny it")


def _out_of_sight(holding: RecoveryPointVault, why: Unresolved, estate: EstateIndex) -> StepResult:
    """Return what holds of a vault that is not known: one that is missing in an account, or lies elsewhere."""
    found = why if holding.vault is not None else estate.sight.vault(holding.key, estate.home)
    if isinstance(found, Missing):
        return StepResult(Step.VAULT, holds=False, why=f"no such vault in {found.where}: {found.name}")
    if estate.source is Source.ACCOUNT and lies_elsewhere(holding):
        why = Unresolved(f"vault {holding.name} lies elsewhere: its access policy is not shown here")
    return StepResult(Step.VAULT, why, why.why)


def worst(answers: Iterable[StepResult]) -> StepResult:
    """Return an answer that blocks, else an open one, else the first."""
    found = list(answers)
    blocked = [step for step in found if step.holds is False]
    still_open = [step for step in found if isinstance(step.holds, Unresolved)]
    return (blocked or still_open or found)[0]


def trust_step(role: Principal) -> StepResult:
    """Return whether AWS Backup can assume *role*."""
    holds = trusts_backup(role)
    if isinstance(holds, Unresolved):
        return StepResult(Step.TRUST, holds, holds.why)
    lets = "lets" if holds else "does not let"
    return StepResult(Step.TRUST, holds, f"the trust policy of {role.label} {lets} {BACKUP_SERVICE} assume it")


def permissions_step(role: Principal, estate: EstateIndex) -> StepResult:
    """Return whether *role* may do what every restore of EFS does."""
    answers = {action: may_do(role, action, estate) for action in RESTORE_ACTIONS}
    missing = [action for action, answer in answers.items() if answer is False]
    if missing:
        return StepResult(Step.PERMISSIONS, holds=False, why=f"{role.label} lacks {', '.join(missing)}")
    unknown = [answer for answer in answers.values() if isinstance(answer, Unresolved)]
    if unknown:
        return StepResult(Step.PERMISSIONS, unknown[0], unknown[0].why)
    return StepResult(Step.PERMISSIONS, holds=True, why=f"{role.label} may do {', '.join(RESTORE_ACTIONS)}")


def permissions_at(
    role: Principal, permissions: StepResult, file_system: FileSystem, estate: EstateIndex
) -> StepResult:
    """Return *permissions*, or that the policy of *file_system* denies or may deny restores to *role*.

    AWS names this action for the file system's own policy, and does not say that a restore to a new one goes round it
    (https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html).
    """
    if permissions.holds is not True:
        return _with_reason(permissions, role, file_system, estate)
    policies = estate.policies_of_file_systems.of(file_system)
    return worst([permissions, *(_denied_at(role, policy, file_system) for policy in policies)])


def _with_reason(lacking: StepResult, role: Principal, file_system: FileSystem, estate: EstateIndex) -> StepResult:
    """Return *lacking* with what takes the restore away from the role, where that is more than a missing Allow."""
    decision = ruled(role, request_of(RESTORE, file_system), estate)
    if lacking.holds is not False or not takes_away(decision):
        return lacking
    told = of_decision(Step.PERMISSIONS, decision)
    return replace(lacking, why=f"{lacking.why}: {told.why}", by=told.by)


def _denied_at(role: Principal, policy: FileSystemPolicy, file_system: FileSystem) -> StepResult:
    """Return whether the policy of a file system leaves restores to *role*."""
    if isinstance(policy.document, Unresolved):
        why = f"the file system policy {policy.address} is not known: {policy.document.why}"
        return StepResult(Step.PERMISSIONS, Unresolved(why), why)
    refusal = GuardedFileSystem(file_system, policy, policy.document).denies(role, RESTORE)
    if isinstance(refusal, Unresolved):
        why = f"{policy.address}: {refusal.why}"
        return StepResult(Step.PERMISSIONS, Unresolved(why), why)
    if refusal is None:
        return StepResult(Step.PERMISSIONS, holds=True)
    why = f"the file system's own policy denies {RESTORE} to {role.label}"
    focus = statement_focus(policy.places, policy.document, refusal.statement)
    cited = Cited(policy.address, refusal.statement, PolicyType.RESOURCE.value, focus)
    return StepResult(Step.PERMISSIONS, holds=False, why=why, by=cited)


def key_step(
    role: Principal, holding: RecoveryPointVault | None, file_system: FileSystem, estate: EstateIndex
) -> StepResult:
    """Return whether *role* may use the keys of the vault and of the file system."""
    vault = None if holding is None else holding.vault
    vault_key: Str | None = None if vault is None else vault.key
    at = file_system.aws_place
    vault_at = at if vault is None else vault.aws_place
    target = may_use_key(role, file_system.key, at, estate, ENCRYPT_TARGET)
    answers = [
        *_disabled("the vault's key", key_behind(vault_key, vault_at, estate), can_choose_another=False),
        *_disabled("the file system's key", key_behind(file_system.key, at, estate), can_choose_another=True),
        _of_key(role, "the vault's key", may_use_key(role, vault_key, vault_at, estate)),
        _of_target(_of_key(role, "the file system's key", target)),
    ]
    if any(answer.holds is not True for answer in answers):
        return worst(answers)
    is_own = vault_key is None and file_system.key is None
    return StepResult(Step.KEY, holds=True, why="" if is_own else f"{role.label} may use the keys")


def _disabled(which: str, key: Key | Unresolved | None, *, can_choose_another: bool) -> Iterator[StepResult]:
    """Yield that a key can't be used, or that this is open; a restore to a new file system may be given another key."""
    if not isinstance(key, Key) or key.enabled is None or key.enabled is True:
        return
    if isinstance(key.enabled, Unresolved):
        why = f"whether {which} can be used is not known: {key.enabled.why}"
        yield StepResult(Step.KEY, Unresolved(why), why)
        return
    why = f"{which}, {key.address}, is disabled or waits to be deleted: nobody can use it"
    answer = StepResult(Step.KEY, holds=False, why=why)
    yield _of_target(answer) if can_choose_another else answer


def _of_target(answer: StepResult) -> StepResult:
    """Return what an answer about the file system's key says of a restore, which may be given another key."""
    if answer.holds is not False:
        return answer
    why = f"{answer.why}; a restore to a new file system needs another key, and which one is not known"
    return replace(answer, holds=Unresolved(why), why=why)


def _of_key(role: Principal, which: str, answer: KeyAnswer) -> StepResult:
    if answer.answer is True:
        return StepResult(Step.KEY, holds=True)
    if isinstance(answer.answer, Unresolved):
        return StepResult(Step.KEY, answer.answer, f"{which}: {answer.why}")
    cause = answer.by
    kind = answer.policy_type.value
    by = None if cause is None else Cited(cause.policy_address, cause.statement, kind, cause.focus)
    return StepResult(
        Step.KEY, holds=False, why=f"{role.label} may not call {answer.action} with {which}: {answer.why}", by=by
    )
