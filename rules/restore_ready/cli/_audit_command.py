"""``restore-ready audit``: how do live accounts stand, or what a snapshot says of them?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready._errors import UnreadableError, UsageError
from restore_ready.catalog._finder import all_rules
from restore_ready.cli import exit_code
from restore_ready.cli._baseline_comparison import NoBaseline, baseline_comparison
from restore_ready.cli._live_options import LiveOptions, live_options
from restore_ready.cli._options import (
    AuditOptions,
    DisplayOptions,
    JudgingOptions,
    audit_options,
    debug_option,
    display_options,
    judging_options,
    rules_option,
)
from restore_ready.cli._outputs import need_pictures, parse_outputs, write_outputs
from restore_ready.cli._read_sources import snapshot_of
from restore_ready.cli._selection import Choice, choose, fails
from restore_ready.live._snapshot import read_header
from restore_ready.model import Verification
from restore_ready.readiness._pictures import Pictures
from restore_ready.reports._report import Report, Summary, make_report, together
from restore_ready.reports._safe_text import first_few, plural
from restore_ready.reports._scope import AccountScope, Scope, account_scope
from restore_ready.reports._verification import verification_counts
from restore_ready.requirements._file import RequirementsFile
from restore_ready.requirements._find import RequirementsFinder
from restore_ready.scanning._snapshots import AccountScan, LeftOut, expired_exceptions, scan_snapshot

_SHOWING_VERIFICATION: Final = ("text", "json")
"""Formats that have a place for what AWS's policy simulator says."""


@click.command("audit", short_help="Judge the EFS backups of live AWS accounts.")
@live_options
@judging_options(
    "text (default), json, csv, html, markdown, ocsf, asff, junit, sarif, github or gitlab; repeatable with files."
)
@audit_options
@display_options("finding")
@rules_option
@debug_option
def command(
    *,
    live: LiveOptions,
    judging: JudgingOptions,
    auditing: AuditOptions,
    display: DisplayOptions,
) -> int:
    """Judge the EFS backups of live AWS accounts: what is there, and what backups and restores really did.

    Nothing is changed: only calls that read are made, those of `restore-ready iam-policy`. What they tell goes into a
    snapshot, and the snapshot is judged.

    Exit codes: 0 nothing to report, 1 findings, 2 wrong usage, 3 incomplete (facts, Regions or accounts that could not
    be read), 4 could not start (no credentials, or those of another account). With --verify also 3, whatever was found,
    where AWS's simulator says something else than we do: then our answers are in doubt.
    """
    if auditing.verify and live.from_snapshot is not None:
        msg = "a snapshot is taken as it is, and shows what AWS's simulator was asked then: take out --verify"
        raise UsageError(msg)
    outputs = parse_outputs(judging.outputs)
    choice = choose(all_rules(), judging.select, judging.ignore)
    baseline = baseline_comparison(judging.baseline, judging.write_baseline, choice.rules)
    requirements_file = RequirementsFinder([Path()], auditing.requirements).requirements_file(Path())
    judged_by = _JudgedBy(choice, requirements_file, baseline, need_pictures(outputs))
    with snapshot_of(live, requirements_file.base if auditing.verify else None) as path:
        found = _judged(path, judged_by)
        scope = _scope(path, live, found, requirements_file, judging)
    found.report = replace(found.report, scope=scope)
    baseline.finish(quiet=display.quiet)
    write_outputs(outputs, found.report, display)
    _tell(found, to_file=all(output.file for output in outputs), quiet=display.quiet)
    is_told = any(output.file is None and output.format in _SHOWING_VERIFICATION for output in outputs)
    _tell_verification(found.report.verification, wanted=auditing.verify, told=is_told and not display.quiet)
    is_incomplete = bool(judging.strict and found.report.not_judged)
    is_incomplete = is_incomplete or (found.incomplete and not auditing.allow_incomplete)
    has_findings = fails(found.report, judging.mildest) and not found.in_doubt
    return exit_code(has_findings=has_findings, is_incomplete=is_incomplete or found.in_doubt)


