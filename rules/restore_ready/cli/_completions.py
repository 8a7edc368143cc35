"""Which values does a shell complete options with?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

import click

from restore_ready.catalog._codes import all_codes

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Complete: TypeAlias = "Callable[[click.Context, click.Parameter, str], list[CompletionItem]]"

_NO_FORMATS: Final = frozenset({"default", "or"})


def complete_codes(_context: click.Context, _option: click.Parameter, begun: str) -> list[CompletionItem]:
    """Return the codes, with their titles, that a list of codes such as ``RR1,RR2`` may go on with."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415  # only a shell that completes needs it

    before, comma, word = begun.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{own.code}", help=own.title)
        for own in all_codes()
        if own.code.startswith(word.upper())
    ]


def completing_formats(described: str) -> Complete:
    """Return what completes ``-o`` with the formats that its help names: ``text (default), json; …``."""
    names = [word for word in re.findall(r"[a-z]+", described.partition(";")[0]) if word not in _NO_FORMATS]

    def complete(_context: click.Context, _option: click.Parameter, begun: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem  # noqa: PLC0415  # likewise

        return [CompletionItem(name) for name in names if name.startswith(begun)]

    return complete
