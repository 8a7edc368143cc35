"""Builds service and resource control policies of AWS Organizations, whichever reader found them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from restore_ready.iam import read_json
from restore_ready.model import (
    DOCUMENT,
    ControlKind,
    Known,
    OrganizationControl,
    Places,
    PolicyDocument,
    Text,
    Unresolved,
    unresolved_reason,
)
from restore_ready.readers._organization_tables import OrganizationsPolicy

_KINDS: Final = {
    "SERVICE_CONTROL_POLICY": ControlKind.SERVICE,
    "RESOURCE_CONTROL_POLICY": ControlKind.RESOURCE,
}


def controls(
    policies: Iterable[OrganizationsPolicy], read: Callable[[OrganizationsPolicy], Known[PolicyDocument]]
) -> Iterator[OrganizationControl]:
    """Yield the control policies among *policies*.

    Args:
        policies: of any type.
        read: reads the document of a policy.
    """
    for policy in policies:
        kind = _KINDS.get(policy.kind) if isinstance(policy.kind, str) else _open_kind(policy)
        if kind is None:
            continue
        document = read(policy)
        if not isinstance(policy.kind, str):
            document = Unresolved(f"its type is not known: {unresolved_reason(policy.kind)}")
        yield OrganizationControl(
            policy.address, policy.place, kind, policy.name, document, policy.targets, places=_places(policy)
        )


def _places(policy: OrganizationsPolicy) -> Places:
    content = policy.places.of("content")
    return Places() if content is None else Places(((DOCUMENT, content),))


def _open_kind(policy: OrganizationsPolicy) -> ControlKind | None:
    """Take a policy of unknown type for one about services if it has statements, which backup policies have not."""
    content = read_json(policy.content) if isinstance(policy.content, (str, Text)) else policy.content
    return ControlKind.SERVICE if isinstance(content, Mapping) and "Statement" in content else None
