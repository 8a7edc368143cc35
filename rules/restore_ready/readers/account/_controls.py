"""Builds the service control policies that an account is under, as far as whoever audits may see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from restore_ready._model import ControlKind, OrganizationControl
from restore_ready._values import Unresolved
from restore_ready.readers.account._answers import Object
from restore_ready.readers.account._documents import document
from restore_ready.readers.account._ledger import Ledger

_ACCOUNT: Final = 4
"""Where the account stands in an ARN; of a policy of an organization it is the management account."""


def controls(ledger: Ledger) -> Iterator[OrganizationControl]:
    """Give the policies attached to the account and to what is above it; none binds the management account."""
    listed = [ledger.listed("service_controls", *about) for about in ledger.all_about("service_controls")]
    found = {one["Id"]: one for entries in listed if not isinstance(entries, Unresolved) for one in entries}
    for policy_id, entry in found.items():
        arn = str(entry.get("Arn") or policy_id)
        if entry.get("AwsManaged") is True or _of_management(arn, ledger.account):
            continue
        policy = ledger.found("service_control", policy_id)
        read = policy if isinstance(policy, Unresolved) else document(_content(policy), ledger.account)
        name = str(entry.get("Name") or policy_id)
        yield OrganizationControl(arn, ledger.place, ControlKind.SERVICE, name, read, (ledger.account,))


def _content(policy: Object | None) -> object:
    return policy.get("Content") if isinstance(policy, Mapping) else None


def _of_management(arn: str, account: str) -> bool:
    fields = arn.split(":")
    return len(fields) > _ACCOUNT and fields[_ACCOUNT] == account
