"""Builds roles, users, groups and permission sets with every policy that the template attaches to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.iam import parse_document
from restore_ready.model import Policy, Principal, PrincipalKind, Ref, Str, Text, Unresolved, show
from restore_ready.readers.cloudformation._fields import Properties, mapping, mappings, required_text, text
from restore_ready.readers.cloudformation._managed import ManagedPolicies
from restore_ready.readers.cloudformation._principals import (
    FUNCTION,
    PERMISSION_SET,
    declared_principal,
    document,
    inline_policies,
    listed,
    name_of,
    out_of_sight,
)
from restore_ready.readers.cloudformation._resource import Resource
from restore_ready.readers.cloudformation._scope import text_of

_HOLDERS: Final = {
    "Roles": PrincipalKind.ROLE,
    "Users": PrincipalKind.USER,
    "Groups": PrincipalKind.GROUP,
    "RoleName": PrincipalKind.ROLE,
    "UserName": PrincipalKind.USER,
    "GroupName": PrincipalKind.GROUP,
}
_ATTACHED: Final = {
    "AWS::IAM::Policy": ("Roles", "Users", "Groups"),
    "AWS::IAM::ManagedPolicy": ("Roles", "Users", "Groups"),
    "AWS::IAM::RolePolicy": ("RoleName",),
    "AWS::IAM::UserPolicy": ("UserName",),
    "AWS::IAM::GroupPolicy": ("GroupName",),
}
"""Policy types, and the properties that name who holds the policy."""


class _Draft(Struct):
    """A principal while its policies are being gathered."""

    principal: Principal
    in_sight: bool
    policies: list[Policy] = field(default_factory=list)
    unread: list[Unresolved] = field(default_factory=list)
    groups: list[_Draft] = field(default_factory=list)

    def add(self, policy: Policy | Unresolved) -> None:
        if isinstance(policy, Unresolved):
            self.unread.append(policy)
        else:
            self.policies.append(policy)

    def finished(self) -> Principal:
        sources = (self, *self.groups)
        policies = {id(one): one for source in sources for one in source.policies}
        unread = dict.fromkeys(why for source in sources for why in source.unread)
        return replace(self.principal, policies=tuple(policies.values()), unread=tuple(unread))


def identities(resources: Sequence[Resource]) -> tuple[tuple[Principal, ...], tuple[Policy, ...]]:
    """Build the principals and the customer managed policies of *resources*.

    A principal that gets a policy here and isn't declared here is built too, at the resource that names it, with the
    rest of its policies unread.
    """
    managed = ManagedPolicies(
        _policy(one, "ManagedPolicyName") for one in resources if one.type == "AWS::IAM::ManagedPolicy"
    )
    gathering = _Gathering(managed)
    for resource in resources:
        gathering.declare(resource)
    for resource in resources:
        gathering.attach(resource)
    for resource in resources:
        gathering.join_groups(resource)
    found = [(draft.in_sight, draft.finished()) for draft in gathering.drafts]
    return tuple(one for in_sight, one in found if in_sight or one.policies), managed.all()


def _policy(resource: Resource, name: str) -> Policy:
    read = document(resource.properties, "PolicyDocument")
    return Policy(resource.name, resource.place, name_of(resource, name), read)


class _Gathering:
    """The principals of an estate while their policies are being gathered."""

    def __init__(self, managed: ManagedPolicies) -> None:
        self.drafts: list[_Draft] = []
        self._managed = managed
        self._by_address: dict[str, _Draft] = {}
        self._by_name: dict[tuple[PrincipalKind, Str], _Draft] = {}

    def declare(self, resource: Resource) -> None:
        """Take a principal, with the policies that it names itself."""
        principal = declared_principal(resource)
        if principal is None:
            return
        draft = _Draft(replace(principal, boundary=self._boundary(resource)), in_sight=True)
        for policy in self._policies(resource):
            draft.add(policy)
        self.drafts.append(draft)
        self._by_address[principal.address] = draft
        if isinstance(principal.name, (str, Text)):
            self._by_name.setdefault((principal.kind, principal.name), draft)

    def _policies(self, resource: Resource) -> Iterator[Policy | Unresolved]:
        if resource.type == FUNCTION:
            yield from self._function_policies(resource)
        elif resource.type == PERMISSION_SET:
            yield from self._permission_set_policies(resource)
        else:
            yield from inline_policies(resource)
            yield from self._managed_policies(resource, "ManagedPolicyArns")

    def attach(self, resource: Resource) -> None:
        """Attach a policy that is a resource of its own to those that it names."""
        if resource.type not in _ATTACHED:
            return
        own = resource.type != "AWS::IAM::ManagedPolicy"
        policy = _policy(resource, "PolicyName") if own else self._managed.called(Ref(resource.name))
        for name in _ATTACHED[resource.type]:
            for holder in listed(resource.properties, name):
                self._named(_HOLDERS[name], holder, resource).add(policy)

    def join_groups(self, resource: Resource) -> None:
        """Give users the policies of the groups that they are put into."""
        kind = PrincipalKind
        if resource.type == "AWS::IAM::User":
            user = self._by_address[resource.name]
            user.groups += [self._named(kind.GROUP, one, resource) for one in listed(resource.properties, "Groups")]
        elif resource.type == "AWS::IAM::UserToGroupAddition":
            group = self._named(kind.GROUP, required_text(resource.properties, "GroupName"), resource)
            for name in listed(resource.properties, "Users"):
                self._named(kind.USER, name, resource).groups.append(group)

    def _named(self, kind: PrincipalKind, name: Str, resource: Resource) -> _Draft:
        """Find the principal that a reference or name means; one out of sight is built at *resource*."""
        if isinstance(name, Ref) and name.target in self._by_address:
            return self._by_address[name.target]
        key = (kind, Ref(resource.name) if isinstance(name, Unresolved) else name)
        if key not in self._by_name:
            draft = _Draft(out_of_sight(kind, name, resource), in_sight=False)
            draft.unread.append(Unresolved(f"{show(name)} is defined elsewhere: its other policies are not in sight"))
            self.drafts.append(draft)
            self._by_name[key] = draft
        return self._by_name[key]

    def _managed_policies(self, resource: Resource, name: str) -> Iterator[Policy | Unresolved]:
        for arn in listed(resource.properties, name):
            yield self._managed.with_arn(arn, resource)

    def _boundary(self, resource: Resource) -> Policy | Unresolved | None:
        if resource.type != PERMISSION_SET:
            arn = text(resource.properties, "PermissionsBoundary")
            return None if arn is None else self._managed.with_arn(arn, resource)
        body = mapping(resource.properties, "PermissionsBoundary")
        if body is None or isinstance(body, Unresolved):
            return body
        if "ManagedPolicyArn" in body:
            return self._managed.with_arn(required_text(body, "ManagedPolicyArn"), resource)
        return self._customer_policy(mapping(body, "CustomerManagedPolicyReference"))

    def _customer_policy(self, reference: Properties | Unresolved | None) -> Policy | Unresolved:
        if reference is None or isinstance(reference, Unresolved):
            return Unresolved("a policy is not named") if reference is None else reference
        return self._managed.called(required_text(reference, "Name"))

    def _permission_set_policies(self, resource: Resource) -> Iterator[Policy | Unresolved]:
        values = resource.properties
        if values.get("InlinePolicy") not in (None, "", {}):
            read = document(values, "InlinePolicy")
            yield Policy(resource.name, resource.place, "InlinePolicy", read, own_address=False)
        yield from self._managed_policies(resource, "ManagedPolicies")
        references = mappings(values, "CustomerManagedPolicyReferences")
        for one in (references,) if isinstance(references, Unresolved) else references:
            yield self._customer_policy(one)

    def _function_policies(self, resource: Resource) -> Iterator[Policy | Unresolved]:
        """Read a SAM function's ``Policies``.

        They are ARNs or names, whole documents, and SAM's policy templates, none of which concerns AWS Backup.
        """
        written = resource.properties.get("Policies")
        for entry in written if isinstance(written, list) else [] if written is None else [written]:
            if not isinstance(entry, dict):
                yield self._managed.as_sam_names_it(text_of(entry, "an entry of Policies"), resource)
            elif "Statement" in entry:
                yield Policy(resource.name, resource.place, "Policies", parse_document(entry), own_address=False)
            else:
                yield from (Unresolved(f"SAM's policy template {key}") for key in entry if "backup" in key.casefold())
