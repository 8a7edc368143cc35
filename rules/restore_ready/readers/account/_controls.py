"""Builds the service control policies that an account is under, and says where they are not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec import Struct

from restore_ready.model import ControlKind, Fact, Known, OrganizationControl, Status, Unresolved
from restore_ready.readers.account._account_facts import AccountFacts, why_unknown
from restore_ready.readers.account._answers import Object
from restore_ready.readers.account._documents import document

_ACCOUNT: Final = 4
"""Where the account stands in an ARN; of a policy of an organization it is the management account."""

_FIX: Final = "its management account may ask: audit with --org from there"


class Controls(Struct, frozen=True):
    """The service control policies of an account.

    Attributes:
        hidden: why there may be others; empty where there are none.
    """

    found: tuple[OrganizationControl, ...]
    hidden: str = ""


def controls(facts: AccountFacts, organization: Fact | None) -> Controls:
    """Return the policies attached to the account and to what is above it; none binds the management account.

    Args:
        facts: what the account was asked itself, and may know.
        organization: what the organization was asked for all its accounts, where it was.
    """
    if organization is not None:
        return _of_organization(facts, organization)
    hidden = _why_hidden(facts)
    listed = [facts.listed("service_controls", *about) for about in facts.all_about("service_controls")]
    entries = {policy["Id"]: policy for some in listed if not isinstance(some, Unresolved) for policy in some}
    read = (_read(facts, policy, _content(facts.found("service_control", key))) for key, policy in entries.items())
    return Controls(tuple(policy for policy in read if policy is not None), hidden)


def _why_hidden(facts: AccountFacts) -> str:
    """Go up from the account to the root, and say why the policies of one of them are not known."""
    node: str | None = facts.account
    passed: set[str] = set()
    while node is not None and node not in passed:
        passed.add(node)
        parents = [] if node.startswith("r-") else facts.listed("organization_parents", node)
        for listed in (facts.listed("service_controls", node), parents):
            if isinstance(listed, Unresolved):
                return f"{listed.why}; {_FIX}"
        node = None if isinstance(parents, Unresolved) or not parents else str(parents[0]["Id"])
    return ""


def _of_organization(facts: AccountFacts, told: Fact) -> Controls:
    if told.status is Status.UNKNOWN:
        return Controls((), why_unknown(told))
    entries = _entries(told.data.get("Policies"))
    if isinstance(entries, Unresolved):
        return Controls((), entries.why)
    account = facts.account
    bound = (entry for entry in entries if entry.get("Everybody") is True or account in entry.get("Accounts", ()))
    read = (_read(facts, entry, entry.get("Content")) for entry in bound)
    return Controls(tuple(policy for policy in read if policy is not None))


def _entries(written: object) -> Known[Iterable[Mapping[str, Any]]]:
    if not isinstance(written, list) or not all(map(_is_attached, written)):
        return Unresolved("what the organization said of its service control policies can't be read")
    return written


def _is_attached(policy: object) -> bool:
    """Return whether it says to which accounts it is attached."""
    if not isinstance(policy, Mapping):
        return False
    return isinstance(policy.get("Everybody", False), bool) and isinstance(policy.get("Accounts", []), (list, tuple))


def _read(facts: AccountFacts, entry: Object, content: object) -> OrganizationControl | None:
    """Return a policy; ``None`` for AWS's own, which allows everything, and for the management account."""
    arn = str(entry.get("Arn") or entry.get("Id"))
    if entry.get("AwsManaged") is True or _of_management(arn, facts.account):
        return None
    read = content if isinstance(content, Unresolved) else document(content, facts.account)
    name = str(entry.get("Name") or arn)
    return OrganizationControl(arn, facts.place, ControlKind.SERVICE, name, read, (facts.account,))


def _content(policy: Known[Object | None]) -> object:
    if isinstance(policy, Unresolved):
        return policy
    return policy.get("Content") if isinstance(policy, Mapping) else None


def _of_management(arn: str, account: str) -> bool:
    fields = arn.split(":")
    return len(fields) > _ACCOUNT and fields[_ACCOUNT] == account
