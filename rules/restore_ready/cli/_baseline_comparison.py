"""``--baseline`` and ``--write-baseline``: what does a run do about findings that were there before?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click
from msgspec.structs import replace

from restore_ready._errors import UsageError
from restore_ready.catalog._finder import all_rules
from restore_ready.engine._baseline import ACCOUNT, BaselineMatcher, Key
from restore_ready.model import Rule
from restore_ready.reports._safe_text import clean, first_few, first_lines, plural
from restore_ready.scanning._scan import Scan

_LISTED = 20


class NoBaseline:
    """What a run does about what was there before where no file is given: nothing."""

    def settle(self, scan: Scan, paths: Sequence[Path]) -> Scan:  # noqa: ARG002  # what a file needs
        """Return *scan*, which is all there is under *paths*, with what the baseline knows as what does not count."""
        return scan

    def settle_account(self, scan: Scan, *, complete: bool) -> Scan:  # noqa: ARG002  # likewise
        """Return the same for one account of several; *complete* says whether everything in it could be read."""
        return scan

    def finish(self, *, quiet: bool) -> None:
        """Write the file if that is wanted, and say on standard error how it changed or what it could do without.

        Raises:
            UsageError: if it can't be written.
        """


def baseline_comparison(baseline: Path | None, write: Path | None, rules: Iterable[Rule]) -> NoBaseline:
    """Return what compares a run by *rules* with the file that ``--baseline`` or ``--write-baseline`` names.

    Raises:
        UsageError: if both are given, or the file can't be used.
    """
    if baseline is not None and write is not None:
        msg = "--write-baseline reads the file that it brings up to date: take out --baseline"
        raise UsageError(msg)
    file = baseline or write
    return NoBaseline() if file is None else BaselineComparison(file, rules, writes=write is not None)


class BaselineComparison(NoBaseline):
    """A file that is read before the run, applied to what is found, and written after it if that is wanted."""

    def __init__(self, file: Path, rules: Iterable[Rule], *, writes: bool) -> None:
        """Read *file*, which need not be there if it is to be written; *rules* are those that are put.

        Raises:
            UsageError: if it can't be used.
        """
        from restore_ready.engine._baseline_file import read_baseline  # noqa: PLC0415  # most runs have no baseline

        self._file = file
        self._writes = writes
        self._skipped = {rule.code for rule in all_rules()} - {rule.code for rule in rules}
        if writes and not file.parent.is_dir():
            msg = f"can't write a baseline there ({file}): give a file in a folder that exists"
            raise UsageError(msg)
        self._is_new = writes and not file.exists()
        self._before = {} if self._is_new else read_baseline(file)
        self._matcher = self._new_matcher()

    def _new_matcher(self) -> BaselineMatcher:
        return BaselineMatcher(self._before, str(self._file), skipped=self._skipped, writes=self._writes)

    def settle(self, scan: Scan, paths: Sequence[Path]) -> Scan:
        self._matcher = self._new_matcher()
        settled = replace(scan, judgements=self._matcher.settle(scan.judgements))
        self._matcher.look(_looked_at(self._matcher, scan, paths))
        return settled

    def settle_account(self, scan: Scan, *, complete: bool) -> Scan:
        settled = replace(scan, judgements=self._matcher.settle(scan.judgements))
        if complete:
            self._matcher.look(self._matcher.known_in({judgement.place.file for judgement in scan.judgements}))
        return settled

    def finish(self, *, quiet: bool) -> None:
        said = self._written() if self._writes else list(self._spare())
        for line in () if quiet else said:
            click.echo(line, err=True)

    def _written(self) -> list[str]:
        from restore_ready.engine._baseline_file import write_baseline  # noqa: PLC0415  # likewise

        before, after = self._before, self._matcher.updated()
        write_baseline(self._file, after)
        count = f"{self._label}: {plural(len(after), 'finding')}"
        if self._is_new:
            return [count]
        changes = (
            ("+", "added", after.keys() - before.keys()),
            ("-", "removed", before.keys() - after.keys()),
            ("~", "changed", {key for key in after.keys() & before.keys() if after[key] != before[key]}),
        )
        counts = ", ".join(f"{len(keys)} {word}" for _, word, keys in changes if keys) or "nothing changed"
        lines = [f"{sign} {clean(str(key))}" for sign, _, keys in changes for key in sorted(keys)]
        return [f"{count}: {counts}", *(f"  {line}" for line in first_lines(lines, _LISTED))]

    def _spare(self) -> Iterator[str]:
        """Return what the baseline has that is no longer there: it would hide it if it came back."""
        for keys, what in (
            (self._matcher.gone(), "no longer there"),
            (self._matcher.less(), "there with fewer faults"),
        ):
            if keys:
                count = f"{plural(len(keys), 'finding')} {'is' if len(keys) == 1 else 'are'} {what}"
                yield f"{self._label}: {count}: {first_few(keys)}: --write-baseline brings it up to date"

    @property
    def _label(self) -> str:
        return f"restore-ready: {clean(str(self._file))}"


def _looked_at(matcher: BaselineMatcher, scan: Scan, paths: Sequence[Path]) -> Iterator[Key]:
    """Return what of the baseline a scan of *paths* would have found again.

    That is what lies below them. What is in a module needs the root that calls it: the call must have been seen, unless
    the paths hold the whole folder of the baseline. Where something could not be read, nothing can be said.
    """
    folders = {os.path.realpath(path) for path in paths}
    unread = [*scan.unread, *(crash.path for crash in scan.crashes), *(Path(gap.place.file) for gap in scan.gaps)]
    blind = {os.path.realpath(path) for path in unread}
    blind_calls = {_call(gap.address) for gap in scan.gaps} - {""}
    calls = {"", *(_call(judgement.address) for judgement in scan.judgements)}
    is_whole = _is_below(matcher.folder, folders)
    for key in matcher.known:
        file = os.path.normpath(os.path.join(matcher.folder, key.file))  # noqa: PTH118  # a Path is four times slower
        call = _call(key.address)
        is_told = is_whole or call in calls
        is_open = key.file.startswith(ACCOUNT) or call in blind_calls or _is_below(file, blind)
        if is_told and not is_open and _is_below(file, folders):
            yield key


def _call(address: str) -> str:
    """Return the call of a module by its root that *address* is behind: ``module.efs``; empty for the root's own."""
    first, _, rest = address.partition(".")
    return f"module.{rest.partition('.')[0].partition('[')[0]}" if first == "module" else ""


def _is_below(path: str, folders: set[str]) -> bool:
    """Return whether *path* is one of *folders*, or below one."""
    while path not in folders:
        above = os.path.dirname(path)  # noqa: PTH120  # a Path is four times slower
        if above == path:
            return False
        path = above
    return True
