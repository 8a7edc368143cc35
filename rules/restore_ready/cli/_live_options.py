"""Which options say what live accounts are read, and how?"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click
from msgspec import Struct
from msgspec.structs import fields

from restore_ready._errors import UsageError
from restore_ready.cli._options import EXISTING_FILE, FILE, Option, take, with_options

F = TypeVar("F", bound=Callable[..., Any])

_WORKERS: Final = 16
_AT_ONCE: Final = 8


class LiveOptions(Struct, frozen=True):
    """What the options of a live audit say; each as its option."""

    profile: str | None = None
    role_arn: str | None = None
    role_name: str | None = None
    external_id: str | None = None
    accounts: Path | None = None
    org: bool = False
    include_ou: tuple[str, ...] = ()
    exclude_ou: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    snapshot: Path | None = None
    from_snapshot: Path | None = None
    redact: bool = False
    workers: int = _WORKERS
    accounts_at_once: int = _AT_ONCE
    scheduler: str | None = None

    @property
    def given(self) -> tuple[str, ...]:
        """The names of what was given."""
        return tuple(
            option.name for option in fields(self) if getattr(self, option.name) != getattr(_DEFAULTS, option.name)
        )

    @property
    def many(self) -> bool:
        """Whether several accounts are meant."""
        return self.org or self.accounts is not None


_DEFAULTS: Final = LiveOptions()


def live_options(command: F) -> F:
    """Return *command* with the options, whose values it gets as ``live``."""

    @wraps(command)
    def with_live(**given: Any) -> object:  # noqa: ANN401  # whatever the options give
        return command(live=check(take(LiveOptions, given)), **given)

    return cast("F", with_options(_OPTIONS, with_live))


def live_options_beside_paths(command: F) -> F:
    """Return the same of one that reads sources: ``live`` is ``None`` unless ``--live`` or one of them is given."""

    @wraps(command)
    def with_live(*, wanted: bool, **given: Any) -> object:  # noqa: ANN401  # whatever the options give
        live = check(take(LiveOptions, given))
        return command(live=live if wanted or live.given else None, **given)

    return cast("F", with_options((_WANTED, *_OPTIONS), with_live))


def _number(name: str, most: int, default: int, help_text: str) -> Option:
    return click.option(
        name, type=click.IntRange(1, most), default=default, show_default=True, metavar="N", help=help_text
    )


_WANTED: Final = click.option(
    "--live",
    "wanted",
    is_flag=True,
    help="Read the live account of the present credentials, and no PATH. The options that follow mean it, too.",
)
_OPTIONS: Final = (
    click.option("--profile", metavar="NAME", help="Profile of the AWS configuration to start from."),
    click.option("--role-arn", metavar="ARN", help="Role to assume; for many accounts with {account} in it."),
    click.option("--role-name", metavar="NAME", help="The same for many accounts: the role's name, equal in all."),
    click.option("--external-id", metavar="ID", help="External id that the role asks for."),
    click.option(
        "--accounts", type=EXISTING_FILE, metavar="FILE", help="Read the accounts that FILE names, YAML or lines."
    ),
    click.option("--org", is_flag=True, help="Read all accounts of the organization."),
    click.option("--include-ou", multiple=True, metavar="ID", help="Only those below this organizational unit."),
    click.option("--exclude-ou", multiple=True, metavar="ID", help="Not those below this organizational unit."),
    click.option("--region", multiple=True, metavar="REGION", help="Only this Region; without, all that can be used."),
    click.option("--snapshot", type=FILE, metavar="FILE", help="Keep what was read; go on with a broken-off run."),
    click.option("--from-snapshot", type=EXISTING_FILE, metavar="FILE", help="Use what was read before; ask nothing."),
    click.option("--redact", is_flag=True, help="Replace account ids, in the snapshot and in the report."),
    _number("--workers", 128, _WORKERS, "Calls at a time, in each account."),
    _number("--accounts-at-once", 256, _AT_ONCE, "Accounts at a time."),
    click.option("--scheduler", metavar="ADDRESS", help="Read accounts on a Dask cluster: tcp://host:port."),
)


def check(live: LiveOptions) -> LiveOptions:
    """Return *live* if its options go together.

    Raises:
        UsageError: if they don't.
    """
    if live.from_snapshot is not None:
        given = [name for name in live.given if name != "from_snapshot"]
        _forbid(given, "a snapshot is taken as it is (--from-snapshot)")
    if live.org and live.accounts is not None:
        _fail("give either --org or --accounts")
    if not live.org:
        _forbid([name for name in ("include_ou", "exclude_ou") if getattr(live, name)], "units need --org")
    if not live.many:
        _forbid([name for name in ("role_name", "scheduler") if getattr(live, name)], "that needs --org or --accounts")
    if live.role_arn and live.role_name:
        _fail("give either --role-arn or --role-name")
    if live.org and not (live.role_arn or live.role_name):
        _fail("--org needs the role to assume in each account: --role-name restore-ready")
    if live.external_id and not (live.role_arn or live.role_name or live.accounts):
        _fail("--external-id needs a role: --role-arn or --role-name")
    return live


def _forbid(names: list[str], why: str) -> None:
    if names:
        _fail(f"{why}: take out --{names[0].replace('_', '-')}")


def _fail(message: str) -> None:
    raise UsageError(message)
