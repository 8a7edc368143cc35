"""The HTML report: everything is in it, nothing is loaded or run by names, and pictures say what tables say."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.support import reports
from tests.support.pages import Page, said

from restore_ready import Fail, Judgement, Place, Scan
from restore_ready.catalog._controls import OPPOSITES
from restore_ready.model import Focus
from restore_ready.readiness._pictures import Pictures
from restore_ready.reports._git import Repository
from restore_ready.reports._report import Report, make_report
from restore_ready.reports._safe_text import clean
from restore_ready.reports._scope import AccountScope, AskedBy, Scope

MADE = datetime(2026, 11, 30, 8, tzinfo=timezone.utc)
REPORTS = [reports.full, reports.live, reports.drawn, reports.audited]


def page(report: Report) -> Page:
    return Page(reports.written("html", report))


@pytest.mark.parametrize("make", REPORTS, ids=lambda make: make.__name__)
def test_each_finding_and_each_gap_has_its_place(make: Callable[[], Report]) -> None:
    report = make()
    found, summary = page(report), report.summary
    rows = Counter((row.get("data-c"), row.get("data-s")) for row in found.all("tr") if "data-c" in row.attrib)
    assert rows == Counter((finding.code, finding.severity_name) for finding in report.defects)
    assert len(found.all("tr", "excepted")) == summary.excepted + summary.known
    assert sum(int(row.get("data-n", "0")) for row in found.all("tr", "doubt")) == summary.not_judged
    assert f"Findings ({summary.defects})" in found.texts("h2")
    assert f"Could not be judged ({summary.not_judged})" in found.texts("h2")


@pytest.mark.parametrize("make", REPORTS, ids=lambda make: make.__name__)
def test_evidence_counts_what_every_rule_said(make: Callable[[], Report]) -> None:
    report = make()
    (table,) = (table for table in page(report).all("table") if "What must hold" in said(table))
    cells = [[said(cell) for cell in row][-4:] for row in table.iter("{http://www.w3.org/1999/xhtml}tr")][1:]
    totals = [sum(int(row[column]) for row in cells) for column in range(4)]
    summary = report.summary
    assert totals[:3] == [summary.passed, summary.failed, summary.excepted + summary.known]
    assert totals[3] + sum(finding.code == "RR001" for finding in report.not_judged) == summary.not_judged


def test_controls_have_the_counts_of_their_rules_and_what_wants_the_opposite() -> None:
    report = reports.founding()
    (table,) = (table for table in page(report).all("table") if "REL09-BP03" in said(table))
    rows = [[said(cell) for cell in row] for row in table.iter("{http://www.w3.org/1999/xhtml}tr")]
    (tests,) = (row for row in rows if row[0] == "CP-4 Contingency Plan Testing")
    failed = sum(finding.code in ("RR501", "RR504", "RR604", "RR605") for finding in report.findings)
    assert tests[1] == "RR501"
    assert tests[3] == str(failed) == "1"
    assert [said(row) for row in page(report).all("li") if "Security Hub" in said(row)] == [
        f"AWS Security Hub EFS.7 beside RR101: {OPPOSITES[0].advice}"
    ]


def test_a_finding_says_what_why_and_what_to_change() -> None:
    (rule,) = (one for one in page(reports.full()).texts("section", "rule") if "RR301" in one)
    for told in ("aws_backup_vault.v", "stacks/prod/main.tf:3", "Wrong", "Denies it.", "Why", "Change", "Remove it."):
        assert told in rule


def test_what_is_the_same_for_all_places_is_said_once() -> None:
    report = reports.many(7)
    (rule,) = page(report).texts("section", "rule")
    assert rule.count("A job may start up to 8 h late.") == rule.count("Narrow it.") == 1
    assert "7 places, all alike" in rule


@pytest.mark.parametrize("make", [*REPORTS, lambda: reports.audited(pictures=Pictures.ALL), lambda: reports.many(400)])
def test_pages_are_small(make: Callable[[], Report]) -> None:
    report = make()
    found = page(report)
    drawn = len(found.all("div", "card"))
    assert len(found.text.encode()) <= 55_000 + 1_300 * report.summary.defects + 12_000 * drawn
    assert drawn <= 12


def test_findings_say_which_file_systems_they_are_about() -> None:
    rules = page(reports.audited(pictures=Pictures.ALL)).texts("section", "rule")
    (retention,) = (text for text in rules if "RR105" in text)
    assert "Affectslocked-away" in retention
    (denied,) = (text for text in rules if "RR301" in text)
    assert "File systems" in denied
    assert "sparse" in denied


def test_beyond_many_findings_each_rule_lists_the_first_and_counts_the_rest() -> None:
    found = page(reports.many(2_001))
    assert sum("data-c" in row.attrib for row in found.all("tr")) == 50
    assert "1951 further places" in found.texts("section", "rule")[0]
    assert len(found.text) < 200_000


def test_the_faulty_line_and_the_change_that_cures_are_shown(tmp_path: Path) -> None:
    source = tmp_path / "main.tf"
    source.write_text('\n\nresource "v" {\n  a = "<b>"\n}\n')
    focus = Focus(Place(str(source), 4, 4, 3, 12), Place(str(source), 3, 3))
    fail = Judgement(reports.rule("RR301"), "v", Place(str(source), 3, 5), Fail("denies it", focus=focus))
    report = make_report(Scan((fail,)))
    changed = (replace(report.findings[0], diff="-a < b\n+a > b\n"),)
    found = page(replace(report, findings=changed, shows_diffs=True))
    wrong, given = found.texts("code", "line")
    assert wrong == '4 a = "<b>"'
    assert given == f'given in {source}:3 resource "v" {{'
    assert ["".join(one.itertext()) for one in found.all("pre", "diff")] == ["-a < b\n+a > b"]


def test_a_change_is_shown_where_no_line_is() -> None:
    report = reports.full()
    changed = tuple(replace(finding, diff="+x") for finding in report.findings if finding.code == "RR301")
    assert page(replace(report, findings=changed, shows_diffs=True)).texts("pre", "diff") == ["+x"]


@pytest.mark.parametrize("make", REPORTS, ids=lambda make: make.__name__)
def test_nothing_comes_from_elsewhere_and_only_what_is_known_by_its_hash_runs(make: Callable[[], Report]) -> None:
    found = page(make())
    names = {one.tag.rpartition("}")[2] for one in found.root.iter() if isinstance(one.tag, str)}
    assert names.isdisjoint({"link", "img", "iframe", "object", "image", "use", "foreignObject", "base"})
    keys = {key for one in found.root.iter() for key in one.attrib}
    assert not any(key.startswith("on") for key in keys)
    assert keys.isdisjoint({"src", "style", "srcset"})
    assert all(url.startswith("#") for url in re.findall(r"url\(([^)]*)\)", found.text))
    (policy,) = (one.get("content", "") for one in found.all("meta") if one.get("http-equiv"))
    assert policy.startswith("default-src 'none'; ")
    for name in ("style", "script"):
        (one,) = found.all(name)
        digest = base64.b64encode(hashlib.sha256("".join(one.itertext()).encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert [one.tag.rpartition("}")[2] for one in found.root.iter() if "hidden" in one.attrib] in ([], ["form"])


@pytest.mark.parametrize("make", REPORTS, ids=lambda make: make.__name__)
def test_structure_is_sound_for_those_who_do_not_see_it(make: Callable[[], Report]) -> None:
    found = page(make())
    idents = Counter(one.get("id") for one in found.root.iter() if one.get("id"))
    assert [ident for ident, times in idents.items() if times > 1] == []
    anchors = {one.get("href", "")[1:] for one in found.all("a") if one.get("href", "").startswith("#")}
    described = {one.get("aria-describedby") for one in found.root.iter() if one.get("aria-describedby")}
    labelled = {one.get("aria-labelledby") for one in found.root.iter() if one.get("aria-labelledby")}
    assert (anchors | described | labelled) - {*idents} <= {rule for rule in anchors if rule.startswith("RR")}
    assert all(one.get("scope") in ("col", "row", "rowgroup") for one in found.all("th"))
    assert len(found.all("h1")) == len(found.all("main")) == 1
    assert found.root.get("lang") == "en"


@pytest.mark.parametrize("text", reports.HOSTILE)
def test_hostile_names_are_shown_as_they_are(text: str) -> None:
    found = page(reports.hostile(text))
    assert " ".join(clean(text).split()) in found.texts("code")
    assert len(found.all("script")) == len(found.all("style")) == 1


@pytest.mark.parametrize("text", ["</svg><script>alert(1)</script>", '" onload="x', "--> ]]> &lt; {{ 7 * 7 }}"])
def test_names_in_pictures_are_shown_as_they_are(text: str, tmp_path: Path) -> None:
    written = text.replace('"', '\\"')
    (tmp_path / "main.tf").write_text(founding().replace('Name = "home"', f'Name = "{written}"'))
    found = page(reports.drawn(tmp_path / "main.tf"))
    assert found.texts("h1") == [f"{text} is not ready"]
    assert len(found.all("script")) == len(found.all("style")) == 1
    assert [one.tag for one in found.root.iter() if "onload" in one.attrib] == []
    (way,) = found.pictures("chain")
    assert "".join(way).replace(" ", "").count(text.replace(" ", "")[:12]) == 1


def founding() -> str:
    return (reports.ROOT / "fixtures/stories/founding/main.tf").read_text()


def test_japanese_names_get_their_own_forms_of_characters(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(founding().replace('Name = "home"', 'Name = "共有ファイル"'))
    found = page(reports.drawn(tmp_path / "main.tf"))
    assert "共有ファイル is not ready" in found.texts("h1")
    named = [one for one in found.all("b") if said(one) == "共有ファイル"]
    assert named
    assert {one.get("lang") for one in named} == {"ja"}


def test_the_head_says_how_many_are_ready() -> None:
    assert page(reports.drawn()).texts("h1") == ["home is not ready"]
    assert page(reports.full()).texts("h1") == ["No EFS file system to judge"]


def test_the_head_says_what_it_is_about_and_what_is_asked(tmp_path: Path) -> None:
    asked = AskedBy("restore-ready.yaml", "0" * 64, "Asia/Tokyo", ("start within 60 min",))
    repository = Repository(str(tmp_path), "a" * 40, "main", "https://git.example/team/infra")
    scope = Scope(
        MADE, ("infra",), 2, repository, requirements=(asked,), options={"select": ["RR2", "RR3"], "strict": True}
    )
    facts = page(replace(reports.full(), scope=scope)).texts("dl", "meta")[0]
    for fact in (
        "Read 2 sources",
        "Commit aaaaaaaaaaaa on main",
        "Made 2026-11-30 08:00 UTC",
        "Requirements restore-ready.yaml, times in Asia/Tokyo: start within 60 min",
        "Options select RR2 RR3, strict",
    ):
        assert fact.replace(" ", "", 1) in facts


def test_places_link_to_the_commit_that_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    repository = Repository(str(tmp_path), "a" * 40, "main", "https://git.example/team/infra")
    found = page(replace(reports.full(), scope=Scope(MADE, ("stacks",), 1, repository)))
    links = {one.get("href", "") for one in found.all("a")}
    assert f"https://git.example/team/infra/blob/{'a' * 40}/stacks/prod/main.tf#L3-L9" in links


def test_accounts_that_could_not_be_read_are_in_the_head() -> None:
    accounts = (
        AccountScope("111122223333", "prod"),
        AccountScope("444455556666", "lake", read=False, why="AccessDenied"),
    )
    scope = Scope(MADE, taken="2026-11-29T10:00:00+00:00", accounts=accounts, regions=("eu-west-1",))
    found = page(replace(reports.live(), scope=scope))
    told = found.texts("p", "no")
    assert told[0] == "✗1 of 2 accounts could not be read: nothing is known of its file systems."
    assert told[1] == "✗ Account 444455556666 lake: AccessDenied. Nothing is known of its file systems."
    assert "Accounts1 of 2 read" in found.texts("dl", "meta")[0]


def test_accounts_go_by_their_names_in_the_table() -> None:
    report = reports.audited()
    row = report.file_systems[0]
    other = replace(row, place=Place("aws:444455556666/eu-west-1"))
    scope = Scope(MADE, accounts=(AccountScope("444455556666", "lake"),))
    found = page(replace(report, file_systems=(row, other), scope=scope))
    assert found.texts("tr", "group")[:2] == [
        "Account 000000000001 · 0 of 1 restore-ready",
        "Account lake (444455556666) · 0 of 1 restore-ready",
    ]


def test_japanese_names_are_told_as_such_and_stand_at_their_jobs() -> None:
    found = page(reports.japanese())
    assert {one.get("lang") for one in found.all("b") if "経理共有" in said(one)} == {"ja"}
    (jobs,) = (rule for rule in found.texts("section", "rule") if "RR603" in rule)
    assert "経理共有" in jobs
    assert "設計図面" in jobs
    (times,) = found.pictures("wide")
    assert any("outside the allowed hours 22:00" in text for text in times)


def test_the_table_answers_each_question_in_words() -> None:
    (row,) = (row for row in page(reports.drawn()).all("tr") if row.get("id") == "fs0")
    answers = [said(cell) for cell in row][1:]
    assert [answer.partition(":")[0] for answer in answers] == ["✗no", "✗no", "✗no", "○advice"]


def test_times_are_drawn_wide_and_narrow() -> None:
    found = page(reports.drawn())
    (wide,), (narrow,) = found.pictures("wide"), found.pictures("narrow")
    for picture in (wide, narrow):
        assert picture.count("start 05:00\N{EN DASH}13:00, run until 13:00 7 days later") == 2
        assert [text for text in picture if text.startswith("✗")] == [
            "✗ 8 h to start, 60 min allowed; 7 days to complete, 24 h allowed"
        ] * 2


def test_the_way_is_drawn_with_what_breaks_it() -> None:
    found = page(reports.drawn())
    (picture,) = found.pictures("chain")
    names = ["home", "backup-", "operators", "iam:PassRole", "AWSBackup-efs", "AWS's own", "none in sight"]
    assert [name for name in names if name not in picture] == []
    (note,) = (text for text in picture if text.startswith("PassRole"))
    assert note == "PassRole: no policy grants iam:PassRole (fixtures/stories/founding/main.tf:81)"
    steps = found.texts("ol", "chain-list")[0]
    assert "group backup-operators → permission iam:PassRole broken: PassRole: no policy grants" in steps


def marks(found: Iterable[str]) -> Counter[str]:
    return Counter(text for text in found if text in "✓✗?")


def test_the_list_below_a_way_says_what_its_picture_says() -> None:
    found = page(reports.drawn())
    (picture,) = found.pictures("chain")
    (listed,) = found.all("ol", "chain-list")
    said_marks = Counter(said(one)[0] for one in listed)
    del said_marks["\N{EN DASH}"]
    assert marks(picture) == said_marks


def test_pictures_keep_their_colours_without_styles() -> None:
    svg = "{http://www.w3.org/2000/svg}"
    found = page(reports.drawn())
    shapes = list(found.root.iter(f"{svg}path"))
    assert shapes
    assert all(one.get("fill") for one in shapes)
    assert all(one.get("fill") != "none" or one.get("stroke", "").startswith("#") for one in shapes)
    tones = {one.get("class", "").partition(" ")[0]: one.get("fill") for one in found.root.iter(f"{svg}text")}
    assert (tones["t-bad"], tones["t-muted"], tones[""]) == ("#b3261e", "#57606a", None)


VARIABLES = re.compile(r"--(\w+):(#[0-9a-f]{3,6})")
PAIRS = [(tone, "bg") for tone in ("text", "muted", "link", "ok", "bad", "warn", "unk")]
PAIRS += [(tone, f"{tone}b") for tone in ("ok", "bad", "warn", "unk")]
PAIRS += [("on", "ok"), ("on", "bad"), ("muted", "soft")]


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark", "paper"])
def test_every_colour_can_be_read(scheme: str) -> None:
    (style,) = page(reports.full()).all("style")
    text = "".join(style.itertext())
    light, _, rest = text.partition("@media (prefers-color-scheme:dark)")
    part = {"light": light, "dark": rest.partition("}")[0], "paper": text.rpartition("@media print")[2]}[scheme]
    colours = dict(VARIABLES.findall(part))
    ratios = {}
    for tone, ground in PAIRS:
        first, second = sorted((luminance(colours[tone]), luminance(colours[ground])), reverse=True)
        ratios[tone, ground] = (first + 0.05) / (second + 0.05)
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < 4.5} == {}
