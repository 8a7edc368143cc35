"""What is on standard input is judged like the file that it stands for."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from tests.support.command import Done, run, run_json
from tests.support.paths import FIXTURES
from tests.support.requirements import WIDE, write

STORY = FIXTURES / "RR201" / "fail_one_rule_of_two"
NIGHT = ("RR201", "aws_backup_plan.night")


def pipe(monkeypatch: pytest.MonkeyPatch, content: str | bytes) -> None:
    raw = content.encode() if isinstance(content, str) else content
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))


@pytest.mark.parametrize("name", ["plan.json", "template.yaml"])
def test_a_plan_or_template_is_judged_as_its_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    content = (STORY / name).read_bytes()
    (tmp_path / "stdin").write_bytes(content)
    expected = run_json(tmp_path, "stdin")
    (tmp_path / "stdin").unlink()
    pipe(monkeypatch, content)

    done = run_json(tmp_path, "-")

    assert done.code == expected.code == 1
    assert done.document["findings"] == expected.document["findings"] != []
    assert done.document["file_systems"] == expected.document["file_systems"]
    assert (done.document["scope"]["paths"], list(tmp_path.iterdir())) == (["stdin"], [])


def terraform(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, *options: str) -> Done:
    pipe(monkeypatch, text)
    return run_json(folder, "-", "--stdin-filename", "infra/main.tf", *options)


def test_terraform_is_judged_within_its_root_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variable = 'variable "w" { default = 480 }\n'
    write(tmp_path / "infra", main_tf="old\n", variables_tf=variable, other_tf=WIDE.replace("night", "other"))
    text = WIDE.replace("480", "var.w")

    done = terraform(tmp_path, monkeypatch, text)

    assert (done.code, done.findings()) == (1, [NIGHT])
    assert done.document["findings"][0]["file"] == "infra/main.tf"
    assert done.document["findings"][0]["evidence"]["focus"]["given"]["file"] == "infra/variables.tf"
    assert (tmp_path / "infra" / "main.tf").read_text() == "old\n"


def test_a_file_that_is_not_there_yet_may_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "infra").mkdir()

    assert terraform(tmp_path, monkeypatch, WIDE).findings() == [NIGHT]


def test_its_requirements_and_exceptions_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    exception = "{rule: RR201, match: 'infra/main.tf:*', reason: agreed, owner: team, expires: 2999-01-01}"
    write(tmp_path, requirements=f"version: 1\nexceptions: [{exception}]\n")
    (tmp_path / "infra").mkdir()

    done = terraform(tmp_path, monkeypatch, WIDE)
    assert (done.code, done.findings("excepted")) == (0, [NIGHT])
    assert [one["file"] for one in done.document["scope"]["requirements"]] == ["restore-ready.yaml"]

    commented = f"# restore-ready: ignore RR201 agreed\n{WIDE}"
    write(tmp_path, requirements="version: 1\n")
    assert terraform(tmp_path, monkeypatch, commented).findings("excepted") == [NIGHT]


def test_its_own_lines_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, main_tf="# other\n" * 20)
    pipe(monkeypatch, WIDE)

    done = run(tmp_path, "scan", "-", "--stdin-filename", "main.tf")

    assert "start_window      = 480" in done.out
    assert "# other" not in done.out


@pytest.mark.parametrize(
    ("arguments", "content", "said"),
    [
        (["-", "main.tf"], "", "standard input is read alone"),
        (["--stdin-filename", "a.tf"], "", "write - as the path"),
        (["-", "--stdin-filename", "nowhere/a.tf"], "", "no such folder (nowhere)"),
        (["-", "--fix"], "", "standard input can't be changed"),
        (["-"], b"\xff\xfe\x00", "is not text in UTF-8"),
    ],
)
def test_wrong_usage_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], content: str | bytes, said: str
) -> None:
    pipe(monkeypatch, content)

    done = run(tmp_path, "scan", *arguments)

    assert (done.code, said in done.err, done.out) == (2, True, "")


@pytest.mark.parametrize("content", [WIDE, "", "{}"])
def test_what_is_nothing_of_ours_gives_exit_code_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    pipe(monkeypatch, content)

    done = run(tmp_path, "scan", "-")

    assert (done.code, "of Terraform, say --stdin-filename main.tf" in " ".join(done.out.split())) == (3, True)
