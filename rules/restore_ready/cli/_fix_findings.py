"""``restore-ready scan --diff`` and ``--fix``: shows the cures of a scan's findings, and makes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from msgspec.structs import replace

from restore_ready.cli._fixes import Wish
from restore_ready.cli._outputs import Output, use_colour
from restore_ready.engine._judge import Judgement
from restore_ready.fixes._diff import unified
from restore_ready.fixes._offer import Offer, Rescan, offer_fixes
from restore_ready.reports._plain import clean, plural
from restore_ready.reports._report import Finding, Report, shown
from restore_ready.scanning._scan import Scan

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def fix(wish: Wish, result: Scan, paths: Sequence[Path], rescan: Rescan) -> Offer:
    """Return the cures of what *result* found under *paths*, and make them if that is wished.

    Raises:
        UsageError: if a file can't be written.
    """
    found = offer_fixes(result, paths, rescan, clean_only=wish.fix, force=wish.force)
    if wish.fix:
        found.write()
    return found


def with_diffs(report: Report, found: Offer) -> Report:
    """Add to each finding of *report* what would cure it."""
    diffs = {_key(one.judgement): found.diff_of(one) for one in found.patches}
    findings = tuple(replace(one, diff=diffs.get(_finding_key(one))) for one in report.findings)
    return replace(report, findings=findings, shows_diffs=True)


def tell(wish: Wish, found: Offer, outputs: Sequence[Output], *, no_colour: bool, quiet: bool) -> None:
    """Write the diff, what was fixed and what is to be done by hand; on standard error if reports need the other."""
    to_error = any(one.file is None and one.format != "text" for one in outputs)
    if wish.diff and not to_error:
        _show_diff(unified(found.old, found.new), colour=use_colour(no_colour=no_colour))
    if quiet:
        return
    for line in (*_fixed(wish, found), *_by_hand(found)):
        click.echo(line, err=to_error or wish.diff)


def _show_diff(diff: str, *, colour: bool) -> None:
    """Write a diff: as it is for other programs, without control characters and in colours for a terminal."""
    for line in diff.split("\n")[:-1]:
        style = None if line.startswith(("+++", "---")) else _COLOURS.get(line[:1])
        click.echo(click.style(clean(line), fg=style) if colour else line, color=colour)


def _fixed(wish: Wish, found: Offer) -> Iterable[str]:
    if wish.fix:
        files = plural(len(found.new), "file")
        yield f"{plural(len(found.patches), 'finding')} fixed in {files}" if found.new else "nothing was fixed"
        yield from (f"  {_name(one.judgement)}" for one in found.patches)


def _by_hand(found: Offer) -> Iterable[str]:
    reasons: dict[str, list[Judgement]] = {}
    for one in found.by_hand:
        reasons.setdefault(one.why, []).append(one.judgement)
    for why, judgements in reasons.items():
        yield f"by hand: {clean(why)}"
        yield from (f"  {_name(one)}" for one in judgements)


def _name(judgement: Judgement) -> str:
    place = shown(judgement.place)
    return f"{judgement.rule.code} {clean(judgement.address)} ({clean(place.file)}:{place.line})"


def _key(judgement: Judgement) -> tuple[str, str, int, str]:
    place = shown(judgement.place)
    return judgement.rule.code, place.file, place.line, judgement.address


def _finding_key(finding: Finding) -> tuple[str, str, int, str]:
    return finding.code, finding.place.file, finding.place.line, finding.address
