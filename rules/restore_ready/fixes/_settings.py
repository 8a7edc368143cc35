"""Where does a single value, such as a start window, stand in a resource of each type?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from restore_ready.fixes._node import ByHandError, Entry, Form, Node, literal, mapping
from restore_ready.fixes._render import Value
from restore_ready.fixes._sources import Resource
from restore_ready.fixes._write import Writer
from restore_ready.model import Scalar, Setting, SetValue

_RULE: Final = "#"
"""Stands in a path behind the list of which the change says the number."""

_TERRAFORM_RULE: Final = ("rule", _RULE)
_TEMPLATE_RULE: Final = ("BackupPlan", "BackupPlanRule", _RULE)
_PATHS: Final[dict[tuple[str, Setting], tuple[str, ...]]] = {
    ("aws_backup_plan", Setting.START_WINDOW): (*_TERRAFORM_RULE, "start_window"),
    ("aws_backup_plan", Setting.COMPLETION_WINDOW): (*_TERRAFORM_RULE, "completion_window"),
    ("aws_backup_plan", Setting.DELETE_AFTER): (*_TERRAFORM_RULE, "lifecycle", "delete_after"),
    ("aws_backup_region_settings", Setting.EFS_OPT_IN): ("resource_type_opt_in_preference", "EFS"),
    ("aws_backup_restore_testing_plan", Setting.NAME): ("name",),
    ("aws_backup_restore_testing_selection", Setting.NAME): ("name",),
    ("aws_efs_backup_policy", Setting.AUTOMATIC_BACKUPS): ("backup_policy", "status"),
    ("aws_lambda_function", Setting.TIMEOUT): ("timeout",),
    ("AWS::Backup::BackupPlan", Setting.START_WINDOW): (*_TEMPLATE_RULE, "StartWindowMinutes"),
    ("AWS::Backup::BackupPlan", Setting.COMPLETION_WINDOW): (*_TEMPLATE_RULE, "CompletionWindowMinutes"),
    ("AWS::Backup::BackupPlan", Setting.DELETE_AFTER): (*_TEMPLATE_RULE, "Lifecycle", "DeleteAfterDays"),
    ("AWS::Backup::RestoreTestingPlan", Setting.NAME): ("RestoreTestingPlanName",),
    ("AWS::Backup::RestoreTestingSelection", Setting.NAME): ("RestoreTestingSelectionName",),
    ("AWS::EFS::FileSystem", Setting.AUTOMATIC_BACKUPS): ("BackupPolicy", "Status"),
    ("AWS::Lambda::Function", Setting.TIMEOUT): ("Timeout",),
    ("AWS::Serverless::Function", Setting.TIMEOUT): ("Timeout",),
}
_BLOCKS: Final = frozenset({"lifecycle"})
"""What is a nested block in HCL, not an attribute."""


def set_value(change: SetValue, resource: Resource, writer: Writer) -> None:
    """Write the edits of *change*.

    Raises:
        ByHandError: if the value does not stand at its place.
    """
    path = _PATHS.get((resource.type, change.setting))
    if path is None:
        msg = f"the {change.setting.value} of {resource.type} is not changed by this version"
        raise ByHandError(msg)
    node = resource.body
    rest = list(path)
    while len(rest) > 1:
        step = rest.pop(0)
        numbered = rest[0] == _RULE
        if numbered:
            rest.pop(0)
        found = _step(node, step, change.rule if numbered else None)
        if found is None:
            _create(node, step, rest, change.value, writer)
            return
        node = mapping(found)
    _set(node, rest[0], change.value, writer)


def _set(node: Node, key: str, value: Scalar, writer: Writer) -> None:
    entry = node.entry(key)
    if entry is None:
        writer.set_entry(node, key, value)
    elif literal(entry.value).text is None:
        msg = f"{key} is not written as one value"
        raise ByHandError(msg)
    else:
        writer.replace(entry.value, value)


def _step(node: Node, key: str, number: int | None) -> Node | None:
    """Return what *key* leads to: of a list, the element *number*."""
    if node.form is Form.BODY:
        if any(block.value.labels == (key,) for block in node.all("dynamic")):
            msg = f"its {key} blocks are dynamic"
            raise ByHandError(msg)
        entries: Sequence[Entry] = list(node.all(key))
        if number is None and len(entries) < 2:  # noqa: PLR2004  # one, or none
            return entries[0].value if entries else None
        return _numbered([entry.value for entry in entries], number or 0, key)
    entry = node.entry(key)
    if entry is None:
        return None
    found = literal(entry.value)
    if found.items is not None:
        return _numbered(found.items, number or 0, key)
    return found if not number else _numbered([found], number, key)


def _numbered(nodes: Sequence[Node], number: int, key: str) -> Node:
    if number >= len(nodes) or any(node.computed for node in nodes):
        msg = f"its {key} is made up of parts that are not all written there"
        raise ByHandError(msg)
    return nodes[number]


def _create(node: Node, step: str, rest: Sequence[str], value: Scalar, writer: Writer) -> None:
    if len(rest) != 1:
        msg = f"it has no {step}"
        raise ByHandError(msg)
    if node.form is Form.BODY and step in _BLOCKS:
        written = f'"{value}"' if isinstance(value, str) else str(value).lower()
        writer.add_block(node, ["", f"{step} {{", f"  {rest[0]} = {written}", "}"])
    else:
        inner: dict[str, Value] = {rest[0]: value}
        writer.set_entry(node, step, inner)
