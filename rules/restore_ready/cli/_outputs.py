"""Where do reports go: ``-o text``, ``-o json=out.json``?"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TypeAlias

import click
from msgspec import Struct

from restore_ready._errors import UsageError
from restore_ready._new_file import is_stream, new_file
from restore_ready._words import did_you_mean
from restore_ready.cli._log_stream import harmless, own_commands
from restore_ready.cli._options import DisplayOptions
from restore_ready.readiness._pictures import Pictures
from restore_ready.reports import COMMANDS, LIVE_ONLY, WITH_PICTURES, formats, writer
from restore_ready.reports._report import Layout, Report

_NARROWEST = 60
_WIDEST = 200

Write: TypeAlias = Callable[[str, Layout], Iterable[str]]
"""Makes the text of a format, laid out as said, in pieces."""


class Output(Struct, frozen=True):
    """One report: its format, and the file it goes to; without a file it goes to standard output."""

    format: str
    file: Path | None = None


def parse_outputs(words: Sequence[str], known: Sequence[str] | None = None) -> list[Output]:
    """Return the values of ``-o``; without any, text goes to standard output.

    Args:
        words: as given.
        known: the formats there are; without, those of findings.

    Raises:
        UsageError: for an unknown format, a file in a folder that is not there, and two reports on standard output.
    """
    outputs = [_parse(word, formats() if known is None else known) for word in words] or [Output("text")]
    if sum(output.file is None for output in outputs) > 1:
        msg = "two reports can't share standard output (-o): write one to a file, as in -o json=out.json"
        raise UsageError(msg)
    return outputs


def _parse(word: str, known: Sequence[str]) -> Output:
    name, has_file, file = word.partition("=")
    if name in LIVE_ONLY and name not in known:
        msg = f"'{name}' is about live accounts (-o): audit writes it; here there is {', '.join(known)}"
        raise UsageError(msg)
    if name not in known:
        msg = f"no such format '{name}' (-o): there is {', '.join(known)}.{did_you_mean(name, known)}"
        raise UsageError(msg)
    if not has_file:
        return Output(name)
    path = Path(file)
    if not file or path.is_dir() or not path.parent.is_dir():
        msg = f"can't write a file there (-o {word}): give a file in a folder that exists"
        raise UsageError(msg)
    return Output(name, path)


def need_pictures(outputs: Sequence[Output]) -> Pictures:
    """Return what *outputs* draw."""
    return max(WITH_PICTURES.get(output.format, Pictures.NONE) for output in outputs)


def write_outputs(outputs: Sequence[Output], report: Report, display: DisplayOptions) -> None:
    """Write *report* to every output.

    Raises:
        UsageError: if a file can't be written.
    """
    write_each(outputs, lambda name, layout: writer(name)(report, layout), display)


def write_each(outputs: Sequence[Output], write: Write, display: DisplayOptions) -> None:
    """Write what *write* makes of each format to its output.

    Raises:
        UsageError: if a file can't be written.
    """
    for output in outputs:
        if output.file is None:
            import shutil  # noqa: PLC0415  # with what it loads it takes 10 ms

            width = max(_NARROWEST, min(shutil.get_terminal_size((100, 24)).columns, _WIDEST))
            layout = Layout(width, colour=use_colour(no_colour=display.no_colour), quiet=display.quiet)
            with own_commands() if output.format in COMMANDS else nullcontext():
                for piece in _ended(write(output.format, layout)):
                    click.echo(piece, nl=False, color=layout.colour)
        else:
            layout = Layout(quiet=display.quiet, job_summary=_is_job_summary(output.file))
            pieces = write(output.format, layout)
            guarded = is_stream(output.file) and output.format not in COMMANDS
            _write_file(output.file, harmless(pieces) if guarded else pieces, append=layout.job_summary)


def _is_job_summary(file: Path) -> bool:
    """Return whether *file* is the one in which GitHub Actions expects a job's summary."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY", "")
    return bool(summary) and file.absolute() == Path(summary).absolute()


def use_colour(*, no_colour: bool) -> bool:
    """Return whether standard output takes colours: a terminal, or forced to, unless switched off.

    See https://no-color.org and https://force-color.org.
    """
    if no_colour or os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _ended(pieces: Iterable[str]) -> Iterator[str]:
    """End the text with a line end, unless it is empty."""
    there = False
    for piece in filter(None, pieces):
        there = True
        yield piece
    if there:
        yield "\n"


def _write_file(path: Path, pieces: Iterable[str], *, append: bool) -> None:
    try:
        with path.open("ab") if append else new_file(path) as file:
            file.writelines(piece.encode(errors="backslashreplace") for piece in _ended(pieces))
    except OSError as error:
        msg = f"can't write the report ({path}): {error.strerror}"
        raise UsageError(msg) from error
