"""Builds roles, users, groups and permission sets with every policy that the template attaches to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from restore_ready.iam import parse_document
from restore_ready.model import Policy, Principal, PrincipalKind, Ref, Str, Text, Unresolved, show
from restore_ready.model._why_open import ELSEWHERE
from restore_ready.readers._drafts import Draft
from restore_ready.readers._fields import Entry, Field, Table
from restore_ready.readers._iam_tables import ATTACHED_POLICY, CUSTOMER_POLICY, inline_policies
from restore_ready.readers._kinds import document
from restore_ready.readers._marks import Marks
from restore_ready.readers._mover_tables import SAM_FUNCTION
from restore_ready.readers._statement_places import in_document
from restore_ready.readers.cloudformation._fields import Properties, mapping, mappings, required_text, text
from restore_ready.readers.cloudformation._managed import ManagedPolicies
from restore_ready.readers.cloudformation._principals import listed, out_of_sight, principal
from restore_ready.readers.cloudformation._scope import text_of

_PERMISSION_SET: Final = "AWS::SSO::PermissionSet"
_SET_POLICY: Final = Table(Policy, (Field("document", document, "InlinePolicy", "inline_policy", required=True),))
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


def identities(entries: Sequence[Entry]) -> tuple[tuple[Principal, ...], tuple[Policy, ...]]:
    """Return the principals and the customer managed policies of a template.

    A principal that gets a policy here and isn't declared here is built too, at the resource that names it, with the
    rest of its policies unread.
    """
    managed = ManagedPolicies(CUSTOMER_POLICY.read_all(entries))
    gathering = _Gathering(managed)
    for step in (gathering.declare, gathering.attach, gathering.join_groups):
        for entry in entries:
            step(entry)
    return gathering.finished(), managed.all()


class _Gathering:
    """The principals of an estate while their policies are being gathered."""

    def __init__(self, managed: ManagedPolicies) -> None:
        self._managed = managed
        self._declared: dict[str, Draft] = {}
        self._elsewhere: list[Draft] = []
        self._by_name: dict[tuple[PrincipalKind, Str], Draft] = {}

    def finished(self) -> tuple[Principal, ...]:
        """Return the principals declared, and those out of sight that have a policy here."""
        elsewhere = [draft.finished() for draft in self._elsewhere]
        declared = [draft.finished() for draft in self._declared.values()]
        return (*declared, *(principal for principal in elsewhere if principal.policies))

    def declare(self, entry: Entry) -> None:
        """Take a principal, with the policies that it names itself."""
        found = principal(entry)
        if found is None:
            return
        draft = Draft(replace(found, boundary=self._boundary(entry)))
        for policy in self._policies(entry):
            draft.add(policy)
        self._declared[found.address] = draft
        if isinstance(found.name, (str, Text)):
            self._by_name.setdefault((found.kind, found.name), draft)

    def _policies(self, entry: Entry) -> Iterator[Policy | Unresolved]:
        if entry.type == SAM_FUNCTION:
            yield from self._function_policies(entry)
        elif entry.type == _PERMISSION_SET:
            yield from self._permission_set_policies(entry)
        else:
            yield from inline_policies(entry, "Policies")
            yield from self._managed_policies(entry, "ManagedPolicyArns")

    def attach(self, entry: Entry) -> None:
        """Attach a policy that is a entry of its own to those that it names."""
        if entry.type not in _ATTACHED:
            return
        customer = CUSTOMER_POLICY.tells(entry)
        policy = self._managed.called(Ref(entry.address)) if customer else ATTACHED_POLICY.read(entry)
        for name in _ATTACHED[entry.type]:
            for holder in listed(entry, name):
                self._named(_HOLDERS[name], holder, entry).add(policy)

    def join_groups(self, entry: Entry) -> None:
        """Give users the policies of the groups that they are put into."""
        if entry.type == "AWS::IAM::User":
            user = self._declared[entry.address]
            user.groups += [self._named(PrincipalKind.GROUP, name, entry) for name in listed(entry, "Groups")]
        elif entry.type == "AWS::IAM::UserToGroupAddition":
            group = self._named(PrincipalKind.GROUP, required_text(entry.values, "GroupName"), entry)
            for name in listed(entry, "Users"):
                self._named(PrincipalKind.USER, name, entry).groups.append(group)

    def _named(self, kind: PrincipalKind, name: Str, entry: Entry) -> Draft:
        """Return the principal that a reference or name means; one out of sight is built at *entry*."""
        if isinstance(name, Ref) and name.target in self._declared:
            return self._declared[name.target]
        key = (kind, Ref(entry.address) if isinstance(name, Unresolved) else name)
        if key not in self._by_name:
            draft = Draft(out_of_sight(kind, name, entry))
            draft.unread.append(Unresolved(f"{ELSEWHERE.said(what=show(name))}: its other policies are not in sight"))
            self._elsewhere.append(draft)
            self._by_name[key] = draft
        return self._by_name[key]

    def _managed_policies(self, entry: Entry, name: str) -> Iterator[Policy | Unresolved]:
        for arn in listed(entry, name):
            yield self._managed.with_arn(arn, entry, name)

    def _boundary(self, entry: Entry) -> Policy | Unresolved | None:
        if entry.type != _PERMISSION_SET:
            arn = text(entry.values, "PermissionsBoundary")
            return None if arn is None else self._managed.with_arn(arn, entry, "PermissionsBoundary")
        body = mapping(entry.values, "PermissionsBoundary")
        if body is None or isinstance(body, Unresolved):
            return body
        if "ManagedPolicyArn" in body:
            return self._managed.with_arn(required_text(body, "ManagedPolicyArn"), entry, "PermissionsBoundary")
        return self._customer_policy(mapping(body, "CustomerManagedPolicyReference"))

    def _customer_policy(self, reference: Properties | Unresolved | None) -> Policy | Unresolved:
        if reference is None or isinstance(reference, Unresolved):
            return Unresolved("a policy is not named") if reference is None else reference
        return self._managed.called(required_text(reference, "Name"))

    def _permission_set_policies(self, entry: Entry) -> Iterator[Policy | Unresolved]:
        if entry.values.get("InlinePolicy") not in (None, "", {}):
            yield _SET_POLICY.read(entry, name="InlinePolicy", own_address=False)
        yield from self._managed_policies(entry, "ManagedPolicies")
        references = mappings(entry.values, "CustomerManagedPolicyReferences")
        for reference in (references,) if isinstance(references, Unresolved) else references:
            yield self._customer_policy(reference)

    def _function_policies(self, entry: Entry) -> Iterator[Policy | Unresolved]:
        """Yield a SAM function's ``Policies``.

        They are ARNs or names, whole documents, and SAM's policy templates, none of which concerns AWS Backup.
        """
        written = entry.values.get("Policies")
        policies = written if isinstance(written, list) else [] if written is None else [written]
        marks = entry.marks.blocks("Policies")
        for number, policy in enumerate(policies):
            if not isinstance(policy, dict):
                yield self._managed.as_sam_names_it(text_of(policy, "an entry of Policies"), entry)
            elif "Statement" in policy:
                told = marks[number : number + 1] if len(marks) == len(policies) else ()
                yield _function_policy(entry, policy, told)
            else:
                yield from (Unresolved(f"SAM's policy template {key}") for key in policy if "backup" in key.casefold())


def _function_policy(entry: Entry, written: Properties, marks: Sequence[Marks]) -> Policy:
    """Return a policy that stands in a SAM function, with the places of its statements."""
    found = parse_document(written)
    placed = found if isinstance(found, Unresolved) else in_document(found, marks)
    return Policy(entry.address, entry.place, "Policies", placed, own_address=False)
