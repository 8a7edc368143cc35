"""Decodes YAML as CloudFormation writes it: short function tags, no timestamps, bounded aliases and depth.

The tree is built from the parser's events, not its nodes: that is faster, and nothing recurses on hostile input.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn, Protocol

import yaml

from restore_ready._errors import UnreadableError
from restore_ready._yaml_events import yaml_events
from restore_ready.readers.cloudformation._tree import LOOP, MAX_DEPTH, Tree, given_twice, one_of_two, too_deep, within

MAX_VALUES: Final = 1_000_000
"""Most values a file may stand for once its aliases are followed."""

_INT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}
_STANDARD: Final = "tag:yaml.org,2002:"


def decode_yaml(text: str, path: Path) -> Tree:
    """Decode YAML text.

    Raises:
        UnreadableError: if it is not valid YAML, empty, more than one document, or nested or aliased beyond bounds.
    """
    builder = _Builder(text, path)
    try:
        for event in yaml_events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise UnreadableError(path, f"is not valid YAML: {error.problem or error.context}", line) from error
    except yaml.YAMLError as error:
        raise UnreadableError(path, f"is not valid YAML: {_first_line(error)}") from error
    if not builder.documents:
        raise UnreadableError(path, "is empty")
    return Tree(builder.root, builder.lines, builder.twice)


class _Mark(Protocol):
    """A place in the text, as either of PyYAML's parsers gives it."""

    @property
    def line(self) -> int:
        """Its line, from 0."""


class _Frame:
    """A mapping or list under construction."""

    __slots__ = ("anchor", "flow", "height", "items", "key", "key_line", "members", "merges", "size", "tag")

    def __init__(self, event: yaml.CollectionStartEvent, *, mapping: bool) -> None:
        self.members: dict[str, object] | None = {} if mapping else None
        self.items: list[object] = []
        self.merges: list[object] = []
        self.key: str | None = None
        self.key_line = 0
        self.tag: str | None = event.tag
        self.anchor: str | None = event.anchor
        self.flow = bool(event.flow_style)
        self.size = 1
        self.height = 1

    def close(self) -> object:
        if self.members is None:
            return self.items
        if not self.merges:
            return self.members
        merged: dict[str, object] = {}
        for merge in reversed(self.merges):
            for source in reversed(merge) if isinstance(merge, list) else (merge,):
                merged.update(source if isinstance(source, dict) else {})
        return {**merged, **self.members}


