"""A scan judges each unit of Terragrunt's, tells them apart, and shows where a unit gives what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import files, repositories
from tests.support.command import Done, run, run_json
from tests.support.repositories import commit, git
from tests.support.requirements import ALLOWED, PLAN

from restore_ready import Unknown, scan

VARIABLE = 'variable "window" {\n  default = 600\n}\n'
MODULE = VARIABLE + (PLAN % ("night", "night", 0)).replace("= 0", "= var.window")
PROD, DEV = (f'unit["live/{stage}/plan"].aws_backup_plan.night' for stage in ("prod", "dev"))
UNIT = """\
include "root" {
  path = find_in_parent_folders("root.hcl")
}
terraform {
  source = "../../../modules//plan"
}
inputs = {
  window = %s
}
"""
ENV = 'read_terragrunt_config(find_in_parent_folders("env.hcl")).locals.window'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    texts = {"modules/plan/main.tf": MODULE, "live/root.hcl": "", "live/dev/env.hcl": "locals {\n  window = 60\n}\n"}
    texts |= {"live/prod/plan/terragrunt.hcl": UNIT % 480, "live/dev/plan/terragrunt.hcl": UNIT % ENV}
    files.write(tmp_path, texts)
    return repositories.repository(tmp_path)


def windows(folder: Path, *arguments: str) -> Done:
    return run_json(folder, "--select", "RR201", *arguments)


def test_each_unit_is_judged_with_its_inputs_and_the_module_alone_is_not(repository: Path) -> None:
    done = windows(repository)

    assert (done.code, done.findings(), done.document["summary"]["sources"]) == (1, [("RR201", PROD)], 2)
    (finding,) = done.document["findings"]
    assert (finding["file"], finding["line"]) == ("modules/plan/main.tf", 4)
    assert finding["evidence"]["focus"]["given"] | {"column": 0, "end_column": 0} == {
        "file": "live/prod/plan/terragrunt.hcl",
        "line": 8,
        "end_line": 8,
        "column": 0,
        "end_column": 0,
    }


def test_the_same_finding_of_two_units_is_two(repository: Path) -> None:
    files.write(repository, {"live/dev/env.hcl": "locals {\n  window = 480\n}\n"})

    assert windows(repository).findings() == [("RR201", DEV), ("RR201", PROD)]


@pytest.mark.parametrize("path", ["live/prod", "live/prod/plan", "live/prod/plan/terragrunt.hcl"])
def test_a_folder_or_file_of_a_unit_is_enough(repository: Path, path: str) -> None:
    assert windows(repository, path, "live/prod").findings() == [("RR201", PROD)]


def test_a_unit_is_addressed_by_its_path_in_the_repository_wherever_the_scan_is_started(repository: Path) -> None:
    assert windows(repository / "live" / "prod").findings() == [("RR201", PROD)]


def test_a_unit_in_its_own_folder_is_judged_once(repository: Path) -> None:
    files.write(repository, {"live/own/terragrunt.hcl": "inputs = {\n  window = 500\n}\n", "live/own/main.tf": MODULE})

    assert windows(repository, "live/own").findings() == [("RR201", 'unit["live/own"].aws_backup_plan.night')]


def test_requirements_and_exceptions_hold_by_unit(repository: Path) -> None:
    files.write(repository, {"live/prod/restore-ready.yaml": ALLOWED})
    assert windows(repository).findings() == []

    exception = "{rule: RR201, match: 'unit[\"live/prod/*', reason: agreed, owner: team, expires: 2999-01-01}"
    files.write(repository, {"live/prod/restore-ready.yaml": f"version: 1\nexceptions: [{exception}]\n"})
    assert windows(repository).findings("excepted") == [("RR201", PROD)]


def test_an_exception_in_the_module_holds_for_every_unit(repository: Path) -> None:
    noted = MODULE.replace("resource", "# restore-ready: ignore RR201 agreed\nresource", 1)
    files.write(repository, {"modules/plan/main.tf": noted, "live/dev/env.hcl": "locals {\n  window = 480\n}\n"})
    assert windows(repository).findings("excepted") == [("RR201", DEV), ("RR201", PROD)]


def test_an_exception_where_a_unit_gives_the_value_holds_for_that_unit(repository: Path) -> None:
    noted = UNIT.replace("  window", "  # restore-ready: ignore RR201 agreed\n  window")
    files.write(repository, {"live/prod/plan/terragrunt.hcl": noted % 480, "live/dev/plan/terragrunt.hcl": UNIT % 490})
    done = windows(repository)
    assert (done.findings(), done.findings("excepted")) == ([("RR201", DEV)], [("RR201", PROD)])

    files.write(repository, {"live/prod/plan/terragrunt.hcl": noted % 60})
    told = run(repository, "scan", "--select", "RR201")
    assert "live/prod/plan/terragrunt.hcl" in told.out + told.err


@pytest.mark.parametrize(
    ("changed", "touched"),
    [
        ({"live/prod/plan/terragrunt.hcl": UNIT % 500}, 1),
        ({"live/dev/env.hcl": "locals {\n  window = 61\n}\n"}, 1),
        ({"live/prod/plan/terraform.tfvars": "window = 70\n"}, 1),
        ({"live/root.hcl": "# new\n"}, 2),
        ({"modules/plan/outputs.tf": "# new\n"}, 2),
        ({"README.md": "new"}, 0),
    ],
)
def test_what_a_change_touches_is_judged(repository: Path, changed: dict[str, str], touched: int) -> None:
    files.write(repository, changed)

    assert windows(repository, "--changed-since", "HEAD").document["summary"]["sources"] == touched
    assert windows(repository, "--changed-files", *changed).document["summary"]["sources"] == touched


def test_a_selection_that_another_units_output_decides_leaves_coverage_open(repository: Path) -> None:
    selection = """\
