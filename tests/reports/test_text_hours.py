"""The hours in which backups may run, as a terminal shows them where a window is at fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.command import run
from tests.support.paths import FIXTURES

TOKYO = """version: 1
time_zone: Asia/Tokyo
backup:
  allowed_hours: "22:00-05:00"
  blackouts:
    - {name: 夜間バッチ, schedule: "cron(30 5 * * ? *)", lasts: 60m}
"""


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    (tmp_path / "restore-ready.yaml").write_text(TOKYO, encoding="utf-8")
    (tmp_path / "main.tf").write_text((FIXTURES / "stories/founding/main.tf").read_text())
    return tmp_path


def strip(text: str) -> list[str]:
    return text.partition("When backups may run, Asia/Tokyo\n")[2].partition("\n\n")[0].splitlines()


@pytest.mark.parametrize(("columns", "cells"), [(60, 24), (100, 48), (200, 48)])
def test_a_day_shows_what_is_allowed_closed_and_when_jobs_run(
    stack: Path, monkeypatch: pytest.MonkeyPatch, columns: int, cells: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    hours, allowed, batch, automatic, nightly, legend = strip(run(stack, "scan").out)
    assert hours.split() == ["09", "12", "15", "18", "21", "00", "03", "06"]
    assert allowed.startswith("  allowed 22:00")
    assert allowed.count("-") == 7 * cells // 24
    assert batch.startswith("  夜間バッチ")
    assert batch.count("/") == cells // 24
    assert automatic.startswith("  ✗ AWS's automatic plan")
    assert nightly[-cells:].count("#") == 8 * cells // 24
    assert nightly[-cells:].index("#") == 5 * cells // 24
    assert "may start" in legend


def test_nothing_is_drawn_where_no_window_is_at_fault(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text((FIXTURES / "stories/corrected/main.tf").read_text())
    assert "When backups may run" not in run(tmp_path, "scan").out
