"""Turns what the evaluation of a root module gives into blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from restore_ready.model import AwsPlace, Partial, Place, Unresolved
from restore_ready.readers.terraform._aws_places import AwsPlaces
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._joins import Names
from restore_ready.readers.terraform._marks import BodyMarks, place_in, place_of
from restore_ready.readers.terraform._values import Converter
from restore_ready.readers.terraform.configuration import (
    BlockBody,
    Condition,
    Conditions,
    Evaluation,
    NestedBlock,
    ProviderConfiguration,
    ResourceInstance,
    UnreadModule,
)
from restore_ready.readers.terraform.language import Value

_PARTIAL: Final = frozenset({"resource_type_opt_in_preference", "tags", "tags_all"})
"""Maps whose readers ask for single keys."""


def blocks_of(root: Path, found: Evaluation) -> Iterator[Block]:
    """Yield the resources, data sources, provider configurations and unread module calls of a root module."""
    existence: dict[str, Conditions] = {resource.address: resource.maybe for resource in found.resources}
    places = AwsPlaces(found)
    reader = _BlockReader(Converter(str(root), existence, places.stands_for), Names(found.resources, places), places)
    yield from (reader.resource(resource) for resource in found.resources)
    yield from (reader.provider(provider) for provider in found.providers if provider.body is not None or provider.why)
    yield from (reader.module(module) for module in found.modules)


class _Around(NamedTuple):
    """The resource that a body is in: its address, and where in AWS it lies."""

    address: str
    at: AwsPlace


class _BlockReader:
    """Reads the blocks of one evaluation."""

    def __init__(self, converter: Converter, names: Names, places: AwsPlaces) -> None:
        self._converter = converter
        self._places = places
        self._names = names
        self._said: dict[str, str] = {}

    def resource(self, found: ResourceInstance) -> Block:
        """Return a resource or data source."""
        holds = _keys(found.maybe)
        at = self._places.of(found)
        values, places = self._body(found.body, holds, _Around(found.address, at))
        provider = found.provider.address.replace("provider.", "", 1)
        if provider != found.type.partition("_")[0]:
            values["provider"] = provider
        maybe = tuple(dict.fromkeys(map(self._condition, found.maybe)))
        where, marks, emptied = place_in(found.body.span, found.calls), BodyMarks(found.body), found.body.emptied()
        return Block(found.address, found.type, found.mode, values, where, places, maybe, marks, at, emptied)

    def provider(self, found: ProviderConfiguration) -> Block:
        """Return a provider configuration; of one that is not in sight nothing is known."""
        place = self._places.of_provider(found)
        if found.body is None:
            values: dict[str, object] = Partial({}, Unresolved(found.why)) if found.why else {}
            return Block(found.address, "provider", "provider", values, Place(""), {}, aws_place=place)
        values, places = self._body(found.body, frozenset(), _Around("", place))
        return Block(found.address, "provider", "provider", values, place_of(found.body.span), places, aws_place=place)

    def module(self, found: UnreadModule) -> Block:
        """Return a module call that could not be read."""
        values = {name: self._converter.value(given.value, frozenset()) for name, given in found.arguments.items()}
        source = self._converter.value(found.source, frozenset())
        known = {"source": source, **values}
        maybe = tuple(map(self._condition, found.maybe))
        return Block(found.address, "module", "module", _without_nulls(known), place_of(found.span), {}, maybe)

    def _body(
        self, body: BlockBody, holds: frozenset[str], around: _Around
    ) -> tuple[dict[str, object], dict[str, tuple[Place, ...]]]:
        """Return the values of a body, and the places of the blocks nested in it."""
        values = {name: self._value(name, given.value, holds, around) for name, given in body.attributes.items()}
        places: dict[str, tuple[Place, ...]] = {}
        for name in dict.fromkeys(block.name for block in body.blocks):
            nested = body.named(name)
            values[name] = [self._nested(block, holds, around) for block in nested]
            places[name] = tuple(place_of(block.body.span) for block in nested)
        known = _without_nulls(values)
        return (known if body.rest is None else Partial(known, self._converter.unresolved(body.rest))), places

    def _value(self, name: str, value: Value, holds: frozenset[str], around: _Around) -> object:
        if name in _PARTIAL:
            return self._converter.tags(value, holds)
        return self._names.meant(name, value, around.address, around.at) or self._converter.value(value, holds)

    def _nested(self, block: NestedBlock, holds: frozenset[str], around: _Around) -> dict[str, object] | Unresolved:
        """Return a nested block; why it is not known whether, or how often, it is there."""
        doubt = next((condition for condition in block.maybe if condition.key not in holds), None)
        if doubt is not None:
            return Unresolved(f"not every {block.name} block is known: {self._converter.unresolved(doubt.unknown).why}")
        return self._body(block.body, holds, around)[0]

    def _condition(self, condition: Condition) -> str:
        """Say what something depends on: the same for the same condition, something else for every other."""
        if condition.key not in self._said:
            why = self._converter.unresolved(condition.unknown).why
            is_taken = why in self._said.values()
            self._said[condition.key] = f"{condition.key}: {why}" if is_taken else why
        return self._said[condition.key]


def _keys(conditions: Iterable[Condition]) -> frozenset[str]:
    return frozenset(condition.key for condition in conditions)


def _without_nulls(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
