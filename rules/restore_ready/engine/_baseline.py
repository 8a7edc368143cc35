"""Which findings of a run were there before, by what a baseline keeps of them?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.engine._judge import Judgement
from restore_ready.model import Fail, Pass
from restore_ready.requirements._file import Baselined, Excepted

ACCOUNT: Final = "aws:"
"""What the place of a live account begins with, where others have a file."""

Parts: TypeAlias = Mapping[str, int]
"""What of a resource is at fault, and how often: the rules of a plan, the callers of a policy."""


class Key(Struct, frozen=True, order=True):
    """What a finding is recognised by, wherever it has moved in its file.

    Attributes:
        file: relative to the folder of the baseline, with forward slashes; of a live account its label.
    """

    file: str
    address: str
    code: str

    def __str__(self) -> str:
        """Return it for people."""
        return f"{self.code} {self.address} ({self.file})"


class BaselineMatcher:
    """Knows which findings of a run a baseline knows, and which of those that it knows are gone.

    Attributes:
        known: what the baseline has.
        found: what the run finds of it; of everything, where the baseline is being written.
    """

    def __init__(
        self, known: Mapping[Key, Parts], file: str, *, skipped: Iterable[str] = (), writes: bool = False
    ) -> None:
        """Take what the baseline *file* has, the codes that are not put, and whether it is being written."""
        self.known = known
        self.found: dict[Key, Parts] = {}
        self._file = file
        self._folder = os.path.dirname(os.path.realpath(file))  # noqa: PTH120  # as names are made below
        self._skipped = frozenset(skipped)
        self._writes = writes
        self._seen: set[Key] = set()
        self._open: set[Key] = set()
        self._of_file: dict[str, list[Key]] = {}
        for key in known:
            self._of_file.setdefault(key.file, []).append(key)

    @property
    def folder(self) -> str:
        """The folder that files are relative to."""
        return self._folder

    def settle(self, judgements: Sequence[Judgement]) -> tuple[Judgement, ...]:
        """Return *judgements*, each Fail that the baseline knows as `Baselined`; all else stays as it is."""
        return tuple(self._settled(judgement) for judgement in judgements)

    def look(self, keys: Iterable[Key]) -> None:
        """Take note that the run would have found *keys* again if they were still there."""
        self._seen.update(key for key in keys if key.code not in self._skipped)

    def known_in(self, files: Iterable[str]) -> Iterator[Key]:
        """Return what the baseline has in *files*."""
        return (key for file in files for key in self._of_file.get(file, ()))

    def gone(self) -> list[Key]:
        """Return what the baseline has and the run certainly found no more."""
        return sorted(self._seen - self._open - self.found.keys())

    def less(self) -> list[Key]:
        """Return what is still there, but not with all the parts that the baseline has."""
        both = ((key, parts) for key, parts in self.known.items() if key in self.found and key not in self._open)
        return sorted(key for key, parts in both if not _within(parts, self.found[key]))

    def updated(self) -> dict[Key, Parts]:
        """Return what the baseline should have now: what was found, and what the run can say nothing of."""
        gone = set(self.gone())
        kept = {key: parts for key, parts in self.known.items() if key not in gone}
        found = {key: parts for key, parts in self.found.items() if key not in kept or key not in self._open}
        return {**kept, **found}

    def _settled(self, judgement: Judgement) -> Judgement:
        verdict = judgement.verdict
        if isinstance(verdict, Pass) and not self.known:
            return judgement
        key = Key(_name(judgement.place.file, self._folder), judgement.address, judgement.rule.code)
        if key in self.known:
            (self._seen if isinstance(verdict, (Pass, Fail, Excepted)) else self._open).add(key)
        if not isinstance(verdict, Fail):
            return judgement
        parts = parts_of(verdict.evidence)
        if self._writes or key in self.known:
            self.found[key] = most(self.found.get(key, {}), parts)
        is_known = self._writes or self._has(key, parts)
        return replace(judgement, verdict=Baselined(verdict, self._file)) if is_known else judgement

    def _has(self, key: Key, parts: Parts) -> bool:
        """Return whether the baseline has a finding with all these parts; one without any stands for all."""
        before = self.known.get(key)
        return before is not None and (not before or _within(parts, before))


def _within(parts: Parts, others: Parts) -> bool:
    return all(others.get(name, 0) >= number for name, number in parts.items())


def most(parts: Parts, others: Parts) -> Parts:
    """Return the parts of findings with one key together, those that both have once."""
    return {name: max(parts.get(name, 0), others.get(name, 0)) for name in (*parts, *others)}


@lru_cache(maxsize=4096)
def _name(file: str, folder: str) -> str:
    """Return *file* as a baseline in *folder* names it. Links to folders are followed: every way there is one."""
    if file.startswith(ACCOUNT):
        return file
    absolute = os.path.join(os.path.realpath(os.path.dirname(file) or "."), os.path.basename(file))  # noqa: PTH118, PTH119, PTH120  # a Path is four times slower
    try:
        return os.path.relpath(absolute, folder).replace(os.sep, "/")
    except ValueError:  # on another drive
        return absolute.replace(os.sep, "/")


_NAMES: Final = ("callers", "missing", "roles", "states")
_RECORDS: Final = {"rules": ("rule",), "taken": ("action", "stage")}
_FAULTS: Final = ("faults", "refused", "meets")


def parts_of(evidence: Mapping[str, object]) -> Parts:
    """Return what of the resource is at fault by a finding's evidence: names that stay, and how often.

    Figures are left out, so that a window that gets an hour wider is the same finding; and sentences, which may be
    worded otherwise, are counted.
    """
    parts: dict[str, int] = {}
    for name, number in _parts(evidence):
        parts[name] = parts.get(name, 0) + number
    return parts


def _parts(evidence: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    for key in _NAMES:
        yield from ((name, 1) for name in _names(evidence.get(key)))
    for key, names in _RECORDS.items():
        for record in _records(evidence.get(key)):
            yield " by ".join(str(record.get(name, "")) for name in names), max(_faults(record), 1)
    if number := _faults(evidence):
        yield "faults", number


def _names(value: object) -> Iterator[str]:
    """Return the names in a piece of evidence: one, several, or the keys of counts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple, Mapping)):
        yield from (str(name) for name in value)


def _records(value: object) -> Iterator[Mapping[str, object]]:
    return (record for record in value if isinstance(record, Mapping)) if isinstance(value, (list, tuple)) else iter(())


def _faults(record: Mapping[str, object]) -> int:
    """Return how many sentences say what is wrong."""
    said = (record.get(key) for key in _FAULTS)
    return sum(len(faults) for faults in said if isinstance(faults, (list, tuple)))
