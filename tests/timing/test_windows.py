"""Windows, hours and blackouts agree with a clock that is read minute by minute."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from restore_ready import Blackout, Hours, Requirements
from restore_ready.timing._cron import Cron, parse_schedule
from restore_ready.timing._time_zones import DAY, Days, Span, Zone, zone_over
from restore_ready.timing._windows import (
    Runs,
    closed_times,
    lasting,
    meeting,
    runs_of,
    show_hours,
    show_weekdays,
    spans_of_hours,
    windows,
    work_spans,
)

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
ALL = frozenset(range(7))

CHANGES = [
    ("Europe/Berlin", date(2026, 3, 26)),
    ("Europe/Berlin", date(2026, 10, 22)),
    ("America/New_York", date(2026, 3, 5)),
    ("America/New_York", date(2026, 10, 29)),
    ("Australia/Lord_Howe", date(2026, 4, 2)),
    ("Australia/Lord_Howe", date(2026, 10, 1)),
    ("Africa/Cairo", date(2026, 4, 21)),
    ("Asia/Tokyo", date(2026, 3, 26)),
    ("UTC", date(2026, 12, 29)),
]
"""Zones, and a day shortly before their clocks change, at midnight in Cairo, by half an hour on Lord Howe."""


class Clock:
    """Reads a zone's clock for every minute of some days, the slow way."""

    def __init__(self, zone: str, begin: date, days: int) -> None:
        self.start = (datetime(begin.year, begin.month, begin.day, tzinfo=timezone.utc) - EPOCH) // timedelta(minutes=1)
        local = [self._read(ZoneInfo(zone), at) for at in range(self.start, self.start + days * DAY)]
        self.shown = dict(enumerate(local, start=self.start))

    @staticmethod
    def _read(zone: ZoneInfo, minute: int) -> datetime:
        return (EPOCH + timedelta(minutes=minute)).astimezone(zone).replace(tzinfo=None, fold=0)

    def within(self, hours: Hours, weekdays: frozenset[int]) -> set[int]:
        """The minutes at which the clock shows one of the hours."""
        return {at for at, shown in self.shown.items() if _is_within(shown, hours, weekdays)}

    def runs(self, cron: Cron) -> set[int]:
        """The minutes at which the clock shows a time of the schedule for the first time."""
        seen: set[datetime] = set()
        found = set()
        for at, shown in self.shown.items():
            time = shown.hour * 60 + shown.minute
            if shown not in seen and time in cron.times and shown.day in cron.days(shown.year, shown.month):
                found.add(at)
            seen.add(shown)
        return found


def _is_within(shown: datetime, hours: Hours, weekdays: frozenset[int]) -> bool:
    time = shown.hour * 60 + shown.minute
    if hours.end > hours.start:
        return shown.weekday() in weekdays and hours.start <= time < hours.end
    yesterday = (shown.weekday() - 1) % 7
    return (shown.weekday() in weekdays and time >= hours.start) or (yesterday in weekdays and time < hours.end)


def minutes(spans: list[Span], clock: Clock) -> set[int]:
    return {at for start, end in spans for at in range(start, end)} & clock.shown.keys()


def zone(name: str, days: Days) -> Zone:
    found = zone_over(name, days)
    assert isinstance(found, Zone)
    return found


def draw_hours(source: random.Random) -> Hours:
    return Hours(source.randrange(0, DAY, 5), source.randrange(0, DAY, 5))


def draw_schedule(source: random.Random) -> str:
    minute, hour = source.choice(["0", "30", "15,45", "10/30"]), source.choice(["*", "0-4", "2", "22", "0/6", "23-2"])
    day = source.choice(["* * ?", "? * MON-FRI", "? * SUN", "L * ?", "1W * ?", "? * 1#4", "25-28 * ?"])
    return f"cron({minute} {hour} {day} *)"


@pytest.mark.parametrize(("name", "begin"), CHANGES)
def test_hours_of_the_day_agree_with_the_clock(name: str, begin: date) -> None:
    source = random.Random(f"hours {name} {begin}")  # noqa: S311  # a repeatable choice
    clock = Clock(name, begin, 8)
    days = Days.after(begin, 8)
    for _ in range(25):
        hours, weekdays = draw_hours(source), frozenset(source.sample(range(7), source.randint(1, 7)))
        spans = spans_of_hours(hours, weekdays, zone(name, days), days)
        assert minutes(spans, clock) == clock.within(hours, weekdays), (hours, weekdays)


