"""What was listed whole of a live account, so that what is not listed does not exist."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from restore_ready.model._aws_place import AwsPlace
from restore_ready.model._values import Known


class ListedKind(Enum):
    """What an account is asked to list whole."""

    ROLE = "role"
    VAULT = "vault"
    FILE_SYSTEM = "file system"
    PLAN = "backup plan"


class Listing(Struct, frozen=True):
    """All that an account has of one kind in one place.

    Attributes:
        aws_place: its Region and account; the Region is empty for roles, which have none.
        names: of vaults their names, of file systems and plans their ids, of roles what follows the account in their
            ARNs: ``role/service-role/restore``. Unresolved where AWS did not give the list.
    """

    kind: ListedKind
    aws_place: AwsPlace
    names: Known[frozenset[str]]
