"""Operators and inheritance of Organizations policies: what a policy, and those above it, come to.

A leaf is written as ``{"@@assign": "60"}``, with ``@@append`` and ``@@remove`` for lists; effective policies hold
plain values (https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from restore_ready.model import THIS_ACCOUNT, THIS_REGION, Ref, Str, Text, Unresolved

_ASSIGN: Final = "@@assign"
_APPEND: Final = "@@append"
_REMOVE: Final = "@@remove"
_VALUE_SETTING: Final = frozenset({_ASSIGN, _APPEND, _REMOVE})
_ORGANIZATION: Final = "aws_organizations_organization"
_DEEPEST: Final = 40
_MOST_LEVELS: Final = 10
"""More than Organizations allows: five organizational units below the root."""

_MOST_ATTACHED: Final = 10
"""Backup policies that Organizations lets be attached to one root, unit or account."""


class Tree:
    """What is known of an organization: which policies are attached where, and what lies in what."""

    def __init__(self, attached: Mapping[str, Sequence[str]], parents: Mapping[str, Str]) -> None:
        """Take the policies *attached* to each root, unit and account, and the *parents* of units and accounts."""
        self._attached = attached
        self._parents = parents
        roots = [node for node in attached if _is_root(node)]
        self._root = roots[0] if len(roots) == 1 else ""

    def above(self, target: str) -> tuple[str, ...]:
        """Return the policies that accounts in *target* inherit from what is above it, the uppermost first."""
        found: list[str] = []
        for node in self._line(target):
            found = [*self._attached.get(node, ())[:_MOST_ATTACHED], *found]
        return tuple(found)

    def _line(self, target: str) -> Iterator[str]:
        """Yield what *target* is in, upwards as far as it is known. An organization has one root, above everything."""
        node = target
        for _ in range(_MOST_LEVELS):
            parent = node_of(self._parents.get(node, ""))
            if not parent:
                break
            yield parent
            node = parent
        if node and self._root and not _is_root(node):
            yield self._root


def node_of(target: Str) -> str:
    """Return what stands for a root, unit or account: its address or id, ``r-`` before that of a root.

    It is empty where the target is not known.
    """
    if isinstance(target, Ref):
        root = target.attribute == "RootId" or _ORGANIZATION in target.target.split(".")
        return f"r-{target.target}" if root else target.target
    return target if isinstance(target, str) else ""


def _is_root(node: str) -> bool:
    return node.startswith("r-")


def effective(own: object, inherited: object = None, depth: int = 0) -> object:
    """Return the plain tree that a policy's tree comes to on top of the plain tree that it inherits.

    Control operators for child policies are left out. Letter case of keys does not tell them apart. ``$account`` and
    ``$region`` become ``this-account`` and ``this-region``.
    """
    if depth > _DEEPEST:
        return Unresolved("the policy is nested too deep")
    if not isinstance(own, Mapping):
        return _localised(own)
    if not _VALUE_SETTING.isdisjoint(own):
        return _leaf(own, inherited)
    found: dict[object, object] = dict(inherited) if isinstance(inherited, Mapping) else {}
    written = {_folded(key): key for key in found}
    for key, value in own.items():
        if not (isinstance(key, str) and key.startswith("@@")):
            name = written.get(_folded(key), _localised(key))
            found[name] = effective(value, found.get(name), depth + 1)
    return found


def _folded(key: object) -> object:
    return key.casefold() if isinstance(key, str) else key


def _leaf(own: Mapping[object, object], inherited: object) -> object:
    value = _localised(own[_ASSIGN]) if _ASSIGN in own else inherited
    added, removed = _listed(own.get(_APPEND)), _listed(own.get(_REMOVE))
    if not added and not removed:
        return value
    if isinstance(value, Unresolved):
        return value
    if not all(isinstance(item, str) for item in removed):
        return Unresolved("what @@remove takes away is not known")
    gone = {item for item in removed if isinstance(item, str)}
    return [*(item for item in _listed(value) if not (isinstance(item, str) and item in gone)), *added]


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return [_localised(item) for item in value] if isinstance(value, (list, tuple)) else [_localised(value)]


def _localised(value: object) -> object:
    """Write the placeholders of Organizations as everything here names the account and Region deployed to."""
    if isinstance(value, str):
        return value.replace("$account", THIS_ACCOUNT).replace("$region", THIS_REGION)
    if isinstance(value, Text):
        return Text(tuple(part if not isinstance(part, str) else str(_localised(part)) for part in value.parts))
    return [_localised(item) for item in value] if isinstance(value, (list, tuple)) else value
