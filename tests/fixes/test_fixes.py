"""Fixes of all stories: what is offered is made, fixes, and leaves everything else as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.support.command import run
from tests.support.fixed_stories import FILES, fixes, lay_out, told
from tests.support.hosts import run_cfn_lint
from tests.support.repositories import git, repository
from tests.support.stories import FIXTURES

from restore_ready import all_rules, catalog, scan

TERRAFORM, CLOUDFORMATION = "terraform", "cloudformation"
BOTH = (TERRAFORM, CLOUDFORMATION)

RULES_WITH_FIXES = {
    "RR101": ("fail_beside_own_plan", BOTH),
    "RR103": ("fail_kept_for_ever", BOTH),
    "RR106": ("fail_by_tag", (TERRAFORM,)),
    "RR107": ("fail_other_services_only", BOTH),
    "RR201": ("fail_wide_window", BOTH),
    "RR202": ("fail_a_week", BOTH),
    "RR204": ("fail_seconds", BOTH),
    "RR301": ("fail_automatic_vault_policy", BOTH),
    "RR302": ("fail_both_denied", BOTH),
    "RR304": ("fail_copies_denied", BOTH),
    "RR305": ("fail_events_no_longer_sent", BOTH),
    "RR401": ("fail_inline_role_policy", BOTH),
    "RR402": ("fail_passed_to_lambda", BOTH),
    "RR403": ("fail_lambda_trust", BOTH),
    "RR404": ("fail_one_action_missing", BOTH),
    "RR406": ("fail_every_role", BOTH),
    "RR502": ("fail_default_timeout", BOTH),
    "RR504": ("fail_name_with_hyphens", BOTH),
}
"""Each rule whose findings carry fixes: a story of it that is fixed, and the languages it is fixed in."""

FIXED = [(code, story, language) for code, (story, languages) in RULES_WITH_FIXES.items() for language in languages]
STORIES = [
    (path.parent.relative_to(FIXTURES).as_posix(), language)
    for language, name in FILES.items()
    for path in sorted(FIXTURES.glob(f"*/fail_*/{name}"))
]


@pytest.mark.parametrize(("story", "language"), STORIES)
def test_a_fix_cures_what_it_offers_and_brings_nothing_new(story: str, language: str, tmp_path: Path) -> None:
    file = lay_out(story, language, tmp_path / "work")
    result, old = scan([file]), file.read_text()
    found = fixes(file, result)
    fixed = {(one.judgement.rule.code, one.judgement.address, "Fail") for one in found.patches}
    found.write()
    after, new = scan([file]), file.read_text()
    assert told(after) <= told(result) - fixed
    assert bool(fixed) == (new != old)
    assert all(line.partition("# ")[2] in new for line in old.split("\n"))
    assert [line for line in new.split("\n") if line != line.rstrip()] == []
    again = fixes(file, after)
    assert again.new == {}
    fails = {one for one in told(after) if one[2] == "Fail"}
    assert {(one.judgement.rule.code, one.judgement.address, "Fail") for one in again.by_hand} == fails


@pytest.mark.thorough
@pytest.mark.xdist_group("hosts")  # cfn-lint runs in forks of the process that all hosts share
@pytest.mark.parametrize(("code", "story", "language"), FIXED)
def test_every_rule_with_a_cure_shows_it_in_a_story(code: str, story: str, language: str, tmp_path: Path) -> None:
    file = lay_out(f"{code}/{story}", language, tmp_path / "work")
    repository(file.parent)
    shown = run(file.parent, "scan", "--diff", "-q", "-o", "json", file.name).document
    wished = {one["address"] for one in shown["findings"] if one["code"] == code and one["diff"]}
    assert wished
    run(file.parent, "scan", "--fix", "-q", file.name)
    assert git(file.parent, "status", "--porcelain") == f" M {file.name}\n"
    assert wished.isdisjoint(address for rule, address, _ in told(scan([file])) if rule == code)
    check(file, language)


def check(file: Path, language: str) -> None:
    """Ask the language's own tool about a fixed file: its layout, or its errors."""
    if language == CLOUDFORMATION:
        errors = errors_in(file)
        if errors:
            before = file.with_name("before.yaml")
            before.write_text(git(file.parent, "show", f"HEAD:{file.name}"))
            errors -= errors_in(before)
        assert errors == set()
    else:
        terraform = shutil.which("terraform")
        if terraform is None:
            pytest.skip("terraform is not there: whether fixed files are formatted as it does is NOT tested")
        words = [terraform, "fmt", "-diff", "-"]
        done = subprocess.run(words, input=file.read_bytes(), capture_output=True, timeout=60, check=True)
        assert done.stdout.decode() == ""


def errors_in(template: Path) -> set[tuple[str, str]]:
    found = run_cfn_lint("-f", "json", "--", template.name, folder=template.parent).matches()
    return {(one["Rule"]["Id"], one["Message"]) for one in found if one["Rule"]["Id"].startswith("E")}


def test_the_rules_with_cures_are_those_that_make_changes() -> None:
    folder = Path(catalog.__path__[0])
    making = {path.name[2:5] for path in folder.glob("rr*.py") if "restore_ready.catalog._changes" in path.read_text()}
    assert {f"RR{number}" for number in making} == set(RULES_WITH_FIXES)
    assert set(RULES_WITH_FIXES) <= {rule.code for rule in all_rules()}


@pytest.mark.slow
def test_fixed_configurations_are_valid(tmp_path: Path) -> None:
    mirror = os.environ.get("RESTORE_READY_TF_MIRROR")
    terraform = shutil.which("terraform")
    if terraform is None or mirror is None:
        pytest.skip("RESTORE_READY_TF_MIRROR names no mirror of the AWS provider: fixed files are NOT validated")
    configuration = tmp_path / "terraformrc"
    configuration.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
    environment = os.environ | {"TF_CLI_CONFIG_FILE": str(configuration), "TF_DATA_DIR": str(tmp_path / "data")}
    work = tmp_path / "work"
    work.mkdir()
    for number, (code, story, _) in enumerate(one for one in FIXED if one[2] == TERRAFORM):
        file = lay_out(f"{code}/{story}", TERRAFORM, tmp_path / code)
        fixes(file, scan([file])).write()
        shutil.copy(file, work)
        for words in (["get" if number else "init"], ["validate"]):
            done = subprocess.run(
                [terraform, *words, "-no-color"],
                cwd=work,
                env=environment,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            assert done.returncode == 0, f"{code} {words}: {done.stdout}{done.stderr}"