class _Builder:
    """Takes a file's events one by one and builds its tree."""

    def __init__(self, text: str, path: Path) -> None:
        self.root: object = None
        self.lines: dict[str, tuple[int, int]] = {}
        self.twice: dict[str, int] = {}
        self.documents = 0
        self._path = path
        self._text = text
        self._rows: list[str] | None = None
        self._stack: list[_Frame] = []
        self._anchors: dict[str, tuple[object, int, int]] = {}
        self._last_line = 0
        self._handlers: dict[type[yaml.Event], Callable[..., None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.DocumentStartEvent: self._document,
        }

    def take(self, event: yaml.Event) -> None:
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            self._fail("holds more than one YAML document", event)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.members is not None and frame.key is None:
            frame.key = event.value
            frame.key_line = _line(event.start_mark)
            if event.anchor:
                self._anchors[event.anchor] = (event.value, 1, 0)
            return
        one_line = event.style not in ("|", ">") and _line(event.start_mark) == _line(event.end_mark)
        self._last_line = _line(event.start_mark) if one_line else self._last_written(event)
        value = _tagged(event.tag, _plain(event.value) if _is_plain(event) else event.value)
        self._add(value, 1, 0, event.anchor, event)

    def _alias(self, event: yaml.AliasEvent) -> None:
        if event.anchor not in self._anchors:
            self._fail(f"alias *{event.anchor} stands for nothing, or for what contains it", event)
        value, size, height = self._anchors[event.anchor]
        frame = self._stack[-1] if self._stack else None
        self._last_line = _line(event.start_mark)
        if frame is not None and frame.members is not None and frame.key is None:
            frame.key, frame.key_line = str(value), self._last_line
            return
        self._add(value, size, height, None, event)

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.members is not None and frame.key is None:
            self._fail("has a mapping key that is not text", event)
        if len(self._stack) >= MAX_DEPTH:
            raise too_deep(self._path, _line(event.start_mark))
        self._last_line = _line(event.start_mark)
        self._stack.append(_Frame(event, mapping=isinstance(event, yaml.MappingStartEvent)))

    def _close(self, event: yaml.CollectionEndEvent) -> None:
        frame = self._stack.pop()
        if frame.flow:
            self._last_line = _line(event.end_mark)
        self._add(_tagged(frame.tag, frame.close()), frame.size, frame.height + bool(frame.tag), frame.anchor, event)

    def _add(self, value: object, size: int, height: int, anchor: str | None, event: yaml.Event) -> None:
        if anchor:
            self._anchors[anchor] = (value, size, height)
        if not self._stack:
            self.root = value
            return
        frame = self._stack[-1]
        frame.size += size
        frame.height = max(frame.height, height + 1)
        if frame.size > MAX_VALUES:
            self._fail(f"stands for more than {MAX_VALUES} values once its aliases are followed", event)
        if len(self._stack) + height > MAX_DEPTH:
            raise too_deep(self._path, _line(event.start_mark))
        if frame.members is None:
            frame.items.append(value)
        else:
            self._set(frame, frame.members, value)

    def _set(self, frame: _Frame, members: dict[str, object], value: object) -> None:
        key, frame.key = frame.key or "", None
        if key == "<<":
            frame.merges.append(value)
            return
        if key in members and len(self._stack) == 1:
            self.twice[key] = frame.key_line
        elif key in members:
            value = one_of_two(members[key], value) if self._is_resource() else given_twice(key)
        members[key] = value
        if self._is_resource():
            self.lines[key] = (frame.key_line, max(frame.key_line, self._last_line))
        elif self._is_made_by_loop():
            self.lines[within(self._stack[1].key or "", key)] = (frame.key_line, max(frame.key_line, self._last_line))

    def _is_resource(self) -> bool:
        return len(self._stack) == 2 and self._stack[0].key == "Resources"  # noqa: PLR2004  # root and its Resources

    def _is_made_by_loop(self) -> bool:
        """Return whether the mapping is the last of the three parts of a loop, which may stand in that of another."""
        loops, lists = self._stack[1:-1:2], self._stack[2::2]
        return (
            len(self._stack) % 2 == 0
            and bool(lists)
            and self._stack[0].key == "Resources"
            and all((frame.key or "").startswith(LOOP) for frame in loops)
            and all(frame.members is None for frame in lists)
        )

    def _last_written(self, event: yaml.ScalarEvent) -> int:
        """Return the last line of a text over several lines; the parser's mark stands behind its trailing blanks."""
        if self._rows is None:
            self._rows = self._text.split("\n")
        last = _line(event.end_mark) - (event.end_mark is not None and event.end_mark.column == 0)
        while last > _line(event.start_mark) and not self._rows[last - 1].strip():
            last -= 1
        return last

    def _fail(self, why: str, event: yaml.Event) -> NoReturn:
        raise UnreadableError(self._path, why, _line(event.start_mark))


def _is_plain(event: yaml.ScalarEvent) -> bool:
    """Return whether a scalar is unquoted and untagged, so that its text says its type."""
    return event.style in (None, "") and event.tag is None


def _plain(text: str) -> object:
    """Return what YAML 1.1 makes of unquoted text, but leave fractions, dates and zero-padded ids as written."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INT.fullmatch(text) else text


def _tagged(tag: str | None, value: object) -> object:
    """Turn a short form into its long form: ``!GetAtt A.Arn`` into ``{"Fn::GetAtt": "A.Arn"}``."""
    if tag is None or tag == "!" or tag in _PLAIN_TAGS:
        return value
    name = tag.removeprefix(_STANDARD) if tag.startswith(_STANDARD) else tag.removeprefix("!")
    if tag.startswith(_STANDARD):
        return {f"Fn::!!{name}": value}
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_PLAIN_TAGS: Final = frozenset(_STANDARD + name for name in ("str", "int", "bool", "null", "float", "map", "seq"))


def _line(mark: _Mark | None) -> int:
    return mark.line + 1 if mark else 0


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
