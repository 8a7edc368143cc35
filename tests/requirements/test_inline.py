"""Exceptions written in sources: comments and ``Metadata``, each with a reason, and none where they are forbidden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.command import run, run_json
from tests.support.requirements import WIDE, write

from restore_ready.requirements._comments import comments_in
from restore_ready.requirements._inline import inline_exceptions

NIGHT = [("RR201", "aws_backup_plan.night")]
STACK = """\
Resources:
  Night:
    Type: AWS::Backup::BackupPlan
    Properties:
      BackupPlan:
        BackupPlanName: night
        BackupPlanRule:
          - RuleName: night
            TargetBackupVault: Default
            StartWindowMinutes: 480
            CompletionWindowMinutes: 600
"""
FORBID = "version: 1\ninline: forbid\n"


def within(comment: str) -> str:
    """Write a plan with a comment in a line of its own, in its block."""
    return WIDE.replace("  rule {", f"  {comment}\n  rule {{", 1)


def noted(metadata: str) -> str:
    """Write a stack whose plan has this ``Metadata``."""
    return STACK.replace("    Properties:", f"    Metadata: {metadata}\n    Properties:")


@pytest.mark.parametrize(
    "source",
    [
        f"# restore-ready: ignore RR201 agreed with data\n{WIDE}",
        f"# restore-ready: ignore RR201 agreed with data\n// what this is for\n{WIDE}",
        f"/* restore-ready: ignore RR101,RR201 agreed with data */\n{WIDE}",
        WIDE.replace("= 480", "= 480 # restore-ready: ignore RR201 agreed with data"),
        within("// restore-ready:ignore WRR201 agreed with data [until=2999-12-31]"),
        within("#checkov:skip=RR201:agreed with data"),
        within("# checkov:skip=CKV_AWS_1,RR201: agreed with data"),
    ],
)
def test_a_comment_on_above_or_in_the_block_excuses_it(tmp_path: Path, source: str) -> None:
    write(tmp_path, main_tf=source)

    done = run_json(tmp_path)

    assert (done.code, done.findings("excepted")) == (0, NIGHT)
    accepted = done.document["findings"][0]["evidence"]["exception"]
    assert (accepted["reason"], accepted["owner"]) == ("agreed with data", "inline")
    assert accepted["expires"] == ("2999-12-31" if "until" in source else None)
    assert done.document["not_judged"] == []


@pytest.mark.parametrize(
    "source",
    [
        STACK.replace("  Night:", "  # restore-ready: ignore RR201 agreed with data\n  Night:"),
        STACK.replace("480", "480 # restore-ready: ignore RR201 agreed with data"),
        STACK.replace("  Night:", "  Night: # checkov:skip=RR201:agreed with data"),
        noted("{restore-ready: {ignore: [{rule: RR201, reason: agreed with data}]}}"),
        noted("{checkov: {skip: [{id: RR201, comment: agreed with data}]}}"),
        noted("\n      cfn-lint: {config: {ignore_checks: [WRR201]}} # agreed with data"),
        "Metadata: {restore-ready: {ignore: [{rule: RR201, reason: agreed with data}]}}\n" + STACK,
    ],
)
def test_comments_and_metadata_of_a_template_excuse(tmp_path: Path, source: str) -> None:
    write(tmp_path, stack_yaml=source)

    done = run_json(tmp_path)

    assert (done.code, done.findings("excepted"), done.err) == (0, [("RR201", "Night")], "")
    assert done.document["findings"][0]["evidence"]["exception"]["reason"] == "agreed with data"


def test_metadata_of_a_template_in_json_and_a_comment_of_terraform_json(tmp_path: Path) -> None:
    rule = {"RuleName": "n", "TargetBackupVault": "Default", "StartWindowMinutes": 480, "CompletionWindowMinutes": 600}
    plan = {"BackupPlan": {"BackupPlanName": "night", "BackupPlanRule": [rule]}}
    metadata = {"restore-ready": {"ignore": [{"rule": "RR201", "reason": "agreed", "until": "2999-12-31"}]}}
    night = {"Type": "AWS::Backup::BackupPlan", "Metadata": metadata, "Properties": plan}
    rule_block = {"rule_name": "n", "target_vault_name": "Default", "start_window": 480, "completion_window": 600}
    block = {"//": "restore-ready: ignore RR201 agreed", "name": "night", "rule": [rule_block]}
    document = {"resource": {"aws_backup_plan": {"night": block}}}
    write(tmp_path, main_tf_json=json.dumps(document, indent=1))
    write(tmp_path / "stacks", stack_json=json.dumps({"Resources": {"Night": night}}, indent="\t"))

    done = run_json(tmp_path)

    assert (done.findings("excepted"), done.findings()) == ([*NIGHT, ("RR201", "Night")], [])


def test_it_is_shown_with_its_reason_in_text(tmp_path: Path) -> None:
    write(tmp_path, main_tf=within("# restore-ready: ignore RR201 agreed until=2999-12-31"))

    text = run(tmp_path, "scan").out

    line = "excepted RR201 start-window-too-wide  aws_backup_plan.night: agreed (inline, until 2999-12-31)"
    assert line in text.splitlines()
    assert "1 exception accepted" in text


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("# restore-ready: ignore RR201", "gives no reason"),
        ("# checkov:skip=RR201", "gives no reason"),
        ("# restore-ready: ignore RR201 until=2999-12-31", "gives no reason"),
        ("# restore-ready: ignore RR201 agreed until=soon", "'soon', which is no day"),
        ("# restore-ready: ignore RR201 agreed until=2020-01-01", "expired on 2020-01-01"),
    ],
)
def test_one_that_cant_be_accepted_is_told_and_excuses_nothing(tmp_path: Path, comment: str, told: str) -> None:
    write(tmp_path, main_tf=within(comment))

    done = run_json(tmp_path)

    assert (done.code, done.findings()) == (1, NIGHT)
    assert told in done.document["findings"][0]["message"]
    assert [told in why for why in done.unjudged("RR001")] == [True]
    assert run(tmp_path, "scan").out.count("settle  Correct it: restore-ready: ignore RR201, the reason and") == 1


def test_one_for_a_rule_that_does_not_exist_is_told(tmp_path: Path) -> None:
    write(tmp_path, main_tf=within("# restore-ready: ignore RR2O1 agreed"))

    (why,) = run_json(tmp_path).unjudged("RR001")

    assert "names no rule 'RR2O1'" in why
    assert "Did you mean 'RR201'" in why


@pytest.mark.parametrize(
    "source",
    [
        WIDE.replace("480", "60") + "# restore-ready: ignore RR201 no longer needed\n",
        "# restore-ready: ignore RR201 a line between\n\n" + WIDE,
        within("# restore-ready: ignore RR202 another rule"),
    ],
)
def test_one_that_excuses_nothing_is_told(tmp_path: Path, source: str) -> None:
    write(tmp_path, main_tf=source)

    done = run_json(tmp_path)

    assert "accepts nothing in this scan: correct it or take it out" in done.err
    assert done.findings("excepted") == []


def test_one_for_a_rule_that_was_not_put_is_not_told(tmp_path: Path) -> None:
    write(tmp_path, main_tf=within("# restore-ready: ignore RR202 another rule"))

    assert run_json(tmp_path, "--select", "RR1").err == ""


def test_text_that_is_no_comment_excuses_nothing(tmp_path: Path) -> None:
    spoken = "# restore-ready: ignore RR201 not meant"
    heredoc = f"  description = <<-EOT\n    {spoken}\n  EOT\n"
    write(tmp_path, main_tf=WIDE.replace('"night"\n  rule', f'"{spoken}"\n{heredoc}  rule', 1))
    write(tmp_path, stack_yaml=STACK.replace("RuleName: night", f'RuleName: "{spoken}"'))

    done = run_json(tmp_path)

    assert (len(done.findings()), done.findings("excepted")) == (2, [])


def test_sources_excuse_nothing_where_that_is_forbidden(tmp_path: Path) -> None:
    write(tmp_path, main_tf=within("# restore-ready: ignore RR201 agreed"), requirements=FORBID)

    done = run_json(tmp_path)

    assert (done.code, done.findings(), done.err) == (1, NIGHT, "")
    assert "does not count: restore-ready.yaml lets no exceptions" in done.document["findings"][0]["message"]


@pytest.mark.parametrize(("policy", "code"), [("version: 1\n", 1), ("version: 1\ninline: allow\n", 0)])
def test_a_forced_file_must_let_them_in(tmp_path: Path, policy: str, code: int) -> None:
    forced = write(tmp_path / "policy", requirements=policy) / "restore-ready.yaml"
    folder = write(tmp_path / "code", main_tf=within("# restore-ready: ignore RR201 agreed"))

    assert run_json(folder, "--requirements", str(forced)).code == code
    assert run_json(folder, environment={"RESTORE_READY_REQUIREMENTS": str(forced)}).code == code


def test_the_requirements_own_exception_comes_first(tmp_path: Path) -> None:
    own = "exceptions: [{rule: RR201, match: '*', reason: r, owner: o, expires: 2999-01-01}]"
    write(tmp_path, main_tf=within("# restore-ready: ignore RR201 agreed"), requirements=f"version: 1\n{own}\n")

    done = run_json(tmp_path)

    assert done.document["findings"][0]["evidence"]["exception"]["owner"] == "o"
    assert "main.tf:3: the exception for RR201 accepts nothing" in done.err


def test_files_that_cant_be_read_hold_no_exceptions(tmp_path: Path) -> None:
    broken = write(tmp_path, a_tf="x = [ # restore-ready: ignore RR201 r\n", b_yaml="a: ]\n# checkov:skip=RR201:r\n")

    assert inline_exceptions(str(broken / "a.tf")) == inline_exceptions(str(broken / "b.yaml")) == ()
    assert inline_exceptions(str(broken / "none.tf")) == inline_exceptions("aws:123456789012") == ()
    assert list(comments_in(Path("plain.json"), '{"a": "restore-ready: ignore RR201 r"}')) == []
