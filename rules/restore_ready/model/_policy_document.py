"""IAM policy documents as data: statements whose every part is known or unresolved."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from restore_ready.model._source import DOCUMENT, Focus, Places
from restore_ready.model._values import Known, Str, Unresolved


class PrincipalEntry(Struct, frozen=True):
    """One entry of a ``Principal`` element.

    Attributes:
        kind: ``AWS``, ``Service``, ``Federated``, ``CanonicalUser``, or ``*`` for ``"Principal": "*"``.
        value: an ARN, an account id, a service name, or ``*``.
    """

    kind: str
    value: Str


class Condition(Struct, frozen=True):
    """One operator and key of a ``Condition`` element, as written: ``ForAnyValue:StringLikeIfExists``."""

    operator: str
    key: Str
    values: Known[tuple[Str, ...]]


class Statement(Struct, frozen=True):
    """One statement of a policy.

    Attributes:
        index: its position in the document, from 0.
        effect: ``Allow`` or ``Deny``.
        actions: what ``Action`` lists, or ``NotAction`` where *not_actions* is true; likewise resources.
        principals: ``None`` in identity policies, which have none.
        conditions: all must hold.
        places: where its elements are written.
    """

    index: int
    sid: str
    effect: Known[str]
    actions: Known[tuple[Str, ...]]
    not_actions: bool = False
    resources: Known[tuple[Str, ...]] = ("*",)
    not_resources: bool = False
    principals: Known[tuple[PrincipalEntry, ...]] | None = None
    not_principals: bool = False
    conditions: Known[tuple[Condition, ...]] = ()
    places: Places = Places()

    @property
    def focus(self) -> Focus | None:
        """Where it is written: its actions, as what it allows or denies."""
        return self.places.of("actions", "effect")


class PolicyDocument(Struct, frozen=True):
    """A policy document. A statement that could not be read stands as `Unresolved` in its place.

    Attributes:
        version: of the policy language; policy variables count only in ``2012-10-17``.
    """

    statements: tuple[StatementEntry, ...]
    version: Known[str] = "2008-10-17"


StatementEntry: TypeAlias = Statement | Unresolved


def statement_focus(places: Places, document: PolicyDocument, named: str) -> Focus | None:
    """Return where the statement called *named*, its Sid or else its number, is written; else where the document is."""
    known = (found for found in document.statements if isinstance(found, Statement))
    meant = (found.focus for found in known if (found.sid or str(found.index)) == named)
    return next(meant, None) or places.of(DOCUMENT)
