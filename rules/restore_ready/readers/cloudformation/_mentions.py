"""Which parameters and conditions a part of a template uses, and how big it is."""

from __future__ import annotations

from collections.abc import Iterator

from restore_ready.readers.cloudformation._evaluate import sub_parts


def mentioned(node: object) -> tuple[set[str], set[str], int]:
    """Return the names that a tree looks up by a function, the conditions of its ``Fn::If``, and its values."""
    names: set[str] = set()
    conditions: set[str] = set()
    size = 0
    waiting = [node]
    while waiting:
        current = waiting.pop()
        size += 1
        if isinstance(current, list):
            waiting += current
        elif isinstance(current, dict):
            for key, value in current.items():
                names.update(_names(key, value))
                if key == "Fn::If" and isinstance(value, list) and value and isinstance(value[0], str):
                    conditions.add(value[0])
                waiting.append(value)
    return names, conditions, size


def count_values(node: object) -> int:
    """Count a tree's values, inner ones included."""
    count = 0
    waiting = [node]
    while waiting:
        current = waiting.pop()
        count += 1
        if isinstance(current, (list, dict)):
            waiting += current.values() if isinstance(current, dict) else current
    return count


def _names(key: str, value: object) -> Iterator[str]:
    if key == "Ref" and isinstance(value, str):
        yield value
    elif key in {"Fn::Sub", "Fn::GetAtt"}:
        text = value[0] if isinstance(value, list) and value else value
        if isinstance(text, str):
            looked_up = [piece for piece, named in sub_parts(text) if named] if key == "Fn::Sub" else [text]
            yield from (name.partition(".")[0] for name in looked_up)
