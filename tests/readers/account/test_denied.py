"""Whatever AWS refuses to tell an audit: nothing that fails with it passes without it, nor what was not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.support.accounts import RecordedStory, recorded_story
from tests.support.paths import FIXTURES

from restore_ready import Broken, Fact, Pass, RequirementsFile, Rule, Status, Unknown, all_rules, judge
from restore_ready.live._plan import PLAN, ROWS
from restore_ready.live._row import Level
from restore_ready.requirements._find import RequirementsFinder

STORIES = sorted(FIXTURES.glob("*/*/account.yaml"))

TELLING = {
    "RR106/fail_all_file_systems": "backup:ListBackupPlans",
    "RR108/fail_denied_to_backup_role": "backup:ListBackupPlans",
    "RR203/fail_after_midnight": "elasticfilesystem:DescribeFileSystems",
    "RR404/fail_no_access_to_vault_key": "kms:GetKeyPolicy",
    "RR405/fail_vault_names_operator": "backup:GetBackupPlan",
    "RR408/fail_cannot_lift_the_deny": "backup:ListBackupVaults",
    "RR504/fail_continuous_only": "backup:GetRestoreTestingPlan",
    "RR504/fail_no_selection": "backup:ListRestoreTestingSelections",
    "RR504/fail_vault_lets_operators_only": "backup:GetRestoreTestingSelection",
}
"""Stories, and an action whose answer they rest on without a record of their own."""


def asked_through() -> Mapping[Level, frozenset[str]]:
    """Return the ids of the facts whose entries lead to the calls of each level."""
    leading: dict[Level, set[str]] = {}
    for row in PLAN:
        for expansion in row.expands:
            leading.setdefault(expansion.level, set()).add(row.id)
    return {level: frozenset(ids) for level, ids in leading.items()}


LEADING = asked_through()


@cache
def unasked_without(ids: frozenset[str]) -> frozenset[str]:
    """Return the ids of the facts that are asked for only where those of *ids* are told."""
    lost = ids
    while True:
        more = {row.id for row in PLAN if row.level in LEADING and LEADING[row.level] <= lost} - lost
        if not more:
            return lost - ids
        lost |= more


def refused(fact: Fact) -> Fact:
    return replace(
        fact, status=Status.UNKNOWN, data={}, code="AccessDeniedException", action=ROWS[fact.id].action, message="no"
    )


def without(story: RecordedStory, action: str) -> RecordedStory:
    """Return *story* as an audit finds it that may not do *action*."""
    ids = frozenset(row.id for row in PLAN if row.action == action)
    kept = [fact for fact in story.own if fact.id not in unasked_without(ids)]
    return RecordedStory([refused(fact) if fact.id in ids else fact for fact in kept], story.organization, story.now)


def actions_of(story: RecordedStory) -> list[str]:
    told = {fact.id for fact in story.own if fact.status is not Status.UNKNOWN} & ROWS.keys() - {"identity"}
    return sorted({ROWS[name].action for name in told})


def verdicts(
    story: RecordedStory, rules: Iterable[Rule], requirements_file: RequirementsFile
) -> Mapping[tuple[str, str], object]:
    found = judge(story.reading(), rules, requirements_file)
    return {(judgement.rule.code, judgement.address): judgement.verdict for judgement in found}


def check(path: Path, actions: Iterable[str] = ()) -> None:
    """Check that *actions*, by default each that the story rests on, turn nothing into a Pass when they are refused."""
    story, requirements_file = (
        recorded_story(path.read_text()),
        RequirementsFinder([path.parent]).requirements_file(path),
    )
    before = verdicts(story, all_rules(), requirements_file)
    bad = {subject for subject, verdict in before.items() if not isinstance(verdict, Pass)}
    concerned = [rule for rule in all_rules() if rule.code in {code for code, _ in bad}]
    for action in actions or actions_of(story):
        after = verdicts(without(story, action), concerned, requirements_file)
        assert {subject for subject in bad if isinstance(after.get(subject), Pass)} == set(), action
        assert not any(isinstance(verdict, Broken) for verdict in after.values()), action


@pytest.mark.parametrize("name", TELLING)
def test_a_fail_is_not_known_without_what_it_rests_on(name: str) -> None:
    path = FIXTURES / name / "account.yaml"
    check(path, [TELLING[name]])
    story, requirements_file = (
        recorded_story(path.read_text()),
        RequirementsFinder([path.parent]).requirements_file(path),
    )
    code = name.partition("/")[0]
    rules = [rule for rule in all_rules() if rule.code == code]
    unknown = [
        verdict.why
        for verdict in verdicts(without(story, TELLING[name]), rules, requirements_file).values()
        if isinstance(verdict, Unknown)
    ]
    assert any(f"grant {TELLING[name]} to whoever audits" in why for why in unknown), unknown


@pytest.mark.thorough
@pytest.mark.parametrize("path", STORIES, ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}")
def test_nothing_passes_because_an_answer_was_refused(path: Path) -> None:
    check(path)
