"""Reports for the tests of formats: one with every kind of record, hostile ones, and real ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from msgspec.structs import replace
from tests.support.accounts import read_story
from tests.support.paths import DEMO_ACCOUNT, ROOT

from restore_ready import (
    Broken,
    Fail,
    Gap,
    Judgement,
    LeftOut,
    Pass,
    Place,
    Rule,
    Scan,
    Severity,
    Unknown,
    all_rules,
    scan,
)
from restore_ready.model import Focus
from restore_ready.readiness._file_systems import judge_source
from restore_ready.readiness._pictures import Pictures
from restore_ready.reports import writer
from restore_ready.reports._report import Layout, Report, make_report, together
from restore_ready.requirements._file import AcceptedException, Excepted
from restore_ready.requirements._find import RequirementsFinder
from restore_ready.requirements._load import load_requirements_file
from restore_ready.scanning._guarded import Crash
from restore_ready.scanning._snapshots import scan_snapshot

RULES = {rule.code: rule for rule in all_rules()}
ACCOUNT = "111122223333"
VAULT = f"arn:aws:backup:eu-west-1:{ACCOUNT}:backup-vault:efs"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/restore"
EXCEPTION = AcceptedException("RR101", "*", "rebuilt nightly", "team-web", date(2027, 3, 31), Place("r.yaml", 4))
HOSTILE = (
    "a\nb",
    "a\r\n::error::x",
    "]]>",
    "a | b",
    "`x`",
    "\x1b[31m\x00\x07",
    "100%0A,:=",
    'a,"b"',
    "\udc80",
    "=1+1",
    "@SUM(1)",
    "<script>alert(1)</script>",
    "[x](javascript:x) ![y](z)",
    "@octocat #1 $x$ ~~y~~ www.example.org https://example.org",
    "\ufffe\uffff\u202e夜",
    "</details></table>",
    "\\",
    "*a* _b_ **c**",
    "&lt;&#124;",
)


def excepted(fail: Fail) -> Excepted:
    return Excepted(fail, EXCEPTION)


def full() -> Report:
    """Give a report of sources with every kind of record."""
    place = Place("stacks/prod/main.tf", 3, 9)
    judgements = (
        Judgement(RULES["RR301"], "aws_backup_vault.v", place, Fail("denies it", "Remove it.", evidence={"sid": "D"})),
        Judgement(
            RULES["RR201"], "aws_backup_plan.p", Place("stacks/prod/main.tf", 20, 31), Fail("too wide", "Narrow.")
        ),
        Judgement(RULES["RR102"], "aws_efs_file_system.f", place, Fail("in none", severity=Severity.INFO)),
        Judgement(RULES["RR101"], "aws_efs_backup_policy.b", place, excepted(Fail("is on", "Switch it off."))),
        Judgement(RULES["RR302"], "aws_backup_vault.v", place, Pass()),
        Judgement(RULES["RR105"], "aws_backup_plan.p", place, Unknown("var.days has no value")),
        Judgement(RULES["RR205"], "aws_backup_plan.p", place, Broken("KeyError: 'x'")),
    )
    gaps = (Gap("module.m", Place("main.tf", 7), "is remote"),)
    return make_report(
        Scan(judgements, gaps, (Path("stacks/prod"),), crashes=(Crash(Path("t.yaml"), "KeyError: 'y'"),))
    )


def live() -> Report:
    """Give a report of an account with every kind of record but a broken one."""
    region, account = Place(f"aws:{ACCOUNT}/eu-west-1"), Place(f"aws:{ACCOUNT}")
    judgements = (
        Judgement(RULES["RR301"], VAULT, region, Fail("denies it", "Remove it.")),
        Judgement(RULES["RR501"], VAULT, region, Fail("no test", "Test it.")),
        Judgement(RULES["RR403"], ROLE, account, excepted(Fail("does not trust", "Trust."))),
        Judgement(RULES["RR407"], ROLE, account, Pass()),
        Judgement(RULES["RR404"], ROLE, account, Unknown("iam:GetRolePolicy was denied")),
    )
    gaps = (Gap(f"aws:{ACCOUNT}/us-east-1", Place(f"aws:{ACCOUNT}/us-east-1"), "the Region could not be read"),)
    return make_report(Scan(judgements, gaps, (Path(f"aws:{ACCOUNT}/eu-west-1"),)))


def hostile(text: str) -> Report:
    """Give a report in which *text* is everything that comes from a source."""
    by = replace(EXCEPTION, reason=text, owner=text)
    place = Place(f"{text}/main.tf", 3, 2)
    focus = Focus(replace(place, column=1, end_column=2), Place(f"{text}/call.tf", 1, 1, 2, 3))
    fail = Fail(text, text, evidence={text: [text, {text: [[text]]}]}, focus=focus)
    judgements = (
        Judgement(RULES["RR301"], text, place, fail),
        Judgement(RULES["RR101"], text, place, Excepted(fail, by)),
        Judgement(RULES["RR105"], text, place, Unknown(text)),
        Judgement(RULES["RR205"], text, place, Broken(text)),
    )
    return make_report(Scan(judgements, (Gap(text, place, text),), (Path("x"),)))


def many(number: int) -> Report:
    """Give a report with so many findings and as many that could not be judged."""
    judgements = []
    for one in range(number):
        place = Place(f"stacks/s{one % 100}/main.tf", one + 1, one + 3)
        fail = Fail("a job may start up to 8 h late", "Narrow it.", evidence={"minutes": 480})
        judgements.append(Judgement(RULES["RR201"], f"aws_backup_plan.p[{one}]", place, fail))
        judgements.append(Judgement(RULES["RR105"], f"aws_backup_plan.p[{one}]", place, Unknown(f"var.d{one} is open")))
    return make_report(Scan(tuple(judgements), (), (Path("stacks"),)))


def founding() -> Report:
    """Give the report of the founding story's source."""
    return make_report(scan([ROOT / "fixtures/stories/founding/main.tf"]))


