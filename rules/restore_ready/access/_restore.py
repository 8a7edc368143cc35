"""Who is meant to start restores and with which roles.

Starting a restore takes two parties: the caller, who needs ``backup:StartRestoreJob`` and ``iam:PassRole``, and the
role passed, which ``backup.amazonaws.com`` assumes
(https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from restore_ready.access._role_index import RoleIndex
from restore_ready.iam import Request, covers_action, lets_service_assume, matches, names_action, statement_applies
from restore_ready.model._estate import Estate, Place, Policy, Principal
from restore_ready.model._policy_document import PolicyDocument, Statement
from restore_ready.model._requirements import Requirements
from restore_ready.model._values import Ref, Str, Truth, Unresolved, any_true, unresolved_reason

BACKUP_SERVICE: Final = "backup.amazonaws.com"
START_RESTORE: Final = "backup:StartRestoreJob"
PASS_ROLE: Final = "iam:PassRole"  # noqa: S105  # an IAM action
RESTORE: Final = "elasticfilesystem:Restore"
BACK_UP: Final = "elasticfilesystem:Backup"
FOR_RESTORES: Final = "AWSBackupServiceRolePolicyForRestores"
ROLE_TERRAFORM: Final = ("aws_iam_role", "awscc_iam_role")
ROLE_CLOUDFORMATION: Final = ("AWS::IAM::Role",)
_PASSABLE_NAME: Final = "*AWSBackup*"


class Grant(Struct, frozen=True):
    """Policies that grant the start of a restore, gathered by the resource that a finding about them lands on.

    Attributes:
        policies: those that grant it.
        holders: the principals that hold one of them; none for a policy that nothing in sight holds.
    """

    address: str
    place: Place
    policies: tuple[Policy, ...]
    holders: tuple[Principal, ...]


def statements(policies: Iterable[Policy]) -> Iterator[Statement]:
    """Give every readable statement of *policies*."""
    for policy in policies:
        if isinstance(policy.document, PolicyDocument):
            yield from (one for one in policy.document.statements if isinstance(one, Statement))


def unread_part(policies: Iterable[Policy]) -> Unresolved | None:
    """Return why some part of *policies* could not be read, or ``None``."""
    for policy in policies:
        if isinstance(policy.document, Unresolved):
            return Unresolved(f"the policy of {policy.address} could not be read: {policy.document.why}")
        for one in policy.document.statements:
            if isinstance(one, Unresolved):
                return Unresolved(f"a statement of {policy.address} could not be read: {one.why}")
    return None


def called(principal: Principal, patterns: Iterable[str]) -> tuple[str, ...]:
    """Return which of *patterns* the principal's name matches; its address stands in for a name that is not known."""
    return tuple(pattern for pattern in patterns if matches(pattern, principal.label, fold_case=True) is True)


def only_for_backup_service(principal: Principal) -> bool:
    """Tell whether only AWS services can act as *principal*, AWS Backup among them: nobody calls an API with it."""
    if not isinstance(principal.trust, PolicyDocument):
        return False
    entries = [entry for one in principal.trust.statements for entry in _trusted(one)]
    return bool(entries) and all(entry == BACKUP_SERVICE for entry in entries)


def _trusted(statement: Statement | Unresolved) -> list[Str]:
    if isinstance(statement, Unresolved) or not isinstance(statement.principals, tuple):
        return [Unresolved("the trust policy could not be read")]
    return [entry.value for entry in statement.principals] if statement.effect == "Allow" else []


def restore_grants(estate: Estate, requirements: Requirements) -> Iterator[Grant]:
    """Give the policies that grant the start of a restore, one `Grant` for each place a finding can land on."""
    gathered: dict[str, list[tuple[Policy, Principal | None]]] = {}
    for principal in estate.principals:
        service_only = only_for_backup_service(principal)
        declared = not service_only and bool(called(principal, requirements.operators))
        for policy in principal.policies:
            if grants_restore(policy, by_any_means=declared) and not (service_only and policy.aws_managed):
                gathered.setdefault(policy.address, []).append((policy, principal))
    used = {policy.address for principal in estate.principals for policy in _used_by(principal)}
    for policy in estate.policies:
        if policy.address not in used and grants_restore(policy, by_any_means=False):
            gathered.setdefault(policy.address, []).append((policy, None))
    for address, found in gathered.items():
        policies = tuple(policy for policy, _ in found)
        holders = {one.address: one for _, one in found if one is not None}
        yield Grant(address, policies[0].place, policies, tuple(holders.values()))


def _used_by(principal: Principal) -> Iterator[Policy]:
    """Give the policies that a principal holds, and the one that bounds it, which grants nothing."""
    yield from principal.policies
    if isinstance(principal.boundary, Policy):
        yield principal.boundary


def grants_restore(policy: Policy, *, by_any_means: bool) -> bool:
    """Tell whether *policy* grants the start of a restore by name or, if *by_any_means*, by ``*`` or NotAction too."""
    allowing = [one for one in statements([policy]) if one.effect == "Allow"]
    if by_any_means:
        return any(covers_action(one, START_RESTORE) is True for one in allowing)
    return any(names_action(one, START_RESTORE) is True for one in allowing)


def pass_role_statements(policies: Iterable[Policy]) -> tuple[Statement, ...]:
    """Return the statements that allow ``iam:PassRole`` on some role for some service."""
    allowing = (one for one in statements(policies) if one.effect == "Allow")
    return tuple(one for one in allowing if covers_action(one, PASS_ROLE) is True)


def restore_roles(estate: Estate, requirements: Requirements) -> tuple[Principal, ...]:
    """Return the roles that restores are meant to run with.

    These are the roles that carry restore permissions, that a restore test uses, that a restore operator's
    ``iam:PassRole`` names exactly, or that are called so and speak of AWS Backup.
    """
    return estate.derived(_RestoreRoles(requirements.roles, requirements.operators))


