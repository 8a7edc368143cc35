"""Runbooks of stories: what stands in them, and the command as people run it."""

from __future__ import annotations

import re
from pathlib import Path

import html5lib
import pytest
from msgspec.structs import replace
from tests.support.command import Done, run_process
from tests.support.command import run as run_command
from tests.support.paths import FIXTURES
from tests.support.runbook_estates import PLACE, estate, everything_around, runbook_of
from tests.support.runbooks import blocks, runbook

from restore_ready import Estate, ExternalSelection, Gap, Requirements, Unresolved

TO = "\N{EN DASH}"
FOUNDING = FIXTURES / "stories" / "founding"
CORRECTED = FIXTURES / "stories" / "corrected"
SECTIONS = [
    "What is backed up",
    "Before you start",
    "1. Find the recovery point",
    "2. Lift the vault's Deny",
    "3. Start the restore",
    "4. Move the files out of `aws-backup-restore_…`",
    "5. Put the protection back",
    "6. Check and tidy up",
    "Time to expect",
    "Rehearsal log",
    "When its backups run",
    "The way back, link by link",
]


def run(folder: Path, *arguments: str) -> Done:
    return run_command(folder, "runbook", *arguments)


def sections(text: str) -> list[str]:
    return [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]


@pytest.mark.parametrize("file", ["main.tf", "plan.json", "template.yaml"])
@pytest.mark.parametrize("story", [FOUNDING, CORRECTED])
def test_every_language_gives_the_same_sections(story: Path, file: str) -> None:
    text = runbook(story / file, "Home" if file == "template.yaml" else "home")
    assert sections(text) == SECTIONS
    assert text.startswith("# Restore runbook: ")
    assert "\n\n\n" not in text


def test_the_founding_story_is_told_with_its_names() -> None:
    text = runbook(FOUNDING / "main.tf", "aws_efs_file_system.home")
    assert f"| `nightly` | `nightly` | `cron(0 5 ? * * *) UTC` | may start 05:00{TO}13:00 UTC" in text
    assert "### Vault `efs`" in text
    assert "### Vault `aws/efs/automatic-backup-vault`" in text
    assert "printf '%s\\n' 'efs' >> \"$WORK_DIR/vaults.txt\"" in text
    assert 'RESTORE_ROLE_ARN="arn:${PARTITION}:iam::${ACCOUNT_ID}:role/AWSBackup-efs"' in text
    for code in ("RR101", "RR201", "RR202", "RR301", "RR305", "RR401"):
        assert f"- **{code}** " in text


def test_the_corrected_story_has_nothing_to_lift() -> None:
    text = runbook(CORRECTED / "main.tf", "home")
    assert "Nothing to lift" in text
    assert "known.json\" <<'POLICY'" not in text
    assert f"may start 22:00{TO}23:00 Asia/Tokyo and run until 02:00" in text
    assert "finds nothing wrong" in text
    assert "aws/efs/automatic-backup-vault" not in text


def test_automatic_backups_of_one_zone_are_told_with_their_fixed_settings() -> None:
    text = runbook(FIXTURES / "RR101" / "fail_one_zone_default" / "main.tf", "aws_efs_file_system.scratch")
    assert "| `aws/efs/automatic-backup-plan` |" in text
    assert "printf '%s\\n' 'aws/efs/automatic-backup-vault' >> " in text
    assert '"backup:DeleteRecoveryPoint"' in text
    assert "The old one lies in a single Availability Zone" in text


def test_a_stack_is_asked_for_what_it_named_itself() -> None:
    text = runbook(FOUNDING / "template.yaml", "Home")
    assert "STACK_NAME='FILL_IN'" in text
    assert "--logical-resource-id 'Home'" in text
    settings = blocks(text)[0]
    assert settings.index("STACK_NAME=") < settings.index("FILE_SYSTEM_ID=")


def test_a_plan_that_keeps_the_backups_elsewhere_is_said_to_be_missing() -> None:
    lonely = Estate(estate().source, "main.tf", file_systems=estate().file_systems)
    text = runbook_of(lonely)
    assert "**No backup plan in this source is known to cover this file system**" in text
    assert '>> "$WORK_DIR/vaults.txt"' not in text
    assert "No vault is known from this source." in text


def test_a_declared_size_is_compared_with_what_is_required() -> None:
    text = runbook_of(estate(), Requirements(sizes={"home": 4 * 10**12}, within=240))
    assert "| **4 TB** (declared) | 5 h 34 min |" in text
    assert "The declared size takes 5 h 34 min at the very least: 4 h can't be met." in text
    text = runbook_of(estate(), Requirements(sizes={"home": 10**12}, within=240))
    assert "leaves at most 2 h 36 min" in text


