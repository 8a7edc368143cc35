"""Which requirements does a resource stand under, and which of its findings are accepted?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.iam import matches
from restore_ready.model import (
    AutomaticBackups,
    Estate,
    Fail,
    FileSystem,
    Place,
    Ref,
    Requirements,
    Str,
    Subject,
    Truth,
    Unresolved,
    VaultPolicy,
    all_true,
    any_true,
)
from restore_ready.requirements._scan_settings import ScanSettings

MOST_OPEN: Final = 4
"""Overrides of which it is open whether they apply to a resource, beyond which it is not judged."""


class Match(Struct, frozen=True):
    """What an override is for: all that is given must hold. Names and addresses match if one of the patterns does.

    Attributes:
        tags: keys to patterns of the value.
        addresses: patterns of ``address`` or ``file:address``.
    """

    tags: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


class Override(Struct, frozen=True):
    """Requirements that differ for some resources: fields of `Requirements` to their values."""

    match: Match
    settings: Mapping[str, Any]
    place: Place


class AcceptedException(Struct, frozen=True):
    """A finding that somebody answers for, until a day: the last on which it holds.

    Attributes:
        expires: ``None`` for one that is written in a source and does not end.
        rule: the rule's code.
        match: pattern of ``address`` or ``file:address``.
    """

    rule: str
    match: str
    reason: str
    owner: str
    expires: date | None
    place: Place

    def __str__(self) -> str:
        """Name it by its reason and owner."""
        return f'the exception "{self.reason}" of {self.owner}'

    @property
    def terms(self) -> str:
        """Who answers for it, and until when if it ends: ``team-web, until 2027-03-31``."""
        return self.owner if self.expires is None else f"{self.owner}, until {self.expires}"


class Excepted(Struct, frozen=True):
    """What becomes of a Fail that an exception accepts: no finding, but not a Pass either."""

    fail: Fail
    by: AcceptedException


class Baselined(Struct, frozen=True):
    """What becomes of a Fail that the baseline *by* knows: no finding that counts, but not a Pass either."""

    fail: Fail
    by: str


class EffectiveRequirements(Struct, frozen=True):
    """Requirements under which a resource may stand, and the overrides (by number) that make them so."""

    requirements: Requirements
    overrides: tuple[int, ...] = ()


class SubjectKey(Struct, frozen=True):
    """All that overrides look at in a resource: those equal in it stand under the same requirements.

    Attributes:
        behind: the address of the file system that it is or speaks of, or why that is not in sight; else empty.
    """

    address: str
    place: Place
    name: Str
    behind: str


class ResourceNames:
    """What an estate tells about the names and tags of what is in it."""

    def __init__(self, estate: Estate) -> None:
        """Sort the file systems and vaults of *estate*."""
        self._file_systems = {file_system.address: file_system for file_system in estate.file_systems}
        self._vault_names = {vault.address: vault.name for vault in estate.vaults}

    def file_system_behind(self, subject: Subject) -> FileSystem | Unresolved | None:
        """Return the file system that *subject* is or speaks of, ``None`` where it does neither."""
        if isinstance(subject, FileSystem):
            return subject
        if not isinstance(subject, AutomaticBackups):
            return None
        target = subject.file_system.target if isinstance(subject.file_system, Ref) else ""
        return self._file_systems.get(target) or Unresolved(f"the file system of {subject.address} is not in sight")

    def name(self, subject: Subject) -> Str:
        """Return the name of *subject*: its own, its file system's tag ``Name``, or that of the vault it is about."""
        behind = self.file_system_behind(subject)
        if isinstance(behind, Unresolved):
            return behind
        if behind is not None:
            return behind.tags if isinstance(behind.tags, Unresolved) else behind.tags.get("Name", "")
        if isinstance(subject, VaultPolicy):
            vault = subject.vault
            return self._vault_names.get(vault.target, vault) if isinstance(vault, Ref) else vault
        name: Str = getattr(subject, "name", "")
        return name

    def key(self, subject: Subject) -> SubjectKey:
        """Return what tells *subject* from others where overrides are matched."""
        behind = self.file_system_behind(subject)
        shown = "" if behind is None else behind.why if isinstance(behind, Unresolved) else behind.address
        return SubjectKey(subject.address, subject.place, self.name(subject), shown)


class Names(Struct, frozen=True):
    """The address of a resource, and the ways to write it as ``file:address``."""

    address: str
    with_file: tuple[str, ...]


