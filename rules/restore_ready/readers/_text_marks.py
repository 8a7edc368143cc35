"""Where the parts of a resource, or of a policy, are written in YAML or JSON, reckoned when that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Final, TypeAlias

import yaml
from msgspec import Struct

from restore_ready._yaml_events import yaml_events
from restore_ready.model import Focus, Place
from restore_ready.readers._marks import NO_MARKS, Marks

_Path: TypeAlias = tuple["str | int", ...]
_LONGEST: Final = 400_000
"""Characters of a resource beyond which its parts are not looked for."""


class WrittenText:
    """The lines of one resource or policy, with the places of all keys in it.

    Those of a resource are parsed on their own, without the rest of the template: an alias stands where it is written,
    and what it stands for is no concern here.
    """

    def __init__(self, file: str, first: int, read: Callable[[], str]) -> None:
        """Take the file, the first line, and what gives the lines."""
        self._file, self._first, self._read = file, first, read

    @cached_property
    def _spots(self) -> Mapping[_Path, Place]:
        text = self._read()
        if len(text) > _LONGEST:
            return {}
        found: dict[_Path, Place] = {}
        try:
            for path, place in _keys(text, self._file, self._first):
                found.setdefault(path, place)
        except yaml.YAMLError:
            return found  # what stands behind a resource of JSON, a comma, is no YAML
        return found

    @cached_property
    def _lists(self) -> Mapping[_Path, int]:
        """How many entries each list has."""
        found: dict[_Path, int] = {}
        for path in self._spots:
            if isinstance(path[-1], int):
                found[path[:-1]] = max(found.get(path[:-1], 0), path[-1] + 1)
        return found

    def spot(self, path: _Path) -> Place | None:
        """Return where a key or an entry of a list is written."""
        return self._spots.get(path)

    def entries(self, path: _Path) -> int:
        """Return how many entries the list at *path* has; 0 where there is none."""
        return self._lists.get(path, 0)


class PropertyMarks:
    """The places of the members of an object."""

    __slots__ = ("_path", "_text")

    def __init__(self, text: WrittenText, path: _Path) -> None:
        """Take the text, and where in it the object stands."""
        self._text, self._path = text, path

    def focus(self, name: str) -> Focus | None:
        """Return where a property is written."""
        spot = self._text.spot((*self._path, name))
        return None if spot is None else Focus(spot)

    def blocks(self, name: str) -> tuple[Marks, ...]:
        """Return those of the object of that name, or of each in a list of them."""
        inner = (*self._path, name)
        entries = self._text.entries(inner)
        if entries:
            return tuple(PropertyMarks(self._text, (*inner, number)) for number in range(entries))
        return () if self._text.spot(inner) is None else (PropertyMarks(self._text, inner),)


def property_marks(file: str, first: int, read: Callable[[], str], key: str) -> Marks:
    """Return the marks of a resource's properties; its lines begin with *key*, its logical id."""
    return PropertyMarks(WrittenText(file, first, read), (key, "Properties")) if first else NO_MARKS


def document_marks(file: str, first: int, read: Callable[[], str]) -> Marks:
    """Return the marks of an object that is all of a text, which begins at the line *first* of *file*."""
    return PropertyMarks(WrittenText(file, first, read), ())


class _Frame(Struct):
    """A mapping or list that is open: where it stands, and the key that waits for its value, or the next number."""

    path: _Path
    is_list: bool
    key: str | None = None
    at: yaml.Event | None = None
    number: int = 0

    def next(self, event: yaml.Event) -> tuple[_Path, yaml.Event]:
        """Return the path of the value that comes now, and the event that it begins with, its key's in a mapping."""
        if self.is_list:
            self.number += 1
            return (*self.path, self.number - 1), event
        key, at, self.key = self.key or "", self.at or event, None
        return (*self.path, key), at


def _keys(text: str, file: str, first: int) -> Iterator[tuple[_Path, Place]]:
    """Yield the path of each key and list entry with its place, which ends with its value.

    Raises:
        yaml.YAMLError: if the text is not YAML on its own.
    """
    open_frames: list[_Frame] = []
    opened: list[tuple[_Path, yaml.Event]] = []
    last = None
    for event in yaml_events(text):
        frame = open_frames[-1] if open_frames else None
        if isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
            last = event
            if frame is None:
                continue
            if not frame.is_list and frame.key is None:
                frame.key, frame.at = _name(event), event
                continue
            path, begun = frame.next(event)
            yield path, _place(begun, event, file, first)
        elif isinstance(event, yaml.CollectionStartEvent):
            path, begun = ((), event) if frame is None else frame.next(event)
            opened.append((path, begun))
            open_frames.append(_Frame(path, isinstance(event, yaml.SequenceStartEvent)))
        elif isinstance(event, yaml.CollectionEndEvent):
            open_frames.pop()
            path, begun = opened.pop()
            ends = event if _is_written(event) else last or event
            if path:
                yield path, _place(begun, ends, file, first)


def _is_written(event: yaml.Event) -> bool:
    """Return whether a collection ends with a bracket of its own, rather than with its last entry."""
    start, end = event.start_mark, event.end_mark
    return start is not None and end is not None and end.index > start.index


def _name(event: yaml.Event) -> str:
    return str(event.value) if isinstance(event, yaml.ScalarEvent) else ""


def _place(begun: yaml.Event, ends: yaml.Event, file: str, first: int) -> Place:
    start, end = begun.start_mark, ends.end_mark
    if start is None or end is None:
        return Place(file)
    line, end_line, end_column = start.line + first, end.line + first, end.column + 1
    if end.column == 0 and end_line > line:
        return Place(file, line, end_line - 1)
    return Place(file, line, end_line, start.column + 1, end_column)
