"""What can't be read of an account is not known, and nothing passes for it; everything else is judged as before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import pytest
from msgspec.structs import replace
from tests.support.accounts import NOW, facts_of, load
from tests.support.paths import DATA

from restore_ready import (
    Broken,
    Fact,
    Fail,
    Gap,
    Pass,
    Requirements,
    RequirementsFile,
    Status,
    Unknown,
    Verdict,
    all_rules,
    judge,
)
from restore_ready.readers.account import read_account
from restore_ready.readers.account._account_facts import OPTIONAL
from restore_ready.requirements._file import Excepted

FACTS = facts_of(load((DATA / "account.yaml").read_text()))
Verdicts: TypeAlias = Mapping[tuple[str, str], Verdict | Excepted]

TOUCHED = {
    "access_points": "RR203 RR502 RR503",
    "backup_jobs": "RR602 RR603",
    "backup_policy": "RR101 RR102 RR501 RR504",
    "copy_jobs": "",
    "event_rules": "RR203 RR305",
    "event_targets": "RR203",
    "file_system_policy": "RR108 RR503",
    "file_systems": "RR101 RR102 RR108 RR501 RR502 RR503 RR504 RR601 RR602 RR603 RR604 RR605 RR606 RR611",
    "functions": "RR203 RR502 RR503",
    "iam": "RR107 RR109 RR401 RR403 RR404 RR405 RR407 RR408 RR409 RR503 RR504",
    "key": "RR607",
    "key_policy": "RR109 RR407",
    "lifecycle": "",
    "mount_target_groups": "",
    "mount_targets": "RR503",
    "organization_parents": "RR107 RR109 RR404 RR405 RR408 RR504",
    "plan": "RR104 RR105 RR109 RR201 RR202 RR203 RR204 RR303 RR305 RR405 RR408 RR504",
    "plans": "RR102 RR104 RR105 RR107 RR109 RR111 RR201 RR202 RR203 RR204 RR303 RR305 RR405 RR408 RR501 RR504 RR603",
    "protected_resources": "",
    "region_settings": "RR106",
    "replications": "",
    "restore_jobs": "RR604 RR605",
    "restore_test_plan": "RR501 RR504",
    "restore_test_plans": "RR501 RR504",
    "restore_test_selection": "RR501 RR504",
    "restore_test_selections": "RR501 RR504",
    "schedule": "RR203",
    "schedules": "RR203",
    "selection": "RR102 RR111 RR501 RR504",
    "selections": "RR102 RR107 RR109 RR111 RR501 RR504",
    "service_controls": "RR107 RR109 RR404 RR405 RR408 RR504",
    "shared_vaults": "RR601 RR604 RR605 RR606",
    "vault_notifications": "RR307",
    "vault_policy": "RR301 RR302 RR405 RR408 RR504 RR606",
    "vault_recovery_points": "RR601 RR604 RR605 RR606 RR609",
    "vaults": "RR105 RR109 RR301 RR302 RR303 RR305 RR404 RR405 RR407 RR408 RR504 RR601 RR604 RR605 RR606 RR607",
}
"""Facts, and the rules whose verdicts in this account depend on one of them. An event rule hears of failed jobs."""


def judged(facts: Iterable[Fact]) -> tuple[Verdicts, tuple[Gap, ...]]:
    reading = read_account(facts, NOW)
    found = judge(reading, all_rules(), RequirementsFile(Requirements()))
    gaps = (*reading.gaps, *(gap for estate in reading.estates for gap in estate.gaps))
    return {(one.rule.code, one.address): one.verdict for one in found}, gaps


KNOWN, NO_GAPS = judged(FACTS)


def without(number: int) -> tuple[Verdicts, tuple[Gap, ...]]:
    """Judge the account as if AWS had refused one of the calls."""
    refused = replace(
        FACTS[number], status=Status.UNKNOWN, data={}, code="AccessDeniedException", action=f"any:{FACTS[number].id}"
    )
    return judged([*FACTS[:number], refused, *FACTS[number + 1 :]])


EACH = pytest.mark.parametrize("number", range(len(FACTS)), ids=lambda number: f"{number}-{FACTS[number].id}")


def test_the_account_is_known_and_has_verdicts_of_both_kinds() -> None:
    assert NO_GAPS == ()
    assert {type(one) for one in KNOWN.values()} == {Pass, Fail}


@EACH
def test_nothing_gets_better_or_worse_because_a_call_was_refused(number: int) -> None:
    verdicts, _ = without(number)

    assert not [key for key, one in verdicts.items() if isinstance(one, Broken)]
    for key, verdict in verdicts.items():
        if not isinstance(verdict, Unknown):
            assert type(KNOWN.get(key)) is type(verdict), key


@EACH
def test_a_refused_call_is_reported_once_with_what_to_grant(number: int) -> None:
    verdicts, gaps = without(number)

    fix = f"grant any:{FACTS[number].id}"
    if FACTS[number].id in OPTIONAL:
        assert gaps == ()
        assert {fix in one.why for one in verdicts.values() if isinstance(one, Unknown)} == {True}
        return
    assert len(gaps) == 1
    assert fix in gaps[0].why
    assert FACTS[number].region in gaps[0].place.file


@pytest.mark.parametrize("fact_id", sorted({one.id for one in FACTS}))
def test_just_the_rules_behind_a_fact_are_not_judged(fact_id: str) -> None:
    changed: set[str] = set()
    for number, fact in enumerate(FACTS):
        if fact.id == fact_id:
            verdicts, _ = without(number)
            changed |= {key[0] for key in {*KNOWN, *verdicts} if type(KNOWN.get(key)) is not type(verdicts.get(key))}

    assert changed == set(TOUCHED[fact_id].split())
