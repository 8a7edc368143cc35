"""Baselines of live accounts: by ARN and Region, and only of what could be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.aws_server import seed
from tests.aws_server.server import ACCOUNT
from tests.support.audits import HERE, Audit

pytestmark = pytest.mark.thorough

BASELINE = "baseline.json"
VAULTS = ("--select", "RR301,RR302")
BOTH = ("--region", "us-east-1", "--region", seed.SECOND_REGION)
"""The Regions in which the account has something."""


def files(folder: Path) -> set[str]:
    return {one["file"] for one in json.loads((folder / BASELINE).read_text())["findings"]}


WRITTEN: list[str] = []
"""The baseline that the first of these tests wrote."""


@pytest.fixture
def made(audit: Audit) -> dict[str, str]:
    """The faulty account, what is in it by name, and a baseline that knows all of it."""
    found = audit.server.once(seed.faulty)
    if WRITTEN:
        (audit.folder / BASELINE).write_text(WRITTEN[0])
    else:
        assert audit("--write-baseline", BASELINE, *BOTH).code == 0
        WRITTEN.append((audit.folder / BASELINE).read_text())
    return found


@pytest.mark.usefixtures("made")
def test_what_is_known_does_not_count(audit: Audit) -> None:
    assert files(audit.folder) == {
        f"aws:{ACCOUNT}",
        f"aws:{ACCOUNT}/us-east-1",
        f"aws:{ACCOUNT}/{seed.SECOND_REGION}",
    }
    found = audit("--baseline", BASELINE, *BOTH)
    assert (found.code, found.err) == (0, "")
    assert {one["verdict"] for one in found.report["findings"]} == {"excepted"}
    assert found.report["summary"]["known"] == len(found.report["findings"]) > 20


def test_what_is_new_does(audit: Audit, made: dict[str, str]) -> None:
    path = audit.folder / BASELINE
    document = json.loads(path.read_text())
    document["findings"] = [one for one in document["findings"] if one["address"] != made["sealed"]]
    path.write_text(json.dumps(document))
    found = audit("--baseline", BASELINE, *BOTH, *VAULTS)
    new = {(one["code"], one["address"]) for one in found.report["findings"] if one["verdict"] == "fail"}
    assert found.code == 1
    assert {address for _, address in new} == {made["sealed"]}


@pytest.mark.thorough
def test_what_was_repaired_is_told(audit: Audit, made: dict[str, str]) -> None:
    name = made["denies-restore"].rpartition(":")[2]
    audit.server.client("backup").delete_backup_vault_access_policy(BackupVaultName=name)
    found = audit("--baseline", BASELINE, *HERE, *VAULTS)
    assert found.code == 0
    assert f"1 finding is no longer there: RR301 {made['denies-restore']} (aws:{ACCOUNT}/us-east-1)" in found.err
    assert "1 removed" in audit("--write-baseline", BASELINE, *HERE, *VAULTS).err
    assert f"aws:{ACCOUNT}/{seed.SECOND_REGION}" in files(audit.folder)


@pytest.mark.thorough
@pytest.mark.usefixtures("made")
def test_of_what_could_not_be_read_nothing_is_said_and_all_is_kept(audit: Audit) -> None:
    before = (audit.folder / BASELINE).read_text()
    audit.server.faults({"kind": "deny", "operation": "ListBackupVaults"})
    found = audit("--baseline", BASELINE, *BOTH)
    assert found.code == 3
    assert "no longer there" not in found.err
    assert audit("--write-baseline", BASELINE, *BOTH).code == 3
    assert (audit.folder / BASELINE).read_text() == before


@pytest.mark.usefixtures("made")
def test_one_file_may_serve_scan_and_audit(audit: Audit) -> None:
    (audit.folder / "main.tf").write_text('resource "aws_efs_file_system" "home" {}\n')
    live = files(audit.folder)
    assert "removed" not in audit("--write-baseline", BASELINE, command="scan").err
    assert files(audit.folder) == {*live, "main.tf"}
    for command in ("scan", "audit"):
        found = audit("--baseline", BASELINE, *(BOTH if command == "audit" else ()), command=command)
        assert (found.code, found.err) == (0, "")


def test_a_bad_baseline_is_told_before_anything_is_asked(audit: Audit) -> None:
    (audit.folder / BASELINE).write_text("{}")
    for option in ("--baseline", "--write-baseline"):
        found = audit(option, BASELINE)
        assert (found.code, found.out) == (2, "")
        assert "is no baseline" in found.err
    assert not audit.server.calls()
