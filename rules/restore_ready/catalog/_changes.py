"""Works out the changes that cure findings, for the rules that carry them.

A change is offered only where it is exact and safe; whether it does cure in the source at hand, and brings nothing
new, is proved on a copy before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from restore_ready.access._constants import BACKUP_SERVICE, PASS_ROLE
from restore_ready.access._pass_role_reach import pass_role_statements, serves_backup
from restore_ready.access._statements import condition_values
from restore_ready.iam import covers_action, denies_everyone
from restore_ready.model import (
    AllowPassRole,
    AttachManagedPolicy,
    Change,
    Fail,
    Plan,
    PlanRule,
    Policy,
    PolicyDocument,
    Principal,
    RemoveDeny,
    RestrictPassRole,
    Scalar,
    Setting,
    SetValue,
    Statement,
    Str,
    Subject,
    Target,
    TrustBackup,
    Unresolved,
    Verdict,
)

_ABOUT_BACKUPS: Final = ("backup:", "backup-storage:", "elasticfilesystem:", "iam:list", "iam:pass", "kms:", "tag:")
"""Beginnings of the actions of a policy that is for backups and restores only."""

LEAST: Final = 60
"""Minutes: the shortest start window that AWS takes, and the least that a job needs after its start window."""

FOR_BACKUP: Final = "service-role/AWSBackupServiceRolePolicyForBackup"
FOR_RESTORES: Final = "service-role/AWSBackupServiceRolePolicyForRestores"
PROTECTION: Final = (
    "backup:DeleteBackupVault",
    "backup:DeleteBackupVaultAccessPolicy",
    "backup:DeleteRecoveryPoint",
    "backup:UpdateRecoveryPointLifecycle",
)
"""What a vault policy denies to protect recovery points from deletion.

AWS denies these in the vault of its automatic EFS backups, beside restores and copies. None of them is a wildcard,
which vault policies don't support
(https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html).
"""


def target(subject: Subject) -> Target:
    """Return *subject* as what is to be changed."""
    return Target(subject.address, subject.place)


def curable(verdict: Verdict, changes: tuple[Change, ...]) -> Verdict:
    """Return *verdict*, with *changes* if it is a Fail."""
    return replace(verdict, changes=changes) if isinstance(verdict, Fail) else verdict


def set_window(plan: Plan, rule: PlanRule, setting: Setting, minutes: int) -> tuple[Change, ...]:
    """Return the change that sets a window of a plan's rule; none if *rule* is only what one of them may come to."""
    if isinstance(plan.rules, Unresolved):
        return ()
    numbers = [number for number, candidate in enumerate(plan.rules) if candidate is rule]
    return tuple(SetValue(target(plan), setting, minutes, number) for number in numbers)


def remove_deny(
    subject: Subject, document: PolicyDocument, action: str, resource: Str, address: str = ""
) -> tuple[Change, ...]:
    """Return what takes *action* out of all statements that deny it to everyone; arguments as of `denies_everyone`."""
    found = [entry for entry in document.statements if isinstance(entry, Statement)]
    denying = [
        statement
        for statement in found
        if denies_everyone(PolicyDocument((statement,)), action, resource, address).answer is True
    ]
    return tuple(
        RemoveDeny(target(subject), statement.index, (action,), _kept(statement, action)) for statement in denying
    )


def _kept(statement: Statement, action: str) -> tuple[str, ...]:
    return tuple(
        protected for protected in PROTECTION if protected != action and covers_action(statement, protected) is True
    )


def allow_pass_role(address: str, policies: Iterable[Policy], restore_roles: Sequence[Principal]) -> tuple[Change, ...]:
    """Return what allows the one restore role in sight to be passed, in the policy that stands at *address*."""
    own = [policy for policy in policies if policy.address == address and not policy.aws_managed]
    if not own or len(restore_roles) != 1:
        return ()
    return (AllowPassRole(target(own[0]), _inline_name(own[0]), target(restore_roles[0])),)


def redirect_pass_role(
    address: str, policies: Iterable[Policy], restore_roles: Sequence[Principal]
) -> tuple[Change, ...]:
    """Return what points the one PassRole statement at *address* at the one restore role in sight.

    Only where that statement serves AWS Backup alone: what else it lets be passed would be lost.
    """
    own = [policy for policy in policies if policy.address == address and not policy.aws_managed]
    found = [(policy, statement) for policy in own for statement in pass_role_statements([policy])]
    if len(found) != 1 or len(restore_roles) != 1 or not _is_for_backup(found[0][1]):
        return ()
    policy, statement = found[0]
    role = target(restore_roles[0])
    return (RestrictPassRole(target(policy), _inline_name(policy), statement.index, role, is_for_backup=True),)


def _is_for_backup(statement: Statement) -> bool:
    """Return whether a statement that allows ``iam:PassRole`` does nothing but let roles be passed to AWS Backup."""
    if statement.actions != (PASS_ROLE,) or statement.not_actions or statement.not_resources:
        return False
    if not isinstance(statement.conditions, tuple) or len(statement.conditions) != 1:
        return False
    services = tuple(condition_values(statement, "iam:passedtoservice"))
    return services == (BACKUP_SERVICE,) and serves_backup(statement) is True


def restrict_pass_role(
    policies: Iterable[Policy], names_pass_role: Callable[[Statement], bool], restore_roles: Sequence[Principal]
) -> tuple[Change, ...]:
    """Return what narrows what allows ``iam:PassRole`` to the one restore role in sight.

    Only in policies that speak of backups and nothing else: elsewhere, other roles may be passed for good reason.
    """
    if len(restore_roles) != 1:
        return ()
    changes: list[Change] = []
    for policy in policies:
        if isinstance(policy.document, Unresolved) or not _is_about_backups(policy.document):
            return ()
        statements = [entry for entry in policy.document.statements if isinstance(entry, Statement)]
        changes += (
            RestrictPassRole(target(policy), _inline_name(policy), statement.index, target(restore_roles[0]))
            for statement in statements
            if names_pass_role(statement)
        )
    return tuple(changes)


def _inline_name(policy: Policy) -> str:
    return policy.name if isinstance(policy.name, str) and not policy.own_address else ""


def _is_about_backups(document: PolicyDocument) -> bool:
    return all(
        isinstance(entry, Statement)
        and isinstance(entry.actions, tuple)
        and not entry.not_actions
        and all(isinstance(action, str) and action.lower().startswith(_ABOUT_BACKUPS) for action in entry.actions)
        for entry in document.statements
    )


def trust(role: Principal) -> tuple[Change, ...]:
    """Return the change that lets AWS Backup assume *role*."""
    return (TrustBackup(target(role)),)


def attach(role: Principal, policy: str) -> tuple[Change, ...]:
    """Return the change that attaches an AWS managed policy to *role*."""
    return (AttachManagedPolicy(target(role), policy),)


def set_value(subject: Subject, setting: Setting, value: Scalar) -> tuple[Change, ...]:
    """Return the change of a setting of *subject*."""
    return (SetValue(target(subject), setting, value),)
