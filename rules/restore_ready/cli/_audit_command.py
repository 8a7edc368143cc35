"""``restore-ready audit``: how do live accounts stand, or what a snapshot says of them?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from msgspec import Struct, field

from restore_ready._errors import UnreadableError, UsageError
from restore_ready.catalog._finder import all_rules
from restore_ready.cli import exit_code
from restore_ready.cli._baseline_comparison import NoBaseline, baseline_comparison
from restore_ready.cli._live_options import LiveOptions, live_options
from restore_ready.cli._options import (
    DisplayOptions,
    JudgingOptions,
    debug_option,
    display_options,
    judging_options,
    requirements_option,
)
from restore_ready.cli._outputs import parse_outputs, write_outputs
from restore_ready.cli._read_sources import snapshot_of
from restore_ready.cli._selection import Choice, choose, fails
from restore_ready.reports._report import Report, Summary, make_report, together
from restore_ready.reports._safe_text import first_few, plural
from restore_ready.requirements._file import RequirementsFile
from restore_ready.requirements._find import RequirementsFinder
from restore_ready.scanning._snapshots import LeftOut, expired_exceptions, scan_snapshot


@click.command("audit")
@live_options
@judging_options(
    "text (default), json, csv, html, markdown, ocsf, asff, junit, sarif or github; repeatable with files."
)
@click.option("--allow-incomplete", is_flag=True, help="Exit 0 although parts of the accounts could not be read.")
@requirements_option("The requirements; without, RESTORE_READY_REQUIREMENTS or the nearest restore-ready.yaml.")
@display_options("finding")
@debug_option
def command(
    *,
    live: LiveOptions,
    judging: JudgingOptions,
    allow_incomplete: bool,
    requirements: Path | None,
    display: DisplayOptions,
) -> int:
    """Judge the EFS backups of live AWS accounts: what is there, and what backups and restores really did.

    Nothing is changed: only calls that read are made, those of `restore-ready iam-policy`. What they tell goes into a
    snapshot, and the snapshot is judged.

    Exit codes: 0 nothing to report, 1 findings, 2 wrong usage, 3 incomplete (facts, Regions or accounts that could not
    be read), 4 could not start (no credentials, or those of another account).
    """
    outputs = parse_outputs(judging.outputs)
    choice = choose(all_rules(), judging.select, judging.ignore)
    baseline = baseline_comparison(judging.baseline, judging.write_baseline, choice.rules)
    requirements_file = RequirementsFinder([Path()], requirements).requirements_file(Path())
    with snapshot_of(live) as path:
        found = _judged(path, choice, requirements_file, baseline)
    baseline.finish(quiet=display.quiet)
    write_outputs(outputs, found.report, display)
    _tell(found, to_file=all(output.file for output in outputs), quiet=display.quiet)
    is_incomplete = judging.strict and bool(found.report.not_judged)
    is_incomplete = is_incomplete or (found.incomplete and not allow_incomplete)
    return exit_code(has_findings=fails(found.report, judging.fail_on), is_incomplete=is_incomplete)


class Found(Struct):
    """What an audit found.

    Attributes:
        not_entered: the accounts that could not be read.
        unknown: facts that are not known, beside those of accounts that could not be entered.
        left_out: accounts that can't be used any more.
        leftovers: the ARNs of file systems that restore tests left, which are not judged.
    """

    report: Report = field(default_factory=lambda: Report((), (), Summary()))
    not_entered: list[str] = field(default_factory=list)
    unknown: int = 0
    left_out: list[str] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)

    @property
    def incomplete(self) -> bool:
        """Whether there is anything that could not be read."""
        return bool(self.unknown or self.not_entered)


def _judged(path: Path, choice: Choice, requirements_file: RequirementsFile, baseline: NoBaseline) -> Found:
    """Judge the snapshot *path*.

    Raises:
        UsageError: if it can't be read.
    """
    found = Found()
    try:
        found.report = together(_reports(path, choice, requirements_file, baseline, found))
    except UnreadableError as error:
        msg = f"can't use the snapshot: {error}"
        raise UsageError(msg) from error
    return found


def _reports(
    path: Path, choice: Choice, requirements_file: RequirementsFile, baseline: NoBaseline, found: Found
) -> Iterator[Report]:
    """Return the report of each account, counting into *found*, so that none is held longer than it takes."""
    yield make_report(expired_exceptions(requirements_file), with_gaps=choice.with_gaps)
    for account in scan_snapshot(path, choice.rules, requirements_file):
        if isinstance(account, LeftOut):
            found.left_out.append(account.member.account)
            continue
        if account.entered:
            found.unknown += len(account.unknown)
        else:
            found.not_entered.append(account.account)
        found.leftovers += account.leftovers
        scan = baseline.settle_account(account.scan, complete=account.entered and not account.unknown)
        yield make_report(scan, with_gaps=choice.with_gaps, names=account.names)


def _tell(found: Found, *, to_file: bool, quiet: bool) -> None:
    """Say on standard error what the reports can't: what was not read, and what went to files only."""
    summary, not_entered, left_out = found.report.summary, sorted(found.not_entered), sorted(found.left_out)
    said = []
    if to_file:
        said.append(f"{plural(summary.defects, 'finding')}, {summary.not_judged} not judged")
    if not_entered:
        said.append(f"{plural(len(not_entered), 'account')} could not be read: {first_few(not_entered)}")
    if found.unknown:
        said.append(f"{plural(found.unknown, 'fact')} not known: the audit is incomplete")
    if left_out and not quiet:
        said.append(f"left out, because suspended or being closed: {first_few(left_out)}")
    if found.leftovers and not quiet:
        ids = [arn.rpartition("/")[2] for arn in found.leftovers]
        said.append(f"not judged, because restore tests left {'it' if len(ids) == 1 else 'them'}: {first_few(ids)}")
    for line in said:
        click.echo(f"restore-ready: {line}", err=True)
