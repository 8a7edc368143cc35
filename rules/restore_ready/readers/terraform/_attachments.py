"""Attaches policies to principals and users to groups, as the blocks of each kind say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.iam import matches
from restore_ready.model import (
    Known,
    Policy,
    PolicyDocument,
    PrincipalKind,
    Str,
    Text,
    Unresolved,
    doubt,
    unresolved_reason,
)
from restore_ready.readers._drafts import Draft, Holder, Holding
from restore_ready.readers._fields import Dialect
from restore_ready.readers._iam_tables import ATTACHED_POLICY
from restore_ready.readers.terraform._addresses import module_of
from restore_ready.readers.terraform._attributes import Values, nested, required_text, texts
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._customer_policies import Policies, may_matter
from restore_ready.readers.terraform._dialect import entry_of
from restore_ready.readers.terraform._principals import Directory

_ROLE, _USER, _GROUP = PrincipalKind.ROLE, PrincipalKind.USER, PrincipalKind.GROUP
_SET = PrincipalKind.PERMISSION_SET

_INLINE: Final = {
    "aws_iam_role_policy": (_ROLE, "role"),
    "aws_iam_user_policy": (_USER, "user"),
    "aws_iam_group_policy": (_GROUP, "group"),
    "aws_ssoadmin_permission_set_inline_policy": (_SET, "permission_set_arn"),
}
"""Type to the kind of holder and the attribute that names it."""

_BY_ARN: Final = {
    "aws_iam_role_policy_attachment": (_ROLE, "role", "policy_arn"),
    "aws_iam_user_policy_attachment": (_USER, "user", "policy_arn"),
    "aws_iam_group_policy_attachment": (_GROUP, "group", "policy_arn"),
    "aws_ssoadmin_managed_policy_attachment": (_SET, "permission_set_arn", "managed_policy_arn"),
}
"""Type to the kind of holder, the attribute that names it and the one that names the policy."""

_TO_MANY: Final = {"roles": _ROLE, "users": _USER, "groups": _GROUP}
_ENOUGH: Final = 20
"""Reasons noted on one principal for what may be attached to it; the first leaves it as open as a thousand."""

_CUSTOMER: Final = "aws_ssoadmin_customer_managed_policy_attachment"
_BOUNDARY: Final = "aws_ssoadmin_permissions_boundary_attachment"
_REFERENCE: Final = "customer_managed_policy_reference"


class _Attachment(Struct, frozen=True):
    """One policy attached to one principal.

    Attributes:
        who: the holder's name or reference.
        policy: gives the policy as a holder has it.
        inline: whether the policy exists only by being attached.
    """

    block: Block
    kind: PrincipalKind
    who: Str
    policy: Callable[[Holder], Policy | Unresolved]
    inline: bool = False


class Attacher:
    """Carries the attachments of an estate out on its principals."""

    def __init__(self, directory: Directory, policies: Policies, dialect: Dialect) -> None:
        """Take the principals and what can be attached to them."""
        self._directory = directory
        self._policies = policies
        self._dialect = dialect

    def attach(self, block: Block) -> None:
        """Carry *block* out, if it is an attachment of any kind."""
        for attachment in self._attachments(block):
            self._carry_out(attachment)
        if block.type == _BOUNDARY:
            self._bound(block)

    def _attachments(self, block: Block) -> Iterator[_Attachment]:
        if block.type in _INLINE:
            kind, holder = _INLINE[block.type]
            policy = ATTACHED_POLICY.read(entry_of(block, self._dialect))
            yield _Attachment(block, kind, required_text(block.values, holder), lambda _: policy, inline=True)
        elif block.type in _BY_ARN:
            kind, holder, name = _BY_ARN[block.type]
            arn = required_text(block.values, name)
            yield _Attachment(block, kind, required_text(block.values, holder), self._by_arn(arn, block, name))
        elif block.type == "aws_iam_policy_attachment":
            yield from self._to_many(block)
        elif block.type == _CUSTOMER:
            who = required_text(block.values, "permission_set_arn")
            found = self._customer(block.values)
            yield _Attachment(block, _SET, who, lambda _: found)

    def _by_arn(self, arn: Str, block: Block, name: str) -> Callable[[Holder], Policy | Unresolved]:
        focus = block.marks.focus(name)
        return lambda holder: self._policies.named(arn, replace(holder, focus=focus))

    def _to_many(self, block: Block) -> Iterator[_Attachment]:
        policy = self._by_arn(required_text(block.values, "policy_arn"), block, "policy_arn")
        for name, kind in _TO_MANY.items():
            listed = texts(block.values, name)
            for who in (listed,) if isinstance(listed, Unresolved) else listed:
                yield _Attachment(block, kind, who, policy)

    def _customer(self, values: Values) -> Policy | Unresolved:
        references = nested(values, _REFERENCE)
        if isinstance(references, Unresolved) or not references:
            why = references.why if isinstance(references, Unresolved) else "the reference to it can't be read"
            return Unresolved(f"which policy is attached is not known: {why}")
        return self._policies.customer_named(required_text(references[0], "name"))

    def _carry_out(self, attachment: _Attachment) -> None:
        found = self._directory.find(attachment.kind, attachment.who, attachment.block)
        policy = attachment.policy(Holder(attachment.block.address, attachment.block.place))
        if not found and isinstance(attachment.who, (Unresolved, Text)):
            self._note_possible(attachment, policy)
        readable = isinstance(policy, Policy) and isinstance(policy.document, PolicyDocument)
        if not found and ((attachment.inline and readable) or not isinstance(attachment.who, Unresolved)):
            found = [self._directory.out_of_sight(attachment.kind, attachment.who, attachment.block)]
        for draft in found:
            managed = not attachment.inline
            draft.add(attachment.policy(draft.holder), doubt(attachment.block, draft.maybe), managed=managed)

    def _note_possible(self, attachment: _Attachment, policy: Policy | Unresolved) -> None:
        """Note on principals that *policy* may be theirs, where its holder is not known.

        A policy that says nothing about our subject changes no verdict and is left out. One that does may be anyone's;
        one that can't be read is noted only beside it, in the same module: else one such line would decide everything.
        """
        matters = may_matter(policy)
        if matters is False:
            return
        why = Unresolved(f"{attachment.block.address} may attach a policy to it: {unresolved_reason(attachment.who)}")
        for draft in self._directory.in_module(
            attachment.kind, None if matters is True else module_of(attachment.block.address)
        ):
            if len(draft.possible) < _ENOUGH and matches(attachment.who, draft.principal.name) is not False:
                draft.possible.append(Holding(why, managed=not attachment.inline))

    def _bound(self, block: Block) -> None:
        """Set the permissions boundary of a permission set."""
        for draft in self._directory.find(_SET, required_text(block.values, "permission_set_arn"), block):
            why = doubt(block, draft.maybe)
            boundary = Unresolved(why) if why else self._boundary(block, draft)
            draft.principal = replace(draft.principal, boundary=boundary)

    def _boundary(self, block: Block, draft: Draft) -> Policy | Unresolved:
        blocks = nested(block.values, "permissions_boundary")
        if isinstance(blocks, Unresolved) or not blocks:
            return Unresolved(f"{block.address} sets a boundary that can't be read")
        if "managed_policy_arn" in blocks[0]:
            return self._policies.named(required_text(blocks[0], "managed_policy_arn"), draft.holder)
        return self._customer(blocks[0])

    def join_groups(self, block: Block) -> None:
        """Put users into groups, if *block* is a membership of either kind."""
        if block.type == "aws_iam_group_membership":
            self._join(block, (required_text(block.values, "group"),), texts(block.values, "users"))
        elif block.type == "aws_iam_user_group_membership":
            self._join(block, texts(block.values, "groups"), (required_text(block.values, "user"),))

    def _join(self, block: Block, groups: Known[tuple[Str, ...]], users: Known[tuple[Str, ...]]) -> None:
        """Join *users* and *groups*; a side that is not known is noted on the users it may concern."""
        members = self._users(block, users)
        for name in (groups,) if isinstance(groups, Unresolved) else groups:
            found = self._directory.find(_GROUP, name, block)
            for user, certain in members:
                if found and certain and not doubt(block, user.maybe):
                    user.groups.extend(group for group in found if group not in user.groups)
                elif not found or any(group.holds_any for group in found):
                    user.unread.append(Unresolved(f"{block.address} may put it into a group that is not in sight"))

    def _users(self, block: Block, users: Known[tuple[Str, ...]]) -> list[tuple[Draft, bool]]:
        """Return the users meant, each with whether that is certain."""
        found: list[tuple[Draft, bool]] = []
        for name in (users,) if isinstance(users, Unresolved) else users:
            known = self._directory.find(_USER, name, block)
            if known or not unresolved_reason(name):
                found.extend((user, True) for user in known)
            else:
                found.extend((user, False) for user in self._directory.in_module(_USER, module_of(block.address)))
        return found