class _RestoreRoles(Struct, frozen=True):
    """Works out the restore roles of an estate, given what roles and operators are called."""

    roles: tuple[str, ...]
    operators: tuple[str, ...]

    def __call__(self, estate: Estate) -> tuple[Principal, ...]:
        requirements = Requirements(roles=self.roles, operators=self.operators)
        tested = [
            one.role
            for one in estate.restore_tests
            if one.resource_type == "EFS" or unresolved_reason(one.resource_type)
        ]
        found = [
            role
            for role in estate.roles()
            if _carries_restore(role)
            or any(_means(value, role) for value in tested)
            or _called_restore_role(role, requirements)
        ]
        known = {role.address for role in found}
        passed = _exactly_passed(RoleIndex(found), estate, requirements)
        return (*found, *(role for role in estate.roles() if role.address in passed - known))


def _carries_restore(role: Principal) -> bool:
    if any(policy.aws_managed and policy.name == FOR_RESTORES for policy in role.policies):
        return True
    own = [policy for policy in role.policies if not policy.aws_managed]
    for statement in statements(own):
        if statement.effect == "Allow" and names_action(statement, RESTORE) is True:
            exact = _lists_exactly(statement, RESTORE)
            calls = any(grants_restore(policy, by_any_means=False) for policy in own)
            if trusts_backup(role) is True or (exact and not calls):
                return True
    return False


def _lists_exactly(statement: Statement, action: str) -> bool:
    entries = statement.actions if isinstance(statement.actions, tuple) else ()
    return any(isinstance(entry, str) and entry.lower() == action.lower() for entry in entries)


def trusts_backup(role: Principal) -> Truth:
    """Tell whether the role's trust policy lets AWS Backup assume it."""
    if isinstance(role.trust, PolicyDocument):
        return lets_service_assume(role.trust, BACKUP_SERVICE)
    return role.trust if isinstance(role.trust, Unresolved) else False


def _called_restore_role(role: Principal, requirements: Requirements) -> bool:
    names = called(role, requirements.roles)
    if not names or not (_mentions_backup_service(role) or _holds_service_policy(role)):
        return False
    return names != (_PASSABLE_NAME,) or not _carries_backup(role)


def _mentions_backup_service(role: Principal) -> bool:
    if not isinstance(role.trust, PolicyDocument):
        return False
    return any(value == BACKUP_SERVICE for one in role.trust.statements for value in _trusted(one))


def _holds_service_policy(role: Principal) -> bool:
    names = [policy.name for policy in role.policies if policy.aws_managed]
    return any(isinstance(name, str) and name.startswith("AWSBackupServiceRolePolicy") for name in names)


def _carries_backup(role: Principal) -> bool:
    return any(one.effect == "Allow" and names_action(one, BACK_UP) is True for one in statements(role.policies))


def _exactly_passed(found: RoleIndex, estate: Estate, requirements: Requirements) -> set[str]:
    """Return the addresses of the roles that a restore operator's PassRole names, where it reaches none of *found*."""
    roles = estate.derived(RoleIndex.of)
    passed: set[str] = set()
    holders = (holder for grant in restore_grants(estate, requirements) for holder in grant.holders)
    for holder in filter(lambda one: not only_for_backup_service(one), holders):
        passing = pass_role_statements(holder.policies)
        named = {role.address for one in passing for role in _named_exactly(one, roles)}
        if named and reaches_any(passing, found) is not True:
            passed |= named
    return passed


def _named_exactly(statement: Statement, roles: RoleIndex) -> Iterator[Principal]:
    entries = statement.resources if isinstance(statement.resources, tuple) else ()
    for role in map(roles.find, () if statement.not_resources else entries):
        if role is not None and (_pinned_to_backup(statement) or trusts_backup(role) is True):
            yield role


def _means(value: Str, role: Principal) -> bool:
    if isinstance(value, Ref):
        return value.target == role.address
    return isinstance(value, str) and value == role.arn


def _pinned_to_backup(statement: Statement) -> bool:
    """Tell whether the statement's conditions let the role go to AWS Backup and not just anywhere."""
    conditions = statement.conditions if isinstance(statement.conditions, tuple) else ()
    keys = [one.key.lower() for one in conditions if isinstance(one.key, str)]
    return "iam:passedtoservice" in keys and serves_backup(statement) is True


def pass_role_request(role: Principal | None = None) -> Request:
    """Return the request that AWS checks when a caller passes *role*, or any role, to AWS Backup."""
    context: dict[str, tuple[Str, ...]] = {"iam:passedtoservice": (BACKUP_SERVICE,)}
    if role is None:
        return Request(PASS_ROLE, "*", context=context)
    return Request(PASS_ROLE, role.arn, resource_address=role.address, context=context)


def reaches(statement: Statement, role: Principal) -> Truth:
    """Tell whether a PassRole statement lets *role* be passed to AWS Backup."""
    return statement_applies(statement, pass_role_request(role))


def serves_backup(statement: Statement) -> Truth:
    """Tell whether a PassRole statement lets anything be passed to AWS Backup, whatever the role."""
    conditions_alone = Statement(
        statement.index,
        statement.sid,
        statement.effect,
        statement.actions,
        statement.not_actions,
        conditions=statement.conditions,
    )
    return statement_applies(conditions_alone, pass_role_request())


def reaches_any(passing: Iterable[Statement], roles: RoleIndex) -> Truth:
    """Tell whether one of the PassRole statements lets one of *roles* be passed to AWS Backup."""
    return any_true(reaches(statement, role) for statement in passing for role in roles.candidates(statement))
