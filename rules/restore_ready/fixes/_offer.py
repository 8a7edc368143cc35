"""Chooses which findings can be cured by edits, and proves the edits on a copy."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

from msgspec import Struct, field

from restore_ready.engine._judge import Judgement
from restore_ready.fixes._copy import Copy, absolute
from restore_ready.fixes._node import ByHandError
from restore_ready.fixes._patch import Patcher
from restore_ready.fixes._proof import Key, key_of, objection, outcome
from restore_ready.model import Change, Fail
from restore_ready.readers.terraform._addresses import bare, steps
from restore_ready.scanning._scan import Scan

NO_CHANGE = "there is no one change that is certainly right"


class Rescan(Protocol):
    """Judges paths by all rules, under the requirements and with the values of the first scan."""

    def __call__(self, paths: Sequence[Path], *, linked: Path) -> Scan:
        """Judge *paths*, which are links to what is below *linked*."""


Refusal: TypeAlias = Callable[[Path], str]
"""Says why a file must not be changed; empty where it may."""


class Patch(Struct, frozen=True):
    """A finding and the new texts of the files that its cure changes."""

    judgement: Judgement
    texts: Mapping[Path, str]


class ByHand(Struct, frozen=True):
    """A finding that is not cured by an edit, and why."""

    judgement: Judgement
    why: str


class Offer(Struct, frozen=True):
    """What can be cured.

    Attributes:
        patches: one for each finding, of itself alone.
        by_hand: the findings that remain.
        old: the texts of the files that change.
        new: their texts with all patches made.
    """

    patches: tuple[Patch, ...] = ()
    by_hand: tuple[ByHand, ...] = ()
    old: Mapping[Path, str] = field(default_factory=dict)
    new: Mapping[Path, str] = field(default_factory=dict)


def offer(result: Scan, paths: Sequence[Path], rescan: Rescan, refusal: Refusal) -> Offer:
    """Choose and prove the cures of what *result* found under *paths*."""
    patcher = Patcher()
    patches: list[Patch] = []
    by_hand: list[ByHand] = []
    for one in _grouped(result.judgements):
        found = _tried(one, patcher, refusal)
        (patches if isinstance(found[0], Patch) else by_hand).extend(found)  # type: ignore[arg-type]
    proved, unproved = _proved(patches, patcher, paths, rescan)
    new = patcher.texts(_changes(proved))
    order = {id(one): number for number, one in enumerate(result.judgements)}
    rest = sorted([*by_hand, *unproved], key=lambda one: order[id(one.judgement)])
    return Offer(tuple(proved), tuple(rest), {path: patcher.old_text(path) for path in new}, new)


def _grouped(judgements: Iterable[Judgement]) -> Iterator[list[Judgement]]:
    """Give the judgements by each rule on all instances of each resource that has a Fail."""
    found: dict[object, list[Judgement]] = {}
    for one in judgements:
        name = tuple(bare(step) for step in steps(one.address)[-2:])
        found.setdefault((one.rule.code, one.place.file, one.place.line, name), []).append(one)
    return (group for group in found.values() if any(isinstance(one.verdict, Fail) for one in group))


def _tried(group: Sequence[Judgement], patcher: Patcher, refusal: Refusal) -> list[Patch] | list[ByHand]:
    failing = [one for one in group if isinstance(one.verdict, Fail)]
    try:
        patches = [Patch(one, _texts(one, patcher, refusal)) for one in failing]
    except ByHandError as error:
        return [ByHand(one, str(error)) for one in failing]
    if len(failing) < len(group) or any(one.texts != patches[0].texts for one in patches):
        return [ByHand(one, "it is not right for every instance of the resource") for one in failing]
    return patches


def _texts(judgement: Judgement, patcher: Patcher, refusal: Refusal) -> Mapping[Path, str]:
    """Return the new texts for one finding.

    Raises:
        ByHandError: if there are none.
    """
    verdict = judgement.verdict
    if not isinstance(verdict, Fail) or not verdict.changes:
        raise ByHandError(NO_CHANGE)
    texts = patcher.texts(verdict.changes)
    if why := next(filter(None, map(refusal, texts)), ""):
        raise ByHandError(why)
    return texts


def _changes(patches: Iterable[Patch]) -> Iterator[Change]:
    for one in patches:
        if isinstance(one.judgement.verdict, Fail):
            yield from one.judgement.verdict.changes


def _proved(
    patches: Sequence[Patch], patcher: Patcher, paths: Sequence[Path], rescan: Rescan
) -> tuple[list[Patch], list[ByHand]]:
    """Return the patches that hold together, and the others with what speaks against them."""
    if not patches:
        return [], []
    with tempfile.TemporaryDirectory(prefix="restore-ready-") as folder:
        try:
            runner = _RuleRunner(Copy(paths, Path(folder).resolve()), patcher, rescan)
        except (OSError, ValueError) as error:
            why = f"its change could not be tried on a copy: {error}"
            return [], [ByHand(one.judgement, why) for one in patches]
        runner.take(patches)
    return runner.good, runner.bad


class _RuleRunner:
    """Tries patches on a copy: all together, else by halves."""

    def __init__(self, copy: Copy, patcher: Patcher, rescan: Rescan) -> None:
        self._copy = copy
        self._patcher = patcher
        self._rescan = rescan
        self._before = outcome(rescan(copy.paths, linked=copy.top))
        self.good: list[Patch] = []
        self.bad: list[ByHand] = []

    def take(self, patches: Sequence[Patch]) -> None:
        """Sort *patches* into good and bad ones, on top of those that are good already."""
        why = self._objection([*self.good, *patches])
        if not why:
            self.good += patches
        elif len(patches) == 1:
            self.bad.append(ByHand(patches[0].judgement, why))
        else:
            middle = len(patches) // 2
            self.take(patches[:middle])
            self.take(patches[middle:])

    def _objection(self, patches: Sequence[Patch]) -> str:
        fixed = frozenset(self._key(one.judgement) for one in patches)
        if not fixed <= self._before.fails:
            return "its change could not be tried: the finding is not there in a copy"
        try:
            self._copy.write(self._patcher.texts(_changes(patches)))
        except ByHandError as error:
            return str(error)
        return objection(self._before, outcome(self._rescan(self._copy.paths, linked=self._copy.top)), fixed)

    def _key(self, judgement: Judgement) -> Key:
        code, file, address = key_of(judgement)
        return code, str(self._copy.of(absolute(Path(file)))), address
