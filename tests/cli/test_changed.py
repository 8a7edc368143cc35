"""Only what a change touches is judged: roots by their modules and files, templates and plans by themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support import files, repositories
from tests.support.command import run, run_json
from tests.support.repositories import commit, git
from tests.support.requirements import WIDE

TEMPLATE = """\
Resources:
  Night:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: night
        BackupPlanRule:
          - {RuleName: night, TargetBackupVault: Default, StartWindowMinutes: 480, CompletionWindowMinutes: 600}
"""
CALL = 'module "plan" {\n  source = "../../modules/plan"\n}\n'
READ = 'locals {\n  policy = file("${path.module}/../../policies/restore.json")\n}\n'

Commit = Callable[[], None]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    texts = {f"roots/r{number}/main.tf": WIDE for number in range(4)}
    texts |= {"roots/calls/main.tf": CALL, "modules/plan/main.tf": WIDE, "roots/reads/main.tf": READ + WIDE}
    texts |= {"policies/restore.json": "{}", "stack.yaml": TEMPLATE, "other.yaml": TEMPLATE, "README.md": "main.tf"}
    files.write(tmp_path, texts)
    return repositories.repository(tmp_path)


def judged(folder: Path, *arguments: str) -> list[str]:
    document = run_json(folder, *arguments).document
    found = [
        str(Path(one["file"]).parent if one["file"].endswith(".tf") else one["file"]) for one in document["findings"]
    ]
    assert document["summary"]["sources"] == len(set(found))
    return sorted(set(found))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"roots/r1/main.tf": WIDE + "# new\n"}, ["roots/r1"]),
        ({"roots/r1/prod.auto.tfvars": "x = 1\n"}, ["roots/r1"]),
        ({"roots/r1/templates/policy.json.tftpl": "{}"}, ["roots/r1"]),
        ({"modules/plan/variables.tf": "# new\n"}, ["modules/plan"]),
        ({"policies/restore.json": "[]"}, ["roots/reads"]),
        ({"stack.yaml": TEMPLATE + "# new\n"}, ["stack.yaml"]),
        ({"README.md": "new"}, []),
        ({"roots/r2/restore-ready.yaml": "version: 1\n"}, ["roots/r2"]),
    ],
)
def test_what_a_change_touches_is_judged(repository: Path, changed: dict[str, str], expected: list[str]) -> None:
    files.write(repository, changed)
    assert judged(repository, "--changed-since", "HEAD") == expected
    assert judged(repository, "--changed-files", *changed) == expected

    commit(repository)
    assert judged(repository, "--changed-since", "HEAD") == []
    assert judged(repository, "--changed-since", "HEAD~1", "roots", "stack.yaml") == [
        found for found in expected if not found.startswith("README")
    ]


def test_a_file_that_is_gone_touches_its_root(repository: Path) -> None:
    files.write(repository, {"roots/r3/more.tf": "# more\n"})
    commit(repository)
    (repository / "roots" / "r3" / "more.tf").unlink()

    assert judged(repository, "--changed-since", "main") == ["roots/r3"]


def test_only_what_is_new_since_the_branches_parted_counts(repository: Path) -> None:
    git(repository, "checkout", "-q", "-b", "feature")
    files.write(repository, {"roots/r0/main.tf": WIDE + "# new\n"})
    commit(repository)
    git(repository, "checkout", "-q", "main")
    files.write(repository, {"roots/r1/main.tf": WIDE + "# new\n"})
    commit(repository)
    git(repository, "checkout", "-q", "feature")

    assert judged(repository, "--changed-since", "main") == ["roots/r0"]


def test_a_changed_variable_file_of_the_command_touches_everything(repository: Path) -> None:
    files.write(repository, {"env/prod.tfvars": ""})

    assert len(judged(repository, "--changed-since", "HEAD", "--var-file", "env/prod.tfvars", "roots")) == 6


def test_what_others_select_still_counts(repository: Path) -> None:
    covered = 'resource "aws_efs_file_system" "a" {\n  tags = { backup = "yes" }\n}\n'
    selection = """\
resource "aws_backup_selection" "all" {
  name         = "all"
  plan_id      = "3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11"
  iam_role_arn = "arn:aws:iam::111122223333:role/r"
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "yes"
  }
}
"""
    files.write(repository, {"roots/plans/main.tf": selection})
    commit(repository)
    files.write(repository, {"roots/files/main.tf": covered})

    found = run_json(repository, "--changed-since", "HEAD", "--select", "RR102", "--fail-on", "info")

    assert (found.code, found.findings(), found.document["summary"]["sources"]) == (0, [], 1)


def test_nothing_touched_is_told_and_an_unread_file_elsewhere_does_not_count(repository: Path) -> None:
    files.write(repository, {"roots/r0/broken.tf": "x = ["})
    commit(repository)
    files.write(repository, {"README.md": "new"})

    done = run(repository, "scan", "--changed-since", "HEAD")

    assert (done.code, "what changed touches no source" in done.err) == (0, True)
    assert run(repository, "scan", "--fail-on", "never").code == 3


def test_a_baseline_keeps_what_was_not_looked_at(repository: Path) -> None:
    run(repository, "scan", "--write-baseline", "known.json")
    before = (repository / "known.json").read_text()
    files.write(repository, {"roots/r1/main.tf": WIDE + "# new\n"})

    run(repository, "scan", "--changed-since", "HEAD", "--write-baseline", "known.json")

    assert (repository / "known.json").read_text() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--changed-since", "nowhere"],
            "git knows no revision 'nowhere' here (--changed-since)",
        ),
        (["--changed-since", "--output=x"], "git knows no revision '--output=x'"),
        (["--changed-since", "HEAD", "--changed-files", "a"], "exclude each other"),
    ],
)
def test_wrong_usage_is_told(repository: Path, arguments: list[str], said: str) -> None:
    done = run(repository, "scan", *arguments)

    assert (done.code, said in done.err) == (2, True)


def test_without_a_repository_nothing_can_be_told(tmp_path: Path) -> None:
    done = run(tmp_path, "scan", "--changed-since", "HEAD")

    assert (done.code, "not a git repository" in done.err) == (2, True)
