"""Expands ``Fn::ForEach`` loops (transform ``AWS::LanguageExtensions``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from restore_ready.model import Ref, Str, Text, Unresolved, unresolved_reason
from restore_ready.readers.cloudformation._evaluate import evaluate
from restore_ready.readers.cloudformation._mentions import count_values
from restore_ready.readers.cloudformation._scope import Scope, text_of
from restore_ready.readers.cloudformation._tree import LOOP, within

_MAX_VALUES: Final = 500_000
"""Most values that the loops of one template may produce."""


class _Made(Struct, frozen=True):
    """What a loop makes, by name, and the key that each is written under."""

    parts: dict[str, object]
    written: dict[str, str] = {}


class Expander(Struct):
    """Expands the loops of one template.

    Attributes:
        scope: for the loops' collections.
        left: how many values its loops may still make.
    """

    scope: Scope
    left: int = _MAX_VALUES

    def section(self, entries: Mapping[str, object]) -> tuple[dict[str, tuple[str, object]], dict[str, str]]:
        """Expand the loops between a section's entries.

        Returns:
            each name with the key it was written under and its body, a loop's with the loop's key before it, as
            in ``Fn::ForEach::Vaults/Vault${X}``; and the keys of loops left out with the reason.
        """
        found: dict[str, tuple[str, object]] = {}
        unread: dict[str, str] = {}
        for key, body in entries.items():
            if not key.startswith(LOOP):
                found[key] = (key, body)
                continue
            made = self._loop(body)
            if isinstance(made, Unresolved):
                unread[key] = made.why
            else:
                found.update((name, (within(key, made.written[name]), part)) for name, part in made.parts.items())
        return found, unread

    def tree(self, node: object) -> object:
        """Expand the loops inside a tree; one that can't be stays, and is unresolved later."""
        if isinstance(node, list):
            return [self.tree(item) for item in node]
        if not isinstance(node, dict):
            return node
        found: dict[str, object] = {}
        for key, value in node.items():
            made = self._loop(value) if key.startswith(LOOP) else _Made({key: value})
            if isinstance(made, Unresolved):
                found[key] = value
            else:
                found.update((name, self.tree(part)) for name, part in made.parts.items())
        return found

    def _loop(self, body: object, written: object = None) -> _Made | Unresolved:
        """Expand a loop; *written* is the same as its source has it, where a loop around it has filled it in."""
        match body, body if written is None else written:
            case [str(variable), collection, dict(outputs)], [_, _, dict(source)]:
                items = self._items(collection)
            case _:
                return Unresolved("it is not written as CloudFormation expects it")
        if isinstance(items, Unresolved):
            return items
        self.left -= count_values(outputs) * len(items)
        if self.left < 0:
            return Unresolved("it makes more than is read")
        found = _Made({})
        for item in items:
            for (key, own), (name, part) in zip(source.items(), _fill(outputs, variable, item), strict=True):
                made = self._loop(part, own) if name.startswith(LOOP) else _Made({name: part}, {name: key})
                if isinstance(made, Unresolved):
                    return made
                found.parts.update(made.parts)
                found.written.update(made.written)
        return found

    def _items(self, collection: object) -> list[str] | Unresolved:
        value = evaluate(collection, self.scope)
        if isinstance(value, (Unresolved, Ref, Text)):
            return Unresolved(unresolved_reason(value))
        texts: list[Str] = [text_of(item) for item in value] if isinstance(value, list) else []
        known = [text for text in texts if isinstance(text, str)]
        if not isinstance(value, list) or len(known) < len(texts):
            return Unresolved("what it loops over is not known")
        return known


def _fill(node: dict[str, object], variable: str, item: str) -> list[tuple[str, object]]:
    plain = "".join(filter(str.isalnum, item))

    def text(written: str) -> str:
        if "{" not in written:
            return written
        return written.replace(f"${{{variable}}}", item).replace(f"&{{{variable}}}", plain)

    def fill(part: object) -> object:
        if isinstance(part, str):
            return text(part)
        if isinstance(part, list):
            return [fill(item) for item in part]
        if isinstance(part, dict):
            return item if part == {"Ref": variable} else {text(key): fill(value) for key, value in part.items()}
        return part

    return [(text(key), fill(value)) for key, value in node.items()]
