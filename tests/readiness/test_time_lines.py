"""When backups run, as pictures show it: by the clock of the requirements, with what the rules about windows say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.support.paths import DEMO_ACCOUNT
from tests.support.stories import FIXTURES

from restore_ready.catalog._finder import all_rules
from restore_ready.readiness._pictures import Pictures
from restore_ready.readiness._state import State
from restore_ready.readiness._time_line import JobStart, TimeLine, TimeRow, joined
from restore_ready.requirements._find import RequirementsFinder
from restore_ready.scanning._scan import scan
from restore_ready.scanning._snapshots import AccountScan, scan_snapshot

FOUNDING = FIXTURES / "stories" / "founding" / "main.tf"
HOUR = 60
PLAN = """
resource "aws_efs_file_system" "f" {
  tags = { Name = "files" }
}
resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "r"
    target_vault_name = "v"
    schedule          = "%s"
    schedule_expression_timezone = "%s"
    start_window      = 60
    completion_window = 180
  }
}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = "arn:aws:iam::111122223333:role/backup"
  resources    = [aws_efs_file_system.f.arn]
}
"""


def lines(folder: Path, schedule: str, time_zone: str, requirements: str, codes: str = "RR2") -> tuple[TimeLine, ...]:
    (folder / "main.tf").write_text(PLAN % (schedule, time_zone))
    (folder / "restore-ready.yaml").write_text(f"version: 1\n{requirements}")
    rules = [rule for rule in all_rules() if rule.code.startswith(codes)]
    return scan([folder], rules=rules, pictures=Pictures.ALL).time_lines


def the_row(found: tuple[TimeLine, ...]) -> TimeRow:
    ((row,),) = (line.rows for line in found)
    return row


def test_nothing_is_worked_out_unless_it_is_asked_for() -> None:
    result = scan([FOUNDING])
    assert result.time_lines == ()
    assert [found.path for found in result.file_systems] == [None]


def test_the_founding_story_has_two_rules_at_fault() -> None:
    (line,) = scan([FOUNDING], pictures=Pictures.ALL).time_lines
    assert (line.clock.time_zone, line.bands, line.changes) == ("UTC", (), ())
    nightly, automatic = line.rows
    assert (nightly.automatic, automatic.automatic) == (False, True)
    for row in line.rows:
        assert (row.state, row.starts, row.days) == (State.NO, (5 * HOUR,), "daily")
        assert row.faults == ("8 h to start, 60 min allowed", "7 days to complete, 24 h allowed")
        assert row.file_systems == ("home",)


def test_a_rule_of_another_zone_has_its_time_of_the_other_half_of_the_year(tmp_path: Path) -> None:
    (line,) = lines(tmp_path, "cron(0 22 * * ? *)", "UTC", "time_zone: Europe/Berlin\n")
    row = the_row((line,))
    assert (row.starts, row.other) == ((23 * HOUR,), (0,))
    assert [change.minutes for change in line.changes] == [60, -60]


def test_a_rule_of_the_same_zone_keeps_its_time(tmp_path: Path) -> None:
    row = the_row(lines(tmp_path, "cron(0 22 * * ? *)", "Europe/Berlin", "time_zone: Europe/Berlin\n"))
    assert (row.starts, row.other, row.state) == ((22 * HOUR,), (), State.YES)


BLACKOUTS = """time_zone: Asia/Tokyo
backup:
  allowed_hours: 22:00-05:00
  blackouts:
    - {name: office, days: [mon, tue, wed, thu, fri], hours: 09:00-18:00}
    - {name: batch, schedule: cron(30 23 * * ? *), lasts: 45m}
"""


def test_bands_are_by_the_local_clock_and_faults_in_the_words_of_the_rule(tmp_path: Path) -> None:
    (line,) = lines(tmp_path, "cron(0 13 * * ? *)", "UTC", BLACKOUTS)
    allowed, office, batch = line.bands
    assert (allowed.allowed, allowed.daily, allowed.spans[1]) == (True, True, (22 * HOUR, 29 * HOUR))
    assert (office.daily, len(office.spans), office.spans[0]) == (False, 5, (9 * HOUR, 18 * HOUR))
    assert (batch.daily, batch.name) == (True, "batch 23:30\N{EN DASH}00:15")
    row = the_row((line,))
    assert (row.starts, row.state) == ((22 * HOUR,), State.NO)
    assert row.faults == ("runs into batch cron(30 23 * * ? *)",)


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        ("cron(0 5 ? * MON,WED *)", "Mon, Wed"),
        ("cron(0 5 1 * ? *)", "monthly"),
        ("cron(0 5 1 3 ? *)", "yearly"),
        ("cron(0 5 * * ? *)", "daily"),
    ],
)
def test_days_are_told_in_words(tmp_path: Path, schedule: str, days: str) -> None:
    assert the_row(lines(tmp_path, schedule, "UTC", "")).days == days


def test_what_is_not_known_says_why(tmp_path: Path) -> None:
    row = the_row(lines(tmp_path, "rate(1 day)", "UTC", ""))
    assert (row.state, row.drawable) == (State.UNKNOWN, False)
    assert "depends on when it was set up" in row.why


def test_rules_that_were_not_put_neither_pass_nor_fail_it(tmp_path: Path) -> None:
    assert the_row(lines(tmp_path, "cron(0 5 * * ? *)", "UTC", "", "RR201")).state is State.NONE


def test_scheduled_work_on_the_same_files_is_told() -> None:
    found = scan([FIXTURES / "RR203"], pictures=Pictures.ALL).time_lines
    work = [row.work for line in found for row in line.rows if row.work]
    assert work
    assert all(end > start for spans in work for start, end in spans)


def test_equal_rules_are_one_row_with_all_file_systems_and_jobs() -> None:
    (line,) = scan([FOUNDING], pictures=Pictures.ALL).time_lines
    jobs = (JobStart(300, completed=True),)
    other = replace(line, rows=(replace(line.rows[0], file_systems=("other",), jobs=jobs),))
    (both,) = joined((line, other))
    assert [row.file_systems for row in both.rows] == [("home", "other"), ("home",)]
    assert [row.jobs for row in both.rows] == [jobs, ()]


def test_jobs_of_an_account_are_by_the_local_clock() -> None:
    required = RequirementsFinder([Path()], None).requirements_file(Path())
    accounts = scan_snapshot(DEMO_ACCOUNT, all_rules(), required, pictures=Pictures.ALL)
    lines_of = (found.scan.time_lines for found in accounts if isinstance(found, AccountScan))
    rows = [row for found in lines_of for line in found for row in line.rows]
    jobs = [job for row in rows for job in row.jobs]
    assert jobs
    assert all(isinstance(job, JobStart) and 0 <= job.minute < 24 * HOUR for job in jobs)
    assert all(row.runs_next is None or row.runs_next >= date(2026, 1, 1) for row in rows)
