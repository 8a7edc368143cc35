"""Every story of fixtures/ is judged as it says, in every language it is told in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests import make_plans
from tests.support.landing import astray
from tests.support.stories import FIXTURES, LANGUAGES, VERDICTS, Source, sources

from restore_ready import all_rules

SOURCES = sources()
CODES = [rule.code for rule in all_rules()]
LIVE = {rule.code for rule in all_rules() if not rule.terraform}
"""Rules about what is on record of a live account; other sources have no history."""

TERRAFORM_ONLY = {rule.code for rule in all_rules() if not rule.cloudformation} - LIVE


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_a_story_is_judged_exactly_as_it_says(source: Source) -> None:
    done = source.scan()

    assert source.found(done.judgements) == source.promised()
    assert [gap for gap in done.gaps if not gap.handed] == []
    assert done.crashes == ()
    if source.language != "account":
        assert astray(done.judgements) == set()


def expected(code: str, language: str) -> set[str]:
    """Return the verdicts that a rule has stories of in a language, at least if it is that of accounts."""
    if language == "account":
        return set(VERDICTS) if code in LIVE else {"fail", "pass"}
    if code in LIVE or (code in TERRAFORM_ONLY and language == "cloudformation"):
        return set()
    return set(VERDICTS)


@pytest.mark.parametrize("language", LANGUAGES.values())
def test_every_rule_has_a_story_of_each_verdict_in_each_language(language: str) -> None:
    told: dict[str, set[str]] = {code: set() for code in CODES}
    for source in SOURCES:
        if source.language == language and source.rule in told:
            told[source.rule].add(source.verdict)
    wanted = {code: expected(code, language) for code in CODES}

    assert {code: wanted[code] - told[code] for code in CODES if not wanted[code] <= told[code]} == {}
    if language != "account":
        assert told == wanted


def test_every_folder_of_stories_belongs_to_a_rule() -> None:
    folders = {path.name for path in FIXTURES.iterdir() if path.is_dir()}

    assert folders == {*CODES, "stories"}


def test_a_story_promises_the_verdict_in_its_name() -> None:
    own = {
        source: {told.verdict for told in source.promised() if told.code == source.rule}
        for source in SOURCES
        if source.rule != "stories"
    }

    assert [str(source) for source, verdicts in own.items() if source.verdict not in verdicts] == []


@pytest.mark.parametrize("name", ["corrected", "nothing_to_say"])
def test_a_sound_stack_is_left_in_peace(name: str) -> None:
    promised = [source.promised() for source in SOURCES if source.story.name == name]

    assert promised == [set()] * len(LANGUAGES)


ABOUT_PLANS = ("RR607/fail_deleted_by_plan",)
"""Stories that only a plan can tell, since they are about what it takes away; real Terraform made these as well."""


def test_every_story_in_terraform_has_its_real_plan() -> None:
    planned = {path.parent for path in FIXTURES.glob("*/*/plan.json")}

    assert planned == {*make_plans.stories(), *(FIXTURES / name for name in ABOUT_PLANS)}


def resources_written(story: Path) -> set[str]:
    """Return the headers of a story's resource blocks."""
    headers = {line.split("{")[0] for file in story.rglob("*.tf") for line in file.read_text().splitlines()}
    return {line for line in headers if line.startswith("resource ")}


def resources_planned(plan: Path) -> set[str]:
    """Return the same headers, for the resources of a plan."""
    return {
        f'resource "{change["type"]}" "{change["name"]}" '
        for change in json.loads(plan.read_text())["resource_changes"]
        if change["mode"] == "managed"
    }


def test_a_plan_was_made_from_the_resources_of_its_story() -> None:
    about_plans = {FIXTURES / name for name in ABOUT_PLANS}
    plans = [source for source in SOURCES if source.language == "plan" and source.story not in about_plans]

    assert [str(source) for source in plans if resources_planned(source.path) != resources_written(source.story)] == []
