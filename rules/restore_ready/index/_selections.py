"""Finds the few selections and settings that may speak of a file system, so that large estates take linear time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from restore_ready.model import AutomaticBackups, FileSystem, Partial, Ref, Selection, Str, Unresolved, is_external

_Key = str | tuple[str, str]
_ANY: _Key = ""
_LITERAL = "arn:"


class Selections:
    """Backup selections by what they choose: an address, a tag, or possibly anything."""

    def __init__(self, selections: Iterable[Selection]) -> None:
        """Sort *selections*."""
        self._by_key: dict[_Key, list[Selection]] = {}
        for selection in selections:
            for key in _keys(selection):
                self._by_key.setdefault(key, []).append(selection)
        self._literals = tuple(key for key in self._by_key if isinstance(key, str) and key.startswith(_LITERAL))

    def about(self, file_system: FileSystem) -> Iterator[Selection]:
        """Yield every selection that may cover *file_system*; some may come twice."""
        yield from self._by_key.get(file_system.address, ())
        arn = file_system.arn
        for literal in (arn,) if isinstance(arn, str) else self._literals:
            yield from self._by_key.get(literal, ()) if literal != file_system.address else ()
        known = _plain(file_system.tags)
        keys = known if known is not None else [key for key in self._by_key if isinstance(key, tuple)]
        for key in keys:
            yield from self._by_key.get(key, ())
        yield from self._by_key.get(_ANY, ())


class TaggedFileSystems:
    """File systems by their tags, those whose tags are not all known beside them."""

    def __init__(self, file_systems: Iterable[FileSystem]) -> None:
        """Sort *file_systems*."""
        self._all = tuple(file_systems)
        self._by_tag: dict[_Key, list[FileSystem]] = {}
        self._open: list[FileSystem] = []
        for file_system in self._all:
            tags = _plain(file_system.tags)
            for tag in tags or ():
                self._by_tag.setdefault(tag, []).append(file_system)
            if tags is None:
                self._open.append(file_system)

    def chosen_by(self, selection: Selection) -> Iterable[FileSystem]:
        """Return every file system that *selection* may choose: all of them, unless it chooses by tags alone."""
        keys = _keys(selection)
        if not all(isinstance(key, tuple) for key in keys):
            return self._all
        return [*self._open, *(found for key in keys for found in self._by_tag.get(key, ()))]


def _keys(selection: Selection) -> set[_Key]:
    """Return the addresses, ARNs or tags by which alone *selection* chooses, ``""`` where it may choose by others."""
    if isinstance(selection.resources, Unresolved) or isinstance(selection.tags, Unresolved):
        return {_ANY}
    tags = {_tag(tag.key, tag.value) for tag in selection.tags if tag.operator == "equals"}
    if len(tags) < len(set(selection.tags)) or not (tags or selection.resources):
        return {_ANY}
    return tags | {_arn(resource) for resource in selection.resources}


def _arn(value: Str) -> _Key:
    """Return an ARN that is written out, which only the file system has that has it: no wildcard stands in it."""
    is_literal = isinstance(value, str) and value.startswith(_LITERAL) and not set("*?$") & set(value)
    return value if is_literal and isinstance(value, str) else _address(value)


def _address(value: Str) -> _Key:
    return value.target if isinstance(value, Ref) and not is_external(value) else _ANY


def _tag(key: Str, value: Str) -> _Key:
    return (key, value) if isinstance(key, str) and isinstance(value, str) else _ANY


def _plain(tags: Mapping[str, Str] | Unresolved) -> Iterable[_Key] | None:
    """Return tags as keys, or ``None`` unless all of them are known."""
    if isinstance(tags, (Unresolved, Partial)) or not all(isinstance(value, str) for value in tags.values()):
        return None
    return [(key, value) for key, value in tags.items() if isinstance(value, str)]


class AutomaticSettings:
    """The settings of automatic backups by the file system they are about."""

    def __init__(self, settings: Iterable[AutomaticBackups]) -> None:
        """Sort *settings*."""
        self._by_target: dict[_Key, list[AutomaticBackups]] = {}
        for setting in settings:
            self._by_target.setdefault(_address(setting.file_system), []).append(setting)

    def about(self, file_system: FileSystem) -> Iterator[AutomaticBackups]:
        """Yield every setting that may be about *file_system*."""
        yield from self._by_target.get(file_system.address, ())
        yield from self._by_target.get("", ())
