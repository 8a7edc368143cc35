"""The real Checkov with our checks: every framework, entity address, filter and report."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog
from tests.support.host_project import write_project
from tests.support.hosts import Record, Run, run_checkov

pytestmark = pytest.mark.xdist_group("hosts")  # one process forks them all

FRAMEWORKS = ("terraform", "terraform_json", "terraform_plan", "cloudformation")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def reports(project: Path) -> Path:
    """Return the folder with every report of one run over the whole project."""
    folder = project.parent / "reports"
    formats = [word for name in ("json", "sarif", "junitxml") for word in ("-o", name)]
    done = run_checkov(
        *("-d", "."),
        *("--framework", *FRAMEWORKS),
        *("--check", "RR*"),
        *formats,
        *("--output-file-path", str(folder)),
        folder=project,
        anew=True,
    )
    assert done.exit_code == 1, done.errors
    assert "Traceback" not in done.errors
    return folder


def read(reports: Path, state: str = "failed") -> list[Record]:
    return Run(0, (reports / "results_json.json").read_text(), "").records(state)


def of(records: list[Record], framework: str, code: str = "RR201") -> list[str]:
    return sorted(one.resource for one in records if (one.framework, one.code) == (framework, code))


@pytest.mark.thorough
def test_terraform_is_reported_at_every_instance_of_every_module_call(reports: Path) -> None:
    modules = [
        f'module.{call}.module.inner["{key}"].aws_backup_plan.deep[{index}]'
        for call in ("narrow", "wide")
        for key in ("a.b", "c")
        for index in (0, 1)
    ]

    assert set(of(read(reports), "terraform")) == {
        *modules,
        "module.wide.aws_backup_plan.this",
        'aws_backup_plan.own["wide"]',
    }


def test_a_module_called_by_two_roots_is_judged_in_each(reports: Path) -> None:
    failed = [
        one for one in read(reports) if one.resource == "module.wide.aws_backup_plan.this" and one.code == "RR201"
    ]
    passed = [
        one
        for one in read(reports, "passed")
        if one.resource == "module.wide.aws_backup_plan.this" and one.code == "RR201"
    ]

    assert [one.caller for one in failed] == ["/envs/dev/main.tf"]
    assert [one.caller for one in passed] == ["/envs/prod/main.tf"]


def test_what_meets_the_requirement_passes(reports: Path) -> None:
    passed = read(reports, "passed")

    assert {'aws_backup_plan.own["narrow"]', "module.narrow.aws_backup_plan.this"} <= set(of(passed, "terraform"))
    assert of(passed, "terraform_plan") == ['aws_backup_plan.own["narrow"]']
    assert of(passed, "cloudformation") == ["AWS::Backup::BackupPlan.Narrow"]


def test_a_plan_is_reported_at_its_addresses(reports: Path) -> None:
    assert of(read(reports), "terraform_plan") == [
        'aws_backup_plan.own["wide"]',
        "module.m[0].aws_backup_plan.inside",
    ]


def test_a_json_configuration_is_reported_once_for_all_instances_that_checkov_does_not_expand(reports: Path) -> None:
    assert of(read(reports), "terraform_json") == ["resource.many", "resource.one"]


def test_cloudformation_is_reported_at_its_logical_ids(reports: Path) -> None:
    assert of(read(reports), "cloudformation") == ["AWS::Backup::BackupPlan.Wide"]


def test_a_resource_without_properties_is_found_too(reports: Path) -> None:
    assert of(read(reports), "cloudformation", "RR102") == ["AWS::EFS::FileSystem.Lonely"]


def test_what_is_unknown_makes_no_record(reports: Path) -> None:
    everything = [one for state in ("failed", "passed", "skipped") for one in read(reports, state)]

    assert [one for one in everything if one.resource == "aws_backup_plan.open" and one.code == "RR201"] == []


def test_nothing_is_reported_as_broken(reports: Path) -> None:
    assert [one for one in read(reports) if one.code == "RR000"] == []


def test_a_skip_in_the_source_is_honoured_with_its_reason(reports: Path) -> None:
    skipped = [(one.framework, one.resource, one.code) for one in read(reports, "skipped")]

    assert skipped == [
        ("cloudformation", "AWS::Backup::BackupPlan.Skipped", "RR201"),
        ("terraform", "aws_backup_plan.skipped", "RR201"),
    ]


def test_the_reason_is_in_the_name_of_the_record_and_only_there(reports: Path) -> None:
    failed = [one for one in read(reports) if one.code == "RR201"]
    passed = [one for one in read(reports, "passed") if one.code == "RR201"]
    wide = next(one for one in failed if one.resource == 'aws_backup_plan.own["wide"]')
    narrow = next(one for one in passed if one.resource == 'aws_backup_plan.own["narrow"]')

    assert wide.name.startswith('Backup jobs start within the start window that is required: rule "nightly": ')
    assert narrow.name == "Backup jobs start within the start window that is required"
    assert wide.guideline.endswith("/docs/rules/RR201.md")
    assert wide.evidence is not None
    assert "cure" in wide.evidence


def test_severities_are_set_without_a_platform_also_for_milder_findings(reports: Path) -> None:
    severities = {(one.resource, one.code): one.severity for one in read(reports)}

    assert severities["AWS::Backup::BackupPlan.Wide", "RR201"] == "MEDIUM"
    assert severities["aws_efs_file_system.lonely", "RR102"] == "MEDIUM"
    assert severities["AWS::EFS::FileSystem.Lonely", "RR102"] == "LOW"


def test_every_resource_has_one_record_for_a_rule(reports: Path) -> None:
    records = [one for state in ("failed", "skipped") for one in read(reports, state)]
    counts = Counter((one.framework, one.file, one.resource, one.code) for one in records)

    assert [key for key, count in counts.items() if count > 1] == []


def test_sarif_has_what_the_oasis_schema_demands_where_checkov_can_break_it(reports: Path) -> None:
    run = json.loads((reports / "results_sarif.sarif").read_text())["runs"][0]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}

    assert "RR201" in rules
    assert rules["RR201"]["helpUri"].startswith("https://")
    assert {result["level"] for result in run["results"]} <= {"error", "warning", "note", "none"}
    assert [result for result in run["results"] if result.get("attachments")] == []
    assert all(result["message"]["text"] for result in run["results"])
    assert all(result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1 for result in run["results"])


def test_sarif_is_valid_by_models_generated_from_the_oasis_schema(reports: Path) -> None:
    text = (reports / "results_sarif.sarif").read_text()

    SarifLog.model_validate_json(text)
    with pytest.raises(ValidationError):
        SarifLog.model_validate_json(text.replace('"startLine"', '"firstLine"'))


def test_a_root_that_cannot_be_read_is_a_warning_and_fails_only_when_strict(tmp_path: Path) -> None:
    plan = 'resource "aws_backup_plan" "p" {\n  name = "p"\n}\n'
    (tmp_path / "main.tf").write_text(f"# \0\n{plan}")
    words = ("-d", ".", "--framework", "terraform", "--check", "RR*", "-o", "json")

    calm = run_checkov(*words, folder=tmp_path)
    strict = run_checkov(*words, folder=tmp_path, environment={"RESTORE_READY_STRICT": "1"})

    assert calm.exit_code == 0
    assert "RR001" in calm.errors
    assert "binary" in calm.errors
    assert strict.exit_code == 1
    assert {one.code for one in strict.records("failed")} >= {"RR201", "RR202", "RR303"}


def test_junit_has_our_failures(reports: Path) -> None:
    cases = ET.parse(reports / "results_junitxml.xml").iter("testcase")  # noqa: S314  # written by Checkov just now
    failed = [case.get("name", "") for case in cases if case.find("failure") is not None]

    assert [name for name in failed if "[RR201]" in name]


@pytest.mark.thorough
@pytest.mark.parametrize("way", ["thread", "none"])
def test_threads_and_a_single_process_say_the_same_as_forks(project: Path, reports: Path, way: str) -> None:
    done = run_checkov(
        *("-d", "."),
        *("--framework", *FRAMEWORKS),
        *("--check", "RR*"),
        *("-o", "json"),
        folder=project,
        environment={"CHECKOV_PARALLELIZATION_TYPE": way},
        anew=True,  # it is read when Checkov is imported
    )

    assert done.records() == read(reports)
    assert done.records("passed") == read(reports, "passed")


def test_strict_fails_what_is_unknown_and_says_why(project: Path) -> None:
    done = run_checkov(
        *("-f", "skip/main.tf", "sls/serverless.yml"),
        *("--framework", "terraform", "serverless"),
        *("--check", "RR201"),
        *("-o", "json"),
        folder=project,
        environment={"RESTORE_READY_STRICT": "1"},
    )
    reasons = {one.resource: one.name.partition("RR201 could not be judged: ")[2] for one in done.records()}

    assert done.exit_code == 1
    assert set(reasons) == {"aws_backup_plan.open", "AWS::Backup::BackupPlan.Served"}
    assert "start_window" in reasons["aws_backup_plan.open"]
    assert "serverless" in reasons["AWS::Backup::BackupPlan.Served"]


def test_a_single_file_is_judged_within_its_root(project: Path) -> None:
    done = run_checkov(
        *("-f", "cfn/template.yaml", "envs/dev/main.tf"),
        *("--framework", "terraform", "cloudformation"),
        *("--check", "RR201"),
        *("--skip-check", "RR2?2"),
        *("-o", "json"),
        folder=project,
    )

    assert {one.resource for one in done.records()} == {'aws_backup_plan.own["wide"]', "AWS::Backup::BackupPlan.Wide"}


def test_severity_filters_hold_for_each_finding(project: Path) -> None:
    done = run_checkov(
        *("-d", "."),
        *("--framework", "terraform", "cloudformation"),
        *("--check", "MEDIUM"),
        *("--skip-check", "RR201"),
        *("--hard-fail-on", "HIGH"),
        *("-o", "json"),
        folder=project,
    )
    found = {(one.resource, one.code) for one in done.records() if one.code.startswith("RR")}

    assert done.exit_code == 0
    assert ("aws_efs_file_system.lonely", "RR102") in found
    assert ("AWS::EFS::FileSystem.Lonely", "RR102") not in found
    assert [code for _, code in found if code == "RR201"] == []


def test_a_baseline_hides_what_it_lists_and_nothing_else(tmp_path: Path) -> None:
    copy = write_project(tmp_path / "copy")
    scan = ("-d", "cfn", *("--framework", "cloudformation"), *("--check", "RR*"), *("-o", "json"))
    run_checkov(*scan, "--create-baseline", folder=copy)
    template = copy / "cfn" / "template.yaml"
    template.write_text(
        template.read_text().replace("  Narrow:", "  New:").replace("StartWindowMinutes: 60", "StartWindowMinutes: 90")
    )
    done = run_checkov(*scan, *("--baseline", "cfn/.checkov.baseline"), folder=copy)

    assert done.exit_code == 1
    assert [one.resource for one in done.records() if one.code == "RR201"] == ["AWS::Backup::BackupPlan.New"]


@pytest.mark.thorough
def test_the_rules_fire_without_a_framework_named(project: Path) -> None:
    done = run_checkov("-d", ".", "--check", "RR201", "-o", "json", folder=project)

    assert done.exit_code == 1
    assert {one.framework for one in done.records("failed")} >= {"terraform", "terraform_json", "cloudformation"}
