"""What backups and restores are required to meet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from msgspec import Struct, field

_DAY: Final = 24 * 60


class Hours(Struct, frozen=True):
    """Hours of the day in local time, as minutes from midnight; *end* at or before *start* means the next day."""

    start: int
    end: int


class Blackout(Struct, frozen=True):
    """Times in which no backup may run: hours on some weekdays (0 is Monday), or a schedule and how long it lasts.

    Attributes:
        schedule: an AWS cron expression in the requirements' time zone; *lasts* is its length in minutes.
    """

    name: str
    days: frozenset[int] = frozenset(range(7))
    hours: Hours | None = None
    schedule: str = ""
    lasts: int = 0


class ExternalSelection(Struct, frozen=True):
    """A selection of a plan that lives in another stack or account: by tags, all of which must be there, or ARNs."""

    tags: Mapping[str, str] = field(default_factory=dict)
    resources: tuple[str, ...] = ()


class Requirements(Struct, frozen=True):
    """The thresholds that rules compare with. Without a requirements file, these defaults apply.

    Attributes:
        time_zone: IANA name of the zone in which hours and blackouts are meant.
        automatic_allowed: whether AWS's automatic EFS backups may be relied on.
        start_within: widest start window allowed, in minutes.
        complete_within: widest completion window allowed, in minutes.
        allowed_hours: the only hours in which backups may run.
        blackouts: times in which no backup may run.
        every: recovery point objective, in minutes; ``None`` where nobody wrote one, see `objective`.
        keep_at_least: shortest retention, in days; *keep_at_most* the longest.
        external_selections: selections that live elsewhere.
        operators: name patterns of principals that must be able to restore; letter case is ignored.
        roles: name patterns of restore roles; letter case is ignored.
        mover: name patterns of functions that move restored files.
        within: longest time a restore may take, in minutes.
        rehearse_every: longest time between two restores, in days.
        copy_only: name patterns of vaults that only receive copies and are never restored from.
        protect: how recovery points must be kept from deletion: ``none``, ``deny`` or ``lock``.
        sizes: declared sizes of file systems in bytes, by name pattern.
        today: the day on which exceptions are looked at.
    """

    time_zone: str = "UTC"
    automatic_allowed: bool = False
    start_within: int = 60
    complete_within: int = 24 * 60
    allowed_hours: Hours | None = None
    blackouts: tuple[Blackout, ...] = ()
    every: int | None = None
    keep_at_least: int | None = None
    keep_at_most: int | None = None
    external_selections: tuple[ExternalSelection, ...] = ()
    operators: tuple[str, ...] = ("*restore*", "*backup*operator*")
    roles: tuple[str, ...] = ("*AWSBackup*", "*restore*")
    mover: tuple[str, ...] = ("*restore*mover*",)
    within: int | None = None
    rehearse_every: int | None = None
    copy_only: tuple[str, ...] = ()
    protect: str = "none"
    sizes: Mapping[str, int] = field(default_factory=dict)
    today: date | None = None

    @property
    def objective(self) -> int:
        """The recovery point objective in minutes: a day where nobody wrote one."""
        return _DAY if self.every is None else self.every
