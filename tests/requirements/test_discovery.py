"""The nearest requirements file counts, up to the root of the repository; one that is forced replaces them all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.support.command import run_json
from tests.support.paths import FIXTURES
from tests.support.requirements import ALLOWED, PLAN, STRICT, WIDE, write

from restore_ready import Fail, Requirements, scan
from restore_ready.requirements._errors import RequirementsError
from restore_ready.requirements._find import find_file

FOUND = [("RR201", "aws_backup_plan.night")]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    return tmp_path / "repository"


def test_without_a_file_the_defaults_hold(repository: Path) -> None:
    write(repository, main_tf=WIDE)

    assert run_json(repository).findings() == FOUND


def test_the_file_beside_the_sources_counts(repository: Path) -> None:
    write(repository, main_tf=WIDE, requirements=ALLOWED)

    done = run_json(repository)

    assert (done.code, done.findings()) == (0, [])


def test_a_file_above_counts_up_to_the_root_of_the_repository(repository: Path) -> None:
    write(repository, requirements=ALLOWED)
    write(repository / "infra" / "dev", main_tf=WIDE)

    assert run_json(repository.parent, "repository/infra/dev").findings() == []
    assert run_json(repository / "infra" / "dev", ".").findings() == []


def test_a_file_above_the_repository_does_not_count(repository: Path) -> None:
    write(repository.parent, requirements=ALLOWED)
    write(repository, main_tf=WIDE)

    assert run_json(repository).findings() == FOUND
    assert run_json(repository.parent, "repository").findings() == FOUND


def test_a_worktree_whose_git_is_a_file_ends_the_search_too(tmp_path: Path) -> None:
    write(tmp_path, requirements=ALLOWED)
    (write(tmp_path / "worktree", main_tf=WIDE) / ".git").write_text("gitdir: elsewhere\n")

    assert run_json(tmp_path, "worktree").findings() == FOUND


def test_outside_a_repository_the_search_ends_at_the_scanned_and_the_current_folder(tmp_path: Path) -> None:
    write(tmp_path, requirements=ALLOWED)
    write(tmp_path / "a" / "b", main_tf=WIDE)

    assert run_json(tmp_path, "a/b").findings() == []
    assert run_json(tmp_path / "a", str(tmp_path)).findings() == []
    assert run_json(tmp_path / "a", "b").findings() == FOUND


def test_outside_a_repository_the_current_folder_counts_for_sources_elsewhere(tmp_path: Path) -> None:
    write(tmp_path / "here", requirements=ALLOWED)
    write(tmp_path / "there", main_tf=WIDE)

    assert run_json(tmp_path / "here", "../there").findings() == []


def test_each_source_has_its_own_nearest_file(repository: Path) -> None:
    write(repository, requirements=STRICT)
    write(repository / "dev", main_tf=WIDE, requirements=ALLOWED)
    write(repository / "prod", main_tf=WIDE)

    done = run_json(repository)

    assert [one["file"] for one in done.document["findings"]] == ["prod/main.tf"]


def test_plans_and_templates_have_their_nearest_file_as_well(repository: Path) -> None:
    story = FIXTURES / "RR201" / "fail_wide_window"
    for name in ("plan.json", "template.yaml"):
        (repository / name).write_text((story / name).read_text())
    before = len(run_json(repository).findings())

    write(repository, requirements=ALLOWED)

    assert (before, run_json(repository).findings()) == (2, [])


def test_a_forced_policy_cant_be_loosened_by_the_file_of_the_repository(repository: Path) -> None:
    accepts = (
        "exceptions: [{rule: RR201, match: '*', reason: no, owner: me, expires: 2999-01-01}]\n"
        "overrides: [{match: {address: '*'}, backup: {start_within: 8h}}]\n"
    )
    write(repository, main_tf=WIDE, requirements=ALLOWED + accepts)
    policy = write(repository.parent / "policy", requirements=STRICT) / "restore-ready.yaml"

    forced = {"RESTORE_READY_REQUIREMENTS": str(policy)}
    by_option = run_json(repository, "--requirements", str(policy))

    assert run_json(repository).findings() == []
    assert by_option.findings() == run_json(repository, environment=forced).findings() == FOUND
    assert (by_option.code, by_option.findings("excepted")) == (1, [])


def test_a_broken_file_of_the_repository_does_not_matter_under_a_forced_policy(repository: Path) -> None:
    write(repository, main_tf=WIDE, requirements="nonsense: [")
    policy = write(repository.parent / "policy", requirements=STRICT) / "restore-ready.yaml"

    assert run_json(repository, "--requirements", str(policy)).findings() == FOUND


def test_the_option_counts_more_than_the_environment_and_an_empty_variable_as_none(repository: Path) -> None:
    write(repository, main_tf=WIDE, requirements=STRICT)
    allowing = write(repository.parent / "policy", requirements=ALLOWED) / "restore-ready.yaml"
    strict = {"RESTORE_READY_REQUIREMENTS": "restore-ready.yaml"}

    assert run_json(repository, "--requirements", str(allowing), environment=strict).findings() == []
    assert run_json(repository, environment={"RESTORE_READY_REQUIREMENTS": ""}).findings() == FOUND


def test_a_forced_file_that_is_missing_ends_the_scan(repository: Path) -> None:
    write(repository, main_tf=WIDE)

    for done in (
        run_json(repository, "--requirements", "none.yaml"),
        run_json(repository, environment={"RESTORE_READY_REQUIREMENTS": "none.yaml"}),
    ):
        assert (done.code, done.out) == (2, "")
        assert "none.yaml: can't be opened: No such file or directory" in done.err


def test_a_forced_file_that_is_missing_is_told_though_there_is_nothing_to_judge(tmp_path: Path) -> None:
    done = run_json(tmp_path, "--requirements", "none.yaml")

    assert (done.code, "none.yaml: can't be opened" in done.err) == (2, True)


def test_the_mistakes_of_all_files_are_listed_and_nothing_is_judged(repository: Path) -> None:
    for name in ("a", "b"):
        write(repository / name, main_tf=WIDE, requirements="version: 1\nbackup: {every: 5}\n")

    done = run_json(repository)

    assert (done.code, done.out) == (2, "")
    assert [line.partition(": ")[0].strip() for line in done.err.splitlines()[1:]] == [
        "a/restore-ready.yaml:2",
        "b/restore-ready.yaml:2",
    ]


def test_a_link_that_leads_nowhere_is_not_taken_for_no_file(repository: Path) -> None:
    write(repository, main_tf=WIDE)
    (repository / "restore-ready.yaml").symlink_to("nowhere.yaml")

    assert run_json(repository).code == 2


def test_the_short_suffix_is_taken_but_not_beside_the_long_one(repository: Path) -> None:
    write(repository, main_tf=WIDE)
    (repository / "restore-ready.yml").write_text(ALLOWED)
    assert run_json(repository).findings() == []

    write(repository, requirements=ALLOWED)
    with pytest.raises(RequirementsError, match=r"stands beside restore-ready\.yml"):
        find_file(repository)


def test_requirements_given_from_python_replace_every_file(repository: Path) -> None:
    write(repository, main_tf=WIDE, requirements=ALLOWED)

    judged = scan([repository], requirements=Requirements(start_within=120)).judgements

    assert [one.rule.code for one in judged if isinstance(one.verdict, Fail)] == ["RR201"]


def test_the_time_zone_of_the_machine_does_not_matter(repository: Path) -> None:
    write(repository, main_tf=PLAN % ("night", "night", 60), requirements="version: 1\ntime_zone: Pacific/Auckland\n")

    assert run_json(repository, environment={**os.environ, "TZ": "America/New_York"}).code == 0
