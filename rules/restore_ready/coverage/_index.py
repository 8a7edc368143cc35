"""Finds the few selections and settings that may speak of a file system, so that large estates take linear time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from restore_ready.model import (
    AutomaticBackups,
    Estate,
    FileSystem,
    Ref,
    ScheduledWork,
    Selection,
    Str,
    Unresolved,
    is_external,
)

_Key = str | tuple[str, str]
_ANY: _Key = ""


def file_systems_by_address(estate: Estate) -> Mapping[str, FileSystem]:
    """Return the file systems of *estate* by address; to be had through `Estate.derived`."""
    return {one.address: one for one in estate.file_systems}


def selections_by_plan(estate: Estate) -> Mapping[str, tuple[Selection, ...]]:
    """Return selections by the address of their plan, ``""`` where it is none of *estate*; for `Estate.derived`."""
    found: dict[str, list[Selection]] = {}
    for selection in estate.selections:
        address = selection.plan.target if isinstance(selection.plan, Ref) else ""
        found.setdefault(address, []).append(selection)
    return {address: tuple(selections) for address, selections in found.items()}


def work_by_file_system(estate: Estate) -> Mapping[str, tuple[ScheduledWork, ...]]:
    """Return schedules of work by the address or id of each file system they work on; for `Estate.derived`."""
    found: dict[str, list[ScheduledWork]] = {}
    for schedule in estate.scheduled_work:
        for one in schedule.file_systems:
            if isinstance(one, (Ref, str)):
                found.setdefault(one.target if isinstance(one, Ref) else one, []).append(schedule)
    return {key: tuple(schedules) for key, schedules in found.items()}


class Selections:
    """The selections of an estate by what they choose: an address, a tag, or possibly anything."""

    def __init__(self, estate: Estate) -> None:
        """Sort the selections of *estate*."""
        self._by_key: dict[_Key, list[Selection]] = {}
        for selection in estate.selections:
            for key in _keys(selection):
                self._by_key.setdefault(key, []).append(selection)

    def about(self, file_system: FileSystem) -> Iterator[Selection]:
        """Give every selection that may cover *file_system*; some may come twice."""
        yield from self._by_key.get(file_system.address, ())
        known = _plain(file_system.tags)
        keys = known if known is not None else [key for key in self._by_key if isinstance(key, tuple)]
        for key in keys:
            yield from self._by_key.get(key, ())
        yield from self._by_key.get(_ANY, ())


def _keys(selection: Selection) -> set[_Key]:
    """Return the addresses or tags by which alone *selection* chooses, with ``""`` where it may choose by others."""
    if isinstance(selection.resources, Unresolved) or isinstance(selection.tags, Unresolved):
        return {_ANY}
    tags = {_tag(tag.key, tag.value) for tag in selection.tags if tag.operator == "equals"}
    if len(tags) < len(set(selection.tags)) or not (tags or selection.resources):
        return {_ANY}
    return tags | {_address(one) for one in selection.resources}


def _address(value: Str) -> _Key:
    return value.target if isinstance(value, Ref) and not is_external(value) else _ANY


def _tag(key: Str, value: Str) -> _Key:
    return (key, value) if isinstance(key, str) and isinstance(value, str) else _ANY


def _plain(tags: Mapping[str, Str] | Unresolved) -> Iterable[_Key] | None:
    """Return tags as keys, or ``None`` unless all of them are known."""
    if isinstance(tags, Unresolved) or not all(isinstance(value, str) for value in tags.values()):
        return None
    return [(key, value) for key, value in tags.items() if isinstance(value, str)]


class Automatic:
    """The settings of automatic backups of an estate by the file system they are about."""

    def __init__(self, estate: Estate) -> None:
        """Sort the settings of *estate*."""
        self._by_target: dict[_Key, list[AutomaticBackups]] = {}
        for setting in estate.automatic_backups:
            self._by_target.setdefault(_address(setting.file_system), []).append(setting)

    def about(self, file_system: FileSystem) -> Iterator[AutomaticBackups]:
        """Give every setting that may be about *file_system*."""
        yield from self._by_target.get(file_system.address, ())
        yield from self._by_target.get("", ())
