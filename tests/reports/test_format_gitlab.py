"""GitLab's Code Quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support import reports
from tests.support.command import PLAN, run

from restore_ready.reports._report import Report, make_report
from restore_ready.scanning._scan import Scan

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def issues(report: Report) -> list[dict[str, Any]]:
    return list(json.loads(reports.written("gitlab", report)))


@pytest.mark.parametrize("make", [reports.full, reports.live, reports.audited], ids=lambda make: make.__name__)
def test_every_record_is_an_issue_that_gitlab_takes(make: Callable[[], Report]) -> None:
    report = make()
    found = issues(report)

    assert len(found) == len(report.findings) + len(report.not_judged)
    assert {one["severity"] for one in found} <= SEVERITIES
    assert len({one["fingerprint"] for one in found}) == len(found)
    for one in found:
        assert set(one) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert one["location"]["path"]
        assert not one["location"]["path"].startswith(("/", "./"))
        assert one["location"]["lines"]["begin"] >= 1


def test_kind_place_and_reason_are_told() -> None:
    found = {one["description"]: one for one in issues(reports.full())}

    denied = found["RR301 vault denies restore: aws_backup_vault.v: denies it"]
    assert (denied["check_name"], denied["severity"]) == ("RR301", "critical")
    assert denied["location"] == {"path": "stacks/prod/main.tf", "lines": {"begin": 3}}
    assert any(said.endswith("(could not be judged)") for said in found)
    assert any(said.endswith("(accepted: rebuilt nightly (team-web, until 2027-03-31))") for said in found)


def test_without_findings_it_is_an_empty_array() -> None:
    assert issues(make_report(Scan())) == []


def test_files_are_named_from_the_root_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text(PLAN)
    inside = {"CI_PROJECT_DIR": str(tmp_path), "GITHUB_WORKSPACE": ""}

    done = run(tmp_path / "infra", "scan", "-o", "gitlab", environment=inside)

    (only,) = json.loads(done.out)
    assert only["location"] == {"path": "infra/main.tf", "lines": {"begin": 11}}
