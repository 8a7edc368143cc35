"""The two codes that are not rules of the catalogue: the pack is broken, and something could not be judged."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from restore_ready.catalog._finder import all_rules
from restore_ready.model import DOCS, Rule, Severity


class OwnCode(Struct, frozen=True):
    """A code the pack reports about itself; `doc` is its documentation page, as a rule's docstring is a rule's."""

    code: str
    slug: str
    severity: Severity
    doc: str

    @property
    def title(self) -> str:
        """The page's first line."""
        return self.doc.partition("\n")[0]

    @property
    def help_uri(self) -> str:
        """The address of the page."""
        return f"{DOCS}/{self.code}.md"


PACK_BROKEN: Final = OwnCode(
    "RR000",
    "pack-broken",
    Severity.ERROR,
    """The pack itself works.

## What it does
Reports a rule or a reader that failed with an error of its own, and a pack that could not load.
It can't be deselected, and no `--fail-on` lets it pass.

## Why is this bad?
A check that breaks finds nothing, and a report without findings looks like a clean one.

## Use instead
Report the message with the resource it names, and pin the last version that worked.
""",
)

NOT_JUDGED: Final = OwnCode(
    "RR001",
    "not-judged",
    Severity.INFO,
    """Everything that was named could be read and judged.

## What it does
Reports a file, module or resource that could not be read or judged, with the reason, and an exception in a source that
can't be accepted. It is no finding. The exit code is 3 if a file could not be read, unless `--allow-unread` is given;
for all else, it is with `--strict`.

## Why is this bad?
What was not judged may hold the one backup plan or vault policy that matters.

## Use instead
Give the missing value (`--var`, `--var-file`, `--parameters`), run `terraform init` so that modules are there, or scan
the plan (`terraform show -json`), where more is known.
""",
)


def all_codes() -> tuple[Rule | OwnCode, ...]:
    """Return everything that has a code and a page, sorted by code.

    Raises:
        ImportError: if a rule file can't be imported.
    """
    return (PACK_BROKEN, NOT_JUDGED, *all_rules())
