"""``restore-ready who-can-restore``: who can restore each file system, and what stops the others?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from restore_ready.cli import exit_code
from restore_ready.cli._live_options import LiveOptions, live_options_beside_paths
from restore_ready.cli._options import (
    DisplayOptions,
    ReadingOptions,
    debug_option,
    display_options,
    output_option,
    reading_options,
)
from restore_ready.cli._outputs import parse_outputs, write_each
from restore_ready.cli._read_sources import read_sources
from restore_ready.cli._who_can_restore_csv import write_csv
from restore_ready.cli._who_can_restore_html import write_html
from restore_ready.cli._who_can_restore_markdown import write_markdown
from restore_ready.reports._report import Layout
from restore_ready.reports._safe_text import clean
from restore_ready.reports._who_can_restore import WhoCanRestore, who_can_restore, write_json, yes_no_or_open
from restore_ready.scanning._sources import Sources

_FORMATS: Final = ("csv", "html", "json", "markdown", "text")


@click.command("who-can-restore")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@output_option("text (default), json, csv, markdown or html; repeatable with files.")
@reading_options
@live_options_beside_paths
@display_options("file system")
@debug_option
def command(
    *,
    paths: tuple[Path, ...],
    outputs: tuple[str, ...],
    reading: ReadingOptions,
    live: LiveOptions | None,
    display: DisplayOptions,
) -> int:
    """Say for each EFS file system under PATH (default: this folder) who can restore it.

    Whoever is meant to restore or may start a restore is followed from the recovery point to the key: in an account,
    whether there is one that can be restored; StartRestoreJob, the vault's policy, PassRole, the role's trust, its
    permissions, the keys. Every link that breaks is shown with the statement that breaks it, and who may lift a vault's
    Deny. Sources are read as by scan, live accounts as by audit.

    Exit codes: 0 somebody can certainly restore each file system, 1 at least one can certainly be restored by nobody
    here, 2 wrong usage, 3 it is open for at least one, or what was named could not be read, 4 could not start.
    """
    wanted = parse_outputs(outputs, _FORMATS)
    sources = read_sources(live, paths, reading)
    who = who_can_restore(sources)
    write_each(wanted, lambda name, layout: (_write(who, name, layout),), display)
    _tell(sources, who, (paths or (Path(),)) if live is None else sources.read)
    answers = [yes_no_or_open(answer.found.somebody_can) for answer in who.file_systems]
    is_incomplete = None in answers or sources.in_vain or who.broke
    return exit_code(has_findings=False in answers, is_incomplete=is_incomplete)


def _write(who: WhoCanRestore, name: str, layout: Layout) -> str:
    if name == "json":
        return write_json(who)
    if name == "text":
        from restore_ready.cli._who_can_restore_text import write_text  # noqa: PLC0415  # the others need no tables

        return write_text(who, layout)
    if name == "csv":
        return write_csv(who)
    return write_html(who) if name == "html" else write_markdown(who)


def _tell(sources: Sources, who: WhoCanRestore, where: Sequence[Path]) -> None:
    """Say on standard error that there was nothing to ask about."""
    names = ", ".join(clean(str(path)) for path in where)
    if sources.empty:
        click.echo(f"restore-ready: nothing to read in {names}: no Terraform, plan or template there", err=True)
    elif not who.file_systems:
        click.echo(f"restore-ready: no EFS file system in {names}", err=True)
