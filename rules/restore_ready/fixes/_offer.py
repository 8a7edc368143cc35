"""Which findings can be fixed by edits that are proved on a copy?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from msgspec import Struct, field

from restore_ready._temporary_folder import temporary_folder
from restore_ready.engine._judge import Judgement
from restore_ready.fixes._apply import write_all
from restore_ready.fixes._clean import outside, unclean
from restore_ready.fixes._copy import Copy, absolute
from restore_ready.fixes._diff import unified
from restore_ready.fixes._node import ByHandError
from restore_ready.fixes._patch import Patcher
from restore_ready.fixes._proof import Key, key_of, objection, outcome_of
from restore_ready.model import Change, Fail
from restore_ready.readers.terraform._addresses import bare, steps
from restore_ready.scanning._scan import Scan

NO_CHANGE: Final = "there is no one change that is certainly right"


class Rescan(Protocol):
    """Judges paths by all rules, under the requirements and with the values of the first scan."""

    def __call__(self, paths: Sequence[Path], *, linked: Path) -> Scan:
        """Judge *paths*, which are links to what is below *linked*."""


_Refusal: TypeAlias = Callable[[Path], str]
"""Returns why a file must not be changed; empty where it may."""


class Patch(Struct, frozen=True):
    """A finding and the new texts of the files that its fix changes.

    Attributes:
        number: the finding's place among the judgements of the scan, from 0.
    """

    judgement: Judgement
    texts: Mapping[Path, str]
    number: int


class ByHand(Struct, frozen=True):
    """A finding that is not fixed by an edit, and why.

    Attributes:
        number: as in `Patch`.
    """

    judgement: Judgement
    why: str
    number: int


class Offer(Struct, frozen=True):
    """What can be fixed.

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

    def write(self) -> None:
        """Write the new texts.

        Raises:
            UsageError: if a file has changed meanwhile or can't be written.
        """
        write_all(self.old, self.new)

    def diff_of(self, patch: Patch) -> str:
        """Return what one of the patches changes by itself, as a unified diff."""
        return unified({path: self.old[path] for path in patch.texts}, patch.texts)


def offer_fixes(result: Scan, paths: Sequence[Path], rescan: Rescan, *, clean_only: bool, force: bool = False) -> Offer:
    """Return the fixes of what *result* found under *paths*, proved on a copy.

    Args:
        result: the findings.
        paths: what was scanned.
        rescan: judges paths by all rules as they were judged before.
        clean_only: leave out what would change a file that git could not bring back.
        force: leave out nothing for the sake of its file.
    """

    def refusal(path: Path) -> str:
        return outside(path, paths, follow=force) or (unclean(path) if clean_only and not force else "")

    patcher = Patcher()
    tried = [item for group in _grouped(result.judgements) for item in _tried(group, patcher, refusal)]
    patches = [item for item in tried if isinstance(item, Patch)]
    by_hand = [item for item in tried if isinstance(item, ByHand)]
    proved, unproved = _proved(patches, patcher, paths, rescan)
    new = patcher.texts(_changes(proved))
    rest = sorted([*by_hand, *unproved], key=lambda item: item.number)
    return Offer(tuple(proved), tuple(rest), {path: patcher.old_text(path) for path in new}, new)


def _grouped(judgements: Iterable[Judgement]) -> Iterator[list[tuple[int, Judgement]]]:
    """Return the judgements, with their numbers, by each rule on all instances of each resource that has a Fail."""
    found: dict[object, list[tuple[int, Judgement]]] = {}
    for number, judgement in enumerate(judgements):
        name = tuple(bare(step) for step in steps(judgement.address)[-2:])
        key = (judgement.rule.code, judgement.place.file, judgement.place.line, name)
        found.setdefault(key, []).append((number, judgement))
    return (group for group in found.values() if any(isinstance(judgement.verdict, Fail) for _, judgement in group))


def _tried(
    group: Sequence[tuple[int, Judgement]], patcher: Patcher, refusal: _Refusal
) -> Sequence[Patch] | Sequence[ByHand]:
    failing = [(number, judgement) for number, judgement in group if isinstance(judgement.verdict, Fail)]
    try:
        patches = [Patch(judgement, _texts(judgement, patcher, refusal), number) for number, judgement in failing]
    except ByHandError as error:
        return [ByHand(judgement, str(error), number) for number, judgement in failing]
    if len(failing) < len(group) or any(patch.texts != patches[0].texts for patch in patches):
        why = "it is not right for every instance of the resource"
        return [ByHand(judgement, why, number) for number, judgement in failing]
    return patches


def _texts(judgement: Judgement, patcher: Patcher, refusal: _Refusal) -> Mapping[Path, str]:
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
    for patch in patches:
        if isinstance(patch.judgement.verdict, Fail):
            yield from patch.judgement.verdict.changes


def _proved(
    patches: Sequence[Patch], patcher: Patcher, paths: Sequence[Path], rescan: Rescan
) -> tuple[list[Patch], list[ByHand]]:
    """Return the patches that hold together, and the others with what speaks against them."""
    if not patches:
        return [], []
    with temporary_folder() as folder:
        try:
            trial = _Trial(Copy(paths, folder.resolve()), patcher, rescan)
        except (OSError, ValueError) as error:
            why = f"its change could not be tried on a copy: {error}"
            return [], [ByHand(patch.judgement, why, patch.number) for patch in patches]
        trial.take(patches)
    return trial.good, trial.bad


class _Trial:
    """Tries patches on a copy: all together, else by halves."""

    def __init__(self, copy: Copy, patcher: Patcher, rescan: Rescan) -> None:
        self._copy = copy
        self._patcher = patcher
        self._rescan = rescan
        self._before = outcome_of(rescan(copy.paths, linked=copy.top))
        self.good: list[Patch] = []
        self.bad: list[ByHand] = []

    def take(self, patches: Sequence[Patch]) -> None:
        """Sort *patches* into good and bad ones, on top of those that are good already."""
        why = self._objection([*self.good, *patches])
        if not why:
            self.good += patches
        elif len(patches) == 1:
            self.bad.append(ByHand(patches[0].judgement, why, patches[0].number))
        else:
            middle = len(patches) // 2
            self.take(patches[:middle])
            self.take(patches[middle:])

    def _objection(self, patches: Sequence[Patch]) -> str:
        fixed = frozenset(self._key(patch.judgement) for patch in patches)
        if not fixed <= self._before.fails:
            return "its change could not be tried: the finding is not there in a copy"
        try:
            self._copy.write(self._patcher.texts(_changes(patches)))
        except ByHandError as error:
            return str(error)
        return objection(self._before, outcome_of(self._rescan(self._copy.paths, linked=self._copy.top)), fixed)

    def _key(self, judgement: Judgement) -> Key:
        code, file, address = key_of(judgement)
        return code, str(self._copy.of(absolute(Path(file)))), address