def test_the_command_writes_to_standard_output_or_a_file(tmp_path: Path) -> None:
    shown = run_process(FOUNDING, "runbook", "home", "main.tf")
    assert (shown.code, shown.err) == (0, "")
    written = run(FOUNDING, "home", "main.tf", "-o", str(tmp_path / "home.md"))
    assert (written.code, written.out) == (0, "")
    assert (tmp_path / "home.md").read_text() == shown.out


def test_a_wrong_name_lists_what_there_is() -> None:
    done = run(FOUNDING, "hone", "main.tf")
    assert done.code == 2
    assert "no file system called hone. Did you mean 'home'?" in done.err
    assert 'aws_efs_file_system.home "home" (main.tf:1)' in done.err


def test_a_name_of_several_has_to_be_narrowed() -> None:
    done = run(FIXTURES / "stories", "home", "founding/main.tf", "corrected/main.tf")
    assert done.code == 2
    assert "several file systems are called home" in done.err
    assert "founding/main.tf:1" in done.err
    assert "corrected/main.tf:1" in done.err


def test_a_folder_without_file_systems_is_wrong_usage(tmp_path: Path) -> None:
    done = run(tmp_path, "home")
    assert done.code == 2
    assert "there is none in what was read" in done.err


def test_what_could_not_be_read_stands_at_the_top(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_efs_file_system" "home" {}\n\nmodule "backup" {\n  source = "example/backup/aws"\n}\n'
    )
    done = run(tmp_path, "aws_efs_file_system.home")
    assert done.code == 3
    assert "**Not everything could be read**" in done.out
    assert "module.backup" in done.out.partition("## What is backed up")[0]
    assert "could not be read" in done.err


def test_a_file_that_cannot_be_written_is_wrong_usage(tmp_path: Path) -> None:
    for place in (tmp_path / "missing" / "home.md", tmp_path):
        done = run(FOUNDING, "home", "main.tf", "-o", str(place))
        assert done.code == 2
        assert "can't write the runbook" in done.err


def test_backups_out_of_sight_are_spoken_of() -> None:
    lonely = replace(estate(), plans=(), selections=())
    declared = Requirements(external_selections=(ExternalSelection(tags={"Name": "home"}),))
    assert "Something out of sight may back it up: the requirements declare" in runbook_of(lonely, declared)
    gap = Gap("module.backup", PLACE, "it is not there", hides_backups=True)
    assert "Something out of sight may back it up: module.backup" in runbook_of(replace(lonely, gaps=(gap,)))
    assert "its backup plan is not in this source" in runbook_of(replace(estate(), plans=()))


def test_what_the_rules_could_not_judge_is_no_clean_bill() -> None:
    text = runbook_of(estate(policy=Unresolved("it is in a file")))
    assert "What it could not judge:" in text
    assert "- **RR301** `aws_backup_vault_policy.v`: the vault's policy could not be read: it is in a file" in text


def test_the_movers_of_the_estate_are_started() -> None:
    text = everything_around()
    for call in ("aws lambda invoke", "aws ecs run-task", "aws datasync start-task-execution"):
        assert call in text
    assert "CLUSTER='FILL_IN'\nSUBNET_ID='subnet-1'\nSECURITY_GROUP_ID='FILL_IN'" in text
    assert "mount -t efs -o tls,iam " in text
    assert "| access point | `aws_efs_access_point.a` | directory /app, user id 0 |" in text


def test_a_replica_is_said_to_be_read_only() -> None:
    story = FIXTURES / "RR506/pass_mover_of_source/main.tf"
    said = "another file system is replicated into it by "
    assert said in runbook(story, "aws_efs_file_system.replica")
    assert said not in runbook(story, "aws_efs_file_system.files")


def test_a_role_that_the_stack_named_itself_is_looked_up(tmp_path: Path) -> None:
    template = (FOUNDING / "template.yaml").read_text().replace("      RoleName: AWSBackup-efs\n", "")
    (tmp_path / "template.yaml").write_text(template)
    text = runbook(tmp_path / "template.yaml", "Home")
    assert "--logical-resource-id 'BackupRole'" in text
    assert 'RESTORE_ROLE_ARN=$(aws iam get-role --role-name "$RESTORE_ROLE" --query Role.Arn --output text)' in text


def test_people_are_told_what_is_in_their_way(tmp_path: Path) -> None:
    source = (CORRECTED / "main.tf").read_text()
    (tmp_path / "main.tf").write_text(source)
    everyone = "| `group backup-operators` | {} | `{}` |"
    assert everyone.format("yes", "AWSBackup-efs") in runbook(tmp_path, "home")
    (tmp_path / "main.tf").write_text(source.replace('["backup:Delete', '["backup:StartRestoreJob", "backup:Delete'))
    assert everyone.format("after step 2", "AWSBackup-efs") in runbook(tmp_path, "home")
    managed = source.replace("policy/PowerUserAccess", "policy/AWSBackupOperatorAccess").replace("AWSBackup-efs", "efs")
    (tmp_path / "main.tf").write_text(managed.replace('actions   = ["iam:PassRole"]', 'actions   = ["iam:ListRoles"]'))
    text = runbook(tmp_path, "home")
    assert everyone.format("**no**", "efs") in text
    assert "A name that could be passed: `AWSBackup-efs`" in text


