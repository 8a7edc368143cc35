"""``restore-ready scan``: how do Terraform, plans and CloudFormation under the given paths stand?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import click
from msgspec.structs import replace

from restore_ready._errors import UsageError
from restore_ready.catalog._finder import all_rules
from restore_ready.cli import exit_code
from restore_ready.cli._baseline_comparison import baseline_comparison
from restore_ready.cli._options import (
    DisplayOptions,
    JudgingOptions,
    ReadingOptions,
    debug_option,
    display_options,
    judging_options,
    reading_options,
)
from restore_ready.cli._outputs import need_pictures, parse_outputs, write_outputs
from restore_ready.cli._progress import Progress
from restore_ready.cli._selection import choose, fails
from restore_ready.reports import source_formats
from restore_ready.reports._locations import shown
from restore_ready.reports._report import Report, make_report
from restore_ready.reports._safe_text import clean, plural
from restore_ready.reports._scope import source_scope
from restore_ready.scanning._scan import Scan, scan


@click.command("scan")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@judging_options("text (default), json, sarif, github, junit, markdown, html, csv or ocsf; repeatable with files.")
@reading_options
@display_options("finding")
@click.option("--diff", is_flag=True, help="Show what would cure findings as diffs of their sources.")
@click.option("--fix", is_flag=True, help="Make these changes, in files that are clean in git.")
@click.option("--force", is_flag=True, help="With --fix: in other files too.")
@debug_option
def command(  # noqa: PLR0913  # one keyword for each group of options
    *,
    paths: tuple[Path, ...],
    judging: JudgingOptions,
    reading: ReadingOptions,
    display: DisplayOptions,
    diff: bool,
    fix: bool,
    force: bool,
) -> int:
    """Judge Terraform, Terraform plans and CloudFormation templates under PATH (default: this folder).

    A folder is walked, links to folders and hidden folders left out; a file is read whatever its name.
    Exit codes: 0 nothing to report, 1 findings, 2 wrong usage, 3 incomplete (with --strict, or when nothing
    of what was named could be read), 4 could not start.
    """
    _check(judging, diff=diff, fix=fix, force=force)
    outputs = parse_outputs(judging.outputs, source_formats())
    choice = choose(all_rules(), judging.select, judging.ignore)
    where = paths or (Path(),)
    baseline = baseline_comparison(judging.baseline, judging.write_baseline, choice.rules)
    progress = Progress()
    rescan: Callable[..., Scan] = partial(scan, **reading.arguments())
    pictures = need_pictures(outputs)
    result = baseline.settle(rescan(where, rules=choice.rules, progress=progress, pictures=pictures), where)
    progress.clear()
    fixes = None
    if diff or fix:
        from restore_ready.cli._scan_fixes import ScanFixes  # noqa: PLC0415  # few scans need it

        fixes = ScanFixes(result, where, rescan, diff=diff, fix=fix, force=force)
        if fixes.changed:
            result = baseline.settle(rescan(where, rules=choice.rules, pictures=pictures), where)
    report = make_report(result, with_gaps=choice.with_gaps)
    report = report if fixes is None else fixes.with_diffs(report)
    scope = source_scope(where, len(result.sources), result.requirements, {**judging.told(), **reading.told()})
    report = replace(report, scope=scope)
    baseline.finish(quiet=display.quiet)
    write_outputs(outputs, report, display)
    if fixes is not None:
        fixes.tell(outputs, display)
    _tell(result, report, where, to_file=all(output.file for output in outputs))
    if not display.quiet:
        _tell_unused(result)
    is_incomplete = result.in_vain or (judging.strict and bool(report.not_judged))
    return exit_code(has_findings=fails(report, judging.fail_on), is_incomplete=is_incomplete)


def _check(judging: JudgingOptions, *, diff: bool, fix: bool, force: bool) -> None:
    if force and not fix:
        msg = "--force says which files --fix may change: give both, or neither"
        raise UsageError(msg)
    if judging.write_baseline and (diff or fix):
        msg = "--write-baseline keeps what there is: take it out, or --fix and --diff"
        raise UsageError(msg)


def _tell(result: Scan, report: Report, where: Sequence[Path], *, to_file: bool) -> None:
    """Say on standard error what the reports can't: that there was nothing, and what went to files only."""
    if not result.sources and not result.unread and not result.crashes:
        names = ", ".join(clean(str(path)) for path in where)
        click.echo(f"restore-ready: nothing to judge in {names}: no Terraform, plan or template there", err=True)
    elif to_file:
        found = f"{plural(report.summary.defects, 'finding')}, {report.summary.not_judged} could not be judged"
        click.echo(f"restore-ready: {found}", err=True)


def _tell_unused(result: Scan) -> None:
    """Warn of exceptions that accept nothing: misspelt, or no longer needed."""
    for exception in result.unused:
        where = f"{clean(shown(exception.place).file)}:{exception.place.line}"
        what = f"the exception for {exception.rule} on {clean(exception.match)} accepts nothing in this scan"
        click.echo(f"restore-ready: {where}: {what}: correct it or take it out", err=True)
