"""``restore-ready audit``: judges live accounts, or what a snapshot says of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from msgspec import Struct, field

from restore_ready._errors import UnreadableError, UsageError
from restore_ready.catalog._finder import all_rules
from restore_ready.cli import FINDINGS, INCOMPLETE
from restore_ready.cli._audit_options import Live, live_options
from restore_ready.cli._baseline import Baseline, baseline_of
from restore_ready.cli._options import baseline_options, debug_option, judging_options
from restore_ready.cli._outputs import parse_outputs, write_outputs
from restore_ready.cli._selection import Choice, choose, fails
from restore_ready.cli._taking import snapshot_of
from restore_ready.reports._report import Report, Summary, make_report, together
from restore_ready.reports._safe_text import clean, plural
from restore_ready.requirements._file import RequirementsFile
from restore_ready.requirements._find import RequirementsFinder
from restore_ready.scanning._snapshots import LeftOut, expired_exceptions, scan_snapshot


@click.command("audit")
@live_options
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="text (default), json, csv, html, markdown, ocsf, asff, junit, sarif or github; repeatable with files.",
)
@judging_options
@baseline_options
@click.option("--allow-incomplete", is_flag=True, help="Exit 0 although parts of the accounts could not be read.")
@click.option(
    "--requirements",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The requirements; without, RESTORE_READY_REQUIREMENTS or the nearest restore-ready.yaml.",
)
@click.option("--no-color", "no_colour", is_flag=True, help="No colours; NO_COLOR does the same.")
@click.option("-q", "--quiet", is_flag=True, help="One line for each finding, and nothing else.")
@debug_option
def command(  # noqa: PLR0913  # one keyword for each option
    *,
    live: Live,
    outputs: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    strict: bool,
    baseline: Path | None,
    write_baseline: Path | None,
    allow_incomplete: bool,
    requirements: Path | None,
    no_colour: bool,
    quiet: bool,
) -> int:
    """Judge the EFS backups of live AWS accounts: what is there, and what backups and restores really did.

    Nothing is changed: only calls that read are made, those of `restore-ready iam-policy`. What they tell goes into a
    snapshot, and the snapshot is judged.

    Exit codes: 0 nothing to report, 1 findings, 2 wrong usage, 3 incomplete (facts, Regions or accounts that could not
    be read), 4 could not start (no credentials, or those of another account).
    """
    wanted = parse_outputs(outputs)
    choice = choose(all_rules(), select, ignore)
    known = baseline_of(baseline, write_baseline, choice.rules)
    requirements_file = RequirementsFinder([Path()], requirements).requirements_file(Path())
    with snapshot_of(live) as path:
        found = _judged(path, choice, requirements_file, known)
    known.finish(quiet=quiet)
    write_outputs(wanted, found.report, no_colour=no_colour, quiet=quiet)
    _tell(found, to_file=all(output.file for output in wanted), quiet=quiet)
    return exit_code(found, fail_on=fail_on, strict=strict, allow_incomplete=allow_incomplete)


class Found(Struct):
    """What an audit found.

    Attributes:
        not_entered: the accounts that could not be read.
        unknown: facts that are not known, beside those of accounts that could not be entered.
        left_out: accounts that can't be used any more.
    """

    report: Report = field(default_factory=lambda: Report((), (), Summary()))
    not_entered: list[str] = field(default_factory=list)
    unknown: int = 0
    left_out: list[str] = field(default_factory=list)

    @property
    def incomplete(self) -> bool:
        """Whether there is anything that could not be read."""
        return bool(self.unknown or self.not_entered)


def exit_code(found: Found, *, fail_on: str, strict: bool, allow_incomplete: bool) -> int:
    """Give the exit code: findings count more than what is incomplete, and a broken rule counts always."""
    if fails(found.report, fail_on):
        return FINDINGS
    if strict and found.report.not_judged:
        return INCOMPLETE
    return INCOMPLETE if found.incomplete and not allow_incomplete else 0


def _judged(path: Path, choice: Choice, requirements_file: RequirementsFile, known: Baseline) -> Found:
    """Judge the snapshot *path*.

    Raises:
        UsageError: if it can't be read.
    """
    found = Found()
    try:
        found.report = together(_reports(path, choice, requirements_file, known, found))
    except UnreadableError as error:
        msg = f"can't use the snapshot: {error}"
        raise UsageError(msg) from error
    return found


def _reports(
    path: Path, choice: Choice, requirements_file: RequirementsFile, known: Baseline, found: Found
) -> Iterator[Report]:
    """Give the report of each account, counting into *found*, so that none is held longer than it takes."""
    yield make_report(expired_exceptions(requirements_file), with_gaps=choice.with_gaps)
    for one in scan_snapshot(path, choice.rules, requirements_file):
        if isinstance(one, LeftOut):
            found.left_out.append(one.member.account)
            continue
        if one.entered:
            found.unknown += len(one.unknown)
        else:
            found.not_entered.append(one.account)
        scan = known.settle_account(one.scan, complete=one.entered and not one.unknown)
        yield make_report(scan, with_gaps=choice.with_gaps, names=one.names)


_NAMED = 5


def _tell(found: Found, *, to_file: bool, quiet: bool) -> None:
    """Say on standard error what the reports can't: what was not read, and what went to files only."""
    said = []
    if to_file:
        said.append(f"{plural(found.report.summary.defects, 'finding')}, {found.report.summary.not_judged} not judged")
    if found.not_entered:
        said.append(f"{plural(len(found.not_entered), 'account')} could not be read: {_names(found.not_entered)}")
    if found.unknown:
        said.append(f"{plural(found.unknown, 'fact')} not known: the audit is incomplete")
    if found.left_out and not quiet:
        said.append(f"left out, because suspended or being closed: {_names(found.left_out)}")
    for line in said:
        click.echo(f"restore-ready: {line}", err=True)


def _names(accounts: list[str]) -> str:
    more = f" and {len(accounts) - _NAMED} more" if len(accounts) > _NAMED else ""
    return ", ".join(map(clean, sorted(accounts)[:_NAMED])) + more
