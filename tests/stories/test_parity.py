"""A template and the account that it makes are judged alike, except for what ``data/parity.yaml`` explains."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from tests.aws_server import stories
from tests.aws_server.deploy import deploy
from tests.aws_server.server import AwsServer
from tests.aws_server.surroundings import surround
from tests.support.parity import Difference, causes, differences, judged_live, listed
from tests.support.parity_names import names_of_stack

from restore_ready import scan

LISTED = listed("cloudformation")


def name_of(template: Path) -> str:
    return template.parent.relative_to(stories.FIXTURES).as_posix()


def few() -> set[str]:
    """Choose the stories of every test run: of each rule the first of each verdict, and all stories of none."""
    names = [name_of(template) for template in stories.deployable()]
    first = {(name[:5], name.partition("/")[2].partition("_")[0]): name for name in reversed(names)}
    return {one for one in first.values() if "/unknown" not in one} | {one for one in names if "stories/" in one}


FEW = few()
TEMPLATES = [
    pytest.param(one, id=name_of(one), marks=() if name_of(one) in FEW else pytest.mark.slow)
    for one in stories.deployable()
]


@pytest.mark.thorough
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_and_its_account_are_judged_alike(aws: AwsServer, template: Path) -> None:
    surround(aws, template)
    ids = deploy(aws, template)

    told, live = scan([template]), judged_live(aws, template)

    found = differences(told.judgements, live, names_of_stack(aws, template, ids))
    assert found == LISTED.get(name_of(template), set())


def test_only_stories_that_can_be_deployed_are_listed() -> None:
    assert LISTED.keys() <= {name_of(template) for template in stories.deployable()}


def test_nothing_is_listed_twice() -> None:
    lines = Counter(
        (language, story, line)
        for cause in causes()
        for language, told in cause.items()
        if language != "why"
        for story, some in told.items()
        for line in some
    )

    assert [line for line, number in lines.items() if number > 1] == []


def test_what_is_changed_in_the_account_is_found(aws: AwsServer) -> None:
    template = stories.FIXTURES / "stories/corrected/template.yaml"
    ids = deploy(aws, template)
    deny = {"Effect": "Deny", "Principal": "*", "Action": "backup:StartRestoreJob", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    aws.client("backup").put_backup_vault_access_policy(BackupVaultName=ids["Vault"], Policy=policy)

    found = differences(scan([template]).judgements, judged_live(aws, template), names_of_stack(aws, template, ids))

    assert Difference("RR301", "Vault", "pass", "fail") in found


def test_the_page_gives_each_reason() -> None:
    page = (stories.FIXTURES.parent / "docs" / "parity.md").read_text()
    bullets = [" ".join(one.split()) for one in page.partition("## What differs")[2].split("\n- ")[1:]]

    assert [one.partition(" What AWS refuses")[0] for one in bullets] == [cause["why"].strip() for cause in causes()]
