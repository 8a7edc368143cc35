"""Roles, users, groups and permission sets with their policies."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from restore_ready.model._aws_place import HERE, AwsPlace
from restore_ready.model._policy_document import PolicyDocument
from restore_ready.model._source import Place, Places
from restore_ready.model._values import Known, Str, Unresolved


class Policy(Struct, frozen=True):
    """An identity policy.

    Attributes:
        address: where a finding about it lands: its own resource, else the principal that holds it.
        own_address: whether that is a resource of its own.
        aws_managed: whether AWS wrote it.
        places: where its fields are written.
    """

    address: str
    place: Place
    name: Str
    document: Known[PolicyDocument]
    own_address: bool = True
    aws_managed: bool = False
    aws_place: AwsPlace = HERE
    places: Places = Places()


class PrincipalKind(Enum):
    """Kinds of IAM principal that can hold identity policies."""

    ROLE = "role"
    USER = "user"
    GROUP = "group"
    PERMISSION_SET = "permission set"


class Principal(Struct, frozen=True):
    """A role, user, group or Identity Center permission set with every identity policy attached to it.

    Attributes:
        arn: its ARN, account given as ``this-account`` where the source means its own.
        policies: inline, customer managed and AWS managed; a user's include those of its groups.
        unread: reasons why further policies may be attached that could not be read.
        trust: the role's trust policy; ``None`` for what is not a role.
        boundary: the permissions boundary, if it has one.
        places: where its fields are written.
    """

    address: str
    place: Place
    kind: PrincipalKind
    name: Str
    arn: Str
    policies: tuple[Policy, ...] = ()
    unread: tuple[Unresolved, ...] = ()
    trust: Known[PolicyDocument] | None = None
    boundary: Policy | Unresolved | None = None
    aws_place: AwsPlace = HERE
    places: Places = Places()

    @property
    def label(self) -> str:
        """Its name, or its address where that is not known."""
        return self.name if isinstance(self.name, str) else self.address
