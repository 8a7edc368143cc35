"""Requirements mean the same in Checkov and cfn-lint as in the scan."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.hosts import Run, run_cfn_lint, run_checkov
from tests.support.requirements import ALLOWED, PLAN, STRICT, WIDE, write

pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("hosts")]  # one process forks them all

TEMPLATE = """\
Resources:
  Night:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: night
        BackupPlanRule:
          - RuleName: night
            TargetBackupVault: Default
            StartWindowMinutes: 480
            CompletionWindowMinutes: 600
"""
ACCEPTING = """\
version: 1
exceptions:
  - {rule: RR201, match: "*[nN]ight", reason: rebuilt nightly, owner: team-web, expires: %s}
  - {rule: RR201, match: "*.night", reason: rebuilt nightly, owner: team-web, expires: %s}
  - {rule: RR201, match: Night, reason: rebuilt nightly, owner: team-web, expires: %s}
  - {rule: RR102, match: "*", reason: scratch, owner: team-web, expires: 2999-12-31}
"""
LATER = ("2999-12-31",) * 3
PAST = ("2020-01-01",) * 3
BROKEN = "version: 1\nbackup: {every: 5}\n"
LONELY = 'resource "aws_efs_file_system" "lonely" {}\n'


def checkov(folder: Path, **environment: str) -> Run:
    what = ["-d", ".", "--framework", "terraform", "cloudformation", "--check", "RR*", "-o", "json"]
    return run_checkov(*what, folder=folder, environment=environment)


def cfn_lint(folder: Path) -> Run:
    return run_cfn_lint("--append-rules=restore_ready.cfn_lint", "-c", "I", "-f", "json", "night.yaml", folder=folder)


def ours(done: Run) -> dict[str, str]:
    return {one["Rule"]["Id"]: one["Message"] for one in done.matches() if "RR" in one["Rule"]["Id"]}


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    return write(tmp_path, main_tf=WIDE, night_yaml=TEMPLATE)


def test_checkov_finds_the_nearest_file_for_each_source(stack: Path) -> None:
    write(stack, requirements=ALLOWED)
    write(stack / "prod", main_tf=PLAN % ("prod", "prod", 480), requirements=STRICT)

    done = checkov(stack)

    assert [one.resource for one in done.records()] == ["aws_backup_plan.prod"]
    assert {one.resource for one in done.records("passed") if one.code == "RR201"} == {
        "aws_backup_plan.night",
        "AWS::Backup::BackupPlan.Night",
    }


def test_a_forced_policy_cant_be_loosened_in_checkov(stack: Path) -> None:
    write(stack, requirements=ACCEPTING % LATER)
    policy = write(stack.parent / "policy", requirements=STRICT) / "restore-ready.yaml"

    done = checkov(stack, RESTORE_READY_REQUIREMENTS=str(policy))

    assert [one.code for one in done.records()] == ["RR201", "RR201"]
    assert done.records("skipped") == []


def test_checkov_shows_an_accepted_finding_as_skipped_with_its_reason(stack: Path) -> None:
    write(stack, requirements=ACCEPTING % LATER, lonely_tf=LONELY)

    done = checkov(stack)

    assert (done.exit_code, done.records()) == (0, [])
    assert [(one.code, one.resource) for one in done.records("skipped")] == [
        ("RR201", "AWS::Backup::BackupPlan.Night"),
        ("RR102", "aws_efs_file_system.lonely"),
        ("RR201", "aws_backup_plan.night"),
    ]
    assert '"suppress_comment": "rebuilt nightly (team-web, until 2999-12-31)"' in done.output


def test_an_expired_exception_brings_the_finding_back_in_checkov(stack: Path) -> None:
    write(stack, requirements=ACCEPTING % PAST)

    done = checkov(stack)

    assert (done.exit_code, len(done.records())) == (1, 2)
    assert all("expired on 2020-01-01" in one.name for one in done.records())
    assert "RR001" in done.errors


def test_a_broken_file_fails_rr000_in_checkov(stack: Path) -> None:
    write(stack, requirements=BROKEN)

    done = checkov(stack)

    assert done.exit_code == 1
    assert {one.framework for one in done.records() if one.code == "RR000"} == {"terraform", "cloudformation"}
    assert all("restore-ready.yaml:2: backup.every: '5' has no unit" in one.name for one in done.records())


def test_cfn_lint_finds_the_nearest_file(stack: Path) -> None:
    assert set(ours(cfn_lint(stack))) == {"WRR201"}

    write(stack, requirements=ALLOWED)

    assert ours(cfn_lint(stack)) == {}


def test_cfn_lint_does_not_show_an_accepted_finding(stack: Path) -> None:
    write(stack, requirements=ACCEPTING % LATER)

    assert ours(cfn_lint(stack)) == {}


def test_a_forced_policy_cant_be_loosened_in_cfn_lint(stack: Path) -> None:
    write(stack, requirements=ACCEPTING % LATER)
    policy = write(stack.parent / "policy", requirements=STRICT) / "restore-ready.yaml"
    forced = {"RESTORE_READY_REQUIREMENTS": str(policy)}

    done = run_cfn_lint(
        "--append-rules=restore_ready.cfn_lint", "-f", "json", "night.yaml", folder=stack, environment=forced
    )

    assert set(ours(done)) == {"WRR201"}


def test_an_expired_exception_brings_the_finding_back_in_cfn_lint(stack: Path) -> None:
    write(stack, requirements=ACCEPTING % PAST)

    found = ours(cfn_lint(stack))

    assert set(found) == {"WRR201", "IRR001"}
    assert "expired on 2020-01-01" in found["WRR201"]
    assert "renew it or take it out" in found["IRR001"]


def test_a_broken_file_fails_err000_in_cfn_lint(stack: Path) -> None:
    write(stack, requirements=BROKEN)

    found = ours(cfn_lint(stack))

    assert set(found) == {"ERR000"}
    assert "restore-ready.yaml:2: backup.every: '5' has no unit" in found["ERR000"]
