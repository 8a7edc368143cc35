"""The links of the chain from a person to a restored file system, each asked by itself.

To restore, a principal starts a restore job on a recovery point, which the vault's policy must not forbid, and passes
a role that AWS Backup can assume, that may restore EFS and that may use the keys
(https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from restore_ready.access._decisions import deciding, vault_lets
from restore_ready.access._restore import BACKUP_SERVICE, trusts_backup
from restore_ready.access._role_permissions import RESTORE_ACTIONS, may_do
from restore_ready.iam import Allowed, Cause, Denied, Ruling
from restore_ready.kms._keys import ENCRYPT_TARGET, READ_BACKUP, KeyAnswer, may_use_key
from restore_ready.model._estate import Estate, FileSystem, Principal
from restore_ready.model._values import Str, Truth, Unresolved
from restore_ready.vaults._recovery_points import Holding


class Link(Enum):
    """What must hold for a restore, in the order in which AWS finds out."""

    START = "StartRestoreJob"
    VAULT = "vault policy"
    PASS_ROLE = "PassRole"  # noqa: S105  # an IAM action
    TRUST = "role trust"
    PERMISSIONS = "role permissions"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Cited:
    """The statement that decided: its policy's address, its Sid or else its index from 0, and the kind of policy."""

    policy: str
    sid: str
    kind: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether one link holds, and why: a plain sentence, empty where there is nothing to add."""

    link: Link
    holds: Truth
    why: str = ""
    by: Cited | None = None


def of_ruling(link: Link, ruling: Ruling) -> Answer:
    """Say by a ruling whether *link* holds."""
    decision, cause = ruling.decision, deciding(ruling)
    by = None if cause is None else _cited(cause, ruling)
    if isinstance(decision, Allowed):
        return Answer(link, holds=True, by=by)
    holds: Truth = False if isinstance(decision, Denied) else Unresolved(decision.why)
    why = f"{ruling.stage.value}: {decision.why}" if by is None and isinstance(decision, Denied) else decision.why
    return Answer(link, holds, why, by if isinstance(decision, Denied) else None)


def _cited(cause: Cause, ruling: Ruling) -> Cited:
    stages = [one.stage for one in ruling.trace if (one.policy_address, one.statement) == _name(cause)]
    return Cited(cause.policy_address, cause.statement, (stages[0] if stages else ruling.stage).value)


def _name(cause: Cause) -> tuple[str, str]:
    return (cause.policy_address, cause.statement)


def vault_answer(principal: Principal, holding: Holding) -> Answer:
    """Say whether the vault's policies leave it to *principal* to restore, whatever else says."""
    if isinstance(holding.in_sight, Unresolved):
        return Answer(Link.VAULT, holding.in_sight, holding.in_sight.why)
    if not holding.policies:
        return Answer(Link.VAULT, holds=True, why=f"vault {holding.name} has no access policy")
    answer = worst(of_ruling(Link.VAULT, vault_lets(principal, policy)) for policy in holding.policies)
    return Answer(Link.VAULT, holds=True) if answer.holds is True else answer


def worst(answers: Iterable[Answer]) -> Answer:
    """Return an answer that blocks, else an open one, else the last."""
    found = list(answers)
    blocked = [one for one in found if one.holds is False]
    still_open = [one for one in found if isinstance(one.holds, Unresolved)]
    return (blocked or still_open or found[-1:])[0]


def trust_answer(role: Principal) -> Answer:
    """Say whether AWS Backup can assume *role*."""
    holds = trusts_backup(role)
    if isinstance(holds, Unresolved):
        return Answer(Link.TRUST, holds, holds.why)
    return Answer(
        Link.TRUST, holds, "" if holds else f"the trust policy of {role.label} does not let {BACKUP_SERVICE} assume it"
    )


def permissions_answer(role: Principal, estate: Estate) -> Answer:
    """Say whether *role* may do what every restore of EFS does."""
    answers = {action: may_do(role, action, estate) for action in RESTORE_ACTIONS}
    missing = [action for action, answer in answers.items() if answer is False]
    if missing:
        return Answer(Link.PERMISSIONS, holds=False, why=f"{role.label} lacks {', '.join(missing)}")
    unknown = [answer for answer in answers.values() if isinstance(answer, Unresolved)]
    return Answer(Link.PERMISSIONS, unknown[0], unknown[0].why) if unknown else Answer(Link.PERMISSIONS, holds=True)


def key_answer(role: Principal, holding: Holding | None, file_system: FileSystem, estate: Estate) -> Answer:
    """Say whether *role* may use the keys of the vault and of the file system."""
    vault_key: Str | None = holding.vault.key if holding is not None and holding.vault is not None else None
    asked = [
        ("the vault's key", may_use_key(role, vault_key, estate, READ_BACKUP)),
        ("the file system's key", may_use_key(role, file_system.key, estate, ENCRYPT_TARGET)),
    ]
    return worst(_of_key(role, which, answer) for which, answer in asked)


def _of_key(role: Principal, which: str, answer: KeyAnswer) -> Answer:
    if answer.answer is True:
        return Answer(Link.KEY, holds=True)
    if isinstance(answer.answer, Unresolved):
        return Answer(Link.KEY, answer.answer, f"{which}: {answer.why}")
    by = None if answer.by is None else Cited(answer.by.policy_address, answer.by.statement, answer.stage.value)
    return Answer(
        Link.KEY, holds=False, why=f"{role.label} may not call {answer.action} with {which}: {answer.why}", by=by
    )
