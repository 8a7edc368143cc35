"""Turns evaluated values into what the builders of estates read: JSON trees with `Unresolved`, `Ref` and `Text`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from restore_ready.model import OneOf, Partial, Str, Unresolved, join_text
from restore_ready.model import Ref as Reference
from restore_ready.readers.terraform._addresses import is_data, kind_of
from restore_ready.readers.terraform._relevant import RELEVANT
from restore_ready.readers.terraform.configuration import Conditions
from restore_ready.readers.terraform.language import (
    Either,
    Encoded,
    Lazy,
    Maybe,
    Obj,
    Ref,
    Rest,
    Seq,
    Text,
    Unknown,
    Value,
    opened,
    walk,
)
from restore_ready.readers.terraform.syntax import Real, Span

_ANYTHING: Final = frozenset({"output", "outputs", "result", "secret_string", "value"})
"""Attributes that hold what somebody has put there, which may be the name or id of any other resource."""

_TELLING: Final = (*RELEVANT, "module")
_NO_FILES: Final = ("--var ", "TF_VAR_")
_TOGETHER: Final = " && "


class Converter:
    """Converts the values of one evaluation.

    An open condition that decides whether a resource exists decides nothing within it: there it holds.
    """

    def __init__(self, root: str, existence: Mapping[str, Conditions], stands_for: Callable[[Ref], Str | None]) -> None:
        """Take the folder that places are told from, and what the existence of each resource depends on.

        *stands_for* gives what a reference to where a provider works comes to, ``None`` for every other reference.
        """
        self._root = root
        self._stands_for = stands_for
        self._names: dict[str, str] = {}
        self._existence = {
            address: _TOGETHER.join(("", *(condition.key for condition in maybe), ""))
            for address, maybe in existence.items()
            if maybe
        }

    def unresolved(self, unknown: Unknown) -> Unresolved:
        """Return why something is not known, and where that is written."""
        return Unresolved(unknown.why + self.at(unknown.span))

    def at(self, span: Span | None) -> str:
        """Return the place in words, in brackets: `` (variables.tf:3)``; empty where there is none."""
        if span is None:
            return ""
        if span.file not in self._names:
            is_given = span.file.startswith(_NO_FILES)
            name = span.file if is_given else os.path.relpath(span.file, self._root).replace(os.sep, "/")
            self._names[span.file] = name
        return f" ({self._names[span.file]}:{span.line})" if span.line else f" ({self._names[span.file]})"

    def value(self, value: Value, holds: frozenset[str]) -> object:
        """Return *value* where the open conditions *holds*, by their keys, are met."""
        convert = _CONVERSIONS.get(type(value))
        if convert is not None:
            return convert(self, value, holds)
        if isinstance(value, (Lazy, Rest)):
            return self.unresolved(opened(value))
        return float(value) if isinstance(value, Real) else value

    def _reference(self, value: Ref, _: frozenset[str]) -> Str:
        return self._part(value)

    def _text(self, value: Text, _: frozenset[str]) -> Str:
        return join_text(self._part(part) for part in value.parts)

    def _encoded(self, value: Encoded, holds: frozenset[str]) -> object:
        return self.value(value.value, holds)

    def _part(self, part: str | Ref | Unknown) -> Str:
        if isinstance(part, Ref):
            known = self._stands_for(part)
            return self._referred(part) if known is None else known
        return part if isinstance(part, str) else self.unresolved(part)

    def _referred(self, value: Ref) -> Str:
        if _may_be_anything(value):
            return self.unresolved(opened(value))
        return Reference(value.target, ".".join(map(str, value.path)))

    def _unknown(self, value: Unknown, holds: frozenset[str]) -> object:
        origin = value.origin
        if origin and origin in holds:
            return True
        is_opposite = f"!{origin}" in holds or (origin.startswith("!") and origin[1:] in holds)
        return False if origin and is_opposite else self.unresolved(value)

    def _sequence(self, value: Seq, holds: frozenset[str]) -> object:
        found = [self._element(item, holds) for item in value]
        if value.maybe is None:
            return found
        why = self.unresolved(value.maybe)
        known = [item for item, element in zip(found, value, strict=True) if _refers(element)]
        return [*known, why] if known else why

    def _element(self, item: Value, holds: frozenset[str]) -> object:
        if not isinstance(item, Maybe):
            return self.unresolved(item.unknown) if isinstance(item, Rest) else self.value(item, holds)
        if self._is_met(item.unknown.origin, holds) or self._comes_with(item.unknown.origin, item.value):
            return self.value(item.value, holds)
        return self.unresolved(item.unknown)

    def _mapping(self, value: Obj, holds: frozenset[str]) -> object:
        if value.rest is not None:
            return self.unresolved(value.rest)
        return {key: self.value(item, holds) for key, item in value.items()}

    def tags(self, value: Value, holds: frozenset[str]) -> object:
        """Return a map whose readers know that it may be `Partial`: what is known around an open part stays known."""
        if isinstance(value, Obj) and value.rest is not None:
            return Partial({key: self.value(item, holds) for key, item in value.items()}, self.unresolved(value.rest))
        return self.value(value, holds)

    def _either(self, value: Either, holds: frozenset[str]) -> object:
        origin = value.test.origin
        if self._is_met(origin, holds):
            return self.value(value.yes, holds)
        if f"!{origin}" in holds:
            return self.value(value.no, holds)
        yes = self.value(value.yes, holds | {origin})
        if _is_nothing(value.no) and self._comes_with(origin, value.yes):
            return yes
        no = self.value(value.no, holds | {f"!{origin}"})
        return _shared(yes, no, Unresolved(f"it depends on what is not known: {self.unresolved(value.test).why}"))

    @staticmethod
    def _is_met(origin: str, holds: frozenset[str]) -> bool:
        return bool(origin) and (origin in holds or all(part in holds for part in origin.split(_TOGETHER)))

    def _comes_with(self, origin: str, value: Value) -> bool:
        """Tell whether *value* leads to nothing but resources that exist exactly where the condition is met.

        Of resources that no rule looks at this does not matter.
        """
        targets = {part.target for part in walk(value) if isinstance(part, Ref)}
        wanted = f"{_TOGETHER}{origin}{_TOGETHER}"
        return bool(targets) and all(
            wanted in self._existence.get(target, "") or not kind_of(target).startswith(_TELLING) for target in targets
        )


_CONVERSIONS: Final[dict[type, Callable[[Converter, Any, frozenset[str]], object]]] = {
    Unknown: Converter._unknown,  # noqa: SLF001  # the table belongs to the class
    Either: Converter._either,  # noqa: SLF001
    Ref: Converter._reference,  # noqa: SLF001
    Text: Converter._text,  # noqa: SLF001
    Encoded: Converter._encoded,  # noqa: SLF001
    Seq: Converter._sequence,  # noqa: SLF001
    Obj: Converter._mapping,  # noqa: SLF001
}


def _may_be_anything(value: Ref) -> bool:
    """Tell whether a reference is not to a resource of AWS: what is generated, given, or looked up elsewhere."""
    kind = kind_of(value.target)
    if kind == "module" or is_data(value.target):
        return False
    return not kind.startswith("aws") or not _ANYTHING.isdisjoint(value.path)


def _refers(value: Value) -> bool:
    return any(isinstance(part, Ref) for part in walk(value))


def _is_nothing(value: Value) -> bool:
    return value is None or value == "" or (isinstance(value, (Seq, Obj)) and not value)


def _shared(yes: object, no: object, why: Unresolved) -> object:
    """Return what both sides of an open condition have in common."""
    if yes == no and type(yes) is type(no):
        return yes
    if (some := _numbers(yes)) and (others := _numbers(no)):
        return OneOf(why.why, (*some, *others))
    if isinstance(yes, dict) and isinstance(no, dict):
        return {key: _shared(yes.get(key), no.get(key), why) for key in {**yes, **no}}
    if isinstance(yes, list) and isinstance(no, list):
        return _shared_items(yes, no, why)
    return why


def _numbers(side: object) -> tuple[int, ...]:
    """Return the numbers that a side of an open condition may come to; none if it may be anything else."""
    if isinstance(side, OneOf):
        return side.options
    return (side,) if isinstance(side, int) and not isinstance(side, bool) else ()


def _shared_items(yes: Sequence[object], no: Sequence[object], why: Unresolved) -> list[object]:
    if len(yes) == len(no):
        return [_shared(one, other, why) for one, other in zip(yes, no, strict=True)]
    return [*_common(yes, no), why]


def _common(yes: Iterable[object], no: Sequence[object]) -> list[object]:
    return [item for item in yes if item in no]
