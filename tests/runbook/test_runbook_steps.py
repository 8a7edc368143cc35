"""The shell of runbooks, followed: files are moved without loss, policies edited, the newest good point chosen."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.support.runbook_estates import deny, estate, runbook_of
from tests.support.runbooks import blocks

from restore_ready import Unresolved

needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")


def block(text: str, *marks: str) -> str:
    (found,) = (one for one in blocks(text) if all(mark in one for mark in marks))
    return found


def follow(script: str, folder: Path, **variables: str) -> str:
    done = subprocess.run(
        ["bash", "-eu", "-c", script],  # noqa: S607  # the bash of whoever follows the runbook
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "WORK_DIR": str(folder), "HOME": str(folder)} | variables,
    )
    return done.stdout


@pytest.fixture
def mounted(tmp_path: Path) -> tuple[Path, Path]:
    """Give a mounted file system after a restore: one file damaged, one gone, one directory half there."""
    root = tmp_path / "mnt"
    restored = root / "aws-backup-restore_2026-01-31T03-00-00-000Z"
    (restored / "docs").mkdir(parents=True)
    (root / "docs").mkdir()
    for folder, files in (
        (root, {"ledger": "damaged", "docs/new": "new"}),
        (restored, {"ledger": "sound", "gone": "gone", "docs/new": "old", "docs/lost": "lost", "a b\nc": "odd"}),
    ):
        for name, text in files.items():
            (folder / name).write_text(text)
    return root, restored


def test_what_is_missing_comes_back_and_nothing_is_overwritten(mounted: tuple[Path, Path]) -> None:
    root, restored = mounted
    script = block(runbook_of(estate()), "left alone")
    told = follow(script, root, MOUNT_DIR=str(root), RESTORED_DIR=str(restored))
    assert sorted(told.splitlines()) == ["exists, left alone: docs", "exists, left alone: ledger"]
    assert (root / "gone").read_text() == "gone"
    assert (root / "a b\nc").read_text() == "odd"
    assert (root / "ledger").read_text() == "damaged"
    assert (root / "docs/new").read_text() == "new"
    assert (restored / "ledger").read_text() == "sound"


@pytest.mark.parametrize("wanted", ["ledger", "docs", "gone"])
def test_one_file_or_directory_comes_back_and_the_present_one_is_kept(mounted: tuple[Path, Path], wanted: str) -> None:
    root, restored = mounted
    script = block(runbook_of(estate()), "before-restore").replace("'FILL_IN'", f"'{wanted}'")
    follow(script, root, MOUNT_DIR=str(root), RESTORED_DIR=str(restored))
    kept = list(root.glob(f"{wanted}.before-restore-*"))
    assert not (restored / wanted).exists()
    if wanted == "docs":
        assert {one.name for one in (root / "docs").iterdir()} == {"new", "lost"}
        assert (kept[0] / "new").read_text() == "new"
    else:
        assert (root / wanted).read_text() in ("sound", "gone")
        assert [one.read_text() for one in kept] == ([] if wanted == "gone" else ["damaged"])


def test_only_empty_directories_are_removed(mounted: tuple[Path, Path]) -> None:
    root, restored = mounted
    (restored / "empty/deep").mkdir(parents=True)
    follow(block(runbook_of(estate()), "-empty -delete"), root, RESTORED_DIR=str(restored))
    assert not (restored / "empty").exists()
    assert (restored / "docs/lost").exists()


@needs_jq
def test_a_policy_that_only_the_account_knows_is_edited_there(tmp_path: Path) -> None:
    policy = deny("backup:DeleteRecoveryPoint", "Backup:startrestorejob")
    policy["Statement"] = [*policy["Statement"], *deny("backup:StartRestoreJob")["Statement"], {"Effect": "Allow"}]
    (tmp_path / "live.json").write_text(json.dumps(policy))
    script = block(runbook_of(estate(policy=Unresolved("it is in a file"))), "ascii_downcase")
    follow(f"aws() {{ cat live.json; }}\nVAULT_NAME=v\n{script}", tmp_path)
    written = json.loads((tmp_path / "vault-policy-restore.json").read_text())
    assert [one.get("Action") for one in written["Statement"]] == [["backup:DeleteRecoveryPoint"], None]


@needs_jq
def test_the_newest_finished_recovery_point_is_chosen(tmp_path: Path) -> None:
    points = [
        {"RecoveryPointArn": "older", "Status": "COMPLETED", "CreationDate": "2026-01-29T05:00:00+00:00"},
        {"RecoveryPointArn": "newer", "Status": "COMPLETED", "CreationDate": "2026-01-30T05:00:00+00:00"},
        {"RecoveryPointArn": "partial", "Status": "PARTIAL", "CreationDate": "2026-01-31T05:00:00+00:00"},
    ]
    script = block(runbook_of(estate()), "GOOD_AT='FILL_IN'")
    for found, chosen in ((points, "newer"), ([], "none: look at the list above")):
        (tmp_path / "live.json").write_text(json.dumps({"RecoveryPoints": found}))
        told = follow(f"aws() {{ cat live.json; }}\nVAULT_NAME=v FILE_SYSTEM_ARN=a\n{script}", tmp_path)
        assert told.strip() == chosen


@needs_jq
def test_the_saved_policy_is_never_lost(tmp_path: Path) -> None:
    text = runbook_of(estate("aws/efs/x", deny("backup:StartRestoreJob", "backup:DeleteRecoveryPoint")))
    save, put = block(text, "Saved already"), block(text, 'vault-policy-restore.json"\nfi')
    fails = "aws() { return 1; }\nVAULT_NAME=aws/efs/x\n"
    follow(f"{fails}{save.replace('jq .', ': jq .')}{put}", tmp_path)
    saved = tmp_path / "aws_efs_x-policy-saved.json"
    assert not saved.exists()
    works = "aws() { printf '{}\\n'; }\nVAULT_NAME=aws/efs/x\n"
    follow(f"{works}{save}", tmp_path)
    assert saved.read_text() == "{}\n"
    later = "aws() { printf '{\"lifted\": 1}\\n'; }\nVAULT_NAME=aws/efs/x\n"
    assert "Saved already" in follow(f"{later}{save}", tmp_path)
    assert saved.read_text() == "{}\n"


@needs_jq
def test_paths_are_put_into_the_metadata_as_text(tmp_path: Path) -> None:
    (tmp_path / "metadata.json").write_text('{"newFileSystem": "false"}')
    follow(block(runbook_of(estate()), "ItemsToRestore"), tmp_path)
    metadata = json.loads((tmp_path / "metadata.json").read_text())
    assert json.loads(metadata["ItemsToRestore"]) == ["/FILL_IN/first", "/FILL_IN/second"]
    assert metadata["newFileSystem"] == "false"
