"""What requirements about time make of plans: blackouts, allowed hours, how often, and AWS's automatic plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.support.stories import FIXTURES

from restore_ready import Blackout, Fail, Hours, Pass, Requirements, Severity, Unknown, Verdict, scan

TO = "\N{EN DASH}"
WORKING_DAYS = frozenset(range(5))
OFFICE = Blackout("office hours", WORKING_DAYS, Hours(9 * 60, 18 * 60))
BATCH = Blackout("nightly batch", schedule="cron(30 1 * * ? *)", lasts=45)
FOUNDING = Requirements(time_zone="Asia/Tokyo", start_within=60, complete_within=180, blackouts=(OFFICE,))
"""22:00 in Tokyo, started within one hour, complete within three; in use on working days from 09:00 to 18:00."""

STORIES = [f"stories/{name}/{file}" for name in ("corrected",) for file in ("main.tf", "plan.json", "template.yaml")]

PLAN = """
Resources:
  Plan:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: plan
        BackupPlanRule:
"""
RULE = """
          - RuleName: {name}
            TargetBackupVault: efs
            ScheduleExpression: {schedule}
            ScheduleExpressionTimezone: {zone}
            StartWindowMinutes: {start}
            CompletionWindowMinutes: {completion}
"""


def verdict(code: str, path: Path, requirements: Requirements, address: str = "Plan") -> Verdict:
    found = [one for one in scan([path], requirements=requirements).judgements if one.rule.code == code]
    return next(one.verdict for one in found if one.address == address)


def fail(found: Verdict) -> Fail:
    assert isinstance(found, Fail), found
    return found


class Template:
    """A template with one plan."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "template.yaml"
        self.text = PLAN

    def rule(
        self, schedule: str, zone: str = "Asia/Tokyo", start: int = 60, completion: int = 180, name: str = "nightly"
    ) -> Template:
        values = {"name": name, "schedule": schedule, "zone": zone, "start": start, "completion": completion}
        self.text += RULE.format(**values)
        return self

    def judged(self, code: str, requirements: Requirements) -> Verdict:
        self.path.write_text(self.text)
        return verdict(code, self.path, requirements)


@pytest.fixture
def template(tmp_path: Path) -> Template:
    return Template(tmp_path)


@pytest.mark.parametrize("story", STORIES)
def test_the_founding_teams_plan_meets_its_requirement_in_every_respect(story: str) -> None:
    done = scan([FIXTURES / story], requirements=FOUNDING)

    assert [(one.rule.code, one.verdict) for one in done.judgements if not isinstance(one.verdict, Pass)] == []
    assert {"RR104", "RR201", "RR202", "RR203", "RR204"} <= {one.rule.code for one in done.judgements}


@pytest.mark.parametrize("file", ["main.tf", "plan.json"])
def test_a_plan_with_the_windows_aws_proposes_fails_for_its_clock_times(file: str) -> None:
    found = fail(verdict("RR203", FIXTURES / "stories/founding" / file, FOUNDING, "aws_backup_plan.nightly"))

    assert found.message == (
        f'rule "nightly": a job runs into office hours mon{TO}fri 09:00{TO}18:00: '
        f"it may start 14:00{TO}22:00 Asia/Tokyo and run until 22:00 7 days later"
    )


def test_the_automatic_plan_fails_for_each_stated_reason() -> None:
    night = Hours(22 * 60, 5 * 60)
    strict = replace(FOUNDING, every=4 * 60, allowed_hours=night, blackouts=(OFFICE, BATCH), keep_at_least=90)
    path = FIXTURES / "stories/founding/main.tf"
    message = fail(verdict("RR101", path, strict, "aws_efs_backup_policy.home")).message

    assert f"any time from 05:00 to 13:00 UTC, 14:00{TO}22:00 Asia/Tokyo (60 min allowed, not 8 h)" in message
    assert "it may take 7 days (3 h allowed)" in message
    assert "it runs once a day (every 4 h required)" in message
    assert "it keeps recovery points 35 days (at least 90 required)" in message
    assert f"office hours mon{TO}fri 09:00{TO}18:00" in message
    assert f"times outside the allowed hours 22:00{TO}05:00" in message
    assert "nightly batch cron(30 1 * * ? *)" in message
    assert "denies backup:StartRestoreJob" in message


def test_the_automatic_plan_allowed_still_fails_for_the_blackout_it_meets() -> None:
    allowed = replace(FOUNDING, automatic_allowed=True, start_within=480, complete_within=10080)
    path = FIXTURES / "stories/founding/main.tf"

    assert isinstance(verdict("RR101", path, replace(allowed, blackouts=()), "aws_efs_backup_policy.home"), Pass)
    assert "it runs into office hours" in fail(verdict("RR101", path, allowed, "aws_efs_backup_policy.home")).message


