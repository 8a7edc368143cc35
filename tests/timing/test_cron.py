"""AWS schedule expressions run when AWS says, on local clocks too."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from itertools import islice

import pytest

from restore_ready import Unresolved
from restore_ready.timing._cron import At, Cron, Rate, Refused, parse_schedule
from restore_ready.timing._time_zones import Days, Zone, zone_over
from restore_ready.timing._time_zones import runs as all_runs
from restore_ready.timing._windows import Runs, runs_of

YEAR = Days.after(date(2026, 1, 1), 365)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def runs(expression: str, zone: str = "UTC", days: Days = YEAR) -> list[str]:
    cron, clock = parse_schedule(f"cron({expression})"), zone_over(zone, days)
    assert isinstance(cron, Cron), cron
    assert isinstance(clock, Zone), clock
    return [(EPOCH + timedelta(minutes=at)).strftime("%m-%d %H:%M") for at in all_runs(cron, clock, days)]


def first(expression: str, count: int = 4) -> list[str]:
    return [one.removesuffix(" 00:00") for one in islice(runs(expression), count)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # The examples of AWS's page on cron expressions.
        ("0 10 * * ? *", ["01-01 10:00", "01-02 10:00"]),
        ("15 12 * * ? *", ["01-01 12:15", "01-02 12:15"]),
        ("0 18 ? * MON-FRI *", ["01-01 18:00", "01-02 18:00", "01-05 18:00"]),
        ("0 8 1 * ? *", ["01-01 08:00", "02-01 08:00"]),
        ("0/15 * * * ? *", ["01-01", "01-01 00:15", "01-01 00:30", "01-01 00:45", "01-01 01:00"]),
        ("0/10 * ? * MON-FRI *", ["01-01", "01-01 00:10"]),
        ("0/5 8-17 ? * MON-FRI *", ["01-01 08:00", "01-01 08:05"]),
        ("0/30 20-2 ? * MON-FRI *", ["01-01", "01-01 00:30", "01-01 01:00", "01-01 01:30", "01-01 02:00"]),
        ("1/10 0 1 1 ? *", ["01-01 00:01", "01-01 00:11", "01-01 00:21"]),
        ("0 12 ? * 3#2 *", ["01-13 12:00", "02-10 12:00"]),
        ("15 10 ? * 6L *", ["01-30 10:15", "02-27 10:15"]),
        ("0 0 3W * ? *", ["01-02", "02-03", "03-03", "04-03", "05-04"]),
        # The ends of months.
        ("0 0 L * ? *", ["01-31", "02-28", "03-31", "04-30"]),
        ("0 0 L-3 * ? *", ["01-28", "02-25", "03-28", "04-27"]),
        ("0 0 LW * ? *", ["01-30", "02-27", "03-31", "04-30", "05-29"]),
        ("0 0 1W * ? *", ["01-01", "02-02", "03-02", "04-01"]),
        ("0 0 31W * ? *", ["01-30", "03-31", "05-29"]),
        ("0 0 1,15,L * ? *", ["01-01", "01-15", "01-31", "02-01"]),
        ("0 0 1-31/10 * ? *", ["01-01", "01-11", "01-21", "01-31", "02-01"]),
        # Days of the week: 1 is Sunday.
        ("0 0 ? * 1 *", ["01-04", "01-11"]),
        ("0 0 ? * sun *", ["01-04", "01-11"]),
        ("0 0 ? * L *", ["01-03", "01-10"]),
        ("0 0 ? * 2#1 *", ["01-05", "02-02", "03-02"]),
        ("0 0 ? * FRI#5 *", ["01-30", "05-29", "07-31", "10-30"]),
        ("0 0 ? * FRIL *", ["01-30", "02-27"]),
        ("0 0 ? * FRI-MON *", ["01-02", "01-03", "01-04", "01-05", "01-09"]),
        ("0 0 ? * 2/2 *", ["01-02", "01-05", "01-07", "01-09"]),
        # Months and years.
        ("0 0 1 jan,JUL ? *", ["01-01", "07-01"]),
        ("0 0 1 1 ? 2020/3", ["01-01"]),
        ("0 0 1 1 ? 2027-2029", []),
        ("0 0 30 2 ? *", []),
        ("0  10   *  * ? *", ["01-01 10:00"]),
    ],
)
def test_an_expression_runs_when_aws_says(expression: str, expected: list[str]) -> None:
    assert first(expression, len(expected) or 1) == expected


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("cron(0 5 * * *)", "5 fields"),
        ("cron(0 5 * * * *)", "must have ? in one of"),
        ("cron(0 5 ? * ? *)", "must have ? in one of"),
        ("cron(60 5 * * ? *)", "minutes is not within 0 to 59"),
        ("cron(0 24 * * ? *)", "hours is not within 0 to 23"),
        ("cron(0 5 32 * ? *)", "not within 1 to 31"),
        ("cron(0 5 ? * 0 *)", "not within 1 to 7"),
        ("cron(0 5 ? * 8 *)", "not within 1 to 7"),
        ("cron(0 5 ? * 3#6 *)", "not within 1 to 5"),
        ("cron(0 5 ? * 3#1,6#3 *)", "stands alone"),
        ("cron(0 5 * FOO ? *)", "'FOO' in month"),
        ("cron(0 5 * * ? 1969)", "not within 1970 to 2199"),
        ("cron(5/0 * * * ? *)", "no step of 1 or more"),
        ("cron(0 5 W * ? *)", "not within 1 to 31"),
        ("cron(0 5 L-40 * ? *)", "not within 1 to 30"),
        ("cron(0 5 \u0661 * ? *)", "not within 1 to 31"),
        ("cron(, 5 * * ? *)", "not within 0 to 59"),
        ("0 5 * * ? *", "not of the form"),
        ("cron(0 5 * * ? *", "not of the form"),
        ("daily", "not of the form"),
        ("every(day)", "not of the form"),
        ("rate(0 days)", "not a number of minutes"),
        ("rate(1 week)", "not a number of minutes"),
        ("cron(" + "0," * 100_000 + "0 5 * * ? *)", "not of the form"),
    ],
)
def test_what_aws_refuses_is_refused_with_the_reason(expression: str, why: str) -> None:
    found = parse_schedule(expression)

    assert isinstance(found, Refused)
    assert why in found.why
    assert len(found.why) < 200


def test_rates_and_single_moments_are_recognised() -> None:
    assert parse_schedule("rate(12 hours)") == Rate(720)
    assert parse_schedule("rate(1 day)") == Rate(1440)
    assert parse_schedule("at(2026-11-20T13:00:00)") == At("2026-11-20T13:00:00")
    assert isinstance(parse_schedule(" cron(0 5 * * ? *) "), Cron)


def test_a_local_time_moves_in_utc_when_the_clocks_change() -> None:
    berlin = runs("0 5 * * ? *", "Europe/Berlin")

    assert berlin[0] == "01-01 04:00"
    assert "03-28 04:00" in berlin
    assert "03-29 03:00" in berlin
    assert len(berlin) == 365


def test_a_time_that_the_clock_skips_counts_an_hour_later_and_one_it_shows_twice_counts_once() -> None:
    berlin = runs("30 2 * * ? *", "Europe/Berlin")

    assert [one for one in berlin if one.startswith("03-29")] == ["03-29 01:30"]
    assert [one for one in berlin if one.startswith("10-25")] == ["10-25 00:30"]
    assert len(berlin) == 365


def test_the_half_hour_of_lord_howe_is_counted() -> None:
    lord_howe = runs("0 12 * * ? *", "Australia/Lord_Howe")

    assert lord_howe[0] == "01-01 01:00"
    assert "06-01 01:30" in lord_howe


def test_what_depends_on_the_set_up_or_runs_once_or_all_the_time_is_unresolved() -> None:
    assert isinstance(runs_of("rate(1 day)", "UTC", YEAR), Unresolved)
    assert isinstance(runs_of("at(2026-01-01T00:00:00)", "UTC", YEAR), Unresolved)
    assert isinstance(runs_of("cron(* * * * ? *)", "UTC", YEAR), Unresolved)
    assert isinstance(runs_of(Unresolved("var.schedule has no value"), "UTC", YEAR), Unresolved)
    assert isinstance(runs_of(None, Unresolved("var.zone has no value"), YEAR), Unresolved)


@pytest.mark.parametrize("zone", ["", "JST", "Europe", "../secrets", "Asia/Tokyo\0", "x" * 5000])
def test_what_is_no_time_zone_is_unresolved(zone: str) -> None:
    assert isinstance(runs_of(None, zone, YEAR), Unresolved)


def test_no_schedule_means_five_in_the_morning() -> None:
    found = runs_of(None, "UTC", YEAR)

    assert isinstance(found, Runs)
    assert len(found.at) == 365
    assert {at % 1440 for at in found.at} == {300}