@pytest.mark.parametrize(("name", "begin"), CHANGES)
def test_windows_meet_blackouts_exactly_where_the_clock_says(name: str, begin: date) -> None:
    source = random.Random(f"windows {name} {begin}")  # noqa: S311  # a repeatable choice
    clock = Clock(name, begin - timedelta(days=1), 12)
    days = Days.after(begin, 7)
    for _ in range(15):
        schedule, hours = draw_schedule(source), draw_hours(source)
        weekdays = frozenset(source.sample(range(7), source.randint(1, 7)))
        start, completion = source.choice([60, 90, 480]), source.choice([120, 180, 720])
        found = runs_of(schedule, name, days)
        assert isinstance(found, Runs)
        reach = Days.after(begin - timedelta(days=1), 12)
        closed = spans_of_hours(hours, weekdays, zone(name, reach), reach)

        met = set(meeting(windows(found, start, completion), closed))

        blocked = clock.within(hours, weekdays)
        slow = {at for at in found.at if blocked.intersection(range(at, at + start + completion))}
        assert {at for at, _ in met} == slow, (schedule, hours, weekdays)


@pytest.mark.parametrize(("name", "begin"), CHANGES)
def test_schedules_agree_with_the_clock_but_for_times_it_skips(name: str, begin: date) -> None:
    source = random.Random(f"runs {name} {begin}")  # noqa: S311  # a repeatable choice
    clock = Clock(name, begin - timedelta(days=1), 10)
    days = Days.after(begin, 7)
    shown = set(clock.shown.values())
    for _ in range(15):
        schedule = draw_schedule(source)
        cron = parse_schedule(schedule)
        found = runs_of(schedule, name, days)
        assert isinstance(found, Runs)
        assert isinstance(cron, Cron)
        local = {at: clock.shown[at].date() for at in clock.runs(cron)}
        expected = {at for at, day in local.items() if begin <= day < begin + timedelta(days=7)}
        extra = set(found.at) - expected
        assert expected <= set(found.at), schedule
        assert all(_was_skipped(clock.shown[at], shown) for at in extra), (schedule, extra)


def _was_skipped(shown: datetime, all_shown: set[datetime]) -> bool:
    """Tell whether a time half an hour or an hour earlier was never shown."""
    return any(shown - timedelta(minutes=by) not in all_shown for by in (30, 60))


def test_a_blackout_by_schedule_lasts_as_long_as_it_says() -> None:
    days = Days.after(date(2026, 1, 1), 3)
    nightly = Blackout("nightly batch", schedule="cron(30 1 * * ? *)", lasts=45)
    closed = closed_times(Requirements(time_zone="Asia/Tokyo", blackouts=(nightly,)), days)

    assert isinstance(closed, list)
    assert [one.name for one in closed] == ["nightly batch cron(30 1 * * ? *)"]
    assert {end - start for start, end in closed[0].spans} == {45}
    assert {start % DAY for start, _ in closed[0].spans} == {16 * 60 + 30}


def test_what_is_not_within_the_allowed_hours_is_closed() -> None:
    days = Days.after(date(2026, 1, 1), 2)
    closed = closed_times(Requirements(allowed_hours=Hours(22 * 60, 5 * 60)), days)
    always = closed_times(Requirements(allowed_hours=Hours(0, 0)), days)

    assert isinstance(closed, list)
    assert {(start % DAY, end % DAY) for start, end in closed[0].spans} == {(5 * 60, 22 * 60)}
    assert always == []


def test_touching_is_not_meeting() -> None:
    assert list(meeting([(0, 60), (60, 120), (61, 130)], [(60, 61), (130, 140)])) == [(60, 120)]


def test_pauses_too_short_for_a_backup_belong_to_the_work() -> None:
    assert lasting([(0, 45), (30, 45), (200, 45)]) == [(0, 75), (200, 245)]
    assert lasting([(0, 45), (160, 45)]) == [(0, 205)]
    assert lasting([(5, 0)]) == [(5, 6)]


@pytest.mark.parametrize("schedule", ["0/5 8-17 * * ? *", "0 9 ? * MON-FRI *", "0/30 * * * ? *", "30 0,1,23 L * ? *"])
def test_work_goes_on_as_if_every_start_were_looked_at(schedule: str) -> None:
    days = Days.after(date(2026, 3, 1), 60)
    found = runs_of(f"cron({schedule})", "Asia/Tokyo", days)
    quickly = work_spans(f"cron({schedule})", "Asia/Tokyo", 30, days)

    assert isinstance(found, Runs) == (schedule != "0/5 8-17 * * ? *")
    if isinstance(found, Runs):
        assert list(quickly) == lasting((at, 30) for at in found.at)
    else:
        assert {end - start for start, end in quickly} == {9 * 60 + 55 + 30}


def test_a_zone_that_is_not_known_is_said() -> None:
    days = Days.after(date(2026, 1, 1), 2)
    closed = closed_times(Requirements(time_zone="JST", allowed_hours=Hours(0, 60)), days)

    assert "JST" in getattr(closed, "why", "")


def test_hours_and_days_are_written_shortly() -> None:
    assert show_hours(Hours(22 * 60, 5 * 60)) == "22:00\N{EN DASH}05:00"
    assert show_weekdays(ALL) == []
    assert show_weekdays(frozenset(range(5))) == ["mon\N{EN DASH}fri"]
    assert show_weekdays(frozenset({5, 6})) == ["sat,sun"]
    assert show_weekdays(frozenset({0, 2})) == ["mon,wed"]
