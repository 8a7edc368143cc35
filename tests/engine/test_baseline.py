"""A baseline: what was there before does not count, what is new does, and the file is kept as small as it can be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support.command import Done, run_process
from tests.support.command import run as run_command
from tests.support.requirements import PLAN

Run = Callable[..., Done]

BASELINE = "baseline.json"
TWO_RULES = """\
resource "aws_backup_plan" "night" {
  name = "night"
  rule {
    rule_name         = "night"
    target_vault_name = "Default"
    schedule          = "cron(0 13 * * ? *)"
    start_window      = 480
    completion_window = 600
  }
  rule {
    rule_name         = "week"
    target_vault_name = "Default"
    schedule          = "cron(0 13 ? * SUN *)"
    start_window      = %d
    completion_window = 600
  }
}
"""
RULES = ("--select", "RR201")
"""What the plans here are judged by."""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The command, run in this process in the folder of the test, or one below it."""

    def run_here(*arguments: str, folder: str = ".") -> Done:
        return run_command(tmp_path / folder, *arguments)

    return run_here


def plan(name: str, window: int = 480) -> str:
    return PLAN % (name, name, window)


def entries(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text())["findings"]
    return found


@pytest.fixture
def wide(tmp_path: Path, run: Run) -> Path:
    """A folder with one wide plan in sub/main.tf, and a baseline that knows it."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "main.tf").write_text(plan("night"))
    done = run("scan", "--write-baseline", BASELINE, *RULES)
    assert (done.code, done.err) == (0, "restore-ready: baseline.json: 1 finding\n")
    return tmp_path


class TestKnown:
    def test_what_is_known_does_not_count_and_what_is_new_does(self, wide: Path, run: Run) -> None:
        done = run("scan", "--baseline", BASELINE, *RULES)
        assert (done.code, done.err) == (0, "")
        (wide / "sub" / "main.tf").write_text(plan("day") + plan("night"))
        done = run("scan", "--baseline", BASELINE, "-o", "json", *RULES)
        assert (done.code, done.err) == (1, "")
        assert done.findings() == [("RR201", "aws_backup_plan.day")]
        assert done.findings("excepted") == [("RR201", "aws_backup_plan.night")]

    def test_json_says_which_file_knows_it_and_counts_it_apart(self, wide: Path, run: Run) -> None:
        document = run("scan", "--baseline", BASELINE, "-o", "json", *RULES).document
        (finding,) = document["findings"]
        assert finding["evidence"]["baseline"] == BASELINE
        summary = document["summary"]
        assert {key: summary[key] for key in ("known", "failed", "warnings", "excepted")} == {
            "known": 1,
            "failed": 0,
            "warnings": 0,
            "excepted": 0,
        }
        (wide / "sub" / "main.tf").write_text(plan("day") + plan("night"))
        addresses = [one["address"] for one in run("scan", "--baseline", BASELINE, "-o", "json").document["findings"]]
        assert addresses == ["aws_backup_plan.day", "aws_backup_plan.night"]

    def test_text_names_it_in_one_line_for_each_rule(self, wide: Path, run: Run) -> None:
        (wide / "sub" / "main.tf").write_text("".join(plan(name) for name in "abcdef"))
        run("scan", "--write-baseline", BASELINE, *RULES)
        text = run("scan", "--baseline", BASELINE, *RULES).out
        names = ", ".join(f"aws_backup_plan.{name}" for name in "abcd")
        assert f"In the baseline\n  RR201 start-window-too-wide: {names} and 2 more\n" in text
        assert "no findings, 6 in the baseline; " in text
        assert run("scan", "--baseline", BASELINE, *RULES, "-q").out == ""

    def test_moved_lines_a_wider_window_and_another_order_change_nothing(self, wide: Path, run: Run) -> None:
        (wide / "sub" / "main.tf").write_text("# a comment\n\n\n" + plan("calm", 60) + plan("night", 500))
        assert run("scan", "--baseline", BASELINE, *RULES).code == 0

    def test_another_faulty_rule_of_a_known_plan_is_new(self, wide: Path, run: Run) -> None:
        (wide / "sub" / "main.tf").write_text(TWO_RULES % 480)
        done = run("scan", "--baseline", BASELINE, *RULES)
        assert (done.code, "no longer there" in done.err) == (1, False)
        assert 'rule "week"' in " ".join(done.out.split()), "lines break where the terminal ends"

    def test_one_faulty_rule_less_is_known_and_the_baseline_can_shrink(self, wide: Path, run: Run) -> None:
        (wide / "sub" / "main.tf").write_text(TWO_RULES % 480)
        run("scan", "--write-baseline", BASELINE, *RULES)
        (wide / "sub" / "main.tf").write_text(TWO_RULES % 60)
        done = run("scan", "--baseline", BASELINE, *RULES)
        assert done.code == 0
        assert done.err == (
            "restore-ready: baseline.json: 1 finding is there with fewer faults: RR201 aws_backup_plan.night "
            "(sub/main.tf): --write-baseline brings it up to date\n"
        )
        done = run("scan", "--write-baseline", BASELINE, *RULES)
        assert done.err == (
            "restore-ready: baseline.json: 1 finding: 1 changed\n  ~ RR201 aws_backup_plan.night (sub/main.tf)\n"
        )
        (wide / "sub" / "main.tf").write_text(TWO_RULES % 480)
        assert run("scan", "--baseline", BASELINE, *RULES).code == 1

    @pytest.mark.parametrize(
        ("folder", "path", "baseline"),
        [
            (".", "sub", BASELINE),
            (".", "sub/main.tf", f"./{BASELINE}"),
            ("sub", ".", f"../{BASELINE}"),
            ("sub", "main.tf", f"../sub/../{BASELINE}"),
            ("sub", "..", "ABSOLUTE"),
            ("link", "main.tf", f"../{BASELINE}"),
        ],
    )
    def test_it_does_not_matter_from_where(self, wide: Path, run: Run, folder: str, path: str, baseline: str) -> None:
        (wide / "link").symlink_to("sub")
        file = str(wide / BASELINE) if baseline == "ABSOLUTE" else baseline
        done = run("scan", path, "--baseline", file, *RULES, folder=folder)
        assert (done.code, done.err) == (0, "")

    def test_the_folder_may_be_elsewhere_and_reached_through_a_link(self, wide: Path, tmp_path: Path, run: Run) -> None:
        moved = tmp_path / "moved"
        moved.mkdir()
        for name in ("sub", BASELINE):
            (wide / name).rename(moved / name)
        (tmp_path / "link").symlink_to(moved)
        assert run("scan", "moved", "--baseline", f"moved/{BASELINE}", *RULES).code == 0
        done = run("scan", "link", "--baseline", f"link/{BASELINE}", *RULES)
        assert (done.code, done.err) == (0, "")

    def test_a_baseline_may_lie_beside_what_it_is_about(self, tmp_path: Path, run: Run) -> None:
        (tmp_path / "iac").mkdir()
        (tmp_path / "ci").mkdir()
        (tmp_path / "iac" / "main.tf").write_text(plan("night"))
        run("scan", "iac", "--write-baseline", f"ci/{BASELINE}", *RULES)
        assert entries(tmp_path / "ci" / BASELINE)[0]["file"] == "../iac/main.tf"
        assert run("scan", ".", "--baseline", f"../ci/{BASELINE}", *RULES, folder="iac").code == 0

    def test_a_link_to_the_baseline_is_the_baseline(self, wide: Path, run: Run) -> None:
        (wide / "sub" / "link.json").symlink_to(f"../{BASELINE}")
        done = run("scan", "--baseline", "sub/link.json", *RULES)
        assert (done.code, done.err) == (0, "")

    def test_the_same_address_in_another_file_is_new(self, wide: Path, run: Run) -> None:
        (wide / "sub" / "main.tf").rename(wide / "sub" / "other.tf")
        assert run("scan", "--baseline", BASELINE, *RULES).code == 1

    def test_the_baseline_itself_is_not_judged(self, wide: Path, run: Run) -> None:
        assert run("scan", "--strict", "--baseline", BASELINE, *RULES).code == 0
        assert (wide / BASELINE).is_file()

    def test_fail_on_weighs_what_is_new_only(self, wide: Path, run: Run) -> None:
        (wide / "sub" / "main.tf").write_text(plan("day") + plan("night"))
        assert run("scan", "--baseline", BASELINE, "--fail-on", "error", *RULES).code == 0
        assert run("scan", "--baseline", BASELINE, "--fail-on", "warning", *RULES).code == 1


UNKNOWN = """\
variable "window" { type = number }

