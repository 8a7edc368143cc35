"""How is it shown in a terminal who can restore: a table where it fits, else a list, and all that stops each principal?

Names are never cut, however narrow the terminal is.
"""

from __future__ import annotations

import io
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from restore_ready.cli._who_can_restore_words import (
    ANSWERS,
    COLUMNS,
    answered,
    called,
    circumstances,
    links,
    not_read,
    outcome,
    principal_name,
)
from restore_ready.reports._locations import shown
from restore_ready.reports._report import Layout
from restore_ready.reports._safe_text import clean
from restore_ready.reports._who_can_restore import FileSystemAnswer, WhoCanRestore, by_success, yes_no_or_open
from restore_ready.who_can_restore._chain import Chain
from restore_ready.who_can_restore._steps import Step, StepResult

_SIGNS: Final = {True: "✓", False: "✗", None: "?"}
_ASCII_SIGNS: Final = {True: "yes", False: "NO", None: "?"}
_STYLES: Final = {True: "green", False: "bold red", None: "yellow"}
_INDENT: Final = "  "


def write_text(who: WhoCanRestore, layout: Layout) -> str:
    """Return all of it; where *layout* is quiet, one line for each file system."""
    console = Console(
        file=io.StringIO(),
        width=layout.width,
        force_terminal=layout.colour,
        no_color=not layout.colour,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    for answer in who.file_systems:
        console.print(_heading(answer, quiet=layout.quiet), soft_wrap=True)
        if not layout.quiet:
            _print_body(console, answer)
            console.print()
    if not layout.quiet:
        _print_lines(console, not_read(who), "")
    written = console.file
    text = written.getvalue() if isinstance(written, io.StringIO) else ""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")


def _heading(answer: FileSystemAnswer, *, quiet: bool) -> Text:
    somebody_can = answered(answer)
    heading = Text(clean(f"{shown(answer.found.file_system.place)} "))
    heading.append(called(answer), "bold")
    heading.append(": ")
    heading.append(ANSWERS[somebody_can], _STYLES[somebody_can])
    if quiet and answer.found.why:
        heading.append(clean(f" ({answer.found.why})"))
    return heading


def _print_body(console: Console, answer: FileSystemAnswer) -> None:
    _print_lines(console, circumstances(answer), _INDENT)
    listed, steps = by_success(answer.found.chains), links(answer)
    if not listed:
        _print_lines(console, () if answer.found.why else (answer.found.nobody,), _INDENT)
        return
    table = Padding(_table(listed, steps), (0, 0, 0, len(_INDENT)))
    if console.measure(table, options=console.options.update(max_width=_WIDEST)).maximum <= console.width:
        console.print(table)
        for chain in listed:
            name, told = principal_name(chain), list(outcome(chain))
            first = f"{name}{' ' if chain.blocks else ': '}{told[0]}"
            _print_lines(console, (first,), _INDENT)
            _print_lines(console, told[1:], _INDENT * 2)
        return
    for chain in listed:
        console.print(Text(f"{_INDENT}{principal_name(chain)}"), soft_wrap=True)
        for line in _packed(chain.steps, console.width - 2 * len(_INDENT)):
            console.print(Text(_INDENT * 2) + line, soft_wrap=True)
        _print_lines(console, outcome(chain), _INDENT * 2)


_WIDEST: Final = 10_000
"""Columns that no table takes: what it measures then is what it needs."""


def _table(listed: Iterable[Chain], steps: Iterable[Step]) -> Table:
    table = Table(box=box.ASCII2 if _only_ascii() else box.SQUARE, pad_edge=False)
    table.add_column("principal", no_wrap=True)
    for step in steps:
        table.add_column(COLUMNS[step], justify="center", no_wrap=True)
    for chain in listed:
        table.add_row(Text(principal_name(chain)), *(_sign(result) for result in chain.steps))
    return table


def _packed(results: Sequence[StepResult], width: int) -> Iterator[Text]:
    """Yield the links with their signs, as many to a line as fit."""
    line = Text()
    for result in results:
        link = Text.assemble(_sign(result), " ", COLUMNS[result.step])
        if line and line.cell_len + len(_INDENT) + link.cell_len > width:
            yield line
            line = Text()
        line = Text.assemble(line, _INDENT, link) if line else link
    yield line


def _print_lines(console: Console, lines: Iterable[str], indent: str) -> None:
    """Print sentences, broken between words only: names and ARNs stay whole."""
    for line in lines:
        broken = textwrap.wrap(
            line,
            console.width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for part in broken:
            console.print(Text(part), soft_wrap=True)


def _sign(result: StepResult) -> Text:
    holds = yes_no_or_open(result.holds)
    return Text((_ASCII_SIGNS if _only_ascii() else _SIGNS)[holds], _STYLES[holds])


def _only_ascii() -> bool:
    return not (sys.stdout.encoding or "").lower().startswith("utf")
