"""Builds the roles, users and groups of an account from ``iam:GetAccountAuthorizationDetails``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.iam import managed_document
from restore_ready.model import Policy, Principal, PrincipalKind, Unresolved
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.account._answers import Object
from restore_ready.readers.account._documents import document

_SERVICE_LINKED: Final = ":role/aws-service-role/"
_AWS: Final = ":iam::aws:policy/"
_KINDS: Final = (
    (PrincipalKind.ROLE, "RoleDetailList", "RoleName", "RolePolicyList"),
    (PrincipalKind.USER, "UserDetailList", "UserName", "UserPolicyList"),
    (PrincipalKind.GROUP, "GroupDetailList", "GroupName", "GroupPolicyList"),
)


class Identities(Struct, frozen=True):
    """The principals of an account and its customer managed policies."""

    principals: tuple[Principal, ...] = ()
    policies: tuple[Policy, ...] = ()


def identities(facts: AccountFacts) -> Identities:
    """Return the identities of an account; none where IAM can't be read.

    Service-linked roles are left out: nobody but AWS acts with them, and nobody can change what they may do.
    """
    details = facts.found("iam")
    if details is None or isinstance(details, Unresolved):
        return Identities()
    return _Directory(facts, details).identities()


class _Directory:
    """The principals and policies of one answer."""

    def __init__(self, facts: AccountFacts, details: Object) -> None:
        self._account_facts = facts
        self._details = details
        own = (policy for policy in _entries(details, "Policies") if _AWS not in policy["Arn"])
        self._managed = {policy.address: policy for policy in map(self._customer_policy, own)}

    def identities(self) -> Identities:
        """Return everything; users get the policies of their groups."""
        found = {kind: self._principals(kind, *names) for kind, *names in _KINDS}
        groups = {group.name: group for group in found[PrincipalKind.GROUP].values()}
        for entry in _entries(self._details, "UserDetailList"):
            user = found[PrincipalKind.USER].get(str(entry.get("Arn", "")))
            if user is not None:
                found[PrincipalKind.USER][user.address] = _joined(user, entry.get("GroupList"), groups)
        every = tuple(principal for some in found.values() for principal in some.values())
        return Identities(every, tuple(self._managed.values()))

    def _principals(self, kind: PrincipalKind, listed: str, name: str, inline: str) -> dict[str, Principal]:
        entries = (entry for entry in _entries(self._details, listed) if _SERVICE_LINKED not in entry["Arn"])
        return {entry["Arn"]: self._principal(kind, entry, name, inline) for entry in entries}

    def _principal(self, kind: PrincipalKind, entry: Object, name: str, inline: str) -> Principal:
        arn = str(entry["Arn"])
        policies = [*self._inline(entry, inline, arn), *self._attached(entry, arn)]
        bound = entry.get("PermissionsBoundary")
        account = self._account_facts.account
        return Principal(
            arn,
            self._account_facts.place,
            kind,
            str(entry.get(name) or arn.rpartition("/")[2]),
            arn,
            policies=tuple(policy for policy in policies if isinstance(policy, Policy)),
            unread=tuple(policy for policy in policies if isinstance(policy, Unresolved)),
            trust=document(entry.get("AssumeRolePolicyDocument"), account) if kind is PrincipalKind.ROLE else None,
            boundary=self._named(bound.get("PermissionsBoundaryArn"), arn) if isinstance(bound, Mapping) else None,
        )

    def _inline(self, entry: Object, listed: str, arn: str) -> Iterator[Policy]:
        for policy in _entries(entry, listed):
            read = document(policy.get("PolicyDocument"), self._account_facts.account)
            yield Policy(arn, self._account_facts.place, str(policy.get("PolicyName", "")), read, own_address=False)

    def _attached(self, entry: Object, arn: str) -> Iterator[Policy | Unresolved]:
        for policy in _entries(entry, "AttachedManagedPolicies"):
            yield self._named(policy.get("PolicyArn"), arn)

    def _named(self, policy: object, holder: str) -> Policy | Unresolved:
        """Return the policy with an ARN, AWS's own as *holder* holds it."""
        if not isinstance(policy, str):
            return Unresolved("a policy is not named")
        if policy in self._managed:
            return self._managed[policy]
        name = policy.rpartition("/")[2]
        if _AWS not in policy:
            return Unresolved(f"AWS did not list the policy {name}")
        read = managed_document(policy)
        if read is None:
            return Unresolved(f"the AWS managed policy {name} is not in the table of known ones")
        return Policy(holder, self._account_facts.place, name, read, own_address=False, aws_managed=True)

    def _customer_policy(self, entry: Object) -> Policy:
        versions = _entries(entry, "PolicyVersionList")
        default = (version for version in versions if version.get("IsDefaultVersion") is True)
        in_force = next((version.get("Document") for version in default), None)
        arn, name = str(entry.get("Arn", "")), entry.get("PolicyName")
        read = document(in_force, self._account_facts.account)
        return Policy(arn, self._account_facts.place, str(name or arn.rpartition("/")[2]), read)


def _joined(user: Principal, names: object, groups: Mapping[Any, Principal]) -> Principal:
    """Return a user with the policies of the groups of these names."""
    policies, unread = [*user.policies], [*user.unread]
    for name in names if isinstance(names, list) else ():
        group = groups.get(name) if isinstance(name, str) else None
        if group is None:
            unread.append(Unresolved(f"AWS did not list the group {name}"))
        else:
            policies += group.policies
            unread += group.unread
    return replace(user, policies=tuple(policies), unread=tuple(unread))


def _entries(values: Object, name: str) -> list[Object]:
    """Return a list of objects; that it is one has been checked."""
    return list(values.get(name, ()))