def drawn(source: Path = ROOT / "fixtures/stories/founding/main.tf") -> Report:
    """Give the report of a source, the founding story's without one, with what pictures show."""
    return make_report(scan([source], pictures=Pictures.ALL))


def in_tokyo() -> Report:
    """Give the report of the founding story's source under a time zone of its own, with what pictures show."""
    source, required = ROOT / "fixtures/stories/founding/main.tf", ROOT / "tests/data/tokyo.yaml"
    return make_report(scan([source], requirements=required, pictures=Pictures.ALL))


def japanese() -> Report:
    """Give the report of an account whose file systems have Japanese names, with what pictures show."""
    story = ROOT / "fixtures/RR603/fail_automatic_plan"
    reading, required = read_story((story / "account.yaml").read_text()), ROOT / "tests/data/tokyo.yaml"
    found = judge_source(reading, all_rules(), load_requirements_file(required), pictures=Pictures.ALL)
    scanned = Scan(found.judgements, (), (story,), file_systems=found.file_systems, time_lines=found.time_lines)
    return make_report(scanned)


def with_gaps(folder: Path) -> Report:
    """Give the report of a source that needs a module and a value that are not there."""
    (folder / "main.tf").write_text(
        'variable "window" {}\nmodule "far" {\n  source = "example/far/aws"\n}\nresource "aws_backup_plan" "p" {\n'
        '  name = "p"\n  rule {\n    rule_name = "r"\n    target_vault_name = "v"\n    schedule = "cron(0 1 * * ? *)"\n'
        "    start_window = var.window\n  }\n}\n"
    )
    return make_report(scan([folder]))


def audited(*, pictures: Pictures = Pictures.NONE) -> Report:
    """Give the report of the bundled snapshot of an account."""
    snapshot, required = DEMO_ACCOUNT, RequirementsFinder().requirements_file(ROOT)
    found = scan_snapshot(snapshot, all_rules(), required, pictures=pictures)
    return together(make_report(one.scan) for one in found if not isinstance(one, LeftOut))


def written(name: str, report: Report) -> str:
    return "".join(writer(name)(report, Layout()))


def rule(code: str) -> Rule:
    return RULES[code]
