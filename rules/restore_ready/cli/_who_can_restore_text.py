"""How is it shown to people who can restore: a table for each file system, and what blocks each principal first?"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import Final

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from restore_ready.reports._locations import shown
from restore_ready.reports._report import Layout
from restore_ready.reports._safe_text import clean
from restore_ready.reports._who_can_restore import FileSystemAnswer, WhoCanRestore, by_success, yes_no_or_open
from restore_ready.who_can_restore._paths import Chain
from restore_ready.who_can_restore._steps import Step, StepResult

_SIGNS: Final = {True: "✓", False: "✗", None: "?"}
_ASCII_SIGNS: Final = {True: "yes", False: "NO", None: "?"}
_STYLES: Final = {True: "green", False: "bold red", None: "yellow"}
_COLUMNS: Final = {
    Step.START: "start",
    Step.VAULT: "vault",
    Step.PASS_ROLE: "pass role",
    Step.TRUST: "trust",
    Step.PERMISSIONS: "permissions",
    Step.KEY: "key",
}
_ANSWERS: Final = {True: "somebody can restore it", False: "nobody here can restore it", None: "not certain"}


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
        console.print(_heading(answer), soft_wrap=True)
        if not layout.quiet:
            for part in _body(answer):
                console.print(part)
            console.print()
    if not layout.quiet:
        for gap in who.not_read:
            place = shown(gap.place)
            told = Text(clean(f"not read: {place} {gap.address}: {gap.why}"))
            console.print(told, soft_wrap=True)
    written = console.file
    text = written.getvalue() if isinstance(written, io.StringIO) else ""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")


def _heading(answer: FileSystemAnswer) -> Text:
    file_system = answer.found.file_system
    place = shown(file_system.place)
    somebody_can = yes_no_or_open(answer.found.somebody_can)
    heading = Text(clean(f"{place} "))
    heading.append(clean(file_system.address), "bold")
    if file_system.name and file_system.address.startswith("arn:"):
        heading.append(clean(f" ({file_system.name})"))
    if answer.assuming:
        heading.append(clean(f" when {answer.assuming}"))
    heading.append(": ")
    heading.append(_ANSWERS[somebody_can], _STYLES[somebody_can])
    return heading


def _body(answer: FileSystemAnswer) -> Iterator[RenderableType]:
    found = answer.found
    names = ", ".join(clean(vault.name) for vault in found.vaults) or "none in sight"
    yield Text(f"  recovery points in: {names}")
    if found.hidden:
        yield Text(clean(f"  perhaps elsewhere: {found.hidden}"))
    listed = by_success(found.chains)
    if not listed:
        yield Text("  nobody who may start a restore is in sight")
        return
    yield Padding(_table(listed), (0, 0, 0, 2))
    for chain in listed:
        yield from (Padding(line, (0, 0, 0, 2)) for line in _outcome(chain))


def _table(listed: list[Chain]) -> Table:
    table = Table(box=box.ASCII2 if _only_ascii() else box.SQUARE, pad_edge=False)
    table.add_column("principal", overflow="fold")
    for step in Step:
        table.add_column(_COLUMNS[step], justify="center", no_wrap=True)
    for chain in listed:
        table.add_row(Text(clean(_name(chain))), *(_sign(result) for result in chain.steps))
    return table


def _sign(result: StepResult) -> Text:
    holds = yes_no_or_open(result.holds)
    return Text((_ASCII_SIGNS if _only_ascii() else _SIGNS)[holds], _STYLES[holds])


def _name(chain: Chain) -> str:
    return f"{chain.principal.label} ({chain.principal.kind.value})"


def _outcome(chain: Chain) -> Iterator[Text]:
    """Return what blocks a principal first, by which statement, or with what it restores."""
    block = chain.first_block
    if block is None:
        role = "" if chain.role is None else chain.role.label
        yield Text(clean(f"{_name(chain)}: restores from vault {chain.vault} with role {role}"))
        return
    verb = "is stopped by" if block.holds is False else "can't be told to pass"
    line = Text(clean(f"{_name(chain)} {verb} {block.step.value}: {block.why}"))
    if block.by is not None and block.by.policy not in block.why:
        line.append(clean(f" [{block.by.policy}, statement {block.by.sid}]"), "dim")
    yield line
    if chain.suggestion:
        yield Text(clean(f"  a name that would do: {chain.suggestion}"))


def _only_ascii() -> bool:
    return not (sys.stdout.encoding or "").lower().startswith("utf")
