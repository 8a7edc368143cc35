"""Every story of fixtures/ is judged as it says, in every language it is told in."""

from __future__ import annotations

import json

import pytest
from tests import make_plans
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
    assert done.gaps == ()
    assert done.crashes == ()


@pytest.mark.parametrize("language", LANGUAGES.values())
@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_a_story_of_each_verdict_in_each_language(code: str, language: str) -> None:
    told = {source.verdict for source in SOURCES if (source.rule, source.language) == (code, language)}

    if language == "account":
        assert told >= (set(VERDICTS) if code in LIVE else {"fail", "pass"})
    elif code in LIVE or (code in TERRAFORM_ONLY and language == "cloudformation"):
        assert told == set()
    else:
        assert told == set(VERDICTS)


def test_every_folder_of_stories_belongs_to_a_rule() -> None:
    folders = {path.name for path in FIXTURES.iterdir() if path.is_dir()}

    assert folders == {*CODES, "accounts", "stories"}


@pytest.mark.parametrize("source", [one for one in SOURCES if one.rule != "stories"], ids=str)
def test_a_story_promises_the_verdict_in_its_name(source: Source) -> None:
    own = {told.verdict for told in source.promised() if told.code == source.rule}

    assert source.verdict in own


@pytest.mark.parametrize("name", ["corrected", "nothing_to_say"])
def test_a_sound_stack_is_left_in_peace(name: str) -> None:
    promised = [source.promised() for source in SOURCES if source.story.name == name]

    assert promised == [set()] * len(LANGUAGES)


def test_every_story_in_terraform_has_its_real_plan() -> None:
    planned = [path.parent for path in sorted(FIXTURES.glob("*/*/plan.json"))]

    assert planned == list(make_plans.stories())


@pytest.mark.parametrize("source", [one for one in SOURCES if one.language == "plan"], ids=str)
def test_a_plan_was_made_from_the_resources_of_its_story(source: Source) -> None:
    plan = json.loads(source.path.read_text())
    headers = {line.split("{")[0] for file in source.story.rglob("*.tf") for line in file.read_text().splitlines()}
    written = {line for line in headers if line.startswith("resource ")}
    planned = {
        f'resource "{change["type"]}" "{change["name"]}" '
        for change in plan["resource_changes"]
        if change["mode"] == "managed"
    }

    assert planned == written
