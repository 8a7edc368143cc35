"""The real cfn-lint with our rules: positions, parameters, every place to ignore a rule, both ways to load."""

from __future__ import annotations

import importlib.util
import venv
from pathlib import Path

import pytest
from tests.support.hosts import ROOT, Run, run_cfn_lint

pytestmark = pytest.mark.xdist_group("hosts")  # one process forks them all

MODULE = "--append-rules=restore_ready.cfn_lint"
TEMPLATE = """Parameters:
  Window:
    Type: Number
    Default: 480
  Unset:
    Type: Number
Resources:
  FromParameter:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: data
        BackupPlanRule:
          - RuleName: nightly
            TargetBackupVault: data
            StartWindowMinutes: !Ref Window
            CompletionWindowMinutes: 600
  Open:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: open
        BackupPlanRule:
          - RuleName: nightly
            TargetBackupVault: data
            StartWindowMinutes: !Ref Unset
            CompletionWindowMinutes: 600
  Ignored:
    Type: AWS::Backup::BackupPlan
    Metadata:
      cfn-lint:
        config:
          ignore_checks:
            - WRR201 # rebuilt nightly
    Properties:
      BackupPlan:
        BackupPlanName: ignored
        BackupPlanRule:
          - RuleName: nightly
            TargetBackupVault: data
            CompletionWindowMinutes: 600
  Automatic:
    Type: AWS::EFS::FileSystem
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      Encrypted: true
      BackupPolicy:
        Status: ENABLED
"""
LONELY = """Resources:
  Lonely:
    Type: AWS::EFS::FileSystem
    Properties:
      Encrypted: true
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "lonely.yaml").write_text(LONELY)
    return folder


@pytest.fixture(scope="module")
def everything(folder: Path) -> Run:
    return run_cfn_lint("template.yaml", "lonely.yaml", MODULE, "-c", "I", "-f", "json", folder=folder, anew=True)


def found(run: Run) -> list[tuple[str, str, int, int]]:
    """Return id, file, line and column of our matches."""
    places = []
    for one in run.matches():
        start = one["Location"]["Start"]
        places.append((one["Rule"]["Id"], one["Filename"], start["LineNumber"], start["ColumnNumber"]))
    return sorted(place for place in places if "RR" in place[0])


def test_findings_stand_at_the_line_and_column_of_the_logical_id(everything: Run) -> None:
    assert ("WRR201", "template.yaml", 8, 3) in found(everything)
    assert ("WRR101", "template.yaml", 42, 3) in found(everything)


def test_a_milder_finding_has_the_letter_of_its_severity(everything: Run) -> None:
    lonely = [(code, line, column) for code, file, line, column in found(everything) if file == "lonely.yaml"]

    assert lonely == [("IRR102", 2, 3)]


def test_what_could_not_be_judged_is_information(everything: Run) -> None:
    messages = [one["Message"] for one in everything.matches() if one["Rule"]["Id"] == "IRR001"]

    assert [message for message in messages if message.startswith("Open: RR201 could not be judged: ")]


def test_a_resource_ignores_a_rule_by_its_metadata(everything: Run) -> None:
    assert [one for one in found(everything) if one[0] == "WRR201"] == [("WRR201", "template.yaml", 8, 3)]


def test_messages_begin_with_the_logical_id_and_rules_link_their_page(everything: Run) -> None:
    one = next(one for one in everything.matches() if one["Rule"]["Id"] == "WRR201")

    assert one["Message"].startswith('FromParameter: rule "nightly": ')
    assert one["Rule"]["ShortDescription"] == "Backup jobs start within the start window that is required."
    assert one["Rule"]["Description"].startswith("Compares the start window")
    assert one["Rule"]["Source"].endswith("/docs/rules/RR201.md")
    assert one["Level"] == "Warning"


def test_no_rule_throws_and_nothing_is_broken(everything: Run) -> None:
    codes = {one["Rule"]["Id"] for one in everything.matches()}

    assert codes.isdisjoint({"E0002", "ERR000"})


def test_parameters_given_to_cfn_lint_count(folder: Path) -> None:
    done = run_cfn_lint("template.yaml", MODULE, "-f", "json", "--parameters", "Window=60", "Unset=480", folder=folder)

    assert [one for one in found(done) if one[0] == "WRR201"] == [("WRR201", "template.yaml", 18, 3)]


def test_a_prefix_ignores_a_group_of_rules(folder: Path) -> None:
    done = run_cfn_lint("template.yaml", MODULE, "-f", "json", "-i", "WRR2", folder=folder)

    assert {one[0] for one in found(done)} == {"WRR101"}


def test_a_configuration_file_loads_the_pack_and_ignores_rules(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / ".cfnlintrc").write_text("append_rules: [restore_ready.cfn_lint]\nignore_checks: [WRR101]\n")
    done = run_cfn_lint("-f", "json", "template.yaml", folder=tmp_path)

    assert {one[0] for one in found(done)} == {"WRR201"}


def test_metadata_of_the_template_ignores_rules(tmp_path: Path) -> None:
    metadata = "Metadata:\n  cfn-lint:\n    config:\n      ignore_checks: [WRR201] # agreed\n"
    (tmp_path / "template.yaml").write_text(metadata + TEMPLATE)
    done = run_cfn_lint(MODULE, "-f", "json", "template.yaml", folder=tmp_path)

    assert {one[0] for one in found(done)} == {"WRR101"}


def test_a_template_from_standard_input_is_judged(folder: Path) -> None:
    done = run_cfn_lint(MODULE, "-f", "json", folder=folder, stdin=TEMPLATE)

    assert next(one for one in found(done) if one[0] == "WRR201")[2:] == (8, 3)


def test_the_form_of_pre_commit_gets_the_exit_code_of_a_warning(folder: Path) -> None:
    done = run_cfn_lint(MODULE, "template.yaml", folder=folder)

    assert done.exit_code == 4
    assert "WRR201" in done.output


def test_a_folder_of_rules_loads_from_a_checkout_that_is_not_installed(folder: Path, tmp_path: Path) -> None:
    """Only what cfn-lint itself depends on is there: no restore_ready, no click."""
    environment = tmp_path / "venv"
    venv.create(environment, symlinks=True)
    site = next((environment / "lib").glob("python*/site-packages"))
    spec = importlib.util.find_spec("cfnlint")
    assert spec is not None
    assert spec.origin is not None
    installed = Path(spec.origin).parent.parent
    left_out = ("restore_ready", "__editable__", "click", "rich", "checkov", "boto", "pytest")
    for entry in installed.iterdir():
        if not entry.name.startswith(left_out) and entry.suffix != ".pth":
            (site / entry.name).symlink_to(entry)
    script = "import sys; from cfnlint.runner import main; sys.exit(main())"
    done = run_cfn_lint(
        "-I",
        "-c",
        script,
        f"--append-rules={ROOT / 'rules'}",
        "-f",
        "json",
        "template.yaml",
        folder=folder,
        command=environment / "bin" / "python",
    )

    assert done.errors == ""
    assert {one[0] for one in found(done)} == {"WRR101", "WRR201"}
