"""Finds the few selections and settings that may speak of a file system, so that large estates take linear time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from restore_ready.model import (
    AutomaticBackups,
    FileSystem,
    OtherAccount,
    Partial,
    Place,
    Places,
    Ref,
    Selection,
    Str,
    Unresolved,
    is_external,
)

_Key = str | tuple[str, str]
_ANY: _Key = ""
_LITERAL = "arn:"


class Selections:
    """Backup selections by what they choose: an address, a tag, or possibly anything."""

    def __init__(self, selections: Iterable[Selection]) -> None:
        """Sort *selections*."""
        self._by_key: dict[_Key, list[Selection]] = {}
        self._by_open_tag: dict[str, dict[Selection, Selection]] = {}
        alike: dict[Selection, Selection] = {}
        for selection in selections:
            keys = _keys(selection)
            for key in keys:
                self._by_key.setdefault(key, []).append(selection)
                if isinstance(key, tuple):
                    self._by_open_tag.setdefault(key[0], {}).setdefault(_without_values(selection), selection)
            if any(map(_is_literal, keys)):
                alike.setdefault(_without_ids(selection), selection)
        self._for_new = tuple(alike.values())
        self._literals = tuple(filter(_is_literal, self._by_key))

    def about(self, file_system: FileSystem) -> Iterator[Selection]:
        """Yield every selection that may cover *file_system*; some may come twice.

        Of those that choose alike but for the ids in the ARNs that they write out, a file system without an id as yet
        gets the first: it may have the id in any, and certainly has that in none. The same goes for values of its tags.
        """
        yield from self._by_key.get(file_system.address, ())
        yield from self._by_arn(file_system)
        yield from self._by_tag(file_system.tags)
        yield from self._by_key.get(_ANY, ())

    def _by_arn(self, file_system: FileSystem) -> Iterator[Selection]:
        arn = file_system.arn
        if isinstance(arn, Ref):
            yield from self._for_new
            return
        for literal in (arn,) if isinstance(arn, str) else self._literals:
            yield from self._by_key.get(literal, ()) if literal != file_system.address else ()

    def _by_tag(self, tags: Mapping[str, Str] | Unresolved) -> Iterator[Selection]:
        for tag in _known(tags):
            yield from self._by_key.get(tag, ())
        for key, alike in self._by_open_tag.items():
            if isinstance(tags, Unresolved) or not isinstance(tags.get(key, ""), str):
                yield from alike.values()


class ChosenFileSystems:
    """File systems by address, ARN and tag; those whose tags or ARN are not all known beside them."""

    def __init__(self, file_systems: Iterable[FileSystem]) -> None:
        """Sort *file_systems*."""
        self._all = tuple(file_systems)
        self._by_key: dict[_Key, list[int]] = {}
        self._untagged: list[int] = []
        self._new: list[int] = []
        for number, file_system in enumerate(self._all):
            arn = file_system.arn
            for key in {file_system.address, *([arn] if isinstance(arn, str) else []), *_known(file_system.tags)}:
                self._by_key.setdefault(key, []).append(number)
            if not _are_plain(file_system.tags):
                self._untagged.append(number)
            if not isinstance(arn, str):
                self._new.append(number)

    def chosen_by(self, selection: Selection) -> Iterable[FileSystem]:
        """Return every file system that *selection* may be certain to choose."""
        return self._of(_keys(selection))

    def reached_by(self, selections: Iterable[Selection]) -> Iterable[FileSystem]:
        """Return every file system that one of *selections* may choose, be it certain or not."""
        keys = {key for selection in selections for key in _keys(selection)}
        new = self._new if any(map(_is_literal, keys)) else ()
        untagged = self._untagged if any(isinstance(key, tuple) for key in keys) else ()
        return self._of(keys, (*new, *untagged))

    def _of(self, keys: AbstractSet[_Key], others: Iterable[int] = ()) -> Iterable[FileSystem]:
        if _ANY in keys:
            return self._all
        found = {*others, *(number for key in keys for number in self._by_key.get(key, ()))}
        return [self._all[number] for number in sorted(found)]


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
    return value if isinstance(value, str) and _is_literal(value) else _address(value)


def _is_literal(value: object) -> bool:
    return isinstance(value, str) and value.startswith(_LITERAL) and not set("*?$") & set(value)


def _without_ids(selection: Selection) -> Selection:
    """Return *selection* without what tells it from others, as far as a file system that has no id yet can tell."""
    resources = () if isinstance(selection.resources, Unresolved) else selection.resources
    heads = tuple(dict.fromkeys(map(_without_id, resources)))
    return replace(selection, address="", place=Place(""), places=Places(), resources=heads)


def _without_values(selection: Selection) -> Selection:
    """Return *selection* without what tells it from others, as far as tags of unknown values can tell."""
    tags = () if isinstance(selection.tags, Unresolved) else selection.tags
    return replace(_without_ids(selection), tags=tuple(replace(tag, value="") for tag in tags))


def _without_id(value: Str) -> Str:
    is_plain = isinstance(value, str) and not isinstance(value, OtherAccount)
    return value.rpartition("/")[0] if is_plain and isinstance(value, str) and _is_literal(value) else value


def _address(value: Str) -> _Key:
    return value.target if isinstance(value, Ref) and not is_external(value) else _ANY


def _tag(key: Str, value: Str) -> _Key:
    return (key, value) if isinstance(key, str) and isinstance(value, str) else _ANY


def _known(tags: Mapping[str, Str] | Unresolved) -> list[_Key]:
    """Return the tags of which the value is known, as keys."""
    return (
        [] if isinstance(tags, Unresolved) else [(key, value) for key, value in tags.items() if isinstance(value, str)]
    )


def _are_plain(tags: Mapping[str, Str] | Unresolved) -> bool:
    return not isinstance(tags, (Unresolved, Partial)) and all(isinstance(value, str) for value in tags.values())


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
