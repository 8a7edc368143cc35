"""What does the head of a page say of what it is about: sources or accounts, when, by which requirements?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from restore_ready._version import __version__
from restore_ready.catalog._finder import all_rules
from restore_ready.model import Requirements
from restore_ready.reports._asked import asks
from restore_ready.reports._safe_text import first_few, plural
from restore_ready.reports._scope import AccountScope, Scope

_HASH: Final = 12
"""Hexadecimal digits of a hash that are shown."""

_MOST_FILES: Final = 2


class ScopeFacts(Struct, frozen=True):
    """What a report is about.

    Attributes:
        about: in a few words; *when* it was read or made. Both are empty where nobody said it.
        facts: labels and texts.
        unread: the accounts that could not be read, of *accounts* in all.
    """

    about: str = ""
    when: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    unread: tuple[AccountScope, ...] = ()
    accounts: int = 0


def scope_facts(scope: Scope | None) -> ScopeFacts:
    """Return what the head shows of *scope*."""
    tool = ("Tool", f"restore-ready {__version__}, {len(tuple(all_rules()))} rules")
    if scope is None:
        return ScopeFacts(facts=(tool,))
    about = _of_accounts(scope) if scope.taken else _of_sources(scope)
    return ScopeFacts(
        scope.about,
        _minute(scope.taken or scope.made.isoformat()),
        (*about, *_requirements(scope), *_options(scope.options), tool),
        tuple(account for account in scope.accounts if not account.read),
        len(scope.accounts),
    )


def _minute(moment: str) -> str:
    """Return an ISO 8601 time in UTC to the minute, for people."""
    return f"{moment[:16].replace('T', ' ')} UTC"


def _of_accounts(scope: Scope) -> Iterator[tuple[str, str]]:
    read = sum(account.read for account in scope.accounts)
    replaced = " (numbers replaced)" if scope.redacted else ""
    if len(scope.accounts) > 1:
        yield "Accounts", f"{read} of {len(scope.accounts)} read{replaced}"
    elif scope.accounts:
        (account,) = scope.accounts
        name = f", {account.name}" if account.name else ""
        yield "Account", f"{account.account}{name}{replaced}"
    if scope.regions:
        yield "Regions", ", ".join(scope.regions)
    if scope.snapshot:
        yield "Snapshot", f"{scope.snapshot}, taken {_minute(scope.taken)}, SHA-256 {scope.sha256[:_HASH]}…"


def _of_sources(scope: Scope) -> Iterator[tuple[str, str]]:
    yield "Read", plural(scope.sources, "source")
    repository = scope.repository
    if repository is not None and repository.commit:
        branch = f" on {repository.branch}" if repository.branch else ""
        yield "Commit", f"{repository.commit[:_HASH]}{branch}"
    yield "Made", _minute(scope.made.isoformat())


def _requirements(scope: Scope) -> Iterator[tuple[str, str]]:
    asked = scope.requirements
    if not asked:
        yield "Requirements", f"defaults (no restore-ready.yaml), times in UTC: {'; '.join(asks(Requirements()))}"
        return
    files = first_few((found.file for found in asked), _MOST_FILES)
    said = f", times in {asked[0].time_zone}: {'; '.join(asked[0].asks)}" if len(asked) == 1 else ""
    yield "Requirements", f"{files}{said}"


def _options(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if options:
        yield "Options", ", ".join(f"{name} {_value(value)}".strip() for name, value in options.items())


def _value(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return "" if value is True else str(value)
