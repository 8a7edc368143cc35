"""What reports show.

## Why is this bad?
Because the vault stays shut
when it is needed. `Always`.

A second paragraph.

## References
- none
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from restore_ready import (
    Broken,
    Estate,
    Fail,
    Gap,
    Judgement,
    Pass,
    Place,
    Requirements,
    Rule,
    Scan,
    Severity,
    Unknown,
    Unresolved,
    Vault,
    Verdict,
)
from restore_ready.model import Focus
from restore_ready.reports import formats, writer
from restore_ready.reports._disk_backed_list import DiskBackedList
from restore_ready.reports._excerpt import excerpt, excerpts
from restore_ready.reports._report import Layout, Report, make_report, together
from restore_ready.reports._safe_text import clean, fit
from restore_ready.scanning._guarded import Crash

SETTLED = "Give var.x a value: --var x=VALUE, --var-file, or terraform.tfvars."


def vaults(estate: Estate, _requirements: Requirements) -> Iterable[Vault]:
    return estate.vaults


def judge(_vault: Vault, _estate: Estate, _requirements: Requirements) -> Verdict:
    return Pass()


RULE = Rule("RR301", "vault-denies-restore", Severity.ERROR, vaults, judge, "0.1.0", (), ())
MILD = Rule("RR102", "in-no-backup", Severity.WARNING, vaults, judge, "0.1.0", (), ())
FAIL = Fail("denies it to everyone", "Remove the Deny.", evidence={"sid": "Deny"})


def judged(verdict: Verdict, *, rule: Rule = RULE, address: str = "aws_backup_vault.v", line: int = 3) -> Judgement:
    return Judgement(rule, address, Place("main.tf", line, line + 2), verdict)


def report(*judgements: Judgement, gaps: tuple[Gap, ...] = (), crashes: tuple[Crash, ...] = ()) -> Report:
    return make_report(Scan(judgements, gaps, (Path("main.tf"),), crashes=crashes))


def as_json(one: Report) -> dict[str, list[dict[str, object]]]:
    document: dict[str, list[dict[str, object]]] = json.loads("".join(writer("json")(one, Layout())))
    return document


def as_text(one: Report, layout: Layout | None = None) -> str:
    return "".join(writer("text")(one, layout or Layout(width=80)))


@pytest.mark.parametrize("verdicts", [(), (FAIL,), (FAIL, Unknown("über"), FAIL), (Unknown("x"),)])
def test_json_is_written_piece_by_piece_as_it_would_be_whole(verdicts: tuple[Verdict, ...]) -> None:
    found = report(*(judged(one, line=number) for number, one in enumerate(verdicts, start=1)))
    text = "".join(writer("json")(found, Layout()))
    assert text == json.dumps(json.loads(text), indent=2)


def test_reports_of_accounts_come_together_sorted_wherever_they_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def account(number: int) -> Report:
        place = Place(f"aws:{number:012d}/eu-west-1")
        fails = (Judgement(RULE, f"arn:{number}:{one}", place, FAIL) for one in "ba")
        return make_report(Scan((*fails, Judgement(MILD, "arn:c", place, Unknown("why"))), (), (Path(place.file),)))

    in_memory = together(map(account, (3, 1, 2)))
    monkeypatch.setattr(DiskBackedList.__init__, "__defaults__", (0,))
    on_disk = together(map(account, (3, 1, 2)))
    assert [one.address for one in on_disk.findings] == [
        "arn:1:a",
        "arn:1:b",
        "arn:2:a",
        "arn:2:b",
        "arn:3:a",
        "arn:3:b",
    ]
    assert list(in_memory.findings) == list(on_disk.findings)
    assert list(in_memory.not_judged) == list(on_disk.not_judged)
    assert as_json(in_memory) == as_json(on_disk)
    assert (on_disk.summary.defects, on_disk.summary.sources) == (6, 3)


def test_json_has_exactly_the_keys_of_the_contract() -> None:
    document = as_json(report(judged(FAIL), judged(Unknown("var.x has no value"), line=9), judged(Pass())))
    assert list(document) == ["version", "schema", "file_systems", "findings", "not_judged", "summary"]
    assert (document["schema"], document["file_systems"]) == (2, [])
    assert document["findings"] == [
        {
            "code": "RR301",
            "slug": "vault-denies-restore",
            "severity": "error",
            "verdict": "fail",
            "address": "aws_backup_vault.v",
            "file": "main.tf",
            "line": 3,
            "end_line": 5,
            "message": "denies it to everyone",
            "evidence": {"sid": "Deny", "cure": "Remove the Deny."},
            "help_uri": RULE.help_uri,
            "name": "",
            "file_systems": [],
        }
    ]
    assert document["not_judged"] == [
        {
            "code": "RR301",
            "address": "aws_backup_vault.v",
            "reason": "var.x has no value",
            "settle": [
                {"cause": "value", "text": "Give var.x a value: --var x=VALUE, --var-file, or terraform.tfvars."}
            ],
            "file": "main.tf",
            "line": 9,
            "file_systems": [],
        }
    ]


def test_the_summary_counts_every_verdict() -> None:
    one = report(
        judged(FAIL),
        judged(Fail("milder", severity=Severity.INFO), rule=MILD),
        judged(Pass(), address="b"),
        judged(Unknown("?"), address="c"),
        judged(Broken("KeyError: 'x'"), address="d"),
        gaps=(Gap("module.m", Place("main.tf", 7), "is remote"),),
    )
    assert as_json(one)["summary"] == {
        "sources": 1,
        "resources": 4,
        "passed": 1,
        "failed": 2,
        "errors": 2,
        "warnings": 0,
        "infos": 1,
        "not_judged": 2,
        "broken": 1,
        "excepted": 0,
        "known": 0,
    }


def test_a_gap_is_not_judged_with_code_rr001() -> None:
    one = report(gaps=(Gap("module.m", Place("main.tf", 7), "is remote"),))
    (gap,) = as_json(one)["not_judged"]
    assert (gap["code"], gap["address"], gap["reason"]) == ("RR001", "module.m", "is remote")
    assert (gap["file"], gap["line"]) == ("main.tf", 7)


def test_a_broken_rule_is_an_error_that_names_rule_resource_and_error() -> None:
    (finding,) = as_json(report(judged(Broken("KeyError: 'x'"))))["findings"]
    assert (finding["code"], finding["slug"], finding["severity"]) == ("RR000", "pack-broken", "error")
    assert finding["message"] == "rule RR301 broke on aws_backup_vault.v: KeyError: 'x'"


def test_a_broken_reader_is_an_error_that_names_the_file() -> None:
    (finding,) = as_json(report(crashes=(Crash(Path("t.yaml"), "KeyError: 'x'"),)))["findings"]
    assert (finding["code"], finding["file"]) == ("RR000", "t.yaml")
    assert finding["message"] == "the reader of t.yaml broke: KeyError: 'x'"


def test_files_are_shown_relative_to_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    inside = Judgement(RULE, "a", Place(str(tmp_path / "stacks" / "main.tf"), 1, 1), FAIL)
    dotted = Judgement(RULE, "b", Place("./stacks/../main.tf", 1, 1), FAIL)
    outside = Judgement(RULE, "c", Place("/elsewhere/main.tf", 1, 1), FAIL)
    shown = {finding["address"]: finding["file"] for finding in as_json(report(inside, dotted, outside))["findings"]}
    assert shown == {"a": "stacks/main.tf", "b": "main.tf", "c": "/elsewhere/main.tf"}


def test_the_same_finding_through_two_roots_is_shown_once() -> None:
    assert len(report(judged(FAIL), judged(FAIL)).findings) == 1


def test_evidence_that_is_not_json_is_written_as_text() -> None:
    fail = Fail("x", evidence={"window": Unresolved("open"), "file": Path("a")})
    (finding,) = as_json(report(judged(fail)))["findings"]
    assert finding["evidence"] == {"window": "${?}", "file": "a", "cure": ""}


def test_text_shows_source_reason_and_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.tf").write_text('# a\n\nresource "x" "v" {\n\tname = "v"\n}\n')
    assert as_text(report(judged(FAIL), judged(Pass(), line=9))).splitlines() == [
        "error RR301 vault denies restore",
        "  main.tf:3  aws_backup_vault.v",
        '    >     3 | resource "x" "v" {',
        "    denies it to everyone",
        "  why     Because the vault stays shut when it is needed. `Always`.",
        "  change  Remove the Deny.",
        f"  page    {RULE.help_uri}",
        "",
        "1 error in 1 file; 1 check passed, 0 could not be judged",
    ]


def test_text_says_why_and_what_to_change_once_for_all_places_of_a_rule() -> None:
    fails = [judged(FAIL, address=f"aws_backup_vault.v[{number}]", line=number) for number in (9, 4)]
    milder = judged(Fail("milder", "Raise it.", Severity.INFO), rule=MILD)
    text = as_text(report(milder, *fails))
    heads = [line for line in text.splitlines() if line.startswith(("error", "warning", "note"))]
    assert heads == ["error RR301 vault denies restore  2 places", "note RR102 in no backup"]
    assert (text.count("  why "), text.count("Remove the Deny."), text.count("denies it to everyone")) == (2, 1, 2)
    assert text.index("v[4]") < text.index("v[9]")


def test_text_groups_what_could_not_be_judged_by_reason() -> None:
    unknown = [judged(Unknown("var.x has no value"), address=f"a.b[{number}]") for number in range(6)]
    text = as_text(report(*unknown, judged(Unknown("var.x has no value"), rule=MILD, address="a.b[0]")))
    assert text.splitlines() == [
        "Could not be judged",
        "  var.x has no value",
        "    a.b[0] (main.tf:3): RR301, RR102",
        "    a.b[1] (main.tf:3): RR301",
        "    a.b[2] (main.tf:3): RR301",
        "    a.b[3] (main.tf:3): RR301",
        "    and 2 more",
        f"  settle  {SETTLED}",
        "",
        "no findings; 0 checks passed, 7 could not be judged",
    ]


def test_quiet_text_is_one_line_for_each_finding() -> None:
    text = as_text(report(judged(FAIL), judged(Unknown("?"), line=9)), Layout(quiet=True))
    assert text == "main.tf:3: RR301 error aws_backup_vault.v: denies it to everyone"


def test_colours_come_only_when_asked_for() -> None:
    one = report(judged(FAIL))
    assert "\x1b[" in as_text(one, Layout(colour=True))
    assert "\x1b[" not in as_text(one)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_prose_and_source_are_never_wider_than_the_terminal(width: int) -> None:
    fail = Fail("far too long a message " * 20, "far too long a cure " * 20)
    lines = as_text(report(judged(fail)), Layout(width=width)).splitlines()
    assert all(len(line) <= width for line in lines if line.startswith("    ") and "page" not in line)


@pytest.mark.parametrize(
    "hostile", ["[red]x[/red]", "[/]", "\x1b[31mx", "a\rb\nc", ":smile:", "\u202etxt.exe", "\udc80"]
)
def test_names_from_the_source_can_neither_style_nor_move_the_output(hostile: str) -> None:
    text = as_text(report(judged(Fail(hostile, hostile), address=hostile), judged(Unknown(hostile), address=hostile)))
    assert not set(text) & set("\x1b\r\u202e\udc80")
    assert clean(hostile) in text


@pytest.fixture
def written(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text("".join(f"line {number}\n" for number in range(1, 31)))
    (tmp_path / "call.tf").write_text("window = 480\n")
    return tmp_path


def marked(text: str) -> list[tuple[str, int]]:
    """Return the numbers of the lines shown, with the mark before each."""
    return [(found[1].strip(), int(found[2])) for found in re.finditer(r"^    (.) +(\d+) \| ", text, re.MULTILINE)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (5, [3, 4, 5, 6, 7, 8]),
        (20, [3, 17, 18, 19, 20, 21]),
        (22, [3, 19, 20, 21, 22]),
    ],
)
def test_the_faulty_line_is_shown_and_marked(written: Path, line: int, expected: list[int]) -> None:
    file = f"{written}/main.tf"
    fail = replace(FAIL, focus=Focus(Place(file, line, line, 3, 7)))
    found = report(replace(judged(fail), place=Place(file, 3, 22)))
    assert marked(as_text(found)) == [(">", line)]
    (shown,) = excerpts(found.findings[0])
    assert ([number for number, _ in shown.lines], shown.marked) == (expected, line)
    (finding,) = as_json(found)["findings"]
    assert finding["line"] == 3
    assert finding["evidence"] == {
        "sid": "Deny",
        "focus": {"file": file, "line": line, "end_line": line, "column": 3, "end_column": 7},
        "cure": "Remove the Deny.",
    }


def test_a_value_that_is_given_elsewhere_is_shown_there(written: Path) -> None:
    file = f"{written}/main.tf"
    given = Place(f"{written}/call.tf", 1, 1, 10, 13)
    found = report(replace(judged(replace(FAIL, focus=Focus(Place(file, 4, 4, 3, 7), given))), place=Place(file, 3, 5)))
    text = as_text(found)
    assert marked(text) == [(">", 4), (">", 1)]
    assert "call.tf:1\n" in text
    assert "call.tf:1  </b>window = 480</code>" in "".join(writer("html")(found, Layout()))
    (finding,) = found.findings
    assert finding.evidence["focus"]["given"]["file"] == f"{written}/call.tf"


def test_of_findings_that_say_the_same_one_that_tells_the_part_is_kept() -> None:
    told = replace(FAIL, focus=Focus(Place("main.tf", 4, 4, 3, 7)))
    for first, second in ((FAIL, told), (told, FAIL)):
        (finding,) = report(judged(first), judged(second)).findings
        assert finding.focus is not None


def test_an_excerpt_is_short_and_survives_odd_files(tmp_path: Path) -> None:
    long = tmp_path / "long.tf"
    long.write_text("x" * 10_000 + "\n" + "line\n" * 100)
    assert [number for number, _ in excerpt(Place(str(long), 1, 90))] == [1, 2, 3, 4, 5, 6]
    assert len(excerpt(Place(str(long), 1, 1))[0][1]) < 1000
    assert excerpt(Place(str(long), 5000, 5001)) == []
    assert excerpt(Place(str(long), 0, 0)) == []
    assert excerpt(Place(str(tmp_path / "gone.tf"), 1, 2)) == []
    binary = tmp_path / "bin"
    binary.write_bytes(b"\xff\xfe\n")
    assert len(excerpt(Place(str(binary), 1, 1))) == 1


@pytest.mark.parametrize(
    ("text", "columns", "shown"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("夜間", 4, "夜間"), ("夜間夜間", 5, "夜…"), ("", 3, "")],
)
def test_source_lines_are_cut_to_the_columns_of_the_terminal(text: str, columns: int, shown: str) -> None:
    assert fit(text, columns) == shown


def test_every_format_there_is_can_write_an_empty_report() -> None:
    assert {"text", "json"} <= set(formats())
    for name in formats():
        assert "".join(writer(name)(make_report(Scan()), Layout())) or name in ("ocsf", "asff")
