"""Checkov, cfn-lint and the scan of our own say the same about all stories: same file, same line, same code.

A scan judges every source beside the others of the same scan, so each language is laid out as a tree of its own, and
Checkov and scan get the same tree. cfn-lint shows a rule one template at a time, so its templates are scanned alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.support.hosts import Record, run_cfn_lint, run_checkov
from tests.support.stories import FIXTURES, SOURCE_LANGUAGES, VERDICTS, tell

from restore_ready import Fail, Judgement, Unknown, scan

pytestmark = pytest.mark.xdist_group("hosts")  # one process forks them all

FRAMEWORKS = {"terraform": "terraform", "plan": "terraform_plan", "cloudformation": "cloudformation"}


def lay_out(language: str, folder: Path) -> Path:
    """Copy the stories told in *language*, with their requirements but nothing else of them, to *folder*."""
    files = {"terraform": "*.tf", "plan": "plan.json", "cloudformation": "template.yaml"}[language]
    for path in (*FIXTURES.rglob(files), *FIXTURES.rglob("restore-ready.yaml")):
        target = folder / path.relative_to(FIXTURES)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return folder.resolve()


def judged(path: Path) -> Sequence[Judgement]:
    done = scan([path])
    assert done.crashes == ()
    return done.judgements


@pytest.mark.thorough
@pytest.mark.parametrize("language", SOURCE_LANGUAGES)
def test_checkov_reports_what_the_scan_fails_or_cannot_judge(language: str, tmp_path: Path) -> None:
    tree = lay_out(language, tmp_path)
    what = ["-d", ".", "--framework", FRAMEWORKS[language], "--check", "RR*", "-o", "json"]
    done = run_checkov(*what, folder=tree, environment={"RESTORE_READY_STRICT": "1"})

    expected = {scan_record(one, tree) for one in judged(tree) if isinstance(one.verdict, (Fail, Unknown))}
    assert {checkov_record(one) for one in done.records()} == expected - DELETED


DELETED = {("fail", "RR607", "RR607/fail_deleted_by_plan/plan.json", "aws_kms_key.backups")}
"""Checkov has nothing to report on of what a plan deletes."""


ONLY = "[0]"
"""What Checkov leaves out of an address where the ``count`` is not known."""


def scan_record(judgement: Judgement, tree: Path) -> tuple[str, str, str, str]:
    told = tell(judgement, tree, by_address=False)
    return told.verdict, told.code, without_line_of_plan(told.where), judgement.address.removesuffix(ONLY)


def checkov_record(record: Record) -> tuple[str, str, str, str]:
    """Write a record of a strict run, in which an Unknown fails and says in its name that it could not be judged."""
    verdict = "unknown" if f"{record.code} could not be judged: " in record.name else "fail"
    address = record.resource.rpartition(".")[2] if record.framework == "cloudformation" else record.resource
    where = without_line_of_plan(f"{record.file.lstrip('/')}:{record.lines[0]}")
    return verdict, record.code, where, address.removesuffix(ONLY)


def without_line_of_plan(where: str) -> str:
    """Drop the line in a plan: Checkov gives that of the resource's ``values``, the scan that of its ``address``."""
    file, _, line = where.rpartition(":")
    return file if file.endswith("plan.json") else f"{file}:{line}"


@pytest.fixture(scope="module")
def linted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """The tree of templates, and what cfn-lint says of them in one run."""
    tree = lay_out("cloudformation", tmp_path_factory.mktemp("linted"))
    names = [str(path.relative_to(tree)) for path in sorted(tree.rglob("template.yaml"))]
    loading = ["--append-rules=restore_ready.cfn_lint", "-c", "I", "-f", "json"]
    return tree, run_cfn_lint(*loading, "--", *names, folder=tree).matches()


@pytest.mark.thorough
def test_cfn_lint_reports_what_the_scan_fails_or_cannot_judge(linted: tuple[Path, list[dict[str, Any]]]) -> None:
    tree, matches = linted
    templates = sorted(tree.rglob("template.yaml"))
    ours = {told for told in map(cfn_lint_match, matches) if "RR" in told[1]}
    done = [scan([template]) for template in templates]
    judgements = [one for each in done for one in each.judgements if isinstance(one.verdict, (Fail, Unknown))]
    unread = {
        (f"{relative(gap.place.file, tree)}:{gap.place.line or 1}", "IRR001") for each in done for gap in each.gaps
    }
    assert ours == {expected_match(one, tree) for one in judgements} | unread


def relative(file: str, tree: Path) -> str:
    return str(Path(file).resolve().relative_to(tree))


def cfn_lint_match(match: dict[str, Any]) -> tuple[str, str]:
    return f"{match['Filename']}:{match['Location']['Start']['LineNumber']}", match["Rule"]["Id"]


def expected_match(judgement: Judgement, tree: Path) -> tuple[str, str]:
    told = tell(judgement, tree, by_address=False)
    if isinstance(judgement.verdict, Fail):
        severity = judgement.verdict.severity or judgement.rule.severity
        return told.where, f"{severity.letter}{told.code}"
    return told.where, "IRR001"


@pytest.mark.thorough
def test_cfn_lint_finds_nothing_else_wrong_with_the_stories(linted: tuple[Path, list[dict[str, Any]]]) -> None:
    other = [match for match in linted[1] if "RR" not in match["Rule"]["Id"]]

    assert [match for match in other if match["Level"] != "Informational"] == []


@pytest.mark.thorough
def test_every_verdict_of_the_stories_survives_the_scan_of_the_whole_tree() -> None:
    told = {tell(one, FIXTURES, by_address=False).verdict for one in judged(FIXTURES)}

    assert told == set(VERDICTS)
