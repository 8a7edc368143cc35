"""What is a report about: which sources or accounts, when, by which requirements, with which options?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field

from restore_ready._version import __version__
from restore_ready.reports._asked import asks
from restore_ready.reports._git import Repository, repository_of
from restore_ready.reports._locations import shown_file
from restore_ready.reports._safe_text import clean, first_few
from restore_ready.requirements._file import RequirementsFile

_PART: Final = 1 << 20
"""Bytes of a file that are read at once."""


class AskedBy(Struct, frozen=True):
    """A requirements file, with the hash of what stood in it, the time zone that it speaks of, and what it asks."""

    file: str
    sha256: str
    time_zone: str
    asks: tuple[str, ...] = ()


class AccountScope(Struct, frozen=True):
    """An account of an audit: its id and name, whether it could be read, and else why not."""

    account: str
    name: str = ""
    read: bool = True
    why: str = ""


class Scope(Struct, frozen=True):
    """What a report is about.

    Attributes:
        made: when the report was made, in UTC.
        paths: what was scanned, as reports name files.
        sources: how many sources were read there.
        repository: the one that the first path is in.
        snapshot: the file of an audit that was taken before; *sha256* of it.
        taken: when the accounts were read, ISO 8601 in UTC; empty for sources.
        redacted: whether account ids were replaced.
        requirements: the files that were asked of, none for the defaults.
        options: those of the command that change what is found, as they were given.
    """

    made: datetime
    paths: tuple[str, ...] = ()
    sources: int = 0
    repository: Repository | None = None
    snapshot: str = ""
    sha256: str = ""
    taken: str = ""
    redacted: bool = False
    regions: tuple[str, ...] = ()
    accounts: tuple[AccountScope, ...] = ()
    requirements: tuple[AskedBy, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def about(self) -> str:
        """What it is about, in a few words: the paths, by its name if this folder, or the accounts."""
        if self.taken:
            names = [f"{found.name} ({found.account})" if found.name else found.account for found in self.accounts]
            return first_few(names, 3) or clean(self.snapshot)
        return first_few((Path.cwd().name or path if path == "." else path for path in self.paths), 3)

    @property
    def asked_by(self) -> str:
        """The requirements in a few words: the files, or that there is none."""
        return first_few((found.file for found in self.requirements), 3) or "defaults"


def source_scope(
    paths: Sequence[Path], sources: int, requirements: Iterable[RequirementsFile], options: Mapping[str, Any]
) -> Scope:
    """Return the scope of a scan of *paths*."""
    return Scope(
        _now(),
        tuple(shown_file(str(path)) for path in paths),
        sources,
        repository_of(paths[0]) if paths else None,
        requirements=asked_by(requirements),
        options=options,
    )


def account_scope(  # noqa: PLR0913  # what is known of an audit when it is over
    taken: str,
    accounts: Iterable[AccountScope],
    requirements: Iterable[RequirementsFile],
    options: Mapping[str, Any],
    *,
    regions: Iterable[str] = (),
    redacted: bool = False,
    snapshot: Path | None = None,
) -> Scope:
    """Return the scope of an audit; *snapshot* is the file where the accounts were read before."""
    return Scope(
        _now(),
        snapshot="" if snapshot is None else shown_file(str(snapshot)),
        sha256="" if snapshot is None else sha256_of(snapshot),
        taken=taken,
        redacted=redacted,
        regions=tuple(regions),
        accounts=tuple(accounts),
        requirements=asked_by(requirements),
        options=options,
    )


def asked_by(requirements: Iterable[RequirementsFile]) -> tuple[AskedBy, ...]:
    """Return the requirements files, each once; the defaults are none."""
    found = {each.file: each for each in requirements if each.file}
    return tuple(
        AskedBy(shown_file(file), sha256_of(Path(file)), each.base.time_zone, tuple(asks(each.base)))
        for file, each in found.items()
    )


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal; empty where it can't be read any more."""
    try:
        with path.open("rb") as file:
            import hashlib  # noqa: PLC0415  # OpenSSL takes 8 ms to load

            digest = hashlib.sha256()
            while part := file.read(_PART):
                digest.update(part)
            return digest.hexdigest()
    except OSError:
        return ""


def _now() -> datetime:
    return datetime.now(timezone.utc).replace(microsecond=0)


def as_json(scope: Scope) -> dict[str, Any]:
    """Return the scope as the ``scope`` of a report."""
    repository = scope.repository
    return {
        "made": scope.made.isoformat(),
        "version": __version__,
        "paths": list(map(clean, scope.paths)),
        "sources": scope.sources,
        "repository": None
        if repository is None
        else {"commit": repository.commit, "branch": clean(repository.branch), "web": clean(repository.web)},
        "snapshot": {"file": clean(scope.snapshot), "sha256": scope.sha256, "taken": scope.taken}
        if scope.taken
        else None,
        "redacted": scope.redacted,
        "regions": list(scope.regions),
        "accounts": [
            {"account": found.account, "name": clean(found.name), "read": found.read, "why": clean(found.why)}
            for found in scope.accounts
        ],
        "requirements": [
            {"file": clean(found.file), "sha256": found.sha256, "time_zone": found.time_zone}
            for found in scope.requirements
        ],
        "options": dict(scope.options),
    }
