"""Builds plans, selections and vaults from ``aws_backup_*`` blocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from restore_ready.model import (
    Copy,
    Known,
    Place,
    Plan,
    PlanRule,
    Selection,
    Str,
    TagCondition,
    Text,
    Unresolved,
    Vault,
    VaultPolicy,
    join_text,
)
from restore_ready.readers.terraform._attributes import Values, merged_tags, nested, number, required_text, text, texts
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._documents import Documents
from restore_ready.readers.terraform._keys import KeyNames

START_WINDOW: Final = 60
"""Minutes that the provider sends where ``start_window`` is left out (``internal/service/backup/plan.go``)."""

COMPLETION_WINDOW: Final = 180
"""Minutes that the provider sends where ``completion_window`` is left out (same source)."""

_KEY_PREFIX: Final = "aws:ResourceTag/"
_OPERATORS: Final = {
    "string_equals": "equals",
    "string_not_equals": "not_equals",
    "string_like": "like",
    "string_not_like": "not_like",
}


def plan(block: Block) -> Plan:
    """Build a plan. The provider requires a rule, so a plan that shows none has rules that can't be read."""
    found = nested(block.values, "rule")
    rules: Known[tuple[PlanRule, ...]]
    if isinstance(found, Unresolved):
        rules = found
    elif not found:
        rules = Unresolved("they come from values that are not known")
    else:
        places = block.block_places.get("rule", ())
        fitting = places if len(places) == len(found) else (block.place,) * len(found)
        rules = tuple(_rule(values, place) for values, place in zip(found, fitting, strict=True))
    return Plan(block.address, block.place, required_text(block.values, "name"), rules)


def _rule(values: Values, place: Place) -> PlanRule:
    start, completion = number(values, "start_window"), number(values, "completion_window")
    zone = text(values, "schedule_expression_timezone")
    schedule = text(values, "schedule")
    delete_after, cold_after = _lifecycle(values)
    tags = merged_tags(values.get("recovery_point_tags"))
    return PlanRule(
        name=required_text(values, "rule_name"),
        place=place,
        vault=required_text(values, "target_vault_name"),
        start_window=START_WINDOW if start is None else start,
        completion_window=COMPLETION_WINDOW if completion is None else completion,
        start_window_stated=start is not None,
        completion_window_stated=completion is not None,
        schedule=None if schedule == "" else schedule,
        time_zone="UTC" if zone is None or zone == "" else zone,
        delete_after_days=delete_after,
        cold_after_days=cold_after,
        copies=_copies(values),
        air_gapped_vault=text(values, "target_logically_air_gapped_backup_vault_arn"),
        point_tags=tags if isinstance(tags, Unresolved) else tuple(tags.items()),
    )


def _lifecycle(values: Values) -> tuple[Known[int | None], Known[int | None]]:
    """Return the days until deletion and until cold storage; the provider doesn't send a 0."""
    blocks = nested(values, "lifecycle")
    if isinstance(blocks, Unresolved):
        return blocks, blocks
    if not blocks:
        return None, None
    delete_after, cold_after = number(blocks[0], "delete_after"), number(blocks[0], "cold_storage_after")
    return None if delete_after == 0 else delete_after, None if cold_after == 0 else cold_after


def _copies(values: Values) -> Known[tuple[Copy, ...]]:
    blocks = nested(values, "copy_action")
    if isinstance(blocks, Unresolved):
        return blocks
    return tuple(Copy(required_text(one, "destination_vault_arn"), *_lifecycle(one)) for one in blocks)


def selection(block: Block) -> Selection:
    """Build a selection."""
    values = block.values
    return Selection(
        address=block.address,
        place=block.place,
        plan=required_text(values, "plan_id"),
        role=required_text(values, "iam_role_arn"),
        resources=texts(values, "resources"),
        not_resources=texts(values, "not_resources"),
        tags=_selection_tags(values),
        conditions=_conditions(values),
    )


def _selection_tags(values: Values) -> Known[tuple[TagCondition, ...]]:
    """Read the ``selection_tag`` blocks; ``STRINGEQUALS`` is their only type."""
    blocks = nested(values, "selection_tag")
    return blocks if isinstance(blocks, Unresolved) else tuple(_condition("equals", one) for one in blocks)


def _conditions(values: Values) -> Known[tuple[TagCondition, ...]]:
    blocks = nested(values, "condition")
    return blocks if isinstance(blocks, Unresolved) else tag_conditions(blocks)


def tag_conditions(blocks: Iterable[Values]) -> Known[tuple[TagCondition, ...]]:
    """Read blocks that hold tag tests, each in a nested block called after its operator."""
    found: list[TagCondition] = []
    for block, (name, operator) in ((block, pair) for block in blocks for pair in _OPERATORS.items()):
        tests = nested(block, name)
        if isinstance(tests, Unresolved):
            return tests
        found.extend(_condition(operator, one) for one in tests)
    return tuple(found)


def _condition(operator: str, values: Values) -> TagCondition:
    return TagCondition(operator, _bare_key(required_text(values, "key")), required_text(values, "value"))


def _bare_key(key: Str) -> Str:
    if isinstance(key, str):
        return key.removeprefix(_KEY_PREFIX)
    if isinstance(key, Text) and isinstance(key.parts[0], str):
        return join_text((key.parts[0].removeprefix(_KEY_PREFIX), *key.parts[1:]))
    return key


def vault(block: Block, key_names: KeyNames) -> Vault:
    """Build a vault, also a logically air-gapped one."""
    air_gapped = block.type == "aws_backup_logically_air_gapped_vault"
    key = key_names.read(block.values, "encryption_key_arn" if air_gapped else "kms_key_arn")
    return Vault(block.address, block.place, required_text(block.values, "name"), key)


def vault_policy(block: Block, documents: Documents) -> VaultPolicy:
    """Build the access policy of a vault."""
    name = required_text(block.values, "backup_vault_name")
    return VaultPolicy(block.address, block.place, name, documents.read(block.values.get("policy")))
