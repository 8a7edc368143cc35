"""The rules' pages are fresh, and the examples on them do what the pages say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.accounts import read_story
from tests.support.paths import ROOT

from restore_ready import Fail, Pass, Rule, all_rules, judge, scan
from restore_ready.requirements._find import RequirementsFinder

BLOCK = re.compile(r"```(terraform|yaml|account)\n(.*?)```", re.DOTALL)
REQUIREMENTS = re.compile(r"```requirements\n(.*?)```", re.DOTALL)
FILES = {"terraform": "main.tf", "yaml": "template.yaml"}
README = (ROOT / "README.md").read_text(encoding="utf-8")
REPOSITORY = "https://github.com/restore-ready/restore-ready/blob/main/"
RULES = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)


def verdicts(rule: Rule, example: tuple[str, str], folder: Path) -> set[type]:
    language, text = example
    if language == "account":
        return {
            type(one.verdict) for one in judge(read_story(text), [rule], RequirementsFinder().requirements_file(folder))
        }
    (folder / FILES[language]).write_text(text)
    for requirements in REQUIREMENTS.findall(rule.doc):
        (folder / "restore-ready.yaml").write_text(requirements)
    found = [one.verdict for one in scan([folder]).judgements if one.rule.code == rule.code]
    return {type(verdict) for verdict in found}


@RULES
def test_the_bad_example_fails_and_the_good_one_passes(rule: Rule, tmp_path: Path) -> None:
    bad, good = BLOCK.findall(rule.doc)
    (tmp_path / "bad").mkdir()
    (tmp_path / "good").mkdir()
    assert Fail in verdicts(rule, bad, tmp_path / "bad")
    assert verdicts(rule, good, tmp_path / "good") == {Pass}


@RULES
def test_a_rule_file_is_named_after_its_code_and_slug(rule: Rule) -> None:
    name = sys.modules[rule.judge.__module__].__name__.rpartition(".")[2]
    assert name == f"{rule.code}-{rule.slug}".lower().replace("-", "_")


def test_the_pages_are_those_that_the_rule_files_give() -> None:
    made = subprocess.run(
        [sys.executable, "tools/make_docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout


def test_every_link_between_pages_leads_somewhere() -> None:
    pages = [ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    steps = [(page, step) for page in pages for step in re.findall(r"\]\(([^)#:]+)\)", page.read_text())]
    assert [f"{page.name}: {step}" for page, step in steps if not (page.parent / step).exists()] == []


def test_links_of_the_readme_lead_somewhere_from_a_package_index_too() -> None:
    links = re.findall(r"\]\(([^)#]+)", README)
    assert [link for link in links if not link.startswith("https://")] == []
    ours = [link.removeprefix(REPOSITORY) for link in links if link.startswith(REPOSITORY)]
    assert ours
    assert [path for path in ours if not (ROOT / path).exists()] == []


def test_the_readme_names_every_rule() -> None:
    first_and_last = [map(int, ends) for ends in re.findall(r"\[RR(\d+)\]\([^)]*\)\W\[RR(\d+)\]", README)]
    named = {*map(int, re.findall(r"\[RR(\d+)\]", README))}
    named |= {code for first, last in first_and_last for code in range(first, last + 1)}
    assert [rule.code for rule in all_rules() if int(rule.code.removeprefix("RR")) not in named] == []


def test_workflows_in_the_documentation_pin_actions_by_commit() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").rglob("*.yml")]
    pages += (ROOT / "templates").glob("*.yml")
    used = [use for page in pages for use in re.findall(r"^[ -]*uses: (.*)", page.read_text(), re.MULTILINE)]

    pinned = re.compile(r"\S+@([0-9a-f]{40} # v\S+|COMMIT # there is no release yet.*)")
    assert [use for use in used if not pinned.fullmatch(use)] == []
    assert len(used) > 10
