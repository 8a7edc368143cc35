"""Decodes JSON and keeps the lines of the resources; the values themselves are left to `json`'s C scanner."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from restore_ready._errors import UnreadableError
from restore_ready.readers.cloudformation._tree import LOOP, MAX_DEPTH, Tree, given_twice, one_of_two, too_deep, within

_SPACE: Final = re.compile(r"[ \t\n\r]*")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object, with the values of a key that is given twice as such."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, value in pairs:
            found[key] = given_twice(key) if key in seen else value
            seen.add(key)
    return found


_DECODER: Final = json.JSONDecoder(parse_float=str, parse_constant=str, strict=False, object_pairs_hook=_object)


def decode_json(text: str, path: Path) -> Tree:
    """Decode JSON text whose outermost value is an object.

    Raises:
        UnreadableError: if it is not valid JSON or nested too deep.
    """
    reader = _Reader(text)
    try:
        root = reader.read()
    except RecursionError as error:
        raise too_deep(path) from error
    except json.JSONDecodeError as error:
        raise UnreadableError(path, f"is not valid JSON: {error.msg}", error.lineno) from error
    except ValueError as error:
        raise UnreadableError(path, f"is not valid JSON: {error}") from error
    if not _is_shallow(root):
        raise too_deep(path)
    return Tree(root, reader.lines, reader.twice)


class _Reader:
    """Walks the two outer levels by hand, to learn where the resources stand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[str, tuple[int, int]] = {}
        self.twice: dict[str, int] = {}
        self._counted = (0, 1)

    def read(self) -> dict[str, object]:
        root: dict[str, object] = {}
        end = self._skip(0)
        for key, _, at in self._members(end):
            if key == "Resources" and self.text.startswith("{", at):
                value, end = self._resources(at)
            else:
                value, end = _DECODER.raw_decode(self.text, at)
            if key in root:
                self.twice[key] = self._line(at)
            root[key], self._at = value, end
        if self._skip(self._at) != len(self.text):
            msg = "Extra data"
            raise json.JSONDecodeError(msg, self.text, self._at)
        return root

    def _resources(self, start: int) -> tuple[dict[str, object], int]:
        found: dict[str, object] = {}
        for key, key_at, at in self._members(start):
            first = self._line(key_at)
            value, self._at = _DECODER.raw_decode(self.text, at)
            found[key] = one_of_two(found[key], value) if key in found else value
            if key.startswith(LOOP):
                self._note_loop(key, value, at)
            self.lines[key] = (first, self._line(self._at - 1))
        return found, self._at

    def _note_loop(self, loop: str, value: object, start: int) -> None:
        """Note the lines of what stands in a loop, which was decoded already; `_at` is behind it again afterwards."""
        match value:
            case [_, _, dict()]:
                at = start
                for _ in range(2):
                    at = _DECODER.raw_decode(self.text, self._skip(at + 1))[1]
                    at = self._skip(at)
                behind = self._at
                for key, key_at, inner_at in self._members(self._skip(at + 1)):
                    first = self._line(key_at)
                    inner, self._at = _DECODER.raw_decode(self.text, inner_at)
                    if key.startswith(LOOP):
                        self._note_loop(loop, inner, inner_at)
                    self.lines[within(loop, key)] = (first, self._line(self._at - 1))
                self._at = behind

    def _members(self, start: int) -> Iterator[tuple[str, int, int]]:
        """Yield key, its offset and its value's offset for each member; the caller sets `_at` behind the value.

        Raises:
            json.JSONDecodeError: if it is no object.
        """
        at = self._skip(self._expect("{", start))
        if self.text.startswith("}", at):
            self._at = at + 1
            return
        while True:
            key_at = at
            if not self.text.startswith('"', at):
                msg = "Expecting property name enclosed in double quotes"
                raise json.JSONDecodeError(msg, self.text, at)
            key, at = _DECODER.raw_decode(self.text, at)
            yield str(key), key_at, self._skip(self._expect(":", self._skip(at)))
            at = self._skip(self._at)
            if not self.text.startswith(",", at):
                self._at = self._expect("}", at)
                return
            at = self._skip(at + 1)

    def _expect(self, mark: str, at: int) -> int:
        if not self.text.startswith(mark, at):
            msg = f"Expecting '{mark}'"
            raise json.JSONDecodeError(msg, self.text, at)
        return at + 1

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _line(self, at: int) -> int:
        """Count lines up to an offset; offsets only grow, so the text is read once."""
        counted, line = self._counted
        self._counted = (at, line + self.text.count("\n", counted, at))
        return self._counted[1]


def _is_shallow(root: object) -> bool:
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in _children(node) if isinstance(child, (dict, list))]
        if not level:
            return True
    return False


def _children(node: object) -> Iterator[object]:
    if isinstance(node, dict):
        return iter(node.values())
    return iter(node) if isinstance(node, list) else iter(())
