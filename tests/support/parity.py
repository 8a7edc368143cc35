"""What the source of a story says against what an account that was made of it says."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from tests.aws_server.server import ACCOUNT, REGION, AwsServer
from tests.support.parity_names import Names
from tests.support.paths import DATA
from tests.support.yaml_loading import FastLoader

from restore_ready import Gap, Judgement, Rule, all_rules, judge
from restore_ready.live._collect import Scope, collect
from restore_ready.readers.account import read_account
from restore_ready.requirements._find import RequirementsFinder

TABLE = DATA / "parity.yaml"
"""Each line of a story is one resource: ``Daily: pass -> nothing: RR104 RR105``."""

GRAVITY = ("pass", "excepted", "unknown", "fail", "broken")

NOTHING = "nothing"
"""Stands for a verdict where a rule has nothing to say."""


@dataclass(frozen=True, order=True)
class Difference:
    """One rule's verdict on one resource, which the source and the account don't share.

    Attributes:
        where: the story's own name of the resource, or its ARN where the story does not name it.
        told: what the source says: ``fail``, ``pass``, ``unknown`` or ``nothing``; *live* is what the account says.
    """

    code: str
    where: str
    told: str
    live: str

    def __str__(self) -> str:
        return f"{self.code} {self.where}: {self.told} -> {self.live}"


def judged_live(server: AwsServer, requirements_of: Path) -> tuple[list[Judgement], tuple[Gap, ...]]:
    """Collect what *server* holds and judge it by the requirements of a source; give what is not known as well."""
    with patch.dict(os.environ, server.environment()):
        facts = list(collect(server.session(), Scope(ACCOUNT, (REGION,)), workers=2))
    requirements_file = RequirementsFinder([requirements_of]).requirements_file(requirements_of)
    reading = read_account(facts)
    gaps = (*reading.gaps, *(gap for estate in reading.estates for gap in estate.gaps))
    return judge(reading, rules_of_sources(), requirements_file), gaps


def rules_of_sources() -> list[Rule]:
    """Return the rules that can say something of sources; the others judge what has happened in an account."""
    return [rule for rule in all_rules() if rule.terraform or rule.cloudformation]


def differences(
    told: Iterable[Judgement], live: tuple[Iterable[Judgement], Iterable[Gap]], names: Names
) -> set[Difference]:
    """Compare what a source and its account say, and give what is not known of the account.

    What the source leaves unknown an account may know, and a Pass on what a source says nothing of is no finding.
    """
    judgements, gaps = live
    first, second = verdicts(told, names), verdicts(judgements, {})
    own = {arn: name for name, arns in reversed(list(names.items())) for arn in arns}
    found = {Difference("RR001", gap.address, NOTHING, "unknown") for gap in gaps}
    for code, arn in first.keys() | second.keys():
        one = Difference(code, own.get(arn, arn), first.get((code, arn), NOTHING), second.get((code, arn), NOTHING))
        is_same = one.told == one.live or (one.told, one.live) == (NOTHING, "pass")
        if not (is_same or any(explained(one) for explained in (becomes_known, is_of_the_account, is_elsewhere))):
            found.add(one)
    return found


def becomes_known(one: Difference) -> bool:
    """Tell whether the account knows what the source can't."""
    return one.told == "unknown" and one.live in ("pass", "fail")


def is_of_the_account(one: Difference) -> bool:
    """Tell whether it is about the account as a whole, which no source speaks of."""
    return one.where == f"aws:{ACCOUNT}" and one.told == NOTHING


def is_elsewhere(one: Difference) -> bool:
    """Tell whether the account leaves open what a source takes for given: a vault in a Region that is not read."""
    return (one.code, one.told, one.live) == ("RR303", "pass", "unknown")


def verdicts(judgements: Iterable[Judgement], names: Names) -> dict[tuple[str, str], str]:
    """Return the gravest verdict of each code on each resource, by what an account calls it."""
    found: dict[tuple[str, str], str] = {}
    for one in judgements:
        said = type(one.verdict).__name__.lower()
        for key in ((one.rule.code, arn) for arn in names.get(one.address, (one.address,))):
            found[key] = max(said, found.get(key, said), key=GRAVITY.index)
    return found


def listed(language: str) -> dict[str, set[Difference]]:
    """Return the differences between a source and an account that are known and explained, for each story."""
    known: dict[str, set[Difference]] = {}
    for cause in causes():
        for story, lines in cause.get(language, {}).items():
            known.setdefault(story, set()).update(one for line in lines for one in _differences_in(line))
    return known


def causes() -> list[dict[str, Any]]:
    """Return what tells an account from a source: why, and in which stories."""
    return list(yaml.load(TABLE.read_text(), FastLoader))  # noqa: S506  # a safe loader


def _differences_in(line: str) -> Iterator[Difference]:
    where, change, codes = line.rsplit(": ", 2)
    told, live = change.split(" -> ")
    for code in codes.split():
        yield Difference(code, where, told, live)
