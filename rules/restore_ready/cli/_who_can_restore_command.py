"""``restore-ready who-can-restore``: says for each file system who can restore it, and what stops the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from restore_ready.cli import FINDINGS, INCOMPLETE
from restore_ready.cli._audit_options import Live, live_options_beside_paths
from restore_ready.cli._options import debug_option, reading_options
from restore_ready.cli._outputs import parse_outputs, write_each
from restore_ready.cli._taking import read_sources
from restore_ready.reports._report import Layout
from restore_ready.reports._safe_text import clean
from restore_ready.reports._who_can_restore import WhoCanRestore, who_can_restore, write_json, yes_no_or_open
from restore_ready.scanning._sources import Sources


@click.command("who-can-restore")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("-o", "--output", "outputs", multiple=True, metavar="FORMAT[=FILE]", help="text (default) or json.")
@reading_options
@live_options_beside_paths
@click.option("--no-color", "no_colour", is_flag=True, help="No colours; NO_COLOR does the same.")
@click.option("-q", "--quiet", is_flag=True, help="One line for each file system, and nothing else.")
@debug_option
def command(  # noqa: PLR0913  # one keyword for each option
    *,
    paths: tuple[Path, ...],
    outputs: tuple[str, ...],
    requirements: Path | None,
    parameters: tuple[str, ...],
    var_files: tuple[Path, ...],
    limit: float,
    live: Live | None,
    no_colour: bool,
    quiet: bool,
) -> int:
    """Say for each EFS file system under PATH (default: this folder) who can restore it.

    Whoever is meant to restore or may start a restore is followed from the call to the key: StartRestoreJob, the
    vault's policy, PassRole, the role's trust, its permissions, the keys. The first link that breaks is shown with the
    statement that breaks it. Sources are read as by scan, live accounts as by audit.

    Exit codes: 0 somebody can certainly restore each file system, 1 some file system can be restored by nobody here,
    2 wrong usage, 3 it is open for some file system, or what was named could not be read, 4 could not start.
    """
    wanted = parse_outputs(outputs, ("json", "text"))
    where = paths or (Path(),)
    sources = read_sources(
        live, paths, requirements=requirements, parameters=parameters, var_files=var_files, limit=limit
    )
    who = who_can_restore(sources)
    write_each(wanted, lambda name, layout: (_write(who, name, layout),), no_colour=no_colour, quiet=quiet)
    _tell(sources, who, where if live is None else sources.read)
    return exit_code(sources, who)


def exit_code(sources: Sources, who: WhoCanRestore) -> int:
    """Give the exit code: a file system that nobody can restore counts more than what is open."""
    answers = [yes_no_or_open(answer.found.somebody_can) for answer in who.file_systems]
    if False in answers:
        return FINDINGS
    return INCOMPLETE if None in answers or sources.in_vain or sources.crashes else 0


def _write(who: WhoCanRestore, name: str, layout: Layout) -> str:
    if name == "json":
        return write_json(who)
    from restore_ready.reports._who_can_restore_text import write_text  # noqa: PLC0415  # JSON needs no tables

    return write_text(who, layout)


def _tell(sources: Sources, who: WhoCanRestore, where: Sequence[Path]) -> None:
    """Say on standard error that there was nothing to ask about."""
    names = ", ".join(clean(str(path)) for path in where)
    if sources.empty:
        click.echo(f"restore-ready: nothing to read in {names}: no Terraform, plan or template there", err=True)
    elif not who.file_systems:
        click.echo(f"restore-ready: no EFS file system in {names}", err=True)
