"""Exceptions written in sources mean the same in Checkov and cfn-lint as in the scan."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.requirements.test_hosts import TEMPLATE, cfn_lint, checkov, ours
from tests.support.requirements import PLAN, write

pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("hosts")]  # one process forks them all

REASON = "rebuilt nightly"
ABOVE = "# restore-ready: ignore RR201 rebuilt nightly\n"
MAIN = (
    ABOVE
    + PLAN % ("night", "night", 480)
    + PLAN.replace("  rule {", "  #checkov:skip=RR201:rebuilt nightly\n  rule {") % ("eve", "eve", 480)
    + PLAN.replace("  rule {", "  #checkov:skip=RR201\n  rule {") % ("day", "day", 480)
)
METADATA = "    Metadata: {cfn-lint: {config: {ignore_checks: [WRR201]}}}%s\n    Properties:"


def metadata(comment: str) -> str:
    return TEMPLATE.replace("    Properties:", METADATA % comment)


def test_checkov_skips_what_has_a_reason_and_only_that(tmp_path: Path) -> None:
    write(tmp_path, main_tf=MAIN, night_yaml=metadata(" # rebuilt nightly"))

    done = checkov(tmp_path)

    assert {one.resource for one in done.records("skipped")} == {
        "AWS::Backup::BackupPlan.Night",
        "aws_backup_plan.night",
        "aws_backup_plan.eve",
    }
    assert '"suppress_comment": "rebuilt nightly (inline)"' in done.output
    (left,) = done.records()
    assert (left.resource, left.name.endswith("the exception for RR201 in line 25 gives no reason")) == (
        "aws_backup_plan.day",
        True,
    )
    assert "RR001" in done.errors


def test_checkov_skips_nothing_where_sources_excuse_nothing(tmp_path: Path) -> None:
    write(tmp_path, main_tf=MAIN, night_yaml=metadata(" # rebuilt nightly"), requirements="version: 1\ninline: forbid")

    done = checkov(tmp_path)

    assert ([one.code for one in done.records()], done.records("skipped")) == (["RR201"] * 4, [])


def test_cfn_lint_shows_what_is_ignored_without_a_reason(tmp_path: Path) -> None:
    write(tmp_path, night_yaml=metadata(" # rebuilt nightly"))
    assert ours(cfn_lint(tmp_path)) == {}

    write(tmp_path, night_yaml=metadata(""))
    found = ours(cfn_lint(tmp_path))
    assert set(found) == {"WRR201", "IRR001"}
    assert "the exception for RR201 in line 4 gives no reason" in found["WRR201"]


def test_a_comment_excuses_in_cfn_lint_unless_that_is_forbidden(tmp_path: Path) -> None:
    write(tmp_path, night_yaml=TEMPLATE.replace("  Night:", "  " + ABOVE + "  Night:"))
    assert ours(cfn_lint(tmp_path)) == {}

    write(tmp_path, requirements="version: 1\ninline: forbid")
    assert set(ours(cfn_lint(tmp_path))) == {"WRR201"}
