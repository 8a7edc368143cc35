"""Where are the statements of a policy document written?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from restore_ready.model import Places, PolicyDocument, Statement, StatementEntry
from restore_ready.readers._marks import Marks

_ELEMENTS: Final[Mapping[str, Sequence[str]]] = {
    "actions": ("Action", "NotAction", "actions", "not_actions"),
    "resources": ("Resource", "NotResource", "resources", "not_resources"),
    "principals": ("Principal", "NotPrincipal", "principals", "not_principals"),
    "conditions": ("Condition", "condition"),
    "effect": ("Effect", "effect"),
}
"""Fields of a statement, and what they are called in IAM's JSON and in Terraform's ``aws_iam_policy_document``."""


def in_document(document: PolicyDocument, written: Sequence[Marks]) -> PolicyDocument:
    """Return *document* with the places of its statements, where it is *written* as an object."""
    return in_statements(document, written[0].blocks("Statement") if len(written) == 1 else ())


def in_statements(document: PolicyDocument, written: Sequence[Marks]) -> PolicyDocument:
    """Return *document* with the places of its statements; as it is where others are written than it has."""
    if len(written) != len(document.statements):
        return document
    pairs = zip(document.statements, written, strict=True)
    return replace(document, statements=tuple(_placed(entry, marks) for entry, marks in pairs))


def _placed(entry: StatementEntry, marks: Marks) -> StatementEntry:
    if not isinstance(entry, Statement):
        return entry
    told = ((field, next(filter(None, map(marks.focus, names)), None)) for field, names in _ELEMENTS.items())
    return replace(entry, places=Places(tuple((field, focus) for field, focus in told if focus is not None)))
