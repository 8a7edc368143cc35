"""Finds the identity policies that attachments name: customer managed, AWS managed, or out of sight."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from restore_ready.iam import managed_document
from restore_ready.model import (
    THIS_ACCOUNT,
    Place,
    Policy,
    Ref,
    Statement,
    Str,
    Text,
    Unresolved,
    join_text,
    show,
    unresolved_reason,
)
from restore_ready.readers.terraform._attributes import Values, prefixed, text
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._documents import Documents

_AWS: Final = "iam::aws:policy/"
_FOLDERS: Final = ("", "service-role/", "job-function/", "aws-service-role/")
_SERVICES: Final = ("*", "?", "backup", "elasticfilesystem", "iam", "sts")


class Holder(Struct, frozen=True):
    """The resource at which a policy without an address of its own is reported."""

    address: str
    place: Place


class Policies:
    """The managed policies that an estate can attach."""

    def __init__(self, blocks: Iterable[Block], others: Iterable[Policy], documents: Documents) -> None:
        """Take the estate's *blocks*, and policies that were built from other providers' blocks."""
        self._documents = documents
        self._by_address: dict[str, Policy] = {one.address: one for one in others}
        self._data: dict[str, Block] = {}
        self._by_path: dict[str, Policy] = {}
        self._by_name = {one.name: one for one in self._by_address.values() if isinstance(one.name, str)}
        for block in blocks:
            if block.type == "aws_iam_policy" and block.mode == "data":
                self._data[block.address] = block
            elif block.type == "aws_iam_policy":
                self._add(block)

    def _add(self, block: Block) -> None:
        name = given_name(block.values)
        policy = Policy(block.address, block.place, name, self._documents.read(block.values.get("policy")))
        self._by_address[block.address] = policy
        arn = block.values.get("arn")
        path = join_text((path_of(block.values), name))
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
        managed = _managed_arn(arn)
        if managed:
            return _managed(managed, holder)
        if isinstance(arn, str):
            return self._by_path.get(_path_in(arn), Unresolved(f"the policy {arn} is defined elsewhere"))
        return Unresolved(f"which policy is attached is not known: {unresolved_reason(arn)}")

    def customer_named(self, name: Str) -> Policy | Unresolved:
        """Return the customer managed policy called *name*, as permission sets refer to it."""
        if isinstance(name, Ref) and name.target in self._by_address:
            return self._by_address[name.target]
        if isinstance(name, str):
            return self._by_name.get(name, Unresolved(f"the policy {name} is defined elsewhere"))
        return Unresolved(f"which policy is attached is not known: {unresolved_reason(name)}")

    def _referred(self, arn: Ref, holder: Holder) -> Policy | Unresolved:
        if arn.target in self._by_address:
            return self._by_address[arn.target]
        if arn.target in self._data:
            return self._looked_up(self._data[arn.target], holder)
        return Unresolved(f"the policy {show(arn)} is defined elsewhere")

    def _looked_up(self, block: Block, holder: Holder) -> Policy | Unresolved:
        """Return what a ``data.aws_iam_policy`` found: by its ARN, by an AWS managed policy's name, or as read."""
        arn, name = text(block.values, "arn"), text(block.values, "name")
        managed = "" if arn is None else _managed_arn(arn)
        for candidate in (managed, *(f"arn:aws:{_AWS}{folder}{name}" for folder in _FOLDERS)):
            if candidate and managed_document(candidate) is not None:
                return _managed(candidate, holder)
        if isinstance(arn, str) and _path_in(arn) in self._by_path:
            return self._by_path[_path_in(arn)]
        if isinstance(name, str) and name in self._by_name:
            return self._by_name[name]
        if "policy" in block.values:
            document = self._documents.read(block.values["policy"])
            known = Unresolved("its name is not known") if name is None else name
            return Policy(holder.address, holder.place, known, document, own_address=False)
        return Unresolved(f"{block.address} looks up a policy that is defined elsewhere")


def given_name(values: Values) -> Str:
    """Return the name of an IAM resource; Terraform completes a prefix, or makes one up."""
    name = text(values, "name")
    if name is not None and name != "":
        return name
    prefix = text(values, "name_prefix")
    return prefixed("" if prefix is None else prefix, "Terraform generates the name")


def path_of(values: Values) -> Str:
    """Return the path of an IAM resource, ``/`` where it is not given."""
    path = text(values, "path")
    return "/" if path is None or path == "" else path


def arn_of(kind: str, values: Values) -> Str:
    """Return the ARN of an IAM resource of *kind* ``role``, ``user`` or ``group``, its account as deployed to."""
    arn = values.get("arn")
    if isinstance(arn, str):
        return arn
    return join_text((f"arn:aws:iam::{THIS_ACCOUNT}:{kind}", path_of(values), given_name(values)))


def _path_in(arn: str) -> str:
    """Return path and name: what follows ``:policy/`` (an attached policy is always of the same account)."""
    return arn.partition(":policy/")[2]


def _managed_arn(arn: Str) -> str:
    """Return the ARN if it is of an AWS managed policy, else an empty string; the partition may be unknown."""
    end = arn.parts[-1] if isinstance(arn, Text) else arn
    if not isinstance(end, str):
        return ""
    before, found, name = end.partition(_AWS)
    if not found:
        return ""
    return end if isinstance(arn, str) and before else f"arn:aws:{_AWS}{name}"


def _managed(arn: str, holder: Holder) -> Policy | Unresolved:
    document = managed_document(arn)
    name = arn.rpartition("/")[2]
    if document is None:
        return Unresolved(f"the AWS managed policy {name} is not in this version's table")
    return Policy(holder.address, holder.place, name, document, own_address=False, aws_managed=True)


def may_matter(policy: Policy | Unresolved) -> bool | Unresolved:
    """Tell whether *policy* says anything about backups, file systems, roles or everything."""
    document = policy if isinstance(policy, Unresolved) else policy.document
    if isinstance(document, Unresolved):
        return document
    return any(isinstance(one, Unresolved) or _concerns_us(one) for one in document.statements)


def _concerns_us(statement: Statement) -> bool:
    if statement.not_actions or not isinstance(statement.actions, tuple):
        return True
    return any(not isinstance(one, str) or one.lower().startswith(_SERVICES) for one in statement.actions)
