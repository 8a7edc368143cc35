"""What a report is about: paths, commit, requirements, accounts."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.support import reports
from tests.support.command import run
from tests.support.paths import DEMO_ACCOUNT, FIXTURES
from tests.support.repositories import git

from restore_ready.reports._git import Repository, repository_of
from restore_ready.reports._sarif_fixes import fix


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "trunk")
    (tmp_path / "main.tf").write_text((FIXTURES / "stories/founding/main.tf").read_text())
    git(tmp_path, "add", "main.tf")
    git(tmp_path, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "one")
    return tmp_path


@pytest.mark.parametrize(
    "origin",
    ["git@example.com:team/infra.git", "https://user@example.com/team/infra", "ssh://git@example.com/team/infra.git"],
)
def test_the_commit_is_read_from_gits_files(checkout: Path, origin: str) -> None:
    git(checkout, "remote", "add", "origin", origin)
    commit = git(checkout, "rev-parse", "HEAD").strip()
    expected = Repository(str(checkout), commit, "trunk", "https://example.com/team/infra")
    assert repository_of(checkout / "main.tf") == expected
    git(checkout, "pack-refs", "--all")
    assert repository_of(checkout) == expected
    git(checkout, "worktree", "add", "-q", "-b", "other", "beside")
    beside = repository_of(checkout / "beside")
    assert beside is not None
    assert (beside.commit, beside.branch, beside.web) == (commit, "other", expected.web)


@pytest.mark.parametrize("head", ["", "ref: ../../secret", "nonsense"])
def test_odd_files_of_git_say_nothing(tmp_path: Path, head: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text(head)
    found = repository_of(tmp_path)
    assert found is None or found.commit == ""
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / ".git").write_text("no folder")
    assert repository_of(tmp_path / "plain") is None


def test_json_says_what_was_scanned_by_what(checkout: Path) -> None:
    (checkout / "restore-ready.yaml").write_text("version: 1\ntime_zone: Asia/Tokyo\n")
    scope = run(checkout, "scan", "--select", "RR2", "-o", "json").document["scope"]
    assert (scope["paths"], scope["sources"], scope["options"]) == (["."], 1, {"select": ["RR2"]})
    assert scope["repository"]["commit"] == git(checkout, "rev-parse", "HEAD").strip()
    (asked,) = scope["requirements"]
    assert (asked["file"], asked["time_zone"], len(asked["sha256"])) == ("restore-ready.yaml", "Asia/Tokyo", 64)
    text = run(checkout, "scan").out
    assert text.endswith("requirements: restore-ready.yaml\n")


def test_this_folder_is_called_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text((FIXTURES / "stories/founding/main.tf").read_text())

    markdown, html = (run(tmp_path / "infra", "scan", "-o", form).out for form in ("markdown", "html"))
    assert markdown.startswith("## home is not ready\n\ninfra\n")
    assert "infra</title>" in html


def test_file_systems_of_one_name_are_told_apart_by_their_places() -> None:
    told = run(FIXTURES / "stories", "scan", "founding/main.tf", "corrected/main.tf").out.splitlines()

    assert "  ✗ home  not ready  founding/main.tf:1" in told
    assert "  ✓ home  restore-ready  corrected/main.tf:1" in told


def test_json_of_an_audit_says_which_accounts_when(tmp_path: Path) -> None:
    scope = run(tmp_path, "audit", "--from-snapshot", str(DEMO_ACCOUNT), "-o", "json").document["scope"]
    assert [account["read"] for account in scope["accounts"]] == [True]
    assert scope["redacted"]
    assert scope["snapshot"]["taken"].startswith("20")
    assert scope["regions"] == ["us-east-1", "eu-west-1"]


def test_csv_tells_spreadsheets_that_it_is_utf8() -> None:
    text = reports.written("csv", reports.full())
    assert text.startswith("\ufeffcode,")
    assert next(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[-1] == "controls"


def test_sarif_names_category_commit_and_fixes(checkout: Path) -> None:
    git(checkout, "remote", "add", "origin", "git@example.com:team/infra.git")
    (log,) = json.loads(run(checkout, "scan", "--diff", "-o", "sarif").out)["runs"]
    assert log["automationDetails"] == {"id": "restore-ready/"}
    (provenance,) = log["versionControlProvenance"]
    assert provenance["revisionId"] == git(checkout, "rev-parse", "HEAD").strip()
    scores = {rule["id"]: rule["properties"]["security-severity"] for rule in log["tool"]["driver"]["rules"]}
    assert (scores["RR301"], scores["RR201"], scores["RR501"]) == ("8.0", "5.0", "2.0")
    assert any("fixes" in result for result in log["results"])


def test_a_diff_becomes_lines_that_take_the_place_of_others() -> None:
    diff = "--- a/x.tf\n+++ b/x.tf\n@@ -3,2 +3,2 @@\n a\n-b\n+c\n@@ -9,0 +10 @@\n+new\n"
    (change,) = fix(diff, "Do it.", "%SRCROOT%")["artifactChanges"]
    assert [one["insertedContent"]["text"] for one in change["replacements"]] == ["a\nc\n", "new\n"]
    regions = [one["deletedRegion"] for one in change["replacements"]]
    assert [(region["startLine"], region["endLine"]) for region in regions] == [(3, 5), (10, 10)]
