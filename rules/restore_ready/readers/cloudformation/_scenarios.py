"""The ways in which what a template leaves open can fall."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice, product
from math import prod
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.readers.cloudformation._conditions import holds, needed, open_leaves
from restore_ready.readers.cloudformation._mentions import count_values
from restore_ready.readers.cloudformation._parameters import allowed_values
from restore_ready.readers.cloudformation._scope import Scope

MAX_SCENARIOS: Final = 64
"""Most scenarios that are judged for one template."""

_MAX_COMBINATIONS: Final = 512
"""Most combinations of open values that are tried; many of them come to the same scenario."""

_MAX_WORK: Final = 200_000
"""Most parts of condition expressions that are evaluated, over all combinations."""


class Case(Struct, frozen=True):
    """One way the open parts of a template fall.

    Attributes:
        scope: with those parts decided.
        assuming: what is decided, in words; empty where nothing is open.
    """

    scope: Scope
    assuming: str


class Cases(Struct, frozen=True):
    """All of them, the names whose value differs between them, and whether some had to be left out."""

    cases: tuple[Case, ...]
    varying: frozenset[str]
    incomplete: bool


class Used(Struct, frozen=True):
    """What the resources of interest use directly.

    Attributes:
        names: parameters.
        conditions: conditions.
        most: how many scenarios may be listed, within `MAX_SCENARIOS`; at least one is.
    """

    names: Collection[str]
    conditions: Sequence[str]
    most: int = MAX_SCENARIOS


class _Open(Struct):
    """What is open: values a parameter may have (``None``: another), and leaves that may hold or not."""

    values: dict[str, dict[str | None, None]] = field(default_factory=dict)
    leaves: dict[str, None] = field(default_factory=dict)


def cases(
    scope: Scope,
    parameters: Mapping[str, object],
    conditions: Mapping[str, object],
    used: Used,
) -> Cases:
    """List the scenarios of a template.

    Args:
        scope: with what is known without assumptions.
        parameters: the ``Parameters`` section.
        conditions: the ``Conditions`` section.
        used: what the resources of interest use.
    """
    expressions = {name: conditions.get(name, {"Undeclared": name}) for name in needed(conditions, used.conditions)}
    found = _open_parts(scope, parameters, expressions, used.names)
    combinations = prod(map(len, found.values.values())) * 2 ** len(found.leaves)
    distinct: dict[tuple[object, ...], tuple[Scope, dict[str, str | None]]] = {}
    limit = max(1, min(_MAX_COMBINATIONS, _MAX_WORK // max(1, count_values(expressions))))
    for decided, chosen in islice(_decide(scope, expressions, found), limit):
        key = (
            *(decided.conditions[name] for name in used.conditions),
            *(chosen[name] for name in found.values if name in used.names),
        )
        distinct.setdefault(key, (decided, chosen))
    kept = list(distinct.values())[: max(1, min(used.most, MAX_SCENARIOS))]
    incomplete = combinations > limit or len(distinct) > len(kept)
    names = [name for name in used.conditions if len({decided.conditions[name] for decided, _ in kept}) > 1]
    values = [name for name in found.values if name in used.names]
    telling = _telling(names, [decided for decided, _ in kept])
    told = tuple(Case(decided, _words(decided, chosen, telling, values)) for decided, chosen in kept)
    return Cases(told, frozenset((*names, *values)), incomplete)


def _open_parts(
    scope: Scope,
    parameters: Mapping[str, object],
    expressions: Mapping[str, object],
    used_names: Collection[str],
) -> _Open:
    found = _Open()
    for name, value in scope.parameters.items():
        if name in used_names and not isinstance(value, (str, list)) and (allowed := allowed_values(parameters[name])):
            found.values[name] = dict.fromkeys(allowed)
    placeholders: dict[str, bool] = {}
    undecided = replace(scope, conditions=placeholders)
    for name, expression in expressions.items():
        for leaf in open_leaves(expression, undecided):
            if not leaf.name:
                found.leaves[leaf.key] = None
                continue
            if leaf.name not in found.values:
                allowed = allowed_values(parameters.get(leaf.name))
                found.values[leaf.name] = dict.fromkeys(allowed or (None,))
            values = found.values[leaf.name]
            if None in values:
                del values[None]
                values.update({leaf.value: None, None: None})
        placeholders[name] = True
    return found


def _decide(
    scope: Scope,
    expressions: Mapping[str, object],
    found: _Open,
) -> Iterator[tuple[Scope, dict[str, str | None]]]:
    """Yield a scope for each combination, and the values assumed in it."""
    for values in product(*found.values.values()):
        chosen = dict(zip(found.values, values, strict=True))
        known = {name: value for name, value in chosen.items() if value is not None and name in scope.parameters}
        for answers in product((True, False), repeat=len(found.leaves)):
            outcomes = dict(zip(found.leaves, answers, strict=True))
            conditions: dict[str, bool] = {}
            decided = replace(scope, parameters={**scope.parameters, **known}, conditions=conditions)
            for name, expression in expressions.items():
                conditions[name] = holds(expression, decided, outcomes, chosen)
            yield decided, chosen


def _telling(names: Sequence[str], scopes: Sequence[Scope]) -> list[str]:
    """Leave out conditions that always fall like another, or always against it."""
    found: dict[tuple[bool, ...], str] = {}
    for name in names:
        falls = tuple(scope.conditions[name] == scopes[0].conditions[name] for scope in scopes)
        found.setdefault(falls, name)
    return list(found.values())


def _words(scope: Scope, chosen: Mapping[str, str | None], conditions: Sequence[str], values: Sequence[str]) -> str:
    words = [f"{name} is {'true' if scope.conditions[name] else 'false'}" for name in conditions]
    words += [f"{name} is {'something else' if chosen[name] is None else chosen[name]}" for name in values]
    return " and ".join(words)
