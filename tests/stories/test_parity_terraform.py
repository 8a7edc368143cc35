"""A configuration, its plan and the account that Terraform makes of it are judged alike, but for ``parity.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.aws_server import stories, terraform
from tests.aws_server.server import AwsServer
from tests.aws_server.surroundings import surround
from tests.aws_server.terraform import Workspace
from tests.support.parity import differences, judged_live, listed
from tests.support.parity_names import names_in_state

from restore_ready import scan

LANGUAGES = {"terraform": "main.tf", "plan": "plan.json"}
STORIES = [
    *(f"stories/{one.parent.name}" for one in sorted(stories.FIXTURES.glob("stories/*/main.tf"))),
    "RR101/fail_enabled",
    "RR101/fail_one_zone_default",
    "RR106/fail_all_file_systems",
    "RR106/fail_by_tag",
    "RR107/fail_other_services_only",
    "RR201/fail_for_each",
    "RR201/fail_in_module",
    "RR201/pass_null_is_provider_default",
    "RR201/pass_provider_default",
    "RR203/fail_scheduled_task",
    "RR301/fail_exact_action",
    "RR304/fail_vault_by_name",
    "RR305/fail_rule_for_other_events",
    "RR401/fail_pass_role_denied_only",
    "RR402/fail_reaches_no_restore_role",
    "RR405/fail_vault_spares_another",
    "RR407/fail_separate_policy",
    "RR501/pass_tag",
    "RR502/fail_more_than_fits",
    "RR503/fail_application_access_point",
    "RR504/fail_no_vault",
]


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    reason = terraform.unavailable()
    if reason:
        pytest.skip(f"NOT PROVED: Terraform and the account it makes are judged alike: {reason}")
    with terraform.workspace() as one:
        yield one


def applied(workspace: Workspace, aws: AwsServer, folder: Path) -> None:
    """Apply a story; anew where the provider lost an answer of the server, asked again, and was told it is there."""
    try:
        surround(aws, folder)
        workspace.apply(folder, aws)
    except RuntimeError as error:
        if "AlreadyExists" not in str(error):
            raise
        aws.reset()
        surround(aws, folder)
        workspace.apply(folder, aws)


@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES)
def test_terraform_and_its_account_are_judged_alike(aws: AwsServer, workspace: Workspace, story: str) -> None:
    folder = stories.FIXTURES / story
    applied(workspace, aws, folder)
    live, names = judged_live(aws, folder), names_in_state(aws, workspace.state())

    for language, file in LANGUAGES.items():
        found = differences(scan([folder / file]).judgements, live, names)
        assert found == listed(language).get(story, set()), language


def test_only_stories_that_are_applied_are_listed() -> None:
    appliable = {folder.relative_to(stories.FIXTURES).as_posix() for folder in stories.appliable()}

    assert set(STORIES) <= appliable
    assert {story for language in LANGUAGES for story in listed(language)} <= set(STORIES)
