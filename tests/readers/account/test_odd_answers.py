"""Whatever stands in an answer where AWS gives something else: it is not known, and lets nothing pass."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.support.accounts import RecordedStory, recorded_story
from tests.support.paths import FIXTURES

from restore_ready import Broken, Fail, Pass, RequirementsFile, Status, Verdict, all_rules
from restore_ready.engine._judge import judge_with, runners_of
from restore_ready.readiness._file_systems import source_readiness
from restore_ready.readiness._pictures import Pictures
from restore_ready.requirements._exceptions import Excepted
from restore_ready.requirements._file import Baselined
from restore_ready.requirements._find import RequirementsFinder

STORIES = sorted(FIXTURES.glob("*/*/account.yaml"))
ODD = ([], {}, 5, -1, None, True, float("inf"), [None], [{}], {"x": 1}, [5])
"""What AWS gives nowhere. Other text, or less of a list, would just be another account."""

TIMES = ("2026-99-99T00:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "x")
MEANING = frozenset(
    {"Conditions", "Lifecycle", "ListOfTags", "NotResources", "PermissionsBoundary", "Resources"}
    | {"ProtectedResourceConditions"}
)
"""Fields whose absence means something of its own: nothing is chosen by them."""

Path_ = tuple[str | int, ...]
Verdicts = Mapping[tuple[str, str], Verdict | Excepted | Baselined]

TELLING: tuple[tuple[str, str, Path_, Any], ...] = (
    ("RR506/pass_mover_of_source", "file_systems", ("FileSystems", 0, "SizeInBytes"), []),
    ("RR503/fail_no_mount_target", "file_systems", ("FileSystems", 0, "CreationTime"), TIMES[1]),
    ("RR506/pass_mover_of_source", "file_systems", ("FileSystems", 0, "FileSystemProtection"), []),
    ("RR203/fail_after_midnight", "file_systems", ("FileSystems", 0, "FileSystemArn"), "x"),
    ("RR203/fail_scheduled_function", "schedule", ("Target",), None),
    ("RR203/fail_scheduled_function", "selection", ("BackupSelection", "Resources"), 5),
    ("RR404/fail_no_access_to_vault_key", "vaults", ("BackupVaultList", 0, "EncryptionKeyArn"), 5),
    ("RR602/fail_expired", "backup_jobs", ("BackupJobs", 0, "State"), "x"),
    ("RR605/fail_failed", "restore_jobs", ("RestoreJobs", 1, "Status"), "x"),
)


def put(value: Any, path: Path_, new: Any) -> Any:  # noqa: ANN401  # any JSON value
    """Return *value* with *new* at *path*."""
    if not path:
        return new
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = put(value[path[0]], path[1:], new)
    return changed


def paths(value: Any, path: Path_ = ()) -> Iterator[Path_]:  # noqa: ANN401  # any JSON value
    """Yield where something stands in *value*; of documents of IAM only that they are there: AWS has checked them."""
    yield path
    if path and path[-1] in {"Policy", "PolicyDocument", "AssumeRolePolicyDocument", "Document", "Content"}:
        return
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from paths(member, (*path, name))


@cache
def requirements_file(path: Path) -> RequirementsFile:
    return RequirementsFinder([path.parent]).requirements_file(path)


def verdicts(story: RecordedStory, path: Path) -> Verdicts:
    """Judge an account, and how its file systems stand, as an audit does."""
    runners = runners_of(story.reading(), requirements_file(path))
    found = judge_with(runners, all_rules(), requirements_file(path))
    source_readiness(runners, found, [rule.code for rule in all_rules()], pictures=Pictures.ALL)
    return {(judgement.rule.code, judgement.address): judgement.verdict for judgement in found}


def spoiled(story: RecordedStory, number: int, path: Path_, new: Any) -> RecordedStory:  # noqa: ANN401  # any JSON value
    fact = story.own[number]
    odd = replace(fact, data=put(fact.data, path, new))
    return RecordedStory([*story.own[:number], odd, *story.own[number + 1 :]], story.organization, story.now)


def wrong(before: Verdicts, after: Verdicts) -> list[tuple[str, str]]:
    """Return what broke, and what failed and passes now."""
    return [
        subject
        for subject, verdict in after.items()
        if isinstance(verdict, Broken) or (isinstance(verdict, Pass) and isinstance(before.get(subject), Fail))
    ]


@pytest.mark.parametrize(("name", "fact_id", "path", "new"), TELLING)
def test_what_was_found_so_is_not_known(name: str, fact_id: str, path: Path_, new: Any) -> None:  # noqa: ANN401  # any JSON value
    file = FIXTURES / name / "account.yaml"
    story = recorded_story(file.read_text())
    number = next(number for number, fact in enumerate(story.own) if fact.id == fact_id and fact.status is Status.OK)
    assert wrong(verdicts(story, file), verdicts(spoiled(story, number, path, new), file)) == []


def odd_for(path: Path_, value: Any) -> tuple[Any, ...]:  # noqa: ANN401  # any JSON value
    """Return what is odd at *path* in the place of *value*; another list, or object, would be another account."""
    name = path[-1] if path else ""
    if isinstance(name, str) and name.endswith(("Date", "Time")):
        return (*ODD, *TIMES)
    of_another_type = (odd for odd in ODD if not isinstance(odd, (list, dict)) or not isinstance(value, type(odd)))
    return tuple(odd for odd in of_another_type if odd is not None or name not in MEANING)


def at(value: Any, path: Path_) -> Any:  # noqa: ANN401  # any JSON value
    for name in path:
        value = value[name]
    return value


@pytest.mark.thorough
@pytest.mark.parametrize("file", STORIES, ids=lambda file: f"{file.parent.parent.name}/{file.parent.name}")
def test_nothing_passes_for_an_odd_answer(file: Path) -> None:
    chance = random.Random(file.parent.name)  # noqa: S311  # the same in each run
    story = recorded_story(file.read_text())
    before = verdicts(story, file)
    places = [
        (number, path) for number, fact in enumerate(story.own) if fact.status is Status.OK for path in paths(fact.data)
    ]
    for number, path in chance.sample(places, min(4, len(places))):
        fact = story.own[number]
        new = chance.choice(odd_for(path, at(fact.data, path)))
        assert wrong(before, verdicts(spoiled(story, number, path, new), file)) == [], (fact.id, path, new)
