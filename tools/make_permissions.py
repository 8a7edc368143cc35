"""Write the table of facts and permissions of docs/audit-permissions.md; ``--check`` only says whether it is stale."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from restore_ready.live._plan import PLAN
from restore_ready.live._row import Row

PAGE = Path(__file__).parent.parent / "docs" / "audit-permissions.md"
_SPOT = re.compile(r"<!-- table: facts -->\n.*?<!-- end -->", re.DOTALL)


def table() -> str:
    """Return the table of the fact plan, a row for each call."""
    return "\n".join(["| IAM action | asked once for each | to learn |", "| --- | --- | --- |", *map(_line, PLAN)])


def _line(row: Row) -> str:
    return f"| `{row.action}` | {row.level.value} | {row.serves}{' (optional)' * row.optional} |"


def main(arguments: list[str]) -> int:
    """Write or check the page; return the exit code."""
    text = PAGE.read_text(encoding="utf-8")
    fresh, spots = _SPOT.subn(f"<!-- table: facts -->\n\n{table()}\n\n<!-- end -->", text)
    if spots != 1:
        sys.exit(f"{PAGE.name} has {spots} places for the table; there must be one")
    if "--check" in arguments:
        if fresh != text:
            print(f"stale: {PAGE.name}; run make docs")  # noqa: T201  # a command
        return 1 if fresh != text else 0
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
