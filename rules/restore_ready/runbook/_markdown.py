"""How are texts of a source written into Markdown so that they show as they are?"""

from __future__ import annotations

from itertools import groupby
from typing import Final

from restore_ready.reports._safe_text import clean

_MARKED: Final = frozenset("\\`*_[]<>|&#~$")


def code(text: str) -> str:
    """Return *text* as inline code, fit for cells of tables too; a mark of open length encloses backticks."""
    shown = clean(text) or " "
    longest = max((len(list(run)) for character, run in groupby(shown) if character == "`"), default=0)
    fence = "`" * (longest + 1)
    padded = f" {shown} " if shown.startswith("`") or shown.endswith("`") else shown
    return f"{fence}{padded}{fence}".replace("|", "\\|")


def prose(text: str) -> str:
    """Return *text* as running text without any formatting of its own."""
    return "".join(f"\\{character}" if character in _MARKED else character for character in clean(text))
