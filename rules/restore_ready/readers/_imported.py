"""Writes selections of one template as another has them that hands it what they choose."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec.structs import replace

from restore_ready.model import Handed, Known, Ref, Selection, Str, Text, Unresolved, is_external, join_text

Meaning: TypeAlias = Callable[[Handed], "Str | None"]
"""Returns what is handed over for who hands it over; ``None`` where that is not known."""


def as_handed(value: Str) -> Str:
    """Return a value as the template has it that it is handed to."""
    if isinstance(value, Ref):
        return Handed(f"{value.attribute} of {value.target} is handed over", value)
    return join_text(map(as_handed, value.parts)) if isinstance(value, Text) else value


def given_value(handed: Handed) -> Str | None:
    """Return what a parameter is, for who gives it."""
    return None if handed.export else handed.value


def as_imported(selection: Selection, meaning: Meaning, file: str) -> Selection | None:
    """Return a selection of the template *file* as whoever hands it what it chooses has it.

    What the other template itself declares is left out: it is nothing of this one. ``None`` if nothing is left.
    """
    chosen = _written(selection.resources, meaning)
    if chosen == () and selection.resources != () and selection.tags == ():
        return None
    out_of_sight = Unresolved(f"it is in {file}")
    return replace(
        selection,
        address=f"{selection.address} of {file}",
        plan=out_of_sight,
        role=out_of_sight,
        resources=chosen,
        not_resources=_written(selection.not_resources, meaning),
    )


def names_handed(selection: Selection, meaning: Meaning) -> bool:
    """Return whether a selection certainly names something that it is handed."""
    if isinstance(selection.resources, Unresolved):
        return False
    parts = (part for value in selection.resources for part in _parts(value))
    return any(isinstance(part, Handed) and meaning(part) is not None for part in parts)


def _written(values: Known[tuple[Str, ...]], meaning: Meaning) -> Known[tuple[Str, ...]]:
    if isinstance(values, Unresolved):
        return values
    written = [_value(value, meaning) for value in values if not any(map(_is_own, _parts(value)))]
    return tuple(dict.fromkeys(written))


def _value(value: Str, meaning: Meaning) -> Str:
    found = (meaning(part) if isinstance(part, Handed) else part for part in _parts(value))
    return join_text(part if meant is None else meant for part, meant in zip(_parts(value), found, strict=True))


def _parts(value: Str) -> tuple[str | Ref | Unresolved, ...]:
    return value.parts if isinstance(value, Text) else (value,)


def _is_own(part: str | Ref | Unresolved) -> bool:
    return isinstance(part, Ref) and not is_external(part)