def test_a_window_that_crosses_midnight_stays_within_hours_that_do(template: Template) -> None:
    allowed = Requirements(time_zone="Asia/Tokyo", allowed_hours=Hours(22 * 60, 5 * 60))

    assert isinstance(template.rule("cron(0 22 * * ? *)").judged("RR203", allowed), Pass)


def test_a_window_that_ends_after_the_allowed_hours_fails(template: Template) -> None:
    allowed = Requirements(time_zone="Asia/Tokyo", allowed_hours=Hours(22 * 60, 5 * 60))
    found = fail(template.rule("cron(30 1 * * ? *)").judged("RR203", allowed))

    assert f"may start 01:30{TO}02:30 Asia/Tokyo and run until 05:30" in found.message
    assert f"times outside the allowed hours 22:00{TO}05:00" in found.message
    assert found.evidence["rules"] == [
        {
            "rule": 'rule "nightly"',
            "starts": [f"01:30{TO}02:30"],
            "time_zone": "Asia/Tokyo",
            "meets": [f"times outside the allowed hours 22:00{TO}05:00"],
            "runs": 365,
        }
    ]


def test_a_blackout_belongs_to_the_day_on_which_it_begins(template: Template) -> None:
    late = Blackout("closing", frozenset({4}), Hours(20 * 60, 2 * 60))
    required = Requirements(time_zone="Asia/Tokyo", blackouts=(late,))
    template.rule("cron(0 1 ? * SAT *)", name="after-friday")

    assert isinstance(template.judged("RR203", required), Fail)
    assert isinstance(Template(template.path.parent).rule("cron(0 1 ? * FRI *)").judged("RR203", required), Pass)


def test_a_utc_schedule_that_meets_office_hours_in_summer_only_says_when(template: Template) -> None:
    required = replace(FOUNDING, time_zone="Europe/Berlin")
    found = fail(template.rule("cron(30 3 * * ? *)", "UTC").judged("RR203", required))

    assert f"may start 05:30{TO}06:30 Europe/Berlin and run until 09:30" in found.message
    assert "for the first time on 2026-03-30)" in found.message


def test_a_local_schedule_keeps_clear_of_local_hours_whatever_the_clocks_do(template: Template) -> None:
    required = replace(FOUNDING, time_zone="Europe/Berlin")

    assert isinstance(template.rule("cron(0 5 * * ? *)", "Europe/Berlin").judged("RR203", required), Pass)


def test_a_weekend_plan_meets_no_office_hours(template: Template) -> None:
    assert isinstance(template.rule("cron(0 10 ? * SAT,SUN *)").judged("RR203", FOUNDING), Pass)


def test_a_monthly_plan_meets_office_hours_when_its_day_is_a_working_day(template: Template) -> None:
    found = fail(template.rule("cron(0 10 1 * ? *)").judged("RR203", FOUNDING))

    assert "(8 of 12 runs a year, for the first time on 2026-01-01)" in found.message


def test_every_rule_of_a_plan_that_meets_a_blackout_is_named(template: Template) -> None:
    template.rule("cron(0 22 * * ? *)").rule("cron(0 12 ? * SUN *)", name="sunday").rule(
        "cron(0 0/6 * * ? *)", name="often"
    )
    found = fail(template.judged("RR203", FOUNDING))

    assert found.message.startswith('rule "often": a job runs into office hours')
    assert f": it may start 06:00{TO}07:00 or 12:00{TO}13:00 Asia/Tokyo (" in found.message
    assert "sunday" not in found.message


def test_a_plan_with_many_starts_says_how_many_more(template: Template) -> None:
    found = fail(template.rule("cron(0 * * * ? *)").judged("RR203", FOUNDING))

    assert f"may start 06:00{TO}07:00 or 07:00{TO}08:00 and at 10 more times Asia/Tokyo" in found.message


def test_a_blackout_by_schedule_is_met(template: Template) -> None:
    required = replace(FOUNDING, blackouts=(BATCH,))

    assert "nightly batch" in fail(template.rule("cron(0 22 * * ? *)").judged("RR203", required)).message
    early = Template(template.path.parent).rule("cron(0 21 * * ? *)")
    assert isinstance(early.judged("RR203", required), Pass)