variable "files" {}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = "3c5cd1b0-5d0a-4f6f-8a6b-6f8f3a3c2a11"
  iam_role_arn = "arn:aws:iam::111122223333:role/r"
  resources    = [var.files]
}
"""
    texts = {"live/efs/main.tf": 'resource "aws_efs_file_system" "a" {}\noutput "arn" {\n  value = 1\n}\n'}
    texts |= {"live/efs/terragrunt.hcl": "", "live/backup/main.tf": selection}
    dependency = 'dependency "efs" {\n  config_path = "../efs"\n  mock_outputs = { arn = "arn:aws:mock" }\n}\n'
    texts["live/backup/terragrunt.hcl"] = f"{dependency}inputs = {{\n  files = dependency.efs.outputs.arn\n}}\n"
    files.write(repository, texts)

    (covered,) = [one.verdict for one in scan([repository]).judgements if one.rule.code == "RR102"]

    assert isinstance(covered, Unknown)


def test_what_can_not_be_read_fails_under_strict(repository: Path) -> None:
    texts = {"live/prod/plan/terragrunt.hcl": UNIT.replace("../../../modules//plan", "tfr:///a/efs/aws") % 60}
    files.write(repository, texts)

    assert (run(repository, "scan").code, run(repository, "scan", "--strict").code) == (0, 3)
    files.write(repository, {"live/root.hcl": "inputs = {"})
    assert run(repository, "scan").code == 3


def test_a_unit_in_json_says_what_to_scan_instead(repository: Path) -> None:
    files.write(repository, {"live/stage/terragrunt.hcl.json": "{}"})

    done = run_json(repository)

    (reason,) = (one["reason"] for one in done.document["not_judged"] if one["address"] == "live/stage")
    assert "scan `terragrunt show -json tfplan` of the unit" in reason


def test_what_a_stack_generated_is_read_where_it_is_named(repository: Path) -> None:
    generated = UNIT % "values.window"
    texts = {".gitignore": ".terragrunt-stack\n", "live/.terragrunt-stack/plan/terragrunt.hcl": generated}
    files.write(repository, {**texts, "live/.terragrunt-stack/plan/terragrunt.values.hcl": "window = 480\n"})

    done = windows(repository, "live/.terragrunt-stack")

    assert done.findings() == [("RR201", 'unit["live/.terragrunt-stack/plan"].aws_backup_plan.night')]


def test_units_of_a_stack_are_judged_by_what_it_hands_to_them(repository: Path) -> None:
    unit = UNIT.replace("../../../modules", "${get_repo_root()}/modules") % "values.window"
    block = 'unit "plan" {\n  source = "../../catalog/plan"\n  path = "plan"\n  values = { window = %d }\n}\n'
    texts = {"catalog/plan/terragrunt.hcl": unit, "live/stage/terragrunt.stack.hcl": block % 480}
    files.write(repository, texts)
    commit(repository)

    made = ("RR201", 'unit["live/stage/.terragrunt-stack/plan"].aws_backup_plan.night')
    assert windows(repository).findings() == [("RR201", PROD), made]
    assert windows(repository, "live/stage/terragrunt.stack.hcl").findings() == [made]
    files.write(repository, {"live/stage/terragrunt.stack.hcl": block % 490})
    assert windows(repository, "--changed-since", "HEAD").findings() == [made]


def test_a_value_that_a_unit_gives_is_changed_by_hand(repository: Path) -> None:
    done = run(repository, "scan", "--select", "RR201", "--diff")

    assert "by hand: its value comes from var.window" in done.out + done.err
    assert git_is_clean(repository)


def test_what_a_unit_generates_is_changed_by_hand(repository: Path) -> None:
    generated = f'generate "plan" {{\n  path = "plan.tf"\n  contents = <<EOF\n{PLAN % ("a", "a", 480)}EOF\n}}\n'
    files.write(repository, {"live/generated/terragrunt.hcl": generated})

    done = run(repository, "scan", "live/generated", "--select", "RR201", "--diff")

    assert "live/generated/terragrunt.hcl:10" in done.out
    assert "by hand: a unit of Terragrunt's generates it" in done.out + done.err


def test_a_value_in_a_module_is_changed_for_all_its_units(repository: Path) -> None:
    files.write(repository, {"modules/plan/main.tf": MODULE.replace("var.window", "480")})
    commit(repository)

    done = run(repository, "scan", "--select", "RR201", "--fix")

    assert "start_window      = 60" in (repository / "modules/plan/main.tf").read_text(), done.out + done.err
    assert windows(repository).findings() == []


def git_is_clean(folder: Path) -> bool:
    return not git(folder, "status", "-s")
