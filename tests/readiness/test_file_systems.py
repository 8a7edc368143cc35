"""How a file system stands by the rules' verdicts, who could restore it, and what is on record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support.stories import FIXTURES

from restore_ready import Fail, Unknown
from restore_ready.catalog._finder import all_rules
from restore_ready.readiness._answers import QUESTION_OF, RANK, FileSystemReadiness, Level, Question
from restore_ready.readiness._headline import MOST, headline, sentence
from restore_ready.readiness._state import State
from restore_ready.reports._format_json import write
from restore_ready.reports._report import Layout, make_report
from restore_ready.scanning._scan import scan

STORIES = FIXTURES / "stories"
ARN = "arn:aws:iam::111122223333:role/service-role/of-a-path-that-is-rather-long"
PATH = f"a.b in {'folder/' * 12}main.tf"
NAMED = "aws_backup_selection.encrypted: aws_kms_key.k.arn"
HEAD = "it is deleted after 35 days"
CLAUSE = f"{HEAD}, and all that comes after it is moved to some other place"
LONG_NAMED = 'rule "nightly": ' + "x " * MOST
LANGUAGES = ("main.tf", "plan.json", "template.yaml")


def readiness(path: Path, codes: str = "RR") -> FileSystemReadiness:
    rules = [rule for rule in all_rules() if rule.code.startswith(codes)]
    (found,) = scan([path], rules=rules).file_systems
    return found


def states(found: FileSystemReadiness) -> list[str]:
    return [answer.state.value for answer in found.answers.values()]


@pytest.mark.parametrize("file", LANGUAGES)
def test_the_founding_story_is_not_ready_and_says_why(file: str) -> None:
    found = readiness(STORIES / "founding" / file)
    assert found.level is Level.NOT_READY
    assert (found.reason.code, found.restorable_by) == ("RR301", ())
    assert states(found) == ["no", "no", "no", "advice", "none"]
    assert found.answers[Question.RESTORABLE].text == "nobody"
    assert {"RR101", "RR201", "RR202", "RR301", "RR305", "RR401", "RR501"} <= {code for _, code in found.findings}


@pytest.mark.parametrize("file", LANGUAGES)
def test_the_corrected_story_is_ready(file: str) -> None:
    found = readiness(STORIES / "corrected" / file)
    assert found.level is Level.READY
    assert (found.reason.text, found.findings) == ("", ())
    assert states(found) == ["yes", "yes", "yes", "yes", "none"]
    assert found.restorable_by


def test_a_question_of_which_not_every_rule_was_put_is_open() -> None:
    found = readiness(STORIES / "corrected" / "main.tf", "RR3")
    assert found.level is Level.NOT_KNOWN
    assert found.answers[Question.IN_WINDOW].state is State.UNKNOWN


def test_each_rule_speaks_to_one_question_and_has_a_rank() -> None:
    codes = {rule.code for rule in all_rules()}
    assert codes <= set(QUESTION_OF)
    assert sorted(QUESTION_OF) == sorted(set(RANK))
    assert len(RANK) == len(set(RANK))


def test_findings_name_the_file_systems_that_they_are_about() -> None:
    result = scan([STORIES / "founding" / "main.tf"])
    about = {judgement.rule.code: judgement.file_systems for judgement in result.judgements}
    for code in ("RR101", "RR201", "RR301", "RR305", "RR401", "RR501"):
        assert about[code] == ("aws_efs_file_system.home",), code


def test_a_plan_that_covers_another_file_system_says_nothing_of_this_one(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        (STORIES / "founding" / "main.tf").read_text() + '\nresource "aws_efs_file_system" "other" {}\n'
    )
    found = {one.address: one for one in scan([tmp_path]).file_systems}
    other = found["aws_efs_file_system.other"]
    assert other.reason.code == "RR102"
    assert other.answers[Question.IN_WINDOW].state is State.NONE
    assert "RR201" not in {code for _, code in other.findings}


def test_json_says_how_each_file_system_stands() -> None:
    result = scan([STORIES / "founding" / "main.tf"])
    document = json.loads("".join(write(make_report(result), Layout())))
    (found,) = document["file_systems"]
    assert (found["verdict"], found["reason"]["code"]) == ("not_ready", "RR301")
    assert list(found["answers"]) == ["backed_up", "in_window", "restorable", "rehearsed", "newest_point"]
    assert found["newest_recovery_point"] is None


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("", ""),
        ("short", "short"),
        ("a clause that is long enough to stand alone: " + "x" * MOST, "a clause that is long enough to stand alone"),
        (LONG_NAMED, ("x " * MOST)[: MOST - 1].rpartition(" ")[0] + "…"),
        (f"its role {ARN}/nightly does not exist in this account", "its role nightly does not exist in this account"),
        (
            f"{PATH} may choose it, if both are deployed together",
            "a.b in main.tf may choose it, if both are deployed together",
        ),
        (f"{NAMED} is known only once it is deployed (main.tf:20)", f"{NAMED} is known only once it is deployed"),
        ('when Production is false: rule "nightly": ' + CLAUSE, f'when Production is false: rule "nightly": {HEAD}'),
        ("word " * 40, ("word " * 40)[: MOST - 1].rpartition(" ")[0] + "…"),
    ],
)
def test_a_headline_is_the_first_clause(message: str, expected: str) -> None:
    assert headline(message) == expected
    assert len(headline(message)) <= MOST


@pytest.mark.thorough
def test_no_headline_of_a_story_breaks_off_in_the_middle() -> None:
    for judgement in scan([FIXTURES]).judgements:
        verdict = judgement.verdict
        said = verdict.message if isinstance(verdict, Fail) else verdict.why if isinstance(verdict, Unknown) else ""
        found = headline(said)
        assert len(found) <= MOST, said
        assert not found.endswith("…"), said


def test_a_sentence_begins_with_a_capital_unless_a_name_begins_it() -> None:
    assert sentence("it fails") == "It fails."
    assert sentence("aws_backup_vault.v fails.") == "aws_backup_vault.v fails."
    assert sentence("") == ""
