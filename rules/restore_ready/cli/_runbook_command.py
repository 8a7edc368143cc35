"""``restore-ready runbook``: what is the restore runbook of one file system?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from restore_ready._errors import UsageError
from restore_ready.cli import INCOMPLETE
from restore_ready.cli._live_options import LiveOptions, live_options_beside_paths
from restore_ready.cli._options import FILE, ReadingOptions, debug_option, reading_options
from restore_ready.cli._read_sources import read_sources
from restore_ready.model import Gap, Place
from restore_ready.reports._safe_text import clean, plural
from restore_ready.runbook import Chosen, find_file_system, write_runbook
from restore_ready.scanning._sources import Sources


@click.command("runbook")
@click.argument("file_system", metavar="FILE_SYSTEM")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("-o", "--output", type=FILE, metavar="FILE", help="Write it there instead of to standard output.")
@reading_options
@live_options_beside_paths
@debug_option
def command(
    *,
    file_system: str,
    paths: tuple[Path, ...],
    output: Path | None,
    reading: ReadingOptions,
    live: LiveOptions | None,
) -> int:
    """Write the restore runbook of FILE_SYSTEM as Markdown, with the names that the sources under PATH give.

    FILE_SYSTEM is its Terraform address or logical id, its tag Name, its id or its ARN; PATH is this folder unless
    given. Live accounts are read as by audit.

    Exit codes: 0 written, 2 wrong usage (no such file system, or several), 3 written, but parts of the sources could
    not be read, 4 could not start.
    """
    sources = read_sources(live, paths, reading)
    chosen = find_file_system(file_system, sources)
    not_read = tuple(dict.fromkeys(_not_read(chosen, sources)))
    _write(write_runbook(chosen, not_read), output)
    if not_read:
        click.echo(f"restore-ready: {plural(len(not_read), 'part')} could not be read: see the top", err=True)
    return INCOMPLETE if not_read else 0


def _not_read(chosen: Chosen, sources: Sources) -> Iterator[Gap]:
    """Return what could not be read of the file system's own source, and whole sources that could not be."""
    reading = chosen.source.reading
    yield from reading.gaps
    for estate in reading.estates:
        yield from estate.gaps
    yield from (gap for gap in sources.gaps if gap.address == gap.place.file)
    yield from (Gap(str(crash.path), Place(str(crash.path)), crash.error) for crash in sources.crashes)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        msg = (
            f"can't write the runbook ({clean(str(output))}): {error.strerror}; give -o a file in a folder that exists"
        )
        raise UsageError(msg) from error
