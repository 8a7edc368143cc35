"""What is asked of IAM? An action on a resource, with what is known of the request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

from restore_ready.model import Str

SERVICES_SEND: Final = frozenset(
    {
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
    }
)
"""Condition keys that only calls carry which AWS services make for themselves."""

NOT_SENT_DIRECTLY: Final = SERVICES_SEND | {"aws:calledvia", "aws:calledviafirst", "aws:calledvialast"}
"""Condition keys that a call lacks which a person or program makes, and no AWS service."""


class Request(Struct, frozen=True):
    """One request whose permission is to be judged.

    Attributes:
        action: ``iam:PassRole``.
        resource: the ARN of what it acts on.
        resource_address: the estate's address of that resource; references in policies are compared with it.
        context: condition keys in lower case to their values in the request.
        absent: condition keys in lower case that the request certainly does not carry. Any other key may or may not
            be there.
        caller_address: the estate's address of who asks; references in ``aws:PrincipalArn`` are compared with it.
    """

    action: str
    resource: Str
    resource_address: str = ""
    context: Mapping[str, tuple[Str, ...]] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    caller_address: str = ""
