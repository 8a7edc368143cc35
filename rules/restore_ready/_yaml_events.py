"""Parses YAML into events whose nesting the caller bounds, whatever PyYAML and libyaml bound themselves.

Since 6.0.4 PyYAML's C parser refuses text nested 1,000 levels deep. It scans up to 1,024 characters ahead, so it may
fail before it has given the first of these levels. A bound of our own must be told the same with every version.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import yaml

LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML's safe loader, in C where the installation has it."""


def yaml_events(text: str) -> Iterator[yaml.Event]:
    """Yield the events of *text*; where it is broken, all that stand before the fault, then the fault.

    Raises:
        yaml.YAMLError: where the parser goes no further.
    """
    given = 0
    try:
        for event in yaml.parse(text, Loader=LOADER):
            given += 1
            yield event
    except yaml.MarkedYAMLError as error:
        if error.problem_mark is not None:
            yield from islice(_events_before(text[: error.problem_mark.index]), given, None)
        raise


def scalar_spans(text: str) -> list[tuple[int, int]] | None:
    """Return where the scalars of *text* begin and end, in characters; ``None`` where it can't be read."""
    marks = ((event.start_mark, event.end_mark) for event in yaml_events(text) if isinstance(event, yaml.ScalarEvent))
    try:
        return [(start.index, end.index) for start, end in marks if start and end]
    except yaml.YAMLError:
        return None


def is_deeper(text: str, levels: int) -> bool:
    """Tell whether collections in *text* nest more than *levels* deep before its end or its first fault."""
    depth = 0
    try:
        for event in yaml_events(text):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > levels:
                return True
    except yaml.YAMLError:
        pass
    return False


def _events_before(text: str) -> Iterator[yaml.Event]:
    """Yield the events of text that was cut off, without those that only the cut made."""
    try:
        for event in yaml.parse(text, Loader=LOADER):
            if event.end_mark is None or event.end_mark.index >= len(text):
                return
            yield event
    except yaml.YAMLError:
        return
