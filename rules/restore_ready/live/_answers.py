"""What is kept of AWS's answers? The fields that the fact plan lists, as plain JSON values, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, Final, TypeAlias

from restore_ready.live._row import Row

MALFORMED: Final = "MalformedAnswer"
FOREIGN: Final = "WrongAccount"
"""Codes of our own for answers that can't be used, beside AWS's error codes."""

Tree: TypeAlias = dict[str, "Tree"]
"""Field names to what is kept below them; an empty one keeps everything."""


class MalformedAnswerError(Exception):
    """An answer that is not what AWS's model of the call says."""


class ForeignAnswerError(Exception):
    """An answer about another account than the one that was asked."""


def kept(row: Row, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of one *answer*, or of one page, that *row* keeps.

    Raises:
        MalformedAnswerError: if none of its fields is there, or one of them has another shape.
    """
    pruned = _pruned(answer, _tree(row.keep))
    if not pruned:
        msg = f"{row.operation} answered without {' or '.join(sorted(row.top))}"
        raise MalformedAnswerError(msg)
    return dict(pruned)


def merged(pages: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return all *pages* as one answer: lists joined, other fields as the first page that has them says."""
    whole: dict[str, Any] = {}
    for page in pages:
        for key, value in page.items():
            if isinstance(value, list) and isinstance(whole.get(key), list):
                whole[key].extend(value)
            else:
                whole.setdefault(key, value)
    return whole


def check_account(row: Row, data: Mapping[str, Any], account: str) -> None:
    """Check that what must be of *account* is.

    Raises:
        ForeignAnswerError: if an ARN names another one.
        MalformedAnswerError: if it is none.
    """
    for path in row.own:
        for arn in _at(data, path.split(".")):
            parts = str(arn).split(":", _ACCOUNT_PART + 1)
            if parts[0] != "arn" or len(parts) <= _ACCOUNT_PART:
                msg = f"{row.operation} answered with what is no ARN: {arn}"
                raise MalformedAnswerError(msg)
            owner = parts[_ACCOUNT_PART]
            if owner not in ("", account):
                msg = f"{row.operation} answered for account {owner}: {arn}"
                raise ForeignAnswerError(msg)


_ACCOUNT_PART = 4


def _tree(paths: Iterable[str]) -> Tree:
    root: Tree = {}
    for path in paths:
        branch = root
        for part in path.split("."):
            branch = branch.setdefault(part, {})
    return root


def _pruned(value: Any, tree: Tree) -> Any:  # noqa: ANN401  # any JSON value
    if not tree:
        return _plain(value)
    if isinstance(value, (list, tuple)):
        return [_pruned(entry, tree) for entry in value]
    if not isinstance(value, Mapping):
        msg = f"a {type(value).__name__} stands where {', '.join(tree)} should be"
        raise MalformedAnswerError(msg)
    return {key: _pruned(value[key], below) for key, below in tree.items() if value.get(key) is not None}


def _plain(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


def iso(moment: datetime) -> str:
    """Return *moment* as ISO 8601 in UTC; a moment without a zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return aware.astimezone(timezone.utc).isoformat()


def _at(value: Any, path: list[str]) -> Iterator[Any]:  # noqa: ANN401  # any JSON value
    if isinstance(value, list):
        for entry in value:
            yield from _at(entry, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _at(value[path[0]], path[1:])