class Found(Struct):
    """What an audit found.

    Attributes:
        not_entered: the accounts that could not be read.
        unknown: facts that are not known, beside those of accounts that could not be entered.
        left_out: accounts that can't be used any more.
        verification: what AWS's policy simulator says of our answers, where it was asked.
        leftovers: the ARNs of file systems that restore tests left, which are not judged.
    """

    report: Report = field(default_factory=lambda: Report((), (), Summary()))
    not_entered: list[str] = field(default_factory=list)
    unknown: int = 0
    left_out: list[str] = field(default_factory=list)
    verification: Verification | None = None
    accounts: list[AccountScope] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)

    @property
    def incomplete(self) -> bool:
        """Whether there is anything that could not be read, or verified."""
        unverified = self.verification is not None and bool(self.verification.not_verified)
        return bool(self.unknown or self.not_entered) or unverified

    @property
    def in_doubt(self) -> bool:
        """Whether AWS's policy simulator says something else than we do."""
        return self.verification is not None and bool(self.verification.differences)

    def add(self, account: AccountScan) -> None:
        """Count what could not be read of an account, and what was verified."""
        why = account.scan.gaps[0].why if account.scan.gaps and not account.entered else ""
        self.accounts.append(AccountScope(account.account, account.name, account.entered, why))
        if account.entered:
            self.unknown += len(account.unknown)
        else:
            self.not_entered.append(account.account)
        self.leftovers += account.leftovers
        if account.verification is not None:
            self.verification = (self.verification or Verification()) + account.verification


class _JudgedBy(Struct, frozen=True):
    """What a snapshot is judged by, and what is drawn of it."""

    choice: Choice
    requirements_file: RequirementsFile
    baseline: NoBaseline
    pictures: Pictures


def _judged(path: Path, judged_by: _JudgedBy) -> Found:
    """Judge the snapshot *path*.

    Raises:
        UsageError: if it can't be read.
    """
    found = Found()
    try:
        report = together(_reports(path, judged_by, found))
        found.report = replace(report, verification=found.verification)
    except UnreadableError as error:
        msg = f"can't use the snapshot: {error}"
        raise UsageError(msg) from error
    return found


def _scope(
    path: Path, live: LiveOptions, found: Found, requirements_file: RequirementsFile, judging: JudgingOptions
) -> Scope:
    header = read_header(path)
    return account_scope(
        header.started,
        found.accounts,
        [requirements_file],
        judging.told(),
        regions=header.regions,
        redacted=header.redacted,
        snapshot=live.from_snapshot,
    )


def _reports(path: Path, judged_by: _JudgedBy, found: Found) -> Iterator[Report]:
    """Return the report of each account, counting into *found*, so that none is held longer than it takes."""
    choice, requirements_file = judged_by.choice, judged_by.requirements_file
    yield make_report(expired_exceptions(requirements_file), with_gaps=choice.with_gaps)
    for account in scan_snapshot(path, choice.rules, requirements_file, pictures=judged_by.pictures):
        if isinstance(account, LeftOut):
            found.left_out.append(account.member.account)
            continue
        found.add(account)
        scan = judged_by.baseline.settle_account(account.scan, complete=account.entered and not account.unknown)
        yield make_report(scan, with_gaps=choice.with_gaps)


def _tell_verification(found: Verification | None, *, wanted: bool, told: bool) -> None:
    """Say on standard error what came of the verification, unless it is *told* on standard output."""
    if found is not None and not told:
        click.echo(f"restore-ready: {verification_counts(found)}", err=True)
    elif found is None and wanted:
        click.echo("restore-ready: nothing to verify: nobody who may restore is in sight", err=True)


def _tell(found: Found, *, to_file: bool, quiet: bool) -> None:
    """Say on standard error what the reports can't: what was not read, and what went to files only."""
    summary, not_entered, left_out = found.report.summary, sorted(found.not_entered), sorted(found.left_out)
    said = []
    if to_file:
        said.append(f"{plural(summary.defects, 'finding')}, {summary.not_judged} not judged")
    if not summary.resources and found.accounts and not not_entered:
        accounts = first_few(account.account for account in found.accounts)
        said.append(f"nothing to judge in {accounts}: no EFS and no backups there; check account and Region")
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
