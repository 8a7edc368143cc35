"""Options that say which live accounts are read, and the snapshot that comes of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click
from msgspec import Struct
from msgspec.structs import fields

from restore_ready._errors import UsageError
from restore_ready.cli._options import with_options

F = TypeVar("F", bound=Callable[..., Any])

_WORKERS: Final = 16
_AT_ONCE: Final = 8
_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_EXISTING: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


class Live(Struct, frozen=True):
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
        return tuple(one.name for one in fields(self) if getattr(self, one.name) != getattr(_DEFAULTS, one.name))

    @property
    def many(self) -> bool:
        """Whether several accounts are meant."""
        return self.org or self.accounts is not None


_DEFAULTS: Final = Live()


def live_options(command: F) -> F:
    """Add the options, and give their values to *command* as ``live``."""

    @wraps(command)
    def with_live(**given: object) -> object:
        return command(live=_live(given), **given)

    wrapped: Any = with_live
    return cast("F", with_options(_OPTIONS, wrapped))


def live_options_beside_paths(command: F) -> F:
    """Do the same for a command that reads sources: ``live`` is ``None`` unless ``--live`` or one of them is given."""

    @wraps(command)
    def with_live(*, wanted: bool, **given: object) -> object:
        live = _live(given)
        return command(live=live if wanted or live.given else None, **given)

    wrapped: Any = with_live
    return cast("F", with_options((_WANTED, *_OPTIONS), wrapped))


def _live(given: dict[str, object]) -> Live:
    """Take the values of the options out of *given*."""
    live = Live(**{one.name: given.pop(one.name) for one in fields(Live)})  # type: ignore[arg-type]  # click checked them
    check(live)
    return live


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
        "--accounts", type=_EXISTING, metavar="FILE", help="Read the accounts that FILE names, YAML or lines."
    ),
    click.option("--org", is_flag=True, help="Read all accounts of the organization."),
    click.option("--include-ou", multiple=True, metavar="ID", help="Only those below this organizational unit."),
    click.option("--exclude-ou", multiple=True, metavar="ID", help="Not those below this organizational unit."),
    click.option("--region", multiple=True, metavar="REGION", help="Only this Region; without, all that can be used."),
    click.option("--snapshot", type=_FILE, metavar="FILE", help="Keep what was read; go on with a broken-off run."),
    click.option("--from-snapshot", type=_EXISTING, metavar="FILE", help="Use what was read before; ask nothing."),
    click.option("--redact", is_flag=True, help="Replace account ids, in the snapshot and in the report."),
    click.option(
        "--workers",
        type=click.IntRange(1, 128),
        default=_WORKERS,
        show_default=True,
        metavar="N",
        help="Calls at a time, in each account.",
    ),
    click.option(
        "--accounts-at-once",
        type=click.IntRange(1, 256),
        default=_AT_ONCE,
        show_default=True,
        metavar="N",
        help="Accounts at a time.",
    ),
    click.option("--scheduler", metavar="ADDRESS", help="Read accounts on a Dask cluster: tcp://host:port."),
)


def check(live: Live) -> None:
    """Check that the options go together.

    Raises:
        UsageError: if they don't.
    """
    if live.from_snapshot is not None:
        given = [one for one in live.given if one != "from_snapshot"]
        _forbid(given, "a snapshot is taken as it is (--from-snapshot)")
    if live.org and live.accounts is not None:
        _fail("give either --org or --accounts")
    if not live.org:
        _forbid([one for one in ("include_ou", "exclude_ou") if getattr(live, one)], "units need --org")
    if not live.many:
        _forbid([one for one in ("role_name", "scheduler") if getattr(live, one)], "that needs --org or --accounts")
    if live.role_arn and live.role_name:
        _fail("give either --role-arn or --role-name")
    if live.org and not (live.role_arn or live.role_name):
        _fail("--org needs the role to assume in each account: --role-name restore-ready")
    if live.external_id and not (live.role_arn or live.role_name or live.accounts):
        _fail("--external-id needs a role: --role-arn or --role-name")


def _forbid(names: list[str], why: str) -> None:
    if names:
        _fail(f"{why}: take out --{names[0].replace('_', '-')}")


def _fail(message: str) -> None:
    raise UsageError(message)
