"""Conditions: in which order they depend on each other, what leaves them open, and whether they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from restore_ready.model import THIS_ACCOUNT, THIS_REGION
from restore_ready.readers.cloudformation._evaluate import evaluate
from restore_ready.readers.cloudformation._scope import Scope, text_of


class Leaf(Struct, frozen=True):
    """An ``Fn::Equals``, or whatever else stands where a condition is asked for.

    Attributes:
        key: the same for leaves that must come out the same.
        name: the parameter or pseudo parameter that is compared, if that is what is done.
        value: what it is compared with.
    """

    key: str
    name: str = ""
    value: str = ""


def needed(declared: Mapping[str, object], wanted: Sequence[str]) -> list[str]:
    """List the wanted conditions and those they are made of, each behind what it depends on.

    A condition that is not declared stands in the list too; in a circle, the order is arbitrary.
    """
    order: dict[str, None] = {}
    entered: set[str] = set()
    waiting = [(name, False) for name in reversed(wanted)]
    while waiting:
        name, done = waiting.pop()
        if done:
            order[name] = None
        elif name not in entered:
            entered.add(name)
            waiting.append((name, True))
            waiting += [(other, False) for other in reversed(_parts(declared.get(name)))]
    return list(order)


def open_leaves(node: object, scope: Scope) -> list[Leaf]:
    """List the leaves of a condition whose outcome is open in *scope*, in which what it depends on is decided."""
    return [_leaf_of(leaf, scope) for leaf in _nodes(node) if _outcome(leaf, scope) is None]


def holds(node: object, scope: Scope, outcomes: Mapping[str, bool], chosen: Mapping[str, str | None]) -> bool:
    """Decide a condition.

    Args:
        node: its expression.
        scope: with the conditions it depends on decided.
        outcomes: of open leaves, by key.
        chosen: the values assumed for parameters; ``None`` is a value that no leaf compares with.
    """
    match node:
        case {"Fn::And": [*parts]}:
            return all(holds(part, scope, outcomes, chosen) for part in parts)
        case {"Fn::Or": [*parts]}:
            return any(holds(part, scope, outcomes, chosen) for part in parts)
        case {"Fn::Not": [part]}:
            return not holds(part, scope, outcomes, chosen)
        case _:
            outcome = _outcome(node, scope)
            return _assumed(_leaf_of(node, scope), outcomes, chosen) if outcome is None else outcome


def _assumed(leaf: Leaf, outcomes: Mapping[str, bool], chosen: Mapping[str, str | None]) -> bool:
    return outcomes[leaf.key] if leaf.key in outcomes else chosen.get(leaf.name) == leaf.value


def _leaf_of(node: object, scope: Scope) -> Leaf:
    """Return what decides an open leaf."""
    match node:
        case {"Fn::Equals": [left, other]}:
            key = " = ".join(sorted(map(repr, (left, other))))
            for side, against in ((left, other), (other, left)):
                value = _known(against, scope)
                if value is not None and isinstance(side, dict) and isinstance(side.get("Ref"), str):
                    return Leaf(key, side["Ref"], value)
            return Leaf(key)
        case _:
            return Leaf(repr(node))


def _outcome(node: object, scope: Scope) -> bool | None:
    """Decide a leaf by what is known; ``None`` where that does not suffice."""
    match node:
        case {"Condition": str(name)}:
            return scope.conditions.get(name)
        case {"Fn::Equals": [left, other]}:
            known = _known(left, scope), _known(other, scope)
            return None if None in known else known[0] == known[1]
        case _:
            return None


def _known(node: object, scope: Scope) -> str | None:
    """Return the text that one side of a comparison is sure to be, wherever the template is deployed."""
    text = text_of(evaluate(node, scope))
    return text if isinstance(text, str) and THIS_REGION not in text and THIS_ACCOUNT not in text else None


def _parts(node: object) -> list[str]:
    """List the conditions that a condition names."""
    references = (leaf.get("Condition") for leaf in _nodes(node) if isinstance(leaf, dict))
    return [name for name in references if isinstance(name, str)]


def _nodes(node: object) -> Iterator[object]:
    waiting = [node]
    while waiting:
        match waiting.pop():
            case {"Fn::And": [*parts]} | {"Fn::Or": [*parts]} | {"Fn::Not": [*parts]}:
                waiting += reversed(parts)
            case other:
                yield other
