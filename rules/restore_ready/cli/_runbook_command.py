"""``restore-ready runbook``: what is the restore runbook of one file system, or of each?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from restore_ready._errors import UsageError
from restore_ready._new_file import new_file
from restore_ready.cli import INCOMPLETE
from restore_ready.cli._live_options import LiveOptions, live_options_beside_paths
from restore_ready.cli._options import ReadingOptions, debug_option, reading_options
from restore_ready.cli._read_sources import read_sources
from restore_ready.model import Gap, Place
from restore_ready.reports._safe_text import clean, plural
from restore_ready.runbook import (
    Chosen,
    SharedAnswers,
    all_file_systems,
    as_html,
    find_file_system,
    named_runbooks,
    write_index,
    write_page,
    write_runbook,
)
from restore_ready.scanning._sources import Sources

_FILE_OR_FOLDER: Final = click.Path(path_type=Path)
_PAGES: Final = frozenset({".html", ".htm"})


@click.command("runbook")
@click.argument("file_system", metavar="FILE_SYSTEM", required=False)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--all", "every", is_flag=True, help="Write one of each file system and an index, into the folder of -o.")
@click.option("-o", "--output", type=_FILE_OR_FOLDER, metavar="FILE", help="Write it there, not to standard output.")
@click.option("--format", "form", type=click.Choice(["markdown", "html"]), help="Unless given: html for -o NAME.html.")
@reading_options
@live_options_beside_paths
@debug_option
def command(  # noqa: PLR0913  # one argument for each option
    *,
    file_system: str | None,
    paths: tuple[Path, ...],
    every: bool,
    output: Path | None,
    form: str | None,
    reading: ReadingOptions,
    live: LiveOptions | None,
) -> int:
    """Write the restore runbook of FILE_SYSTEM as Markdown or HTML, with the names that the sources under PATH give.

    FILE_SYSTEM is its Terraform address or logical id, its tag Name, its id or its ARN; PATH is this folder unless
    given. Live accounts are read as by audit. With --all there is no FILE_SYSTEM: runbook --all -o DIR [PATH]...

    Exit codes: 0 written, 2 wrong usage (no such file system, or several), 3 written, but parts of the sources could
    not be read, 4 could not start.
    """
    if every:
        given = (Path(file_system), *paths) if file_system else paths
        return _write_all(read_sources(live, given, reading), output, html=form == "html")
    if not file_system:
        msg = "name the file system: its address, tag Name, id or ARN; or give --all -o DIR"
        raise UsageError(msg)
    sources = read_sources(live, paths, reading)
    chosen = find_file_system(file_system, sources)
    not_read = tuple(dict.fromkeys(_not_read(chosen, sources)))
    html = form == "html" if form else output is not None and output.suffix.lower() in _PAGES
    _write(_text(chosen, not_read, SharedAnswers(), html=html), output)
    return _say_not_read(len(not_read))


def _write_all(sources: Sources, folder: Path | None, *, html: bool) -> int:
    """Write the runbooks of all file systems and their index."""
    if folder is None:
        msg = "--all writes several files: give the folder as -o DIR"
        raise UsageError(msg)
    everything = list(all_file_systems(sources))
    if not everything:
        msg = "there is no file system in what was read; give its folder or file as PATH"
        raise UsageError(msg)
    _make_folder(folder)
    ending = "html" if html else "md"
    runbooks = list(named_runbooks(everything))
    gaps: dict[Gap, None] = {}
    answers = SharedAnswers()
    for named in runbooks:
        not_read = tuple(dict.fromkeys(_not_read(named.chosen, sources)))
        gaps.update(dict.fromkeys(not_read))
        _write(_text(named.chosen, not_read, answers, html=html), folder / f"{named.stem}.{ending}")
    index = write_index(runbooks, ending)
    _write(as_html(index, "Restore runbooks") if html else index, folder / f"index.{ending}")
    return _say_not_read(len(gaps))


def _text(chosen: Chosen, not_read: tuple[Gap, ...], answers: SharedAnswers, *, html: bool) -> str:
    write = write_page if html else write_runbook
    return write(chosen, not_read, answers)


def _say_not_read(number: int) -> int:
    if number:
        click.echo(f"restore-ready: {plural(number, 'part')} could not be read: see the top", err=True)
    return INCOMPLETE if number else 0


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"can't make the folder {clean(str(folder))}: {error.strerror}"
        raise UsageError(msg) from error


def _not_read(chosen: Chosen, sources: Sources) -> Iterator[Gap]:
    """Return what could not be read of the file system's own source, and whole sources that could not be."""
    reading = chosen.source.reading
    yield from reading.gaps
    for estate in reading.estates:
        yield from estate.gaps
    yield from (gap for gap in sources.gaps if gap.address == gap.place.file)
    yield from (Gap(str(crash.path), Place(str(crash.path)), str(crash)) for crash in sources.crashes)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with new_file(output) as file:
            file.write(text.encode(errors="backslashreplace"))
    except OSError as error:
        msg = (
            f"can't write the runbook ({clean(str(output))}): {error.strerror}; give -o a file in a folder that exists"
        )
        raise UsageError(msg) from error
