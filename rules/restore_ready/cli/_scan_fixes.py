"""``restore-ready scan --diff`` and ``--fix``: what would fix the findings of a scan, and what is made of it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from msgspec.structs import replace

from restore_ready.cli._options import DisplayOptions
from restore_ready.cli._outputs import Output, use_colour
from restore_ready.engine._judge import Judgement
from restore_ready.fixes._diff import unified
from restore_ready.fixes._offer import Rescan, offer_fixes
from restore_ready.reports._locations import shown
from restore_ready.reports._report import Report
from restore_ready.reports._safe_text import clean, plural
from restore_ready.scanning._scan import Scan

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


class ScanFixes:
    """The fixes of what a scan found, shown or made."""

    def __init__(  # noqa: PLR0913  # one keyword for each option
        self, result: Scan, paths: Sequence[Path], rescan: Rescan, *, diff: bool, fix: bool, force: bool
    ) -> None:
        """Work out what fixes the findings of *result* under *paths*, and make the changes if *fix* says so.

        Args:
            result: what was found.
            paths: what was scanned.
            rescan: scans it again.
            diff: whether the changes are shown.
            fix: whether they are made.
            force: whether in files too that git could not bring back.

        Raises:
            UsageError: if a file can't be written.
        """
        self._diff = diff
        self._fix = fix
        self._offer = offer_fixes(result, paths, rescan, clean_only=fix, force=force)
        if fix:
            self._offer.write()

    @property
    def changed(self) -> bool:
        """Whether files were changed."""
        return self._fix and bool(self._offer.new)

    def with_diffs(self, report: Report) -> Report:
        """Return *report* with what would fix each new finding, if diffs were asked for."""
        if not self._diff:
            return report
        diffs = {_key(patch.judgement): self._offer.diff_of(patch) for patch in self._offer.patches}
        findings = tuple(
            finding
            if finding.baseline
            else replace(
                finding, diff=diffs.get((finding.code, finding.place.file, finding.place.line, finding.address))
            )
            for finding in report.findings
        )
        return replace(report, findings=findings, shows_diffs=True)

    def tell(self, outputs: Sequence[Output], display: DisplayOptions) -> None:
        """Write the diff, what was fixed and what is left; to standard error if reports need the other."""
        to_error = any(output.file is None and output.format != "text" for output in outputs)
        if self._diff and not to_error:
            _show_diff(unified(self._offer.old, self._offer.new), colour=use_colour(no_colour=display.no_colour))
        if not display.quiet:
            for line in (*self._fixed(), *self._by_hand()):
                click.echo(line, err=to_error or self._diff)

    def _fixed(self) -> Iterator[str]:
        if not self._fix:
            return
        count, files = len(self._offer.patches), plural(len(self._offer.new), "file")
        yield f"{plural(count, 'finding')} fixed in {files}" if self._offer.new else "nothing was fixed"
        yield from (f"  {_name(patch.judgement)}" for patch in self._offer.patches)

    def _by_hand(self) -> Iterator[str]:
        reasons: dict[str, list[Judgement]] = {}
        for left in self._offer.by_hand:
            reasons.setdefault(left.why, []).append(left.judgement)
        for why, judgements in reasons.items():
            yield f"by hand: {clean(why)}"
            yield from (f"  {_name(judgement)}" for judgement in judgements)


def _show_diff(diff: str, *, colour: bool) -> None:
    """Write a diff: as it is for other programs, without control characters and in colours for a terminal."""
    for line in diff.split("\n")[:-1]:
        style = None if line.startswith(("+++", "---")) else _COLOURS.get(line[:1])
        click.echo(click.style(clean(line), fg=style) if colour else line, color=colour)


def _name(judgement: Judgement) -> str:
    place = shown(judgement.place)
    return f"{judgement.rule.code} {clean(judgement.address)} ({clean(place.file)}:{place.line})"


def _key(judgement: Judgement) -> tuple[str, str, int, str]:
    place = shown(judgement.place)
    return judgement.rule.code, place.file, place.line, judgement.address
