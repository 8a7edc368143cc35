"""Reads the policy documents of an account, of which it is known which account ids are those of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from restore_ready.iam import parse_document, read_json
from restore_ready.model import Known, OtherAccount, PolicyDocument, Unresolved
from restore_ready.readers.account._answers import Object

_ACCOUNT: Final = 4
"""Where the account stands in an ARN."""

_DIGITS: Final = 12
_MAX_DEPTH: Final = 50
_TOO_DEEP: Final = Unresolved(f"the policy nests more than {_MAX_DEPTH} levels deep")


def document(written: object, account: str) -> Known[PolicyDocument]:
    """Return a policy of *account*: JSON text, or its tree."""
    return parse_document(_marked(read_json(written) if isinstance(written, str) else written, account, _MAX_DEPTH))


def document_in(found: Known[Object | None], name: str, account: str) -> Known[PolicyDocument] | None:
    """Return the policy in the field *name* of an answer; ``None`` where AWS says that there is none."""
    if found is None or isinstance(found, Unresolved):
        return found
    return document(found.get(name), account)


def _marked(tree: object, account: str, depth: int) -> object:
    """Mark the account ids and ARNs in *tree* that are of other accounts."""
    if isinstance(tree, str):
        return OtherAccount(tree) if _is_foreign(tree, account) else tree
    if not isinstance(tree, (Mapping, list)):
        return tree
    if depth == 0:
        return _TOO_DEEP
    if isinstance(tree, list):
        return [_marked(value, account, depth - 1) for value in tree]
    return {key: _marked(value, account, depth - 1) for key, value in tree.items()}


def _is_foreign(text: str, account: str) -> bool:
    fields = text.split(":", _ACCOUNT + 1)
    named = fields[_ACCOUNT] if fields[0] == "arn" and len(fields) > _ACCOUNT else text
    return len(named) == _DIGITS and named.isascii() and named.isdigit() and named != account
