"""How it is written who can restore: in every width of a terminal, and as CSV, Markdown and HTML."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from tests.support.command import run
from tests.support.stories import FIXTURES
from tests.support.terraform_blocks import block, estate

from restore_ready import Requirements
from restore_ready.cli._who_can_restore_csv import write_csv
from restore_ready.cli._who_can_restore_html import write_html
from restore_ready.cli._who_can_restore_markdown import write_markdown
from restore_ready.cli._who_can_restore_text import write_text
from restore_ready.reports._report import Layout
from restore_ready.reports._who_can_restore import FileSystemAnswer, WhoCanRestore
from restore_ready.who_can_restore._paths import chains

LONG = "AWSReservedSSO_PlatformRestoreOperatorsOfTheNight_0a1b2c3d4e5f6071"
HOSTILE = "restore-|<b>$x</b>`=cmd"
STORIES = FIXTURES / "stories"
HTML = "{http://www.w3.org/1999/xhtml}"


def who(*names: str) -> WhoCanRestore:
    """Return the answer for a file system and users called *names*, who are called operators and may do nothing."""
    users = [block(f"aws_iam_user.u{number}", name=name) for number, name in enumerate(names)]
    found = estate(block("aws_efs_file_system.home"), *users)
    requirements = Requirements(operators=("*",))
    return WhoCanRestore(tuple(FileSystemAnswer(answer) for answer in chains(found, requirements)), ())


@pytest.mark.parametrize("width", [20, 60, 80, 100, 120, 200])
def test_names_are_whole_however_narrow_the_terminal_is(width: int) -> None:
    text = write_text(who(LONG, "restore-op"), Layout(width))
    assert f"{LONG} (user)" in text
    assert "restore-op (user)" in text
    assert " ".join(text.split()).count("is stopped by StartRestoreJob: ") == 2


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal_unless_a_name_is(width: int) -> None:
    lines = write_text(who("restore-op", "restore-op-of-the-other-team"), Layout(width)).splitlines()
    assert max(len(line) for line in lines[1:]) <= width


def test_a_table_stands_where_it_fits_and_a_list_where_it_does_not() -> None:
    wide, narrow = (write_text(who("restore-op"), Layout(width)) for width in (100, 60))
    assert "│ start │ vault │" in wide
    assert "│" not in narrow
    assert "    ✗ start  ? vault" in narrow or "    NO start  ? vault" in narrow


def test_all_that_stops_somebody_is_told_what_is_certain_first() -> None:
    told = " ".join(write_text(who("restore-op"), Layout(100)).split())
    first, then = told.index("is stopped by StartRestoreJob: "), told.index("is not certain at vault policy: ")
    assert first < told.index("is stopped by PassRole: ") < then


def test_csv_has_a_row_for_each_principal_and_no_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(write_csv(who("restore-op", HOSTILE, "=1+1")), newline="")))
    assert [row["principal_name"] for row in rows] == ["restore-op", HOSTILE, "'=1+1"]
    assert {row["can_restore"] for row in rows} == {"no"}
    assert {row["StartRestoreJob"] for row in rows} == {"no"}
    assert {row["vault policy"] for row in rows} == {"open"}
    assert {row["recovery point"] for row in rows} == {""}
    assert all("StartRestoreJob: " in row["reasons"] and "PassRole: " in row["reasons"] for row in rows)


def test_csv_has_a_file_system_that_nobody_is_asked_about() -> None:
    (row,) = csv.DictReader(io.StringIO(write_csv(who()), newline=""))
    assert (row["file_system"], row["somebody_can"], row["principal"]) == ("aws_efs_file_system.home", "open", "")


def test_markdown_takes_no_name_for_markup() -> None:
    text = write_markdown(who("restore-op", HOSTILE))
    assert "### Nobody here can restore it: <code>aws\\_efs\\_file\\_system.home</code>" in text
    rows = [line for line in text.splitlines() if line.startswith("| <code>")]
    assert len(rows) == 2
    assert all(row.count(" | ") == 8 for row in rows)
    assert "<b>" not in text


def test_markdown_that_does_not_fit_says_what_is_left_out() -> None:
    one = who("restore-op").file_systems
    text = write_markdown(WhoCanRestore(one * 500, ()))
    assert len(text) < 65_536
    assert "**Left out for want of room: " in text


def page(found: WhoCanRestore) -> Element:
    """Parse a page as browsers do, but refusing what they forgive."""
    root: Element = html5lib.HTMLParser(strict=True).parse(write_html(found))
    return root


def test_html_is_one_sound_page_with_accessible_tables() -> None:
    root = page(who("restore-op", HOSTILE))
    elements = [(element.tag.removeprefix(HTML), element) for element in root.iter() if isinstance(element.tag, str)]
    names = [name for name, _ in elements]
    assert not {"script", "link", "img", "b"} & set(names)
    assert names.count("table") == names.count("caption") == 2
    assert all(element.get("scope") in ("col", "row") for name, element in elements if name == "th")
    text = "".join(root.itertext())
    assert "prefers-color-scheme:dark" in text
    assert f"{HOSTILE} (user)" in text
    assert "is stopped by StartRestoreJob" in text


def test_html_without_a_file_system_says_so() -> None:
    assert "No EFS file system." in "".join(page(WhoCanRestore((), ())).itertext())


def test_each_format_can_be_written_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    outputs = [f"-o{name}=who.{name}" for name in ("json", "csv", "markdown", "html")]
    done = run(tmp_path, "who-can-restore", str(STORIES / "chain_broken_at_name" / "main.tf"), "broken.json", *outputs)
    assert (done.code, done.out) == (1, "")
    for name in ("json", "csv", "markdown", "html"):
        written = (tmp_path / f"who.{name}").read_text()
        assert "AWSBackup-efs-restore" in written
        assert "broken.json" in written
