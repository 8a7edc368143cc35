"""On which line of a YAML file does each value stand? Built from events, so that nothing recurses on the input.

Scalars stay as they are written: ``expires: 2027-03-31`` and ``hours: 22:00-05:00`` need no quotes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeAlias

import yaml
from msgspec import Struct, field

from restore_ready._bounded_read import read_file
from restore_ready._errors import UnreadableError
from restore_ready._yaml_events import yaml_events
from restore_ready.requirements._errors import Problem, RequirementsError

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 20
_NOTHING: Final = frozenset({"", "~", "null", "Null", "NULL"})


class Scalar(Struct):
    """A single value, as written; *nothing* if it is YAML's null."""

    line: int
    text: str
    nothing: bool = False


class Sequence(Struct):
    """A list."""

    line: int
    items: list[Node] = field(default_factory=list)


class Mapping(Struct):
    """A mapping: keys to values, and the line of each key."""

    line: int
    members: dict[str, Node] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


Node: TypeAlias = Scalar | Sequence | Mapping


def read_nodes(path: Path, shown: str) -> Node:
    """Return the YAML file *path* as a tree; *shown* is what messages call it.

    Raises:
        RequirementsError: if it can't be opened, is too big, is not one YAML document, repeats a key, or has aliases.
    """
    builder = _Builder(shown)
    try:
        for event in yaml_events(_text(path, shown)):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise _error(shown, line, f"is not valid YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise _error(shown, 0, f"is not valid YAML: {str(error).partition(chr(10))[0]}") from error
    if builder.root is None:
        raise _error(shown, 0, "is empty: `restore-ready requirements init` writes one to start from")
    return builder.root


def _text(path: Path, shown: str) -> str:
    try:
        return read_file(path, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _error(shown, 0, "is not text in UTF-8") from error
    except UnreadableError as error:
        raise _error(shown, 0, error.why) from error


def _error(shown: str, line: int, what: str) -> RequirementsError:
    return RequirementsError([Problem(shown, line, "", what)])


class _Builder:
    """Takes the events of a file one by one and builds its nodes."""

    def __init__(self, shown: str) -> None:
        self.root: Node | None = None
        self._shown = shown
        self._open: list[Sequence | Mapping] = []
        self._keys: list[tuple[str, int] | None] = []

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise _error(self._shown, line, f"alias *{event.anchor} is not read: write the value out")
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(Mapping(line) if isinstance(event, yaml.MappingStartEvent) else Sequence(line))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise _error(self._shown, line, "holds a second YAML document")

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        if self._open and isinstance(self._open[-1], Mapping) and self._keys[-1] is None:
            if event.value in self._open[-1].members:
                raise _error(self._shown, line, f"the key '{event.value}' stands there twice")
            self._keys[-1] = (event.value, line)
        else:
            is_plain = event.style in (None, "")
            self._add(Scalar(line, event.value, is_plain and event.value in _NOTHING))

    def _begin(self, node: Sequence | Mapping) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise _error(self._shown, node.line, f"is nested more than {MAX_DEPTH} levels deep")
        self._add(node)
        self._open.append(node)
        self._keys.append(None)

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent, key = self._open[-1], self._keys[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif key is None:
            raise _error(self._shown, node.line, "has a mapping key that is not text")
        else:
            parent.members[key[0]] = node
            parent.lines[key[0]] = key[1]
            self._keys[-1] = None
