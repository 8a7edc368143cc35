"""The shell of runbooks, followed: files are moved without loss, policies edited, the newest good point chosen."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.support.paths import FIXTURES
from tests.support.runbook_estates import LIFTED, deny, estate, runbook_of
from tests.support.runbooks import blocks, runbook, scripts

from restore_ready._json_text import json_text
from restore_ready.runbook._deny_removal import _DENIABLE as DENIABLE_IN_ORDER
from restore_ready.runbook._deny_removal import remove_deny, written_policy

DENIABLE = set(DENIABLE_IN_ORDER)
RESTORE = "backup:StartRestoreJob"
ROOT = "arn:aws:iam::this-account:root"

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


def test_set_up_says_what_is_missing_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "aws").write_text(
        "#!/bin/sh\n[ $1 = sts ] && echo '111122223333\tarn:aws:iam::111122223333:root' || echo\n"
    )
    (tmp_path / "aws").chmod(0o755)
    path = f"{tmp_path}:/usr/local/bin:/usr/bin:/bin"
    text = runbook(FIXTURES / "stories" / "founding" / "main.tf", "home")
    script = block(text, "<<'SETUP'").replace("<<'SETUP'", "<<'SETUP' || true")
    said = []
    for given in ("", "AWS_REGION='eu-west-1'", "ACCOUNT_ID='111122223333'"):
        name = given.partition("=")[0]
        script = script.replace(f"{name}='FILL_IN'", given) if given else script
        said.append(follow(script, tmp_path, PATH=path))

    assert said[0].startswith("STOP: write Region and account of the file system into this block")
    assert said[1].endswith("These credentials are of account 111122223333.\n")
    assert said[2].startswith("STOP: FILE_SYSTEM_ID is not exactly one, but ''.")
    assert not (tmp_path / "efs-restore").exists()


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
    script = block(runbook_of(estate()), "export WANTED").replace("'FILL_IN'", f"'{wanted}'")
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


def test_what_was_moved_goes_back(mounted: tuple[Path, Path]) -> None:
    root, restored = mounted
    before = contents(root)
    text = runbook_of(estate())
    places = {"MOUNT_DIR": str(root), "RESTORED_DIR": str(restored)}
    follow(block(text, "left alone"), root, **places)
    assert contents(root) != before
    follow(block(text, '"$RESTORED_DIR.moved"', "rm --"), root, **places)
    assert contents(root) == before
    moved = block(text, "export WANTED").replace("'FILL_IN'", "'ledger'").replace("$(date '+%Y%m%dT%H%M%S')", "now")
    follow(moved, root, **places)
    assert contents(root) != before
    follow(block(text, "before-restore-$STAMP", '"${RESTORED_DIR:?}'), root, **places, WANTED="ledger", STAMP="now")
    assert contents(root) == before


def contents(root: Path) -> dict[Path, str]:
    return {path: path.read_text() for path in root.rglob("*") if path.is_file()}


@needs_jq
@pytest.mark.parametrize("name", [name for name in LIFTED if name != "vault of elsewhere"])
def test_the_shell_lifts_a_deny_as_the_runbook_shows_it(name: str, tmp_path: Path) -> None:
    document = LIFTED[name]().vault_policies[0].document
    before, shown = written_policy(document), remove_deny(document).policy
    if before is None or shown is None:
        return
    (tmp_path / "before.json").write_text(json_text(before))
    script = f"{steps(RESTORE)} jq --arg action {RESTORE} --arg root {ROOT} "
    lifted = follow(f"{script} \"$POLICY_JQ\"' lifted($root; [$action])' before.json", tmp_path)
    assert in_one_form(json.loads(lifted)) == in_one_form(json.loads(json_text(shown)))


@needs_jq
@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        (deny("backup:*"), DENIABLE),
        (
            deny("backup:Start*", "backup:Delete*"),
            {"backup:Delete*", "backup:StartBackupJob", "backup:StartCopyJob"},
        ),
        (deny("BACKUP:STARTRESTOREJOB", "backup:DeleteRecoveryPoint"), {"backup:DeleteRecoveryPoint"}),
    ],
)
def test_wildcards_are_written_out(policy: dict[str, Any], kept: set[str], tmp_path: Path) -> None:
    (tmp_path / "before.json").write_text(json.dumps(policy))
    script = f"{steps(RESTORE)} jq --arg action {RESTORE} --arg root {ROOT} "
    (statement,) = json.loads(follow(f"{script} \"$POLICY_JQ\"' lifted($root; [$action])' before.json", tmp_path))[
        "Statement"
    ]
    assert set(statement["Action"]) == kept


def steps(action: str) -> str:
    """Return the shell that the steps share, of which only what is about policies is needed."""
    shared = scripts(runbook_of(estate()))[-1]
    start, end = shared.index("POLICY_JQ="), shared.index("denies_all() {")
    return f"{shared[start:end]}\n: {action};"


def in_one_form(policy: dict[str, Any]) -> list[dict[str, Any]]:
    """Return statements as lists of actions in order, and principals without the word for one of several."""
    return [
        {**statement, "Action": sorted(one_or_more(statement.get("Action", [])))} for statement in policy["Statement"]
    ]


def one_or_more(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
