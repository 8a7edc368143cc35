"""``restore-ready scan``: judges Terraform, plans and CloudFormation under the given paths."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from restore_ready._errors import UsageError
from restore_ready.catalog._finder import all_rules
from restore_ready.cli import FINDINGS, INCOMPLETE
from restore_ready.cli._baseline import baseline_of
from restore_ready.cli._fixes import Wish
from restore_ready.cli._options import baseline_options, debug_option, judging_options, read_parameters, reading_options
from restore_ready.cli._outputs import parse_outputs, write_outputs
from restore_ready.cli._progress import Progress
from restore_ready.cli._selection import choose, fails
from restore_ready.reports import source_formats
from restore_ready.reports._locations import shown
from restore_ready.reports._report import Report, make_report
from restore_ready.reports._safe_text import clean, plural
from restore_ready.scanning._scan import Scan, scan


@click.command("scan")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="text (default), json, sarif, github, junit, markdown, html, csv or ocsf; repeatable with files.",
)
@judging_options
@baseline_options
@reading_options
@click.option("--no-color", "no_colour", is_flag=True, help="No colours; NO_COLOR does the same.")
@click.option("-q", "--quiet", is_flag=True, help="One line for each finding, and nothing else.")
@click.option("--diff", is_flag=True, help="Show what would cure findings as diffs of their sources.")
@click.option("--fix", is_flag=True, help="Make these changes, in files that are clean in git.")
@click.option("--force", is_flag=True, help="With --fix: in other files too.")
@debug_option
def command(  # noqa: PLR0913  # one keyword for each option
    *,
    paths: tuple[Path, ...],
    outputs: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    strict: bool,
    baseline: Path | None,
    write_baseline: Path | None,
    requirements: Path | None,
    parameters: tuple[str, ...],
    var_files: tuple[Path, ...],
    limit: float,
    no_colour: bool,
    quiet: bool,
    diff: bool,
    fix: bool,
    force: bool,
) -> int:
    """Judge Terraform, Terraform plans and CloudFormation templates under PATH (default: this folder).

    A folder is walked, links to folders and hidden folders left out; a file is read whatever its name.
    Exit codes: 0 nothing to report, 1 findings, 2 wrong usage, 3 incomplete (with --strict, or when nothing
    of what was named could be read), 4 could not start.
    """
    if force and not fix:
        msg = "--force says which files --fix may change: give both, or neither"
        raise UsageError(msg)
    if write_baseline and (diff or fix):
        msg = "--write-baseline keeps what there is: take it out, or --fix and --diff"
        raise UsageError(msg)
    wanted = parse_outputs(outputs, source_formats())
    choice = choose(all_rules(), select, ignore)
    where = paths or (Path(),)
    known = baseline_of(baseline, write_baseline, choice.rules)
    progress = Progress()
    judge = partial(
        scan,
        requirements=requirements,
        parameters=read_parameters(parameters),
        var_files=var_files,
        limit_seconds=limit,
    )
    result = known.settle(judge(where, rules=choice.rules, progress=progress), where)
    progress.clear()
    wish, found = Wish(diff=diff, fix=fix, force=force), None
    if wish:
        from restore_ready.cli import _fix_findings  # noqa: PLC0415  # few scans need it

        found = _fix_findings.fix(wish, result, where, judge)
        result = known.settle(judge(where, rules=choice.rules), where) if found.new and fix else result
    report = make_report(result, with_gaps=choice.with_gaps)
    if found is not None:
        report = _fix_findings.with_diffs(report, found) if diff else report
    known.finish(quiet=quiet)
    write_outputs(wanted, report, no_colour=no_colour, quiet=quiet)
    if found is not None:
        _fix_findings.tell(wish, found, wanted, no_colour=no_colour, quiet=quiet)
    _tell(result, report, where, to_file=all(output.file for output in wanted))
    if not quiet:
        _tell_unused(result)
    return exit_code(result, report, fail_on=fail_on, strict=strict)


def exit_code(result: Scan, report: Report, *, fail_on: str, strict: bool) -> int:
    """Give the exit code: findings count more than what is incomplete, and a broken rule counts always."""
    if fails(report, fail_on):
        return FINDINGS
    return INCOMPLETE if result.in_vain or (strict and report.not_judged) else 0


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
    for one in result.unused:
        where = f"{clean(shown(one.place).file)}:{one.place.line}"
        what = f"the exception for {one.rule} on {clean(one.match)} accepts nothing in this scan"
        click.echo(f"restore-ready: {where}: {what}: correct it or take it out", err=True)