class RequirementsFile(Struct, frozen=True, eq=False):
    """What one requirements file says.

    Attributes:
        base: what holds where no override applies.
        overrides: for each requirement, the first that matches wins.
        file: the requirements file; empty for the defaults.
        inline: whether exceptions that are written in the sources count.
        takes_exceptions: whether one that is forced lets those of the nearest file in the repository hold too.
        scan: how a scan runs where its command line does not say it.
    """

    base: Requirements = field(default_factory=Requirements)
    overrides: tuple[Override, ...] = ()
    exceptions: tuple[AcceptedException, ...] = ()
    file: str = ""
    inline: bool = True
    takes_exceptions: bool = False
    scan: ScanSettings = ScanSettings()

    def effective(self, overrides: tuple[int, ...]) -> EffectiveRequirements:
        """Return the requirements under the overrides with these numbers, which must be in rising order."""
        settings: dict[str, Any] = {}
        for number in overrides:
            settings = {**self.overrides[number].settings, **settings}
        return EffectiveRequirements(replace(self.base, **settings), overrides)

    def for_subject(self, subject: Subject, names: ResourceNames) -> tuple[EffectiveRequirements, ...] | Unresolved:
        """Return the requirements that *subject* stands under: several where it is open which overrides match.

        Returns:
            the possible ones, or why they are too many to judge each.
        """
        found = self.overrides_for(subject, names)
        return found if isinstance(found, Unresolved) else tuple(map(self.effective, found))

    def overrides_for(self, subject: Subject, around: ResourceNames) -> tuple[tuple[int, ...], ...] | Unresolved:
        """Return the overrides that apply to *subject*, by number: several sets where it is open which of them match.

        Returns:
            the possible sets, or why they are too many to judge each.
        """
        certain: list[int] = []
        opened: list[int] = []
        reason = ""
        for number, override in enumerate(self.overrides):
            answer = self._applies(override.match, subject, around)
            if isinstance(answer, Unresolved):
                opened.append(number)
                reason = reason or answer.why
            elif answer:
                certain.append(number)
        if len(opened) > MOST_OPEN:
            return Unresolved(f"it is open which of {len(opened)} overrides apply to it: {reason}")
        choices = product(*[((), (number,)) for number in opened])
        return tuple(tuple(sorted([*certain, *(number for part in choice for number in part)])) for choice in choices)

    def is_expired(self, exception: AcceptedException) -> bool:
        """Return whether the last day of *exception* is over."""
        today = self.base.today
        return today is not None and exception.expires is not None and today > exception.expires

    def expired(self) -> Iterator[AcceptedException]:
        """Return the exceptions that have expired."""
        return (exception for exception in self.exceptions if self.is_expired(exception))

    def _applies(self, match: Match, subject: Subject, around: ResourceNames) -> Truth:
        answers: list[Truth] = []
        behind = around.file_system_behind(subject)
        if match.addresses:
            bearers = (subject, behind) if isinstance(behind, FileSystem) else (subject,)
            names = [self.names_of(bearer.address, bearer.place) for bearer in bearers]
            answers.append(any(means_one_of(pattern, names) for pattern in match.addresses))
        if match.names:
            answers.append(any_true(matches(pattern, around.name(subject)) for pattern in match.names))
        if match.tags:
            answers.append(_has_tags(match.tags, behind))
        return all_true(answers)

    def names_of(self, address: str, place: Place, written_in: Iterable[str] = ()) -> Names:
        """Return what a pattern may match.

        The file is written in full, as seen from the folder of the requirements or of another file that the pattern may
        be *written_in*, and from the current folder.
        """
        given = Path(os.path.abspath(place.file))  # noqa: PTH100  # resolve() would follow links to names nobody typed
        files = dict.fromkeys([self.file, *written_in])
        folders = [*(Path(os.path.abspath(file)).parent for file in files), Path.cwd()]  # noqa: PTH100  # likewise
        below = [given.relative_to(folder) for folder in folders if given.is_relative_to(folder)]
        return Names(address, tuple(f"{file.as_posix()}:{address}" for file in dict.fromkeys([given, *below])))


def means_one_of(pattern: str, resources: Iterable[Names]) -> bool:
    """Tell whether *pattern* matches the address of one of *resources*, or its file and address if it has a colon."""
    names = (name for one in resources for name in (one.address, *(one.with_file if ":" in pattern else ())))
    return any(matches(pattern, name) is True for name in names)


def _has_tags(wanted: Mapping[str, str], bearer: FileSystem | Unresolved | None) -> Truth:
    if bearer is None:
        return False
    tags = bearer if isinstance(bearer, Unresolved) else bearer.tags
    if isinstance(tags, Unresolved):
        return Unresolved(f"the tags are not known: {tags.why}")
    return all_true(key in tags and matches(pattern, tags[key]) for key, pattern in wanted.items())


def open_overrides(possible: Sequence[EffectiveRequirements]) -> tuple[int, ...]:
    """Return the numbers of the overrides that apply under some of *standings* only."""
    everywhere = set.intersection(*(set(standing.overrides) for standing in possible))
    return tuple(sorted({number for standing in possible for number in standing.overrides} - everywhere))
