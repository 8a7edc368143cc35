"""Nothing that a source holds is a command to the CI system that logs what we write."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.command import Done, run, run_process
from tests.support.files import write

from restore_ready._json_text import json_text
from restore_ready.cli._log_stream import LogStream
from restore_ready.reports import source_formats

COMMAND = "##vso[task.setvariable variable=PATH]/evil ##[error]x ##teamcity[y]"
STACK = f"""\
resource "aws_backup_plan" "night" {{
  name = "::error::{COMMAND}"
  rule {{
    rule_name         = "::set-env::{COMMAND}"
    target_vault_name = "Default"
    schedule          = "cron(0 1 * * ? *)"
::add-mask::{COMMAND}
    start_window = 480
  }}
}}
resource "aws_efs_file_system" "home" {{
  tags = {{ Name = "::error::{COMMAND}" }}
}}
resource "aws_iam_user" "operator" {{
  name = "::error::{COMMAND} restore"
}}
""".replace("::add-mask::", "# ::add-mask::")
NAMES = ("::error::a.tf", f"{COMMAND.split('/', maxsplit=1)[0]}.tf")
COMMANDS = re.compile(r"##\w*\[|^\s*::", re.MULTILINE)
RUNS = [
    *(("scan", "-o", name) for name in source_formats() if name != "github"),
    ("scan", "-q"),
    ("scan", "--diff"),
    ("scan", "::error::a.tf", "::error::missing"),
    ("scan", "--select", "::error::##vso[x]"),
    ("scan", "--##vso[x]"),
    ("scan", "--var-file", "::error::missing"),
    *(("who-can-restore", "-o", name, ".") for name in ("text", "json", "markdown", "html", "csv")),
    ("runbook", "aws_efs_file_system.home"),
    ("runbook", "::error::##vso[x]"),
    ("explain", "##vso[x]"),
]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stack")
    return write(
        folder, {NAMES[0]: STACK, NAMES[1]: 'resource "aws_backup_plan" "x" {\n', "b/::error::t.yaml": "a: [\n"}
    )


def commands(done: Done) -> list[str]:
    """Return the lines that a CI system would obey."""
    lines = re.split(r"[\r\n]", done.out + "\n" + done.err)
    return [line for line in lines if COMMANDS.search(line)]


@pytest.mark.parametrize("words", RUNS, ids=" ".join)
def test_no_line_is_a_command(words: tuple[str, ...], stack: Path) -> None:
    done = run(stack, *words)

    assert done.out or done.err
    assert commands(done) == []
    assert "Traceback" not in done.err


def test_what_goes_to_standard_output_by_its_name_is_no_command_either(stack: Path) -> None:
    done = run_process(stack, "scan", "-o", "markdown=/dev/stdout")

    assert "vso[" in done.out
    assert commands(done) == []


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_no_encoding_leads_around_it(encoding: str, stack: Path) -> None:
    done = run_process(stack, "scan", "é##vso[x]", environment={"PYTHONIOENCODING": encoding})
    told = run_process(stack, "scan", "-q", environment={"PYTHONIOENCODING": encoding})

    assert "# #vso[x]" in done.err
    assert commands(done) + commands(told) == []


def test_our_own_annotations_are_commands_and_nothing_else_is(stack: Path) -> None:
    found = commands(run(stack, "scan", "-o", "github"))

    assert "::warning" in [line.split(" ")[0] for line in found]
    assert [line for line in found if not re.match("::(error|warning|notice) (file|title)=", line)] == []
    assert [line for line in found if "##vso[" in line] == []


def test_json_says_what_was_written(stack: Path) -> None:
    done = run(stack, "scan", "-o", "json")

    assert "\\u0023vso[" in done.out
    assert COMMAND in str(done.document)


@settings(max_examples=30)
@given(st.recursive(st.text("#vso[]:\n\ud800é"), st.lists), st.booleans(), st.sampled_from([0, 2]))
def test_json_commands_nothing_and_stays_the_same(value: object, ascii_only: bool, indent: int) -> None:  # noqa: FBT001
    text = json_text(value, indent=indent, ascii_only=ascii_only)

    assert not COMMANDS.search(text)
    assert json.loads(text) == value


@given(st.lists(st.text("#:[ \t\r\nvso")))
def test_however_it_is_written_no_line_begins_with_a_command(pieces: list[str]) -> None:
    written = io.StringIO(newline="")
    stream = LogStream(written)
    stream.writelines(pieces)

    text = written.getvalue()
    assert not [line for line in re.split(r"[\r\n]", text) if line.strip().startswith("::") and "::" in "".join(pieces)]
    assert re.sub(r"[# :]", "", text) == re.sub(r"[# :]", "", "".join(pieces))


HIDDEN = "\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff\u00ad\u3164\U000e0041"


@pytest.mark.parametrize("words", [("scan",), ("scan", "-q"), ("scan", "-o", "markdown"), ("scan", "-o", "html")])
def test_what_is_not_seen_is_shown_as_an_escape(words: tuple[str, ...], tmp_path: Path) -> None:
    for number, letter in enumerate(HIDDEN):
        plan = STACK.replace("::error::", f"a{letter}b")
        write(tmp_path, {f"{number}/ma{letter}in.tf": plan})

    done = run(tmp_path, *words)

    out = done.out.replace("@\u200b", "@").replace(":\u200b//", "://")  # which Markdown has from us
    assert not set(HIDDEN) & set(out)
    escapes = (letter.encode("unicode_escape").decode().lstrip("\\") for letter in HIDDEN)
    assert [escape for escape in escapes if escape not in out] == []
