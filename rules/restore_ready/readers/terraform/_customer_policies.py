"""Finds the identity policies that attachments name: customer managed, AWS managed, or out of sight."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from restore_ready.iam import managed_arn as arn_of_name
from restore_ready.model import Policy, Ref, Statement, Str, Unresolved, join_text, show, unresolved_reason
from restore_ready.model._why_open import ELSEWHERE, NO_AWS_POLICY
from restore_ready.readers._drafts import Holder
from restore_ready.readers._fields import Dialect
from restore_ready.readers._iam_tables import CUSTOMER_POLICY, aws_managed_policy, path_of
from restore_ready.readers.terraform._attributes import required_text, text
from restore_ready.readers.terraform._aws_managed import managed_arn, managed_arn_of
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._dialect import entry_of

_ATTACHMENT: Final = "_policy_attachment"
_SERVICES: Final = ("*", "?", "backup", "elasticfilesystem", "iam", "sts")


class Policies:
    """The managed policies that an estate can attach."""

    def __init__(self, blocks: Iterable[Block], others: Iterable[Policy], dialect: Dialect) -> None:
        """Take the estate's *blocks*, and policies that were built from other providers' blocks."""
        self._dialect = dialect
        self._by_address: dict[str, Policy] = {policy.address: policy for policy in others}
        self._data: dict[str, Block] = {}
        self._attached: dict[str, Str] = {}
        self._by_path: dict[str, Policy] = {}
        self._by_name = {policy.name: policy for policy in self._by_address.values() if isinstance(policy.name, str)}
        for block in blocks:
            if block.type == "aws_iam_policy" and block.mode == "data":
                self._data[block.address] = block
            elif block.type == "aws_iam_policy":
                self._add(block)
            elif block.type.endswith(_ATTACHMENT) and "policy_arn" in block.values:
                self._attached[block.address] = required_text(block.values, "policy_arn")

    def _add(self, block: Block) -> None:
        entry = entry_of(block, self._dialect)
        policy = CUSTOMER_POLICY.read(entry)
        self._by_address[block.address] = policy
        arn, name = block.values.get("arn"), policy.name
        path = join_text((path_of(entry), name))
        if isinstance(arn, str):
            self._by_path[_path_in(arn)] = policy
        elif isinstance(path, str):
            self._by_path[path.removeprefix("/")] = policy
        if isinstance(name, str):
            self._by_name[name] = policy

    def all(self) -> tuple[Policy, ...]:
        """Return every customer managed policy."""
        return tuple(self._by_address.values())

    def named(self, arn: Str, holder: Holder) -> Policy | Unresolved:
        """Return the policy with this ARN, as *holder* holds it."""
        if isinstance(arn, Ref):
            return self._referred(arn, holder)
        managed = managed_arn(arn)
        if managed:
            return _managed(managed, holder)
        if isinstance(arn, str):
            return self._by_path.get(_path_in(arn), Unresolved(ELSEWHERE.said(what=f"the policy {arn}")))
        return Unresolved(f"which policy is attached is not known: {unresolved_reason(arn)}")

    def customer_named(self, name: Str) -> Policy | Unresolved:
        """Return the customer managed policy called *name*, as permission sets refer to it."""
        if isinstance(name, Ref) and name.target in self._by_address:
            return self._by_address[name.target]
        if isinstance(name, str):
            return self._by_name.get(name, Unresolved(ELSEWHERE.said(what=f"the policy {name}")))
        return Unresolved(f"which policy is attached is not known: {unresolved_reason(name)}")

    def _referred(self, arn: Ref, holder: Holder) -> Policy | Unresolved:
        if arn.target in self._by_address:
            return self._by_address[arn.target]
        if arn.target in self._data:
            return self._looked_up(self._data[arn.target], holder)
        if arn.target in self._attached and arn.attribute == "policy_arn":
            return self.named(self._attached[arn.target], holder)
        return Unresolved(ELSEWHERE.said(what=f"the policy {show(arn)}"))

    def _looked_up(self, block: Block, holder: Holder) -> Policy | Unresolved:
        """Return what a ``data.aws_iam_policy`` found: by its ARN, by an AWS managed policy's name, or as read."""
        arn, name = text(block.values, "arn"), text(block.values, "name")
        if managed := managed_arn_of(block):
            return _managed(managed, holder)
        if isinstance(arn, str) and _path_in(arn) in self._by_path:
            return self._by_path[_path_in(arn)]
        if isinstance(name, str) and name in self._by_name:
            return self._by_name[name]
        if "policy" in block.values:
            known = Unresolved("its name is not known") if name is None else name
            found = CUSTOMER_POLICY.read(entry_of(block, self._dialect), name=known, own_address=False)
            return replace(found, address=holder.address, place=holder.place)
        return Unresolved(f"{block.address} looks up a policy that is defined elsewhere")


def _path_in(arn: str) -> str:
    """Return path and name: what follows ``:policy/`` (an attached policy is always of the same account)."""
    return arn.partition(":policy/")[2]


def _managed(arn: str, holder: Holder) -> Policy | Unresolved:
    found = aws_managed_policy(arn, holder.address, holder.place, holder.focus)
    if found is not None:
        return found
    known = arn_of_name(arn.rpartition("/")[2])
    hint = "" if known is None else f"; its name is that of {known}"
    return Unresolved(NO_AWS_POLICY.said(arn=arn) + hint)


def may_matter(policy: Policy | Unresolved) -> bool | Unresolved:
    """Return whether *policy* says anything about backups, file systems, roles or everything."""
    document = policy if isinstance(policy, Unresolved) else policy.document
    if isinstance(document, Unresolved):
        return document
    return any(isinstance(statement, Unresolved) or _concerns_us(statement) for statement in document.statements)


def _concerns_us(statement: Statement) -> bool:
    if statement.not_actions or not isinstance(statement.actions, tuple):
        return True
    return any(not isinstance(action, str) or action.lower().startswith(_SERVICES) for action in statement.actions)
