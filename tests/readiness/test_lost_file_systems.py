"""File systems that are known by their recovery points alone stand among the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from tests.support.accounts import read_story
from tests.support.paths import FIXTURES

from restore_ready import Fail, Place, Requirements, all_rules
from restore_ready.readiness._answers import FileSystemReadiness, Level, Question
from restore_ready.readiness._file_systems import SourceReadiness, judge_source
from restore_ready.readiness._pictures import Pictures
from restore_ready.readiness._state import State
from restore_ready.requirements._file import AcceptedException, RequirementsFile

GONE = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-gone"
DENIED = """
  - fact: vault_policy
    params: {BackupVaultName: efs}
    data:
      Policy: >-
        {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "backup:StartRestoreJob", "Resource": "*"}]}
"""
ACCEPTED = AcceptedException("RR611", "*", "meant to go", "team-web", date(2099, 1, 1), Place("r.yaml", 1))


def judged(story: str, more: str = "", required: RequirementsFile | None = None) -> SourceReadiness:
    reading = read_story((FIXTURES / "RR611" / story / "account.yaml").read_text() + more)
    return judge_source(reading, all_rules(), required or RequirementsFile(Requirements()), pictures=Pictures.ALL)


def by_address(found: SourceReadiness) -> Mapping[str, FileSystemReadiness]:
    return {readiness.address: readiness for readiness in found.file_systems}


def test_one_that_is_deleted_is_not_ready_and_no_backup_is_asked_of_it() -> None:
    gone = by_address(judged("fail_deleted"))[GONE]
    assert (gone.name, gone.lost) == ("wiki", "eu-west-1 has no such file system")
    assert (gone.level, gone.reason.code) == (Level.NOT_READY, "RR611")
    assert gone.reason.text == "It no longer exists; its recovery point can be restored."
    states = {question: answer.state for question, answer in gone.answers.items()}
    assert states.pop(Question.RESTORABLE) is State.NO
    assert set(states.values()) == {State.NONE}
    assert gone.newest is not None
    assert gone.path is not None
    assert (gone.path.links[0].code, gone.path.links[2].state) == ("RR611", State.YES)


def test_one_whose_loss_is_accepted_stands_as_what_is_left_of_it_can_be_restored() -> None:
    required = RequirementsFile(Requirements(), exceptions=(ACCEPTED,))
    gone = by_address(judged("fail_deleted", required=required))[GONE]
    assert gone.reason.code != "RR611"
    assert gone.answers[Question.BACKED_UP].text == "it no longer exists"
    assert gone.path is not None
    assert gone.path.links[0].state is State.NONE


@pytest.mark.parametrize("story", ["pass_restored_since", "unknown_other_account"])
def test_one_that_is_back_or_of_another_account_does_not_stand_here(story: str) -> None:
    assert not [readiness for readiness in judged(story).file_systems if readiness.lost]


def test_whether_one_whose_region_was_not_read_is_backed_up_is_not_known() -> None:
    (gone,) = judged("unknown_region_not_read").file_systems
    states = {question: answer.state for question, answer in gone.answers.items()}
    assert gone.lost == "eu-central-1 was not read"
    assert {states[question] for question in (Question.BACKED_UP, Question.IN_WINDOW)} == {State.UNKNOWN}


def test_findings_name_the_lost_file_systems_that_they_are_about() -> None:
    found = judged("fail_deleted", DENIED).judgements
    about = {judgement.rule.code: judgement.file_systems for judgement in found if isinstance(judgement.verdict, Fail)}
    assert about["RR611"] == (GONE,)
    assert GONE in about["RR301"]
