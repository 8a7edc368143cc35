"""Reads times, numbers and states as snapshots have them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timezone
from math import isfinite
from typing import Any, TypeVar

from restore_ready.model import Known, Unresolved
from restore_ready.readers.account._answers import Object

T = TypeVar("T")


def parsed(listed: Known[list[Object]], read: Callable[[Object], T]) -> Known[tuple[T, ...]]:
    """Return every entry; one whose times or state can't be read leaves all of them open."""
    if isinstance(listed, Unresolved):
        return listed
    try:
        return tuple(read(entry) for entry in listed)
    except ValueError as error:
        return Unresolved(f"AWS gave a time or state that can't be read: {error}")


def whole_number(value: object) -> int | None:
    """Return a number, ``None`` where *value* is none that can be counted."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    return int(value) if isfinite(value) else None


def one_of(states: Collection[str], written: object) -> str:
    """Return a state, which must be one of *states*: what another one means is not known.

    Raises:
        ValueError: if it is another one.
    """
    state = str(written)
    if state not in states:
        msg = f"{state:.40} is none of {', '.join(sorted(states))}"
        raise ValueError(msg)
    return state


def read_time(value: object) -> datetime | None:
    """Return a time, in UTC; ``None`` where there is none that can be read."""
    try:
        return optional_time(value)
    except ValueError:
        return None


def optional_time(value: object) -> datetime | None:
    """Return what `time_of` does, ``None`` where nothing is written.

    Raises:
        ValueError: if it is no time.
    """
    return None if value is None or value == "" else time_of(value)


def time_of(value: Any) -> datetime:  # noqa: ANN401  # whatever stands in a snapshot
    """Return the time that ISO 8601 text says; one without a zone is in UTC.

    Raises:
        ValueError: if it is no time.
    """
    written = str(value)
    found = datetime.fromisoformat(written[:-1] + "+00:00" if written.endswith("Z") else written)
    try:
        return found.replace(tzinfo=timezone.utc) if found.tzinfo is None else found.astimezone(timezone.utc)
    except OverflowError as error:
        msg = f"{written} is before the first year or after the last"
        raise ValueError(msg) from error
