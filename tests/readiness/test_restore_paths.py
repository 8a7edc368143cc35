"""From the file system to its restored files: which links hold, which do not, and where that is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.paths import DEMO_ACCOUNT
from tests.support.stories import FIXTURES

from restore_ready.catalog._finder import all_rules
from restore_ready.readiness._pictures import Pictures
from restore_ready.readiness._restore_path import Link, RestorePath
from restore_ready.readiness._state import State
from restore_ready.requirements._find import RequirementsFinder
from restore_ready.scanning._scan import scan
from restore_ready.scanning._snapshots import AccountScan, scan_snapshot

STORIES = FIXTURES / "stories"
LABELS = ["covered", "lays into", "holds", "may start", "may pass", "trusted", "may use", "moves"]


def path_of(source: Path) -> RestorePath:
    (found,) = scan([source], pictures=Pictures.ALL).file_systems
    assert found.path is not None
    return found.path


def links(path: RestorePath) -> dict[str, Link]:
    assert [link.label for link in path.links] == LABELS
    assert len(path.stations) == len(LABELS) + 1
    return {link.label: link for link in path.links}


@pytest.mark.parametrize("file", ["main.tf", "template.yaml"])
def test_the_founding_story_is_stopped_at_the_vault_and_at_pass_role(file: str) -> None:
    path = path_of(STORIES / "founding" / file)
    found = links(path)
    states = [link.state.value for link in path.links]
    assert states == ["yes", "yes", "none", "no", "no", "yes", "yes", "unknown"]
    start = found["may start"]
    assert (start.code, start.statement.startswith("statement ")) == ("RR301", True)
    assert start.place is not None
    assert start.place.file.endswith(file)
    assert start.place.line > 0
    assert "efs: " in start.why
    assert "aws/efs/automatic-backup-vault: " in start.why
    assert found["may pass"].code == "RR401"


def test_the_corrected_story_has_no_gap() -> None:
    path = path_of(STORIES / "corrected" / "main.tf")
    assert [link.state.value for link in path.links] == ["yes", "yes", "none", "yes", "yes", "yes", "yes", "unknown"]
    person = path.people[0]
    assert (person.state, person.stopped) == (State.YES, "")
    assert person.role
    assert person.vault


def test_what_nothing_covers_is_stopped_at_once(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_efs_file_system" "alone" {}\n')
    path = path_of(tmp_path)
    found = links(path)
    assert (found["covered"].state, found["covered"].code) == (State.NO, "RR102")
    assert (found["lays into"].state, found["holds"].state) == (State.NONE, State.NONE)
    assert found["may start"].why == "nobody who may start a restore is in sight"
    assert path.stations[0].name == "aws_efs_file_system.alone"


def test_accounts_tell_of_recovery_points_and_steps_alike_for_all() -> None:
    required = RequirementsFinder([Path()], None).requirements_file(Path())
    accounts = scan_snapshot(DEMO_ACCOUNT, all_rules(), required, pictures=Pictures.ALL)
    paths = [
        found.path
        for account in accounts
        if isinstance(account, AccountScan)
        for found in account.scan.file_systems
        if found.path is not None
    ]
    assert len(paths) > 5
    held = [links(path)["holds"].state for path in paths]
    assert {State.YES, State.NO} <= set(held)
    for path in paths:
        assert len({tuple(name for name, _ in person.steps) for person in path.people}) <= 1
        ranks = [person.state is State.YES for person in path.people]
        assert ranks == sorted(ranks, reverse=True)
