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
    rules_option,
)
from restore_ready.cli._outputs import Output, need_pictures, parse_outputs, write_outputs
from restore_ready.cli._progress import Progress
from restore_ready.cli._scan_messages import tell, tell_fixable, tell_unreadable, tell_unused
from restore_ready.cli._selection import choose, fails
from restore_ready.cli._settings import with_settings
from restore_ready.cli._subject import SubjectOptions, subject_of, subject_options
from restore_ready.reports import source_formats
from restore_ready.reports._report import Report, make_report
from restore_ready.reports._scope import source_scope
from restore_ready.scanning._scan import Scan, scan


@click.command("scan", short_help="Judge Terraform, plans and CloudFormation templates.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@judging_options(
    "text (default), json, sarif, github, gitlab, junit, markdown, html, csv or ocsf; repeatable with files."
)
@reading_options
@display_options("finding")
@subject_options
@click.option("--allow-unread", is_flag=True, help="Exit as if files that could not be read were not there.")
@click.option("--diff", is_flag=True, help="Show what would cure findings as diffs of their sources.")
@click.option("--fix", is_flag=True, help="Make these changes, in files that are clean in git.")
@click.option("--force", is_flag=True, help="With --fix: in other files too.")
@rules_option
@debug_option
def command(  # noqa: PLR0913  # one keyword for each group of options
    *,
    paths: tuple[Path, ...],
    judging: JudgingOptions,
    reading: ReadingOptions,
    display: DisplayOptions,
    of: SubjectOptions,
    allow_unread: bool,
    diff: bool,
    fix: bool,
    force: bool,
) -> int:
    """Judge Terraform, Terraform plans and CloudFormation templates under PATH (default: this folder).

    A folder is walked, links to folders and hidden folders left out; a file is read whatever its name,
    and - is standard input.
    Exit codes: 0 nothing to report, 1 findings, 2 wrong usage, 3 incomplete (a file could not be read, or,
    with --strict, something could not be judged), 4 could not start.
    """
    _check(judging, paths, diff=diff, fix=fix, force=force)
    subject = subject_of(paths, of)
    where = subject.where
    judging, reading = with_settings(judging, reading, where)
    outputs = parse_outputs(judging.outputs, source_formats())
    choice = choose(all_rules(), judging.select, judging.ignore)
    baseline = baseline_comparison(judging.baseline, judging.write_baseline, choice.rules)
    progress = Progress()
    rescan: Callable[..., Scan] = partial(scan, **reading.arguments())
    judge = partial(rescan, rules=choice.rules, pictures=need_pictures(outputs))
    result = subject.scan(judge, progress=progress)
    result = baseline.settle(result, subject.looked_at(result))
    progress.clear()
    fixes = None
    if diff or fix:
        from restore_ready.cli._scan_fixes import ScanFixes  # noqa: PLC0415  # few scans need it

        fixes = ScanFixes(result, where, partial(rescan, file_systems=False), diff=diff, fix=fix, force=force)
        if fixes.changed:
            result = subject.scan(judge)
            result = baseline.settle(result, subject.looked_at(result))
    report = make_report(result, with_gaps=choice.with_gaps)
    report = report if fixes is None else fixes.with_diffs(report)
    scope = source_scope(where, len(result.sources), result.requirements, {**judging.told(), **reading.told()})
    report = replace(report, scope=scope)
    baseline.finish(quiet=display.quiet)
    write_outputs(outputs, report, display)
    if fixes is not None:
        fixes.tell(outputs, display)
    tell(result, report, subject, to_file=all(output.file for output in outputs))
    if display.quiet:
        tell_unreadable(result)
    else:
        tell_unused(result)
        if fixes is None and subject.piped is None and Output("text") in outputs:
            tell_fixable(result)
    is_incomplete = (bool(result.unreadable) and not allow_unread) or bool(judging.strict and _is_open(result, report))
    return exit_code(has_findings=fails(report, judging.mildest), is_incomplete=is_incomplete)


def _check(judging: JudgingOptions, paths: Sequence[Path], *, diff: bool, fix: bool, force: bool) -> None:
    if force and not fix:
        msg = "--force says which files --fix may change: give both, or neither"
        raise UsageError(msg)
    if Path("-") in paths and (diff or fix):
        msg = "standard input can't be changed (-): name the file, or take out --fix and --diff"
        raise UsageError(msg)
    if judging.write_baseline and (diff or fix):
        msg = "--write-baseline keeps what there is: take it out, or --fix and --diff"
        raise UsageError(msg)


def _is_open(result: Scan, report: Report) -> bool:
    """Return whether something was not judged, or is another tool's and can't be."""
    return bool(report.not_judged) or (result.empty and bool(result.other_tools))
