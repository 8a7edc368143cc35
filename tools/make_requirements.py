"""Write the schema of requirements files and the tables of their page; ``--check`` only says which are stale."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from restore_ready.requirements._fields import BLACKOUT, EXCEPTION, EXTERNAL, MATCH, SECTIONS, Field
from restore_ready.requirements._load import FILE
from restore_ready.requirements._scan_fields import SCAN
from restore_ready.requirements._schema import schema_text

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "requirements.md"
SCHEMA = DOCS / "requirements.schema.json"
TABLES: Mapping[str, Iterable[Field]] = {
    "file": FILE,
    **SECTIONS,
    "blackouts": BLACKOUT,
    "external_selections": EXTERNAL,
    "match": MATCH,
    "exceptions": EXCEPTION,
    "scan": SCAN,
}
_SPOT = re.compile(r"<!-- table: (\w+) -->\n.*?<!-- end -->", re.DOTALL)


def table(fields: Iterable[Field]) -> str:
    """Return the table of the keys of one mapping."""
    rows = [f"| `{field.key}` | {field.kind.says} | {field.doc}{_default(field)} |" for field in fields]
    return "\n".join(["| key | value | meaning |", "| --- | --- | --- |", *rows])


def _default(field: Field) -> str:
    if field.required:
        return " Required."
    return f" Default: {field.default if field.default in {'none', 'any'} else f'`{field.default}`'}." * bool(
        field.default
    )


def page() -> str:
    """Return the page with fresh tables.

    Raises:
        SystemExit: if the page has no place for one of them, or for one that is not there.
    """
    text = PAGE.read_text(encoding="utf-8")
    spots = _SPOT.findall(text)
    if sorted(spots) != sorted(TABLES):
        sys.exit(f"{PAGE.name} has tables for {', '.join(spots)}; there are {', '.join(TABLES)}")
    return _SPOT.sub(lambda spot: f"<!-- table: {spot[1]} -->\n\n{table(TABLES[spot[1]])}\n\n<!-- end -->", text)


def main(arguments: list[str]) -> int:
    """Write or check the files; return the exit code."""
    wanted = {PAGE: page(), SCHEMA: schema_text()}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in arguments:
        print(*(f"stale: {path.name}; run make docs" for path in stale), sep="\n")  # noqa: T201  # a command
        return 1 if stale else 0
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
