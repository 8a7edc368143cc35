"""Builds an estate from evaluated blocks, whichever Terraform reader they come from."""

from __future__ import annotations

from collections.abc import Sequence

from restore_ready.model import Estate, Gap, Source
from restore_ready.readers.terraform._aliases import followed
from restore_ready.readers.terraform._backups import plan, selection, vault, vault_policy
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._documents import Documents
from restore_ready.readers.terraform._file_systems import DefaultTags, automatic_backups, file_system
from restore_ready.readers.terraform._iam_estate import iam_parts
from restore_ready.readers.terraform._keys import KeyNames, keys
from restore_ready.readers.terraform._movers import access_point, file_system_policy, mount_target, movers, subnet
from restore_ready.readers.terraform._organizations import organization_parts
from restore_ready.readers.terraform._restore_tests import restore_test, restore_test_plan
from restore_ready.readers.terraform._schedules import scheduled_work
from restore_ready.readers.terraform._uncertain import opened_selection, opened_test
from restore_ready.readers.terraform._vaults import event_rules, region_settings, vault_locks, vault_notification


def estate_from_blocks(blocks: Sequence[Block], *, source: Source, root: str, gaps: tuple[Gap, ...] = ()) -> Estate:
    """Build the estate of one root module.

    Args:
        blocks: resources, data sources, provider configurations and unread module calls.
        source: `Source.TERRAFORM` or `Source.PLAN`.
        root: the root module's folder or the plan file.
        gaps: what the reader could not read; passed on.
    """
    blocks = followed(blocks)
    other = _from_awscc(blocks, source, root)
    documents = Documents(blocks)
    defaults = DefaultTags.of([one for one in blocks if one.mode == "provider"])
    key_names = KeyNames(blocks)
    of_type = _by_type(blocks)
    file_systems = [(one, file_system(one, defaults, key_names)) for one in of_type.get("aws_efs_file_system", ())]
    vaults = [*of_type.get("aws_backup_vault", ()), *of_type.get("aws_backup_logically_air_gapped_vault", ())]
    doubts = {block.address: block.maybe for block, _ in file_systems}
    doubts.update((one.address, ()) for one in other.file_systems)
    principals, policies = iam_parts(blocks, documents, principals=other.principals, policies=other.policies)
    identity_blocks = [one for one in blocks if one.type == "aws_caller_identity"]
    org_plans, org_selections, controls = organization_parts(of_type, documents, identity_blocks)
    access_points = (*map(access_point, of_type.get("aws_efs_access_point", ())), *other.access_points)
    return Estate(
        source=source,
        root=root,
        file_systems=(*(one for _, one in file_systems), *other.file_systems),
        automatic_backups=(
            *automatic_backups(of_type.get("aws_efs_backup_policy", ()), file_systems),
            *other.automatic_backups,
        ),
        plans=(*(plan(one) for one in of_type.get("aws_backup_plan", ())), *org_plans, *other.plans),
        selections=(
            *(opened_selection(selection(one), one, doubts) for one in of_type.get("aws_backup_selection", ())),
            *org_selections,
            *other.selections,
        ),
        vaults=(*(vault(one, key_names) for one in vaults), *other.vaults),
        vault_policies=(
            *(vault_policy(one, documents) for one in of_type.get("aws_backup_vault_policy", ())),
            *other.vault_policies,
        ),
        principals=principals,
        policies=policies,
        restore_tests=(
            *(
                opened_test(restore_test(one), one, doubts)
                for one in of_type.get("aws_backup_restore_testing_selection", ())
            ),
            *other.restore_tests,
        ),
        restore_test_plans=(
            *(restore_test_plan(one) for one in of_type.get("aws_backup_restore_testing_plan", ())),
            *other.restore_test_plans,
        ),
        vault_locks=(*vault_locks(of_type), *other.vault_locks),
        vault_notifications=(
            *(vault_notification(one) for one in of_type.get("aws_backup_vault_notifications", ())),
            *other.vault_notifications,
        ),
        event_rules=(*event_rules(of_type.get("aws_cloudwatch_event_rule", ())), *other.event_rules),
        region_settings=tuple(region_settings(one) for one in of_type.get("aws_backup_region_settings", ())),
        scheduled_work=(
            *scheduled_work(of_type, [*(one for _, one in file_systems), *other.file_systems], access_points),
            *other.scheduled_work,
        ),
        access_points=access_points,
        mount_targets=(
            *(mount_target(one, doubts) for one in of_type.get("aws_efs_mount_target", ())),
            *other.mount_targets,
        ),
        subnets=(*map(subnet, of_type.get("aws_subnet", ())), *other.subnets),
        file_system_policies=(
            *(file_system_policy(one, documents, doubts) for one in of_type.get("aws_efs_file_system_policy", ())),
            *other.file_system_policies,
        ),
        movers=(*movers(of_type), *other.movers),
        controls=(*controls, *other.controls),
        keys=(*keys(of_type, documents), *other.keys),
        gaps=(*gaps, *other.gaps),
    )


def _from_awscc(blocks: Sequence[Block], source: Source, root: str) -> Estate:
    """Build what the ``awscc`` provider declares. Most configurations have none, and the other reader is not cheap."""
    if not any(block.type.startswith("awscc_") for block in blocks):
        return Estate(source, root)
    from restore_ready.readers.cloudformation import estate_from_resources  # noqa: PLC0415  # see the docstring
    from restore_ready.readers.terraform._awscc import resources_of  # noqa: PLC0415  # see the docstring

    return estate_from_resources(tuple(resources_of(blocks)), source=source, root=root)


def _by_type(blocks: Sequence[Block]) -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = {}
    for block in blocks:
        if block.mode == "managed":
            found.setdefault(block.type, []).append(block)
    return found
