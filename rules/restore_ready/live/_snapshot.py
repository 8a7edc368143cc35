"""How are the facts of accounts kept in a file, one JSON object a line, to audit again without asking AWS?

The first line is the header. Then come the accounts, one after the other: their facts, and a line that ends them and
says how many there were. A file is written under another name and gets its own when it is complete.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from msgspec import UNSET, DecodeError, Struct, UnsetType, ValidationError, convert, field, json

from restore_ready._bounded_read import lines_of
from restore_ready._errors import UnreadableError, UsageError
from restore_ready._new_file import is_stream, refuse_way_out
from restore_ready._version import __version__
from restore_ready.live._account_roster import ROSTER
from restore_ready.live._alone import open_alone
from restore_ready.live._plan import plan_hash
from restore_ready.live._redaction import Redactor
from restore_ready.model import Fact, Status

FORMAT: Final = 1
PARTIAL: Final = ".partial"
"""What the name of a snapshot ends with as long as it is not complete."""

_NO_SNAPSHOT: Final = "is no snapshot of restore-ready: its first line says nothing of one"


class Header(Struct, frozen=True):
    """What a snapshot says about itself.

    Attributes:
        version: of restore-ready; *plan* is the hash of its fact plan.
        started: when collecting began, ISO 8601 in UTC.
        regions: the Regions that were asked for; empty for all.
        redacted: whether account ids were replaced.
        verified: whether AWS's policy simulator was asked.
    """

    started: str
    regions: tuple[str, ...] = ()
    redacted: bool = False
    verified: bool = False
    version: str = __version__
    plan: str = ""
    format: int = FORMAT

    @classmethod
    def new(
        cls, started: str, regions: tuple[str, ...] = (), *, redacted: bool = False, verified: bool = False
    ) -> Header:
        """Return the header of a snapshot that this version makes, begun at *started* (ISO 8601 in UTC)."""
        return cls(started, regions, redacted=redacted, verified=verified, plan=plan_hash())


class _FirstLine(Struct):
    """The first line of a snapshot; `Header` is read once its format is known to be ours."""

    snapshot: dict[str, Any] = field(default_factory=dict)


class _Line(Struct):
    """Any further line: a fact without its empty fields, or, with *end*, that all *facts* of an account were told."""

    end: str | UnsetType = UNSET
    facts: object = None
    id: str = ""
    account: str = ""
    region: str = ""
    status: object = ""
    params: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    code: str = ""
    message: str = ""
    action: str = ""
    at: str = ""
    request_id: str = ""
    operation: str = ""


_FIRST_LINE: Final = json.Decoder(_FirstLine)
_LINE: Final = json.Decoder(_Line)
_STATUSES: Final = {status.value: status for status in Status}
_Told = TypeVar("_Told", _FirstLine, _Line)


class SnapshotAccount(Struct, frozen=True):
    """Everything that a snapshot holds of one account."""

    account: str
    facts: tuple[Fact, ...]


class SnapshotWriter:
    """Writes a snapshot account by account; what was written stays if the run breaks off. Made by `writing`."""

    def __init__(self, path: Path, header: Header, *, resume: bool = False) -> None:
        """Write to *path*; with *resume*, go on with what a broken run left, if there is anything.

        Raises:
            UnreadableError: if what it left can't be gone on with.
            UsageError: if the file can't be written or is none, another run is writing it, or a redacted snapshot is
                to be gone on with.
        """
        if resume and header.redacted:
            msg = "a redacted snapshot can't be resumed: which account got which number is not kept; start anew"
            raise UsageError(msg)
        self.path = path
        self.header = header
        self.done: tuple[str, ...] = ()
        """Accounts that are in the file already."""
        if is_stream(path):
            msg = f"a snapshot is a file, and {path} is none: name one"
            raise UsageError(msg)
        self._redactor = Redactor() if header.redacted else None
        self._partial = path.with_name(path.name + PARTIAL)
        with self._told():
            refuse_way_out(path.parent)
            self._file = open_alone(self._partial)
            try:
                if resume and self._partial.stat().st_size:
                    self._go_on()
                else:
                    self._begin()
            except UnreadableError:
                self._file.close()
                raise

    def add(self, account: str, facts: Iterable[Fact]) -> None:
        """Write all facts of one account. Call it from one thread at a time.

        Raises:
            UsageError: if they can't be written.
        """
        number = 0
        for fact in facts:
            self._write({name: value for name in Fact.__struct_fields__ if (value := getattr(fact, name))})
            number += 1
        self._write({"end": account, "facts": number})
        with self._told():
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self, *, complete: bool) -> None:
        """Close the file and, if it is *complete*, give it its name.

        Raises:
            UsageError: if it can't be written.
        """
        with self._told():
            self._file.flush()
            if complete:
                self._partial.replace(self.path)
            self._file.close()

    def _begin(self) -> None:
        self._file.truncate(0)
        self._file.write(json.format(json.encode({"snapshot": self.header}), indent=0) + b"\n")

    def _go_on(self) -> None:
        """Cut off the account that was not finished, and go on behind the last one that was."""
        done: list[str] = []
        with self._partial.open("rb") as lines:
            first = lines.readline()
            _check_same(read_header(self._partial, first), self.header, self._partial)
            sound = len(first)
            position = sound
            for line in lines:
                position += len(line)
                ended = _end(line)
                if ended is not None:
                    done.append(ended)
                    sound = position
        self._file.truncate(sound)
        self.done = tuple(done)
        self.header = read_header(self._partial, first)

    def _write(self, told: Mapping[str, Any]) -> None:
        line = json.encode(told if self._redactor is None else self._redactor.redacted(told)) + b"\n"
        with self._told():
            self._file.write(line)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except BlockingIOError as error:
            msg = f"another audit is writing the snapshot ({self.path}): wait for it, or give another file"
            raise UsageError(msg) from error
        except OSError as error:
            msg = f"can't write the snapshot ({self.path}): {error.strerror}"
            raise UsageError(msg) from error


@contextmanager
def writing(path: Path, header: Header, *, resume: bool = False) -> Iterator[SnapshotWriter]:
    """Yield a writer of *path*; the file gets its name at the end, unless an error ends it.

    Raises:
        UnreadableError: as `SnapshotWriter` does, likewise UsageError.
    """
    writer = SnapshotWriter(path, header, resume=resume)
    complete = False
    try:
        yield writer
        complete = True
    finally:
        writer.close(complete=complete)


def read_header(path: Path, line: bytes | None = None) -> Header:
    """Return the header of the snapshot *path*, from its first *line* if that was read.

    Raises:
        UnreadableError: if it is no snapshot, or of a later version.
    """
    if line is None:
        line = next(lines_of(path), b"")
    told = _decoded(_FIRST_LINE, path, 1, line, otherwise=_NO_SNAPSHOT).snapshot
    if not {"started", "format"} <= told.keys():
        raise UnreadableError(path, _NO_SNAPSHOT, 1)
    if told["format"] != FORMAT:
        raise UnreadableError(path, f"is a snapshot of format {told['format']}; this version reads {FORMAT}", 1)
    try:
        return convert(told, Header)
    except ValidationError as error:
        raise UnreadableError(path, _NO_SNAPSHOT, 1) from error


def read_accounts(path: Path) -> Iterator[SnapshotAccount]:
    """Yield the accounts of the snapshot *path* one by one; only one is held in memory.

    Raises:
        UnreadableError: if a line is malformed, a fact is missing or of another account, or the file ends within an
            account or before any.
    """
    read_header(path)
    facts: list[Fact] = []
    number = 1
    for number, line in enumerate(islice(lines_of(path), 1, None), start=2):
        told = _decoded(_LINE, path, number, line, otherwise="is no fact: a field has the wrong type")
        if told.end is UNSET:
            facts.append(_fact(path, number, told))
            continue
        if told.facts != len(facts):
            why = f"account {told.end} has {len(facts)} facts here, but was written with {told.facts}"
            raise UnreadableError(path, why, number)
        strays = {fact.account for fact in facts} - {"", told.end}
        if strays and told.end != ROSTER:
            raise UnreadableError(path, f"has facts of account {min(strays)} among those of {told.end}", number)
        yield SnapshotAccount(told.end, tuple(facts))
        facts = []
    if number == 1:
        raise UnreadableError(path, "holds no account: what wrote it was broken off before the first", number)
    if facts:
        raise UnreadableError(path, f"ends within the facts of account {facts[-1].account}", number)


def _decoded(decoder: json.Decoder[_Told], path: Path, number: int, line: bytes, *, otherwise: str) -> _Told:
    """Return what line *number* of *path* tells; *otherwise* says what an object is that tells something else."""
    try:
        return decoder.decode(line)
    except (DecodeError, RecursionError) as error:
        raise UnreadableError(path, _fault(line, otherwise), number) from error


def _fault(line: bytes, otherwise: str) -> str:
    try:
        told = json.decode(line)
    except (DecodeError, RecursionError) as error:
        return f"is not JSON: {error}"
    return otherwise if isinstance(told, dict) else "should be a JSON object"


def _fact(path: Path, number: int, told: _Line) -> Fact:
    status = _STATUSES.get(told.status) if isinstance(told.status, str) else None
    if not told.id or status is None:
        raise UnreadableError(path, "is no fact: it lacks an id or a status", number)
    given = {name: getattr(told, name) for name in Fact.__struct_fields__}
    return Fact(**{**given, "status": status})


def _end(line: bytes) -> str | None:
    """Return the account that *line* ends, ``None`` if it ends none."""
    try:
        told = _LINE.decode(line)
    except (DecodeError, RecursionError):
        return None
    return str(told.end) if told.end is not UNSET and line.endswith(b"\n") else None


def _check_same(found: Header, wanted: Header, path: Path) -> None:
    settings = (wanted.plan, wanted.regions, wanted.redacted, wanted.verified)
    if (found.plan, found.regions, found.redacted, found.verified) != settings:
        raise UnreadableError(path, "was begun with other settings or another version: remove it and start anew", 1)