resource "aws_backup_plan" "night" {
  name = "night"
  rule {
    rule_name         = "night"
    target_vault_name = "Default"
    schedule          = "cron(0 13 * * ? *)"
    start_window      = var.window
    completion_window = 600
  }
}
"""


class TestNeverKnown:
    def test_what_could_not_be_judged_is_not_written_and_still_counts(self, tmp_path: Path, run: Run) -> None:
        (tmp_path / "main.tf").write_text(UNKNOWN)
        done = run("scan", "--strict", "--write-baseline", BASELINE, *RULES)
        assert (done.code, entries(tmp_path / BASELINE)) == (3, [])
        assert run("scan", "--strict", "--baseline", BASELINE, *RULES).code == 3

    def test_a_known_finding_that_can_no_longer_be_judged_stays_in_the_baseline(self, wide: Path, run: Run) -> None:
        (wide / "sub" / "main.tf").write_text(UNKNOWN)
        done = run("scan", "--strict", "--baseline", BASELINE, *RULES)
        assert (done.code, done.err) == (3, "")
        before = (wide / BASELINE).read_text()
        assert "nothing changed" in run("scan", "--write-baseline", BASELINE, *RULES).err
        assert (wide / BASELINE).read_text() == before

    def test_a_broken_rule_counts(self, wide: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr("restore_ready.catalog.rr201_start_window_too_wide.judge_each", broken)
        for option in ("--baseline", "--write-baseline"):
            done = run("scan", option, BASELINE, *RULES, "-q")
            assert done.code == 1
            assert "RR000" in done.out
        assert [one["code"] for one in entries(wide / BASELINE)] == ["RR201"]

    def test_an_exception_is_no_matter_of_the_baseline(self, wide: Path, run: Run) -> None:
        requirements = wide / "restore-ready.yaml"
        text = "version: 1\nexceptions:\n  - {rule: RR201, match: '*', reason: r, owner: o, expires: 2999-01-01}\n"
        requirements.write_text(text)
        done = run("scan", "--baseline", BASELINE, "-o", "json", *RULES)
        assert done.document["summary"]["excepted"] == 1
        assert "1 finding is no longer there: RR201 aws_backup_plan.night (sub/main.tf)" in done.err
        assert "1 removed" in run("scan", "--write-baseline", BASELINE, *RULES).err
        assert entries(wide / BASELINE) == []


class TestStale:
    def test_what_is_gone_is_told_and_does_not_fail(self, wide: Path, run: Run) -> None:
        (wide / "sub" / "main.tf").write_text(plan("night", 60))
        done = run("scan", "--strict", "--baseline", BASELINE, *RULES)
        assert done.code == 0
        assert done.err == (
            "restore-ready: baseline.json: 1 finding is no longer there: RR201 aws_backup_plan.night (sub/main.tf): "
            "--write-baseline brings it up to date\n"
        )
        assert run("scan", "--baseline", BASELINE, *RULES, "-q").err == ""

    def test_a_file_that_is_gone_is_told(self, wide: Path, run: Run) -> None:
        (wide / "sub" / "main.tf").unlink()
        (wide / "other.tf").write_text(plan("calm", 60))
        assert "1 finding is no longer there" in run("scan", "--baseline", BASELINE, *RULES).err

    @pytest.mark.parametrize("arguments", [("--ignore", "RR201"), ("--select", "RR3"), ("other",), ("other/x.tf",)])
    def test_what_the_run_did_not_look_at_is_not(self, wide: Path, run: Run, arguments: tuple[str, ...]) -> None:
        (wide / "sub" / "main.tf").write_text(plan("night", 60))
        (wide / "other").mkdir()
        (wide / "other" / "x.tf").write_text(plan("calm", 60))
        before = (wide / BASELINE).read_text()
        assert run("scan", *arguments, "--baseline", BASELINE).err == ""
        assert "\n  -" not in run("scan", *arguments, "--write-baseline", BASELINE).err
        assert before.splitlines()[2].rstrip(",") in (wide / BASELINE).read_text()

    def test_what_could_not_be_read_is_not(self, wide: Path, run: Run) -> None:
        (wide / "sub" / "main.tf").write_text('resource "aws_backup_plan" "night" {\n')
        (wide / "other.tf").write_text(plan("calm", 60))
        assert "no longer" not in run("scan", "--baseline", BASELINE, *RULES).err
        assert "nothing changed" in run("scan", "--write-baseline", BASELINE, *RULES).err

    def test_a_module_scanned_without_its_root_says_nothing_of_it(self, tmp_path: Path, run: Run) -> None:
        (tmp_path / "module").mkdir()
        (tmp_path / "module" / "main.tf").write_text(plan("night"))
        (tmp_path / "main.tf").write_text('module "efs" {\n  source = "./module"\n}\n')
        run("scan", "--write-baseline", BASELINE, *RULES)
        assert [one["address"] for one in entries(tmp_path / BASELINE)] == ["module.efs.aws_backup_plan.night"]
        (tmp_path / "module" / "main.tf").write_text(plan("calm", 60))
        assert "no longer" not in run("scan", "module", "--baseline", BASELINE, *RULES).err
        assert "no longer" in run("scan", "--baseline", BASELINE, *RULES).err

    def test_many_are_counted_and_some_named(self, tmp_path: Path, run: Run) -> None:
        (tmp_path / "main.tf").write_text("".join(plan(f"p{number}") for number in range(30)))
        run("scan", "--write-baseline", BASELINE, *RULES)
        (tmp_path / "main.tf").write_text(plan("calm", 60))
        said = run("scan", "--baseline", BASELINE, *RULES).err
        assert "30 findings are no longer there" in said
        assert said.count("aws_backup_plan") == 5
        said = run("scan", "--write-baseline", BASELINE, *RULES).err
        assert "0 findings: 30 removed" in said
        assert said.endswith("  and 10 more\n")


class TestWriting:
    def test_the_file_has_one_finding_a_line_sorted(self, tmp_path: Path, run: Run) -> None:
        for file, names in (("b.tf", ("night",)), ("a.tf", ("dusk", "dawn"))):
            (tmp_path / file).write_text("".join(map(plan, names)))
        run("scan", "--write-baseline", BASELINE, *RULES)
        line = '    {"code": "RR201", "file": "%s", "address": "aws_backup_plan.%s", "parts": {"rule \\"night\\"": 1}}'
        lines = ",\n".join(line % one for one in (("a.tf", "dawn"), ("a.tf", "dusk"), ("b.tf", "night")))
        assert (tmp_path / BASELINE).read_text() == f'{{\n  "version": 1,\n  "findings": [\n{lines}\n  ]\n}}\n'

    def test_bringing_it_up_to_date_says_what_came_and_went(self, wide: Path, run: Run) -> None:
        (wide / "sub" / "main.tf").write_text(plan("day"))
        done = run("scan", "--write-baseline", BASELINE, *RULES)
        assert done.code == 0
        assert done.err == (
            "restore-ready: baseline.json: 1 finding: 1 added, 1 removed\n"
            "  + RR201 aws_backup_plan.day (sub/main.tf)\n"
            "  - RR201 aws_backup_plan.night (sub/main.tf)\n"
        )
        assert run("scan", "--write-baseline", BASELINE, *RULES).err.endswith(": 1 finding: nothing changed\n")
        assert run("scan", "--write-baseline", BASELINE, *RULES, "-q").err == ""

    def test_what_is_no_baseline_is_never_overwritten(self, tmp_path: Path, run: Run) -> None:
        main_tf = tmp_path / "main.tf"
        main_tf.write_text(plan("night"))
        done = run("scan", "--write-baseline", "main.tf")
        assert done.code == 2
        assert "main.tf:1: is not JSON" in done.err
        assert main_tf.read_text() == plan("night")

    def test_a_link_stays_a_link_and_the_mode_stays(self, wide: Path, run: Run) -> None:
        (wide / BASELINE).chmod(0o640)
        (wide / "link.json").symlink_to(BASELINE)
        (wide / "sub" / "main.tf").write_text(plan("day"))
        assert run("scan", "--write-baseline", "link.json", *RULES).code == 0
        assert (wide / "link.json").is_symlink()
        assert [one["address"] for one in entries(wide / BASELINE)] == ["aws_backup_plan.day"]
        assert (wide / BASELINE).stat().st_mode & 0o777 == 0o640
        assert not list(wide.glob("*.partial"))

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--baseline", "a.json", "--write-baseline", "a.json"), "take out --baseline"),
            (("--write-baseline", "no/such/a.json"), "in a folder that exists"),
            (("--write-baseline", "a.json", "--fix"), "take it out, or --fix and --diff"),
            (("--write-baseline", "a.json", "--diff"), "take it out, or --fix and --diff"),
            (
                ("--baseline", "a.json"),
                "No such file or directory: write it with --write-baseline",
            ),
            (("--baseline", "."), "directory"),
        ],
    )
    def test_wrong_usage_is_told_before_anything_is_done(
        self, tmp_path: Path, run: Run, arguments: tuple[str, ...], said: str
    ) -> None:
        (tmp_path / "main.tf").write_text(plan("night"))
        done = run("scan", *arguments)
        assert (done.code, done.out) == (2, "")
        assert said in done.err

    def test_a_file_that_can_not_be_written_is_told(self, tmp_path: Path, run: Run) -> None:
        (tmp_path / "main.tf").write_text(plan("night"))
        (tmp_path / BASELINE).symlink_to("no/such/folder.json")
        done = run("scan", "--write-baseline", BASELINE)
        assert (done.code, done.out) == (2, "")
        assert "can't write the baseline" in done.err


class TestFixing:
    def test_only_what_is_new_is_fixed(self, wide: Path, run: Run) -> None:
        main_tf = wide / "sub" / "main.tf"
        main_tf.write_text(plan("day") + plan("night"))
        done = run("scan", "--baseline", BASELINE, *RULES, "--diff")
        assert done.out.count("-    start_window      = 480") == 1
        done = run("scan", "--baseline", BASELINE, *RULES, "--fix", "--force")
        assert (done.code, main_tf.read_text()) == (0, plan("day", 60) + plan("night"))
        assert "no longer there" not in done.err

    @pytest.mark.usefixtures("wide")
    def test_without_the_baseline_the_rest_is_fixed_and_told_as_gone(self, run: Run) -> None:
        assert run("scan", *RULES, "--fix", "--force").code == 0
        assert "1 finding is no longer there" in run("scan", "--baseline", BASELINE, *RULES).err

    def test_known_findings_in_json_have_no_diff(self, wide: Path, run: Run) -> None:
        (wide / "sub" / "main.tf").write_text(plan("day") + plan("night"))
        found = run("scan", "--baseline", BASELINE, *RULES, "--diff", "-o", "json").document["findings"]
        assert [one["diff"] is None for one in found] == [False, True]


def test_as_a_process(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(plan("night"))
    assert run_process(tmp_path, "scan", *RULES).code == 1
    assert run_process(tmp_path, "scan", *RULES, "--write-baseline", BASELINE).code == 0
    assert run_process(tmp_path, "scan", *RULES, "--baseline", BASELINE).code == 0
    (tmp_path / "new.tf").write_text(plan("day"))
    done = run_process(tmp_path, "scan", *RULES, "--baseline", BASELINE, "-q")
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("new.tf:1: RR201 warning aws_backup_plan.day: ")
    (tmp_path / BASELINE).write_text("[1,\n2,]\n")
    done = run_process(tmp_path, "scan", *RULES, "--baseline", BASELINE)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("restore-ready: can't use the baseline: baseline.json:2: is not JSON")
