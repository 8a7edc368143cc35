"""Which fixtures can't become an account, and why. All others can be deployed, or applied, after `surround`."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.aws_server.server import ROOT

FIXTURES = ROOT / "fixtures"

REFUSED = {
    "RR105/fail_air_gapped_range_refused": "AWS refuses the range",
    "RR105/fail_continuous_kept_too_long": "AWS refuses the retention",
    "RR105/fail_kept_over_a_century": "AWS refuses the retention",
    "RR105/fail_lock_refused": "AWS refuses the lock",
    "RR111/fail_bare_condition_key": "AWS refuses the condition",
    "RR111/fail_conditions_alone": "AWS refuses a selection that chooses nothing",
    "RR111/fail_other_type_of_tag_test": "AWS refuses the type",
    "RR111/fail_too_many_wildcards": "AWS refuses so many",
    "RR204/fail_no_time_to_finish": "AWS refuses the windows",
    "RR204/fail_start_window_too_short": "AWS refuses the windows",
    "RR204/fail_twice_an_hour": "AWS refuses the schedule",
    "RR303/fail_target_automatic_vault": "AWS keeps the vault for its own plan",
    "RR504/fail_name_too_long": "AWS refuses the name",
    "RR504/fail_name_with_hyphens": "AWS refuses the name",
    "RR504/fail_plan_of_backups": "AWS refuses a selection whose plan is no restore testing plan",
    "RR504/fail_selection_name_with_hyphens": "AWS refuses the name",
}
"""Stories about what AWS refuses: no account can hold them."""

NOT_DEPLOYED = REFUSED | {
    "RR105/fail_air_gapped_target": "the botocore that Checkov pins is older than the rule's member",
    "RR204/unknown_start_window_left_out": "what AWS makes of it is not documented",
    "RR401/fail_sam_function": "nothing here carries out the AWS::Serverless transform",
    "RR502/unknown_timeout_of_another_stack": "imports what another stack exports",
    "RR503/fail_transfer_through_application": "moto does not make locations of DataSync from templates",
    "RR503/pass_transfer": "moto does not make locations of DataSync from templates",
}
"""Templates that the server can't deploy."""

NOT_APPLIED = REFUSED | {
    "RR102/unknown_automatic_by_data_source": "reads a file system that is made elsewhere",
    "RR105/fail_air_gapped_target": "the provider in the mirror is older than the argument",
    "RR107/fail_name_for_arn": "the provider refuses what is no ARN",
    "RR111/fail_condition_blocks_of_one_operator": "which of the blocks the provider sends is left to chance",
    "RR201/fail_awscc_service_default": "the mirror has no awscc provider",
    "RR301/unknown_after_apply": "AWS refuses a policy without statements",
    "RR302/unknown_after_apply": "AWS refuses a policy without statements",
}
"""Configurations that Terraform can't apply to the server."""


def has_open_input(file: Path) -> bool:
    """Tell whether *file*, a template or main.tf, has an input that nobody gives."""
    text = file.read_text()
    if file.suffix == ".tf":
        inputs = text.count('variable "')
        return inputs > len(re.findall(r"^\s*default\s*=", text, re.MULTILINE))
    section = f"\n{text}".partition("\nParameters:")[2].partition("\nResources:")[0]
    return section.count("Type:") > section.count("Default:")


def deployable() -> Iterator[Path]:
    """Give the templates that the server can deploy."""
    yield from usable("template.yaml", NOT_DEPLOYED)


def appliable() -> Iterator[Path]:
    """Give the folders that Terraform can apply to the server."""
    for main in usable("main.tf", NOT_APPLIED):
        yield main.parent


def usable(name: str, left_out: dict[str, str]) -> Iterator[Path]:
    """Give the files called *name* of the stories that are not *left_out* and have no open input."""
    for file in sorted(FIXTURES.glob(f"*/*/{name}")):
        if file.parent.relative_to(FIXTURES).as_posix() not in left_out and not has_open_input(file):
            yield file
