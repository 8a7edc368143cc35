"""Compares what we evaluate with what Terraform planned."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from restore_ready.readers.terraform.configuration import BlockBody, Evaluation, read_root
from restore_ready.readers.terraform.language import Either, Encoded, Lazy, Obj, Ref, Rest, Seq, Text, Unknown
from restore_ready.readers.terraform.syntax import Real

Json: TypeAlias = Any
"""A tree as ``json.loads`` gives it."""

OPEN = "\0open"
"""Stands for a value that is known after apply."""


class Difference(msgspec.Struct, frozen=True):
    """Something that is not as Terraform planned it."""

    kind: str
    address: str
    path: str
    planned: Json = None
    ours: Json = None

    def __str__(self) -> str:
        return f"{self.kind} {self.address} {self.path}: planned {self.planned!r}, ours {self.ours!r}"


class Comparison(msgspec.Struct):
    """How many values are equal, and what is different."""

    equal: int = 0
    differences: list[Difference] = []

    def add(self, kind: str, address: str, path: str, planned: object = None, ours: object = None) -> None:
        self.differences.append(Difference(kind, address, path, planned, ours))


def compare(folder: Path, plan: Mapping[str, Json], found: Comparison) -> Evaluation:
    """Compare the configuration in *folder* with the *plan* of it."""
    evaluation = read_root(folder)
    ours = {resource.address: resource for resource in evaluation.resources if resource.mode == "managed"}
    planned = {
        change["address"]: _after(change["change"])
        for change in plan.get("resource_changes", ())
        if change["mode"] == "managed"
    }
    for address, values in planned.items():
        resource = ours.pop(address, None)
        if resource is None:
            found.add("missing", address, "")
        else:
            _Resource(address, found).body(values, resource.body, "")
    for address, resource in ours.items():
        if not resource.maybe:
            found.add("extra", address, "")
    return evaluation


def _after(change: Mapping[str, Json]) -> Json:
    return _with_unknown(change.get("after"), change.get("after_unknown"))


def _with_unknown(value: Json, unknown: Json) -> Json:
    if unknown is True:
        return OPEN
    if isinstance(unknown, dict):
        known = value if isinstance(value, dict) else {}
        return {key: _with_unknown(known.get(key), unknown.get(key)) for key in {**known, **unknown}}
    if isinstance(unknown, list):
        known = value if isinstance(value, list) else []
        return [_with_unknown(*pair) for pair in zip(known, [*unknown, *[None] * len(known)], strict=False)]
    return value


class _Resource:
    """Compares one resource."""

    def __init__(self, address: str, found: Comparison) -> None:
        self.address, self.found = address, found

    def body(self, planned: Json, body: BlockBody, path: str) -> None:
        if planned == OPEN:
            return
        for name, attribute in body.attributes.items():
            if attribute.value is not None:
                self.value(planned.get(name), plain(attribute.value), f"{path}.{name}")
        names = dict.fromkeys(block.name for block in body.blocks)
        for name in names:
            self.blocks(planned.get(name), [block.body for block in body.named(name)], f"{path}.{name}")
        for name, value in planned.items():
            is_blocks = isinstance(value, list) and any(isinstance(part, dict) for part in value)
            if is_blocks and name not in names and name not in body.attributes and body.rest is None:
                self.found.add("blocks", self.address, f"{path}.{name}", value, [])

    def blocks(self, planned: Json, bodies: list[BlockBody], path: str) -> None:
        if planned == OPEN:
            return
        listed = planned if isinstance(planned, list) else [planned]
        if len(listed) != len(bodies):
            self.found.add("blocks", self.address, path, len(listed), len(bodies))
            return
        for number, body in enumerate(bodies):
            best = min(listed, key=lambda one: self.distance(one, body))
            listed.remove(best)
            self.body(best, body, f"{path}[{number}]")

    def distance(self, planned: Json, body: BlockBody) -> int:
        """Return how different a planned block is from ours: sets of blocks have no order."""
        trial = Comparison()
        _Resource("", trial).body(json.loads(json.dumps(planned)), body, "")
        return len(trial.differences)

    def value(self, planned: Json, ours: Json, path: str) -> None:
        if planned == OPEN:
            return
        if same(planned, ours):
            self.found.equal += 1
        elif is_open(ours):
            self.found.add("less known", self.address, path, planned, ours)
        else:
            self.found.add("different", self.address, path, planned, ours)


class Open(msgspec.Struct, frozen=True):
    """A value of ours that is not known."""

    why: str


def plain(value: Json) -> Json:
    """Return a value of ours as JSON has it."""
    if isinstance(value, (Unknown, Ref, Text, Encoded, Either, Rest, Lazy)):
        return Open(str(value))
    if isinstance(value, Obj):
        return Open(str(value.rest)) if value.rest is not None else {key: plain(part) for key, part in value.items()}
    if isinstance(value, Seq):
        return [plain(part) for part in value]
    return float(value) if isinstance(value, Real) else value


def is_open(value: Json) -> bool:
    """Tell whether any part of one of our values is not known."""
    if isinstance(value, dict):
        return any(is_open(part) for part in value.values())
    return any(is_open(part) for part in value) if isinstance(value, list) else isinstance(value, Open)


def same(planned: Json, ours: Json) -> bool:
    """Tell whether two values are the same for a provider, which converts them to its types and orders sets."""
    if planned == OPEN or (planned is None and ours in ({}, [])):
        return True
    if isinstance(planned, dict) and isinstance(ours, dict):
        return all(same(planned.get(key), part) for key, part in ours.items() if part is not None)
    if isinstance(planned, list) and isinstance(ours, list):
        return _same_lists(planned, ours)
    if isinstance(planned, str) and isinstance(ours, str) and planned[:1] in {"{", "["}:
        return planned == ours or _json(planned) == _json(ours)
    return _text(planned) == _text(ours)


def _same_lists(planned: list[Json], ours: list[Json]) -> bool:
    if len(planned) != len(ours):
        return False
    left = list(planned)
    for part in ours:
        match = next((number for number, other in enumerate(left) if same(other, part)), None)
        if match is None:
            return False
        del left[match]
    return True


def _json(text: str) -> Json:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def counted(differences: list[Difference]) -> Iterator[tuple[str, int]]:
    """Give how often each kind of difference occurs."""
    yield from Counter(difference.kind for difference in differences).most_common()
