"""Leaves out what a baseline knows, and keeps the file up to date."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click
from msgspec.structs import replace

from restore_ready._errors import UsageError
from restore_ready.catalog._finder import all_rules
from restore_ready.cli._baseline import Baseline
from restore_ready.engine._baseline import ACCOUNT, BaselineMatcher, Key
from restore_ready.engine._baseline_file import read_baseline, write_baseline
from restore_ready.model import Rule
from restore_ready.reports._safe_text import clean, plural
from restore_ready.scanning._scan import Scan

_NAMED = 5
_LISTED = 20


class KnownFindings(Baseline):
    """A file that is read before the run, applied to what is found, and written after it if that is wanted."""

    def __init__(self, file: Path, rules: Iterable[Rule], *, writes: bool) -> None:
        """Read *file*, which need not be there if it is to be written; *rules* are those that are put.

        Raises:
            UsageError: if it can't be used.
        """
        self._file = file
        self._writes = writes
        self._skipped = {one.code for one in all_rules()} - {one.code for one in rules}
        if writes and not file.parent.is_dir():
            msg = f"can't write a baseline there ({file}): give a file in a folder that exists"
            raise UsageError(msg)
        self._is_new = writes and not file.exists()
        self._before = {} if self._is_new else read_baseline(file)
        self._matcher = self._new_ledger()

    def _new_ledger(self) -> BaselineMatcher:
        return BaselineMatcher(self._before, str(self._file), skipped=self._skipped, writes=self._writes)

    def settle(self, scan: Scan, paths: Sequence[Path]) -> Scan:
        self._matcher = self._new_ledger()
        settled = replace(scan, judgements=self._matcher.settle(scan.judgements))
        self._matcher.look(_looked_at(self._matcher, scan, paths))
        return settled

    def settle_account(self, scan: Scan, *, complete: bool) -> Scan:
        settled = replace(scan, judgements=self._matcher.settle(scan.judgements))
        if complete:
            self._matcher.look(self._matcher.known_in({one.place.file for one in scan.judgements}))
        return settled

    def finish(self, *, quiet: bool) -> None:
        said = self._written() if self._writes else self._spare()
        for line in said if not quiet else ():
            click.echo(line, err=True)

    def _written(self) -> list[str]:
        after = self._matcher.updated()
        write_baseline(self._file, after)
        count = f"{self._named}: {plural(len(after), 'finding')}"
        if self._is_new:
            return [count]
        signs = {"+": sorted(after.keys() - self._before.keys()), "-": sorted(self._before.keys() - after.keys())}
        signs["~"] = sorted(key for key in after.keys() & self._before.keys() if after[key] != self._before[key])
        words = zip(("added", "removed", "changed"), signs.values(), strict=True)
        changes = ", ".join(f"{len(keys)} {word}" for word, keys in words if keys) or "nothing changed"
        lines = [f"  {sign} {clean(str(key))}" for sign, keys in signs.items() for key in keys]
        more = [f"  and {len(lines) - _LISTED} more"] if len(lines) > _LISTED else []
        return [f"{count}: {changes}", *lines[:_LISTED], *more]

    def _spare(self) -> Iterator[str]:
        """Say what the baseline has that is no longer there: it would hide it if it came back."""
        for keys, what in (
            (self._matcher.gone(), "no longer there"),
            (self._matcher.less(), "there with fewer faults"),
        ):
            if keys:
                names = ", ".join(clean(str(key)) for key in keys[:_NAMED])
                more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
                count = f"{plural(len(keys), 'finding')} {'is' if len(keys) == 1 else 'are'} {what}"
                yield f"{self._named}: {count}: {names}{more}: --write-baseline brings it up to date"

    @property
    def _named(self) -> str:
        return f"restore-ready: {clean(str(self._file))}"


def _looked_at(matcher: BaselineMatcher, scan: Scan, paths: Sequence[Path]) -> Iterator[Key]:
    """Give what of the baseline a scan of *paths* would have found again.

    That is what lies below them. What is in a module needs the root that calls it: the call must have been seen, unless
    the paths hold the whole folder of the baseline. Where something could not be read, nothing can be said.
    """
    folders = {os.path.realpath(one) for one in paths}
    unread = [*scan.unread, *(one.path for one in scan.crashes), *(Path(one.place.file) for one in scan.gaps)]
    blind = {os.path.realpath(one) for one in unread}
    blind_calls = {_call(one.address) for one in scan.gaps} - {""}
    calls = {"", *(_call(one.address) for one in scan.judgements)}
    is_whole = _is_below(matcher.folder, folders)
    for key in matcher.known:
        file = os.path.normpath(os.path.join(matcher.folder, key.file))  # noqa: PTH118  # a Path is four times slower
        call = _call(key.address)
        is_told = is_whole or call in calls
        is_open = key.file.startswith(ACCOUNT) or call in blind_calls or _is_below(file, blind)
        if is_told and not is_open and _is_below(file, folders):
            yield key


def _call(address: str) -> str:
    """Give the call of a module by its root that *address* is behind: ``module.efs``; empty for the root's own."""
    first, _, rest = address.partition(".")
    return f"module.{rest.partition('.')[0].partition('[')[0]}" if first == "module" else ""


def _is_below(path: str, folders: set[str]) -> bool:
    """Tell whether *path* is one of *folders*, or below one."""
    while path not in folders:
        above = os.path.dirname(path)  # noqa: PTH120  # a Path is four times slower
        if above == path:
            return False
        path = above
    return True
