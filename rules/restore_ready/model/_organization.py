"""Policies of AWS Organizations that limit what accounts may do."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from restore_ready.model._aws_place import HERE, AwsPlace
from restore_ready.model._policy_document import PolicyDocument
from restore_ready.model._source import Place, Places
from restore_ready.model._values import Known, Str


class ControlKind(Enum):
    """Policies of AWS Organizations that limit what the accounts below may do."""

    SERVICE = "service control policy"
    RESOURCE = "resource control policy"


class EffectiveBackupPolicy(Struct, frozen=True):
    """What the backup policies of an organization come to in one of its accounts.

    Attributes:
        address: stands for the account: ``aws:111122223333``.
        invalid: whether it fails AWS's checks.
    """

    address: str
    place: Place
    invalid: Known[bool]


class OrganizationControl(Struct, frozen=True):
    """A service or resource control policy and what it is attached to.

    Attributes:
        targets: account ids (``this-account`` for the estate's own), ids of organizational units or roots, or `Ref`s.
        places: where its fields are written.
    """

    address: str
    place: Place
    kind: ControlKind
    name: Str
    document: Known[PolicyDocument]
    targets: Known[tuple[Str, ...]] = ()
    aws_place: AwsPlace = HERE
    places: Places = Places()
