"""Exceptions: an accepted finding is kept but does not count; an expired one is back, and its expiry is told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.support.command import run, run_json
from tests.support.requirements import PLAN, WIDE, write

from restore_ready import Fail, Place, Requirements, RequirementsFile
from restore_ready.requirements._exceptions import Exceptions
from restore_ready.requirements._file import AcceptedException, Excepted

LATER = "2999-12-31"
PAST = "2020-01-01"


def accept(match: str, expires: str = LATER, rule: str = "RR201") -> str:
    return (
        "version: 1\nexceptions:\n"
        f"  - {{rule: {rule}, match: '{match}', reason: rebuilt nightly, owner: team-web, expires: {expires}}}\n"
    )


def test_an_accepted_finding_is_kept_in_json_but_does_not_count(tmp_path: Path) -> None:
    write(tmp_path, main_tf=WIDE, requirements=accept("aws_backup_*.night"))

    done = run_json(tmp_path)

    assert (done.code, done.err) == (0, "")
    assert (done.findings(), done.findings("excepted")) == ([], [("RR201", "aws_backup_plan.night")])
    assert done.document["findings"][0]["evidence"]["exception"] == {
        "reason": "rebuilt nightly",
        "owner": "team-web",
        "expires": LATER,
    }
    summary = done.document["summary"]
    assert (summary["excepted"], summary["failed"], summary["warnings"]) == (1, 0, 0)


def test_an_accepted_finding_takes_one_line_of_text_and_none_when_quiet(tmp_path: Path) -> None:
    write(tmp_path, main_tf=WIDE, requirements=accept("aws_backup_plan.night"))

    text = run(tmp_path, "scan").out

    assert [line for line in text.splitlines() if "RR201" in line] == [
        "excepted RR201 start-window-too-wide  aws_backup_plan.night: rebuilt nightly (team-web, until 2999-12-31)"
    ]
    assert "no findings, 1 exception accepted; " in text
    assert run(tmp_path, "scan", "-q").out == ""


def test_other_findings_still_count(tmp_path: Path) -> None:
    main = WIDE + PLAN % ("day", "day", 480)
    write(tmp_path, main_tf=main, requirements=accept("aws_backup_plan.night"))

    done = run_json(tmp_path)

    assert (done.code, done.findings()) == (1, [("RR201", "aws_backup_plan.day")])


@pytest.mark.parametrize("match", ["sub/main.tf:aws_backup_plan.night", "*:aws_backup_plan.night", "*/main.tf:*"])
def test_an_exception_can_name_the_file_as_seen_from_its_own_folder(tmp_path: Path, match: str) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, requirements=accept(match))
    write(tmp_path / "sub", main_tf=WIDE)

    assert run_json(tmp_path / "sub").findings() == []


@pytest.mark.parametrize("match", ["other.tf:aws_backup_plan.night", "aws_backup_plan.nigh", "night", "main*", "${*}"])
def test_an_exception_that_accepts_nothing_is_warned_of(tmp_path: Path, match: str) -> None:
    write(tmp_path, main_tf=WIDE, requirements=accept(match))

    done = run_json(tmp_path)

    assert (done.code, done.findings()) == (1, [("RR201", "aws_backup_plan.night")])
    assert done.err == (
        f"restore-ready: restore-ready.yaml:3: the exception for RR201 on {match} accepts nothing in this scan: "
        "correct it or take it out\n"
    )


def test_an_exception_of_a_rule_that_was_not_put_is_not_warned_of(tmp_path: Path) -> None:
    write(tmp_path, main_tf=WIDE, requirements=accept("nothing"))

    assert run_json(tmp_path, "--ignore", "RR201").err == ""


def test_an_expired_exception_brings_the_finding_back_and_is_reported(tmp_path: Path) -> None:
    write(tmp_path, main_tf=WIDE, requirements=accept("aws_backup_plan.night", PAST))

    done = run_json(tmp_path)

    assert (done.code, done.findings()) == (1, [("RR201", "aws_backup_plan.night")])
    said = 'the exception "rebuilt nightly" of team-web'
    assert done.document["findings"][0]["message"].endswith(f"; {said} expired on 2020-01-01")
    assert done.unjudged("RR001") == [
        f"{said} for RR201 on aws_backup_plan.night expired on 2020-01-01: renew it or take it out"
    ]
    assert "restore-ready.yaml:3" in run(tmp_path, "requirements", "check").err


def test_an_expired_exception_is_reported_even_where_it_matches_nothing(tmp_path: Path) -> None:
    write(tmp_path, main_tf=PLAN % ("night", "night", 60), requirements=accept("gone", PAST))

    assert run_json(tmp_path).code == 0
    assert run_json(tmp_path, "--strict").code == 3


def test_an_exception_holds_until_the_end_of_its_last_day() -> None:
    last = date(2027, 3, 31)
    exception = AcceptedException("RR201", "a", "r", "o", last, Place("x.yaml", 1, 1))
    requirement_files = [
        RequirementsFile(Requirements(today=day), exceptions=(exception,), file="x.yaml")
        for day in (last, date(2027, 4, 1))
    ]

    found = [
        Exceptions(requirements_file).excuse("RR201", "a", Place("main.tf", 1, 1), Fail("wide"))
        for requirements_file in requirement_files
    ]

    assert found == [
        Excepted(Fail("wide"), exception),
        Fail('wide; the exception "r" of o expired on 2027-03-31'),
    ]


def test_a_renewed_exception_counts_beside_its_expired_forerunner() -> None:
    place = Place("x.yaml", 1, 1)
    old = AcceptedException("RR201", "a", "r", "o", date(2020, 1, 1), place)
    new = AcceptedException("RR201", "*", "r", "o", date(2030, 1, 1), place)
    requirements_file = RequirementsFile(Requirements(today=date(2026, 1, 1)), exceptions=(old, new), file="x.yaml")

    assert Exceptions(requirements_file).find("RR201", "a", place) is new
    assert Exceptions(requirements_file).find("RR202", "a", place) is None


def test_an_index_in_an_address_is_matched_as_it_is_written(tmp_path: Path) -> None:
    main = WIDE.replace('"night" {\n', '"night" {\n  for_each = toset(["a:b", "c"])\n', 1)
    write(tmp_path, main_tf=main, requirements=accept('aws_backup_plan.night["a:b"]'))

    assert run_json(tmp_path).findings() == [("RR201", 'aws_backup_plan.night["c"]')]


def test_a_report_in_a_file_counts_accepted_findings_for_nothing(tmp_path: Path) -> None:
    write(tmp_path, main_tf=WIDE, requirements=accept("*"))

    done = run(tmp_path, "scan", "-o", "json=out.json")

    assert "restore-ready: 0 findings, " in done.err
    assert len(json.loads((tmp_path / "out.json").read_text())["findings"]) == 1