@pytest.mark.parametrize(
    "required",
    [
        replace(FOUNDING, time_zone="JST"),
        replace(FOUNDING, blackouts=(replace(BATCH, schedule="rate(1 day)"),)),
        replace(FOUNDING, blackouts=(replace(BATCH, schedule="cron(1 2 3)"),)),
    ],
)
def test_requirements_that_cannot_be_evaluated_are_no_pass(template: Template, required: Requirements) -> None:
    assert isinstance(template.rule("cron(0 22 * * ? *)").judged("RR203", required), Unknown)


@pytest.mark.parametrize(
    "change", [{"schedule": "rate(1 day)"}, {"schedule": "cron(0 22 * * ? *)", "zone": "JST"}], ids=["rate", "zone"]
)
def test_what_cannot_be_evaluated_of_a_plan_is_no_pass(template: Template, change: dict[str, str]) -> None:
    assert isinstance(template.rule(**change).judged("RR203", FOUNDING), Unknown)


def test_nothing_in_the_requirements_means_nothing_to_meet(template: Template) -> None:
    assert isinstance(template.rule("rate(1 day)").judged("RR203", Requirements()), Pass)


@pytest.mark.parametrize(
    ("schedule", "every", "expected"),
    [
        ("cron(0 0/4 * * ? *)", 240, ""),
        ("cron(0 0/6 * * ? *)", 240, "backups are up to 6 h apart; one is required every 4 h"),
        ("cron(0 12 * * ? *)", 240, "backups are up to 24 h apart; one is required every 4 h"),
        ("cron(0 12 ? * SUN *)", 7 * 1440, ""),
        ("cron(0 12 ? * MON#1 *)", 7 * 1440, "backups are up to 35 days apart; one is required every 7 days"),
        ("cron(0 12 L * ? *)", 31 * 1440, ""),
        ("cron(0 12 1 1 ? *)", 366 * 1440, ""),
        ("cron(0 12 1 1 ? *)", 1440, "backups are up to 365 days apart; one is required every 24 h"),
        ("cron(0 12 * * ? 2020)", 1440, "it backs up nothing within two years; one is required every 24 h"),
    ],
)
def test_backups_are_as_far_apart_as_their_schedule_says(
    template: Template, schedule: str, every: int, expected: str
) -> None:
    found = template.rule(schedule, "UTC").judged("RR104", Requirements(every=every))

    assert (found.message if isinstance(found, Fail) else "") == expected


def test_rules_of_one_plan_count_together(template: Template) -> None:
    required = Requirements(every=12 * 60)
    template.rule("cron(0 0 * * ? *)", "UTC")

    assert isinstance(template.judged("RR104", required), Fail)
    assert isinstance(template.rule("cron(0 12 * * ? *)", "UTC", name="noon").judged("RR104", required), Pass)


def test_a_sparse_schedule_is_advice_where_nobody_wrote_how_often_and_no_efs_is_in_sight(template: Template) -> None:
    weekly = template.rule("cron(0 12 ? * SUN *)", "UTC")

    assert fail(weekly.judged("RR104", Requirements())).severity is Severity.INFO
    assert fail(weekly.judged("RR104", Requirements(every=1440))).severity is None


def test_an_hour_put_back_is_no_gap_but_two_zones_may_leave_one(template: Template) -> None:
    required = Requirements(every=60)

    assert isinstance(template.rule("cron(0 * * * ? *)", "Europe/Berlin").judged("RR104", required), Pass)
    assert isinstance(template.judged("RR104", replace(required, every=30)), Fail)


def test_windows_that_aws_accepts_but_nobody_means_are_a_warning_and_refused_ones_an_error(template: Template) -> None:
    seconds = fail(template.rule("cron(0 22 * * ? *)", completion=604800).judged("RR204", Requirements()))
    both = fail(template.rule("cron(0 22 * * ? *)", start=30, name="short").judged("RR204", Requirements()))

    assert seconds.severity is Severity.WARNING
    assert "420 days, which reads like seconds written for minutes" in seconds.message
    assert both.severity is None
    assert "60 min is the shortest" in both.message


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [("cron(0/15 * * * ? *)", Fail), ("cron(0,59 3 * * ? *)", Fail), ("cron(30 * * * ? *)", Pass)],
)
def test_aws_backup_runs_once_an_hour_at_most(template: Template, schedule: str, expected: type) -> None:
    assert isinstance(template.rule(schedule).judged("RR204", Requirements()), expected)


@pytest.mark.parametrize(("completion", "expected"), [(120, Pass), (119, Fail)])
def test_a_completion_window_is_an_hour_longer_than_the_start_window(
    template: Template, completion: int, expected: type
) -> None:
    found = template.rule("cron(0 22 * * ? *)", start=60, completion=completion).judged("RR204", Requirements())

    assert isinstance(found, expected)
    assert getattr(found, "severity", None) is None
