"""What does ``restore-ready scan`` say on standard error beside its reports?"""

from __future__ import annotations

import click

from restore_ready.cli._subject import Subject
from restore_ready.model import Fail
from restore_ready.reports._locations import shown, shown_file
from restore_ready.reports._report import Report
from restore_ready.reports._safe_text import clean, first_few, plural
from restore_ready.scanning._other_tools import to_scan_instead
from restore_ready.scanning._scan import Scan


def tell(result: Scan, report: Report, subject: Subject, *, to_file: bool) -> None:
    """Say on standard error what the reports can't: that there was nothing, and what went to files only."""
    if result.empty and subject.changed is not None:
        click.echo("restore-ready: nothing to judge: what changed touches no source", err=True)
    elif result.empty:
        names = ", ".join(clean(str(path)) for path in subject.where)
        click.echo(f"restore-ready: nothing to judge in {names}: no Terraform, plan or template there", err=True)
        for file, instead in to_scan_instead(result.other_tools):
            click.echo(f"restore-ready: {clean(shown_file(str(file)))}: {instead}", err=True)
        if result.ignored:
            left_out = first_few([clean(shown_file(str(folder))) for folder in result.ignored])
            click.echo(
                f"restore-ready: left out, because git ignores it: {left_out}: name what is to be read", err=True
            )
    elif to_file:
        found = f"{plural(report.summary.defects, 'finding')}, {report.summary.not_judged} could not be judged"
        click.echo(f"restore-ready: {found}", err=True)


def tell_unused(result: Scan) -> None:
    """Warn of exceptions that accept nothing: misspelt, or no longer needed."""
    for exception in result.unused:
        where = f"{clean(shown(exception.place).file)}:{exception.place.line}"
        about = f" on {clean(exception.match)}" if exception.match else ""
        what = f"the exception for {exception.rule}{about} accepts nothing in this scan"
        click.echo(f"restore-ready: {where}: {what}: correct it or take it out", err=True)


def tell_unreadable(result: Scan) -> None:
    """Name each file and folder that could not be read, for runs whose reports do not."""
    for gap in result.unreadable:
        place = shown(gap.place)
        click.echo(f"restore-ready: {clean(str(place))} could not be read: {clean(gap.why)}", err=True)


def tell_fixable(result: Scan) -> None:
    """Say how many of the findings come with an exact change, which ``--diff`` then proves on a copy."""
    fails: dict[tuple[str, str, str, int, str], bool] = {}
    for judgement in result.judgements:
        verdict, place = judgement.verdict, shown(judgement.place)
        if isinstance(verdict, Fail):
            said = (judgement.rule.code, judgement.address, place.file, place.line, verdict.message)
            fails[said] = bool(verdict.changes) or fails.get(said, False)  # a plan says again what its source does
    fixable = sum(fails.values())
    if fixable:
        which = f"{fixable} of {plural(len(fails), 'finding')}"
        click.echo(f"restore-ready: {which} may be fixed by --fix: --diff shows how", err=True)