def test_all_runbooks_and_an_index_are_written(tmp_path: Path) -> None:
    both = ("stories/founding/main.tf", "stories/corrected/main.tf")
    done = run(FIXTURES, "--all", *both, "-o", str(tmp_path / "new" / "runbooks"))
    assert (done.code, done.out) == (0, "")
    assert run(FIXTURES, "--all", *both, "-o", str(tmp_path / "new" / "runbooks")).code == 0
    written = {path.name: path.read_text() for path in (tmp_path / "new" / "runbooks").iterdir()}
    assert set(written) == {"index.md", "home.md", "home-2.md"}
    assert "| `home` `aws_efs_file_system.home` | [home-2.md](home-2.md) |" in written["index.md"]
    assert all(text.startswith("# Restore runbook: `home`") for name, text in written.items() if name != "index.md")


def test_all_needs_a_folder_and_file_systems(tmp_path: Path) -> None:
    assert "give the folder as -o DIR" in run(FOUNDING, "--all").err
    assert "there is no file system" in run(tmp_path, "--all", "-o", str(tmp_path / "runbooks")).err
    assert "name the file system" in run(FOUNDING).err
    (tmp_path / "file").write_text("")
    assert "can't make the folder" in run(FOUNDING, "--all", "-o", str(tmp_path / "file" / "folder")).err


def test_a_page_is_the_same_text_without_scripts(tmp_path: Path) -> None:
    assert run(FOUNDING, "home", "main.tf", "-o", str(tmp_path / "home.html")).code == 0
    page = (tmp_path / "home.html").read_text()
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert not tree.findall(".//script")
    shown = [block.text for block in tree.findall(".//pre/code")]
    assert [block for block in shown if block.startswith(("bash", "#", "export", "find", "if"))]
    assert set(blocks(run(FOUNDING, "home", "main.tf").out)) <= set(shown)
    anchors = {heading.get("id") for heading in tree.iter() if heading.tag in ("h1", "h2", "h3")}
    links = {link.get("href") for link in tree.findall(".//a") if link.get("href").startswith("#")}
    assert {link.removeprefix("#") for link in links} <= anchors
    assert run(FOUNDING, "home", "main.tf", "--format", "html").out == page


def test_the_way_and_the_hours_are_drawn_behind_the_steps(tmp_path: Path) -> None:
    text = runbook(FOUNDING / "main.tf", "home")
    gantt, *way = text.split("## When its backups run")[1].split("```mermaid\n")[1:]
    assert gantt.startswith("gantt\n")
    assert "  section nightly\n  may start :crit, 2001-01-01 05:00, 2001-01-01 13:00\n" in gantt
    assert [chart.splitlines()[0] for chart in way] == ["flowchart LR"] * 2
    assert 'n4 -.-|"✗ PassRole: no policy grants iam:PassRole"| n5' in way[1]
    assert re.search(r"- ✗ PassRole: no policy grants iam:PassRole \(\S*main.tf:81\)", text)
    assert run(FOUNDING, "home", "main.tf", "-o", str(tmp_path / "home.html")).code == 0
    page = (tmp_path / "home.html").read_text()
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    drawn = {element.get("class") for element in tree.iter() if str(element.tag).endswith("svg")}
    assert drawn >= {"timeline wide", "timeline narrow", "chain"}
    assert "mermaid" not in page


def test_of_a_file_system_nothing_is_drawn_that_is_of_others(tmp_path: Path) -> None:
    story = (FOUNDING / "main.tf").read_text()
    (tmp_path / "main.tf").write_text(story + '\nresource "aws_efs_file_system" "bare" {}\n')
    text = runbook(tmp_path / "main.tf", "aws_efs_file_system.bare")
    assert "gantt" not in text
    assert "## When its backups run" not in text
    assert 'n0["file system<br>aws' in text


def test_each_step_says_what_it_needs_and_who_lacks_it(tmp_path: Path) -> None:
    story = (FIXTURES / "RR408" / "fail_start_only" / "main.tf").read_text()
    (tmp_path / "main.tf").write_text(story + '\nresource "aws_efs_file_system" "home" {}\n')
    text = run(tmp_path, "aws_efs_file_system.home").out
    steps = {line.split(" | ")[0]: line for line in text.splitlines() if line.startswith(("| 1 ", "| 3 "))}
    lacking = steps["| 3 restore"].rpartition(" | ")[2]
    assert re.search(r"\*\*`\w+ \w+`\*\*: `backup:GetRecoveryPointRestoreMetadata`", lacking)
    assert "**" in steps["| 1 find the recovery point"]
    assert '"iam:PassedToService": "backup.amazonaws.com"' in text
