"""Finds the managed policies that principals name: those of the template, AWS's own, or out of sight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from restore_ready.iam import managed_arn
from restore_ready.model import Policy, Ref, Str, Unresolved, unresolved_reason
from restore_ready.model._why_open import ELSEWHERE
from restore_ready.readers._fields import Entry
from restore_ready.readers._iam_tables import aws_managed_policy

_AWS = ":iam::aws:policy/"


class ManagedPolicies:
    """The customer managed policies of an estate, and the way to those of AWS."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        """Take the estate's own *policies*."""
        self._by_address: Mapping[str, Policy] = {policy.address: policy for policy in policies}
        self._by_name = {policy.name: policy for policy in self._by_address.values() if isinstance(policy.name, str)}

    def all(self) -> tuple[Policy, ...]:
        """Return every customer managed policy."""
        return tuple(self._by_address.values())

    def with_arn(self, arn: Str, holder: Entry, name: str) -> Policy | Unresolved:
        """Return the policy with an ARN, or that a reference means, as *holder* holds it by its property *name*."""
        if isinstance(arn, Ref) and arn.target in self._by_address:
            return self._by_address[arn.target]
        if isinstance(arn, str) and _AWS in arn:
            return _aws_managed(arn, holder, name)
        if isinstance(arn, str):
            return self.called(arn.rpartition("/")[2] or arn)
        return Unresolved(f"which policy is attached is not known: {unresolved_reason(arn)}")

    def called(self, name: Str) -> Policy | Unresolved:
        """Return the customer managed policy with a name."""
        if isinstance(name, Ref) and name.target in self._by_address:
            return self._by_address[name.target]
        if isinstance(name, str):
            return self._by_name.get(name, Unresolved(ELSEWHERE.said(what=f"the policy {name}")))
        return Unresolved(f"which policy is attached is not known: {unresolved_reason(name)}")

    def as_sam_names_it(self, name: Str, holder: Entry) -> Policy | Unresolved:
        """Return the policy that an entry of a SAM function's ``Policies`` means: an ARN, or AWS's bare name."""
        arn = managed_arn(name) if isinstance(name, str) and ":" not in name else None
        return self.with_arn(arn or name, holder, "Policies")


def _aws_managed(arn: str, holder: Entry, name: str) -> Policy | Unresolved:
    found = aws_managed_policy(arn, holder.address, holder.place, holder.marks.focus(name))
    called = arn.rpartition("/")[2]
    return Unresolved(f"the AWS managed policy {called} is not in the table of known ones") if found is None else found
