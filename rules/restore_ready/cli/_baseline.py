"""``--baseline`` and ``--write-baseline``: what a run does about findings that were there before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from restore_ready._errors import UsageError
from restore_ready.model import Rule
from restore_ready.scanning._scan import Scan


class Baseline:
    """What a run does about what was there before: nothing, where no file is given."""

    def settle(self, scan: Scan, paths: Sequence[Path]) -> Scan:  # noqa: ARG002  # what a file needs
        """Turn what the baseline knows of *scan*, which is all there is under *paths*, into what does not count."""
        return scan

    def settle_account(self, scan: Scan, *, complete: bool) -> Scan:  # noqa: ARG002  # likewise
        """Do the same for one account of several; *complete* tells whether everything in it could be read."""
        return scan

    def finish(self, *, quiet: bool) -> None:
        """Write the file if that is wanted, and say on standard error how it changed or what it could do without.

        Raises:
            UsageError: if it can't be written.
        """


def baseline_of(baseline: Path | None, write: Path | None, rules: Iterable[Rule]) -> Baseline:
    """Give the baseline that the options name.

    Raises:
        UsageError: if both are given, or the file can't be used.
    """
    if baseline is not None and write is not None:
        msg = "--write-baseline reads the file that it brings up to date: take out --baseline"
        raise UsageError(msg)
    file = baseline or write
    if file is None:
        return Baseline()
    from restore_ready.cli._baseline_known import KnownFindings  # noqa: PLC0415  # most runs have no baseline

    return KnownFindings(file, rules, writes=write is not None)
