"""The doctor says whether the pack fires in each host, by running it."""

from __future__ import annotations

from pathlib import Path

import pytest

from restore_ready.hosts import _doctor
from restore_ready.hosts._doctor import check_hosts, checks_folder

pytestmark = pytest.mark.xdist_group("hosts")  # one process forks them all


@pytest.mark.thorough
def test_the_pack_fires_in_every_host_of_this_environment() -> None:
    reports = check_hosts()

    assert [(report.name, report.ok, bool(report.version)) for report in reports] == [
        ("restore-ready scan", True, True),
        ("checkov", True, True),
        ("cfn-lint", True, True),
    ]
    assert reports[1].detail == "RR201 fired on canary.tf and canary.yaml"


@pytest.mark.thorough
def test_a_host_in_which_the_pack_does_not_fire_is_not_well(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_doctor, "checks_folder", lambda: tmp_path)
    checkov = check_hosts()[1]

    assert not checkov.ok
    assert checkov.detail == "RR201 did not fire on canary.tf and canary.yaml"


def test_the_folder_for_checkov_holds_the_entry_and_no_data() -> None:
    names = {path.suffix for path in checks_folder().iterdir() if path.is_file()}

    assert (checks_folder() / "restore_ready_checks.py").is_file()
    assert names == {".py"}
