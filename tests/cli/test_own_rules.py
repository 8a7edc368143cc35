"""Rules of one's own are put wherever ours are, with the same guard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.command import PLAN, PLAN_IN_TEMPLATE, run, run_json
from tests.support.hosts import run_cfn_lint, run_checkov
from tests.support.paths import ROOT

from restore_ready.catalog import _finder

PAGE = (ROOT / "docs" / "own-rules.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]
NAME = "rr901_plan_without_owner.py"
NIGHT = ("RR901", "aws_backup_plan.night")


@pytest.fixture(autouse=True)
def _only_ours_afterwards() -> Iterator[None]:
    yield
    _finder._found.cache_clear()  # noqa: SLF001  # folders of other tests are gone


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(PLAN)
    (tmp_path / "template.yaml").write_text(PLAN_IN_TEMPLATE)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / NAME).write_text(EXAMPLE)
    return tmp_path


def test_it_is_put_chosen_and_explained(stack: Path) -> None:
    done = run_json(stack, "--rules", "own", "--select", "RR9")

    assert (done.code, done.findings()) == (1, [NIGHT, ("RR901", "Night")])
    assert done.document["findings"][0]["help_uri"] == "https://wiki.example.com/backups#names"
    assert run_json(stack, "--rules", "own", "--ignore", "RR901", "--select", "RR1").findings("fail") == []
    assert "whom to call" in run(stack, "explain", "RR901", "--rules", "own").out
    assert "RR901  warning  plan-without-owner" in run(stack, "rules", "--rules", "own").out
    assert "RR901" not in run(stack, "rules").out


def test_the_environment_names_folders_too(stack: Path) -> None:
    found = run_json(stack, "--select", "plan-without-owner", environment={_finder.VARIABLE: str(stack / "own")})

    assert NIGHT in found.findings()


def test_it_can_be_excused_in_a_source(stack: Path) -> None:
    (stack / "main.tf").write_text(
        PLAN.replace('  name = "night"', '  # restore-ready: ignore RR901 old\n  name = "night"')
    )

    assert run_json(stack, "--rules", "own", "--select", "RR9").findings("excepted") == [NIGHT]


def test_one_that_raises_is_reported_and_stops_nothing(stack: Path) -> None:
    (stack / "own" / NAME).write_text(EXAMPLE.replace("plan.name.startswith(TEAMS)", "plan.nothing"))

    done = run_json(stack, "--rules", "own", "--select", "RR9,RR201")

    assert ("RR000", "aws_backup_plan.night") in done.findings()
    assert ("RR201", "aws_backup_plan.night") in done.findings()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (NAME, "import nowhere", "ModuleNotFoundError: No module named 'nowhere'"),
        (NAME, "", "AttributeError"),
        (NAME, '"""Page."""\nRULE = 1', "RULE must be a restore_ready.Rule"),
        (NAME, EXAMPLE.replace('"RR901"', '"RR201"'), "those of your own are RR900 to RR999"),
        ("rr902_same.py", EXAMPLE, f"{NAME} and "),
    ],
)
def test_what_cant_be_loaded_is_wrong_usage(stack: Path, name: str, text: str, said: str) -> None:
    (stack / "own" / name).write_text(text)

    done = run(stack, "scan", "--rules", "own")

    assert (done.code, said in done.err, done.out) == (2, True, "")


def test_the_environment_is_told_the_same(stack: Path) -> None:
    (stack / "own" / NAME).write_text("import nowhere")

    done = run(stack, "scan", environment={_finder.VARIABLE: str(stack / "own")})

    assert (done.code, "can't use rules of your own" in done.err, done.out) == (2, True, "")


def test_a_folder_without_rules_is_wrong_usage(stack: Path) -> None:
    (stack / "own" / NAME).rename(stack / "own" / "plan.py")

    assert "no rules in" in run(stack, "scan", "--rules", "own").err


@pytest.mark.thorough
@pytest.mark.xdist_group("hosts")
def test_checkov_and_cfn_lint_put_it_too(stack: Path) -> None:
    environment = {_finder.VARIABLE: str(stack / "own")}
    what = ["-d", ".", "--framework", "terraform", "cloudformation", "--check", "RR901", "-o", "json"]

    checked = run_checkov(*what, folder=stack, environment=environment)
    linted = run_cfn_lint(
        "--append-rules=restore_ready.cfn_lint", "-f", "json", "template.yaml", folder=stack, environment=environment
    )

    assert {one.resource for one in checked.records()} == {"aws_backup_plan.night", "AWS::Backup::BackupPlan.Night"}
    assert "WRR901" in json.dumps(linted.matches())
