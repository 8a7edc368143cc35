"""How are statements of policies changed: actions let out of a Deny, new Allow statements?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from restore_ready.access._constants import BACKUP_SERVICE, PASS_ROLE
from restore_ready.catalog._changes import PROTECTION
from restore_ready.fixes._documents import Document
from restore_ready.fixes._node import ByHandError, Entry, Node, literal
from restore_ready.fixes._render import Value, Verbatim
from restore_ready.fixes._write import Writer
from restore_ready.iam import matches
from restore_ready.model import RemoveDeny, RestrictPassRole


def remove_denies(changes: Sequence[RemoveDeny], document: Document, writer: Writer) -> None:
    """Let actions out of statements, and keep what these protected.

    A statement of which nothing is left goes, unless it is the only one: it then protects recovery points alone.

    Raises:
        ByHandError: if a statement is not written out.
    """
    statements = document.statements()
    emptied = []
    for change in changes:
        if change.statement >= len(statements):
            msg = "the statement is not written there"
            raise ByHandError(msg)
        if not _lift(change, statements[change.statement], document, writer):
            emptied.append(change.statement)
    if len(emptied) == len(statements):
        node = statements[emptied.pop(0)]
        writer.set_list(node, _actions(node, document), PROTECTION)
    if emptied and document.label:
        blocks = list(document.node.all("statement"))
        for number in emptied:
            writer.remove_block(blocks[number])
    elif emptied:
        writer.remove(document.list.value, emptied)


def _actions(statement: Node, document: Document) -> Entry:
    entry = statement.entry(document.names.action)
    if entry is None:
        msg = "the statement has no actions"
        raise ByHandError(msg)
    return entry


def _lift(change: RemoveDeny, statement: Node, document: Document, writer: Writer) -> bool:
    """Let actions out of one statement; ``False`` if nothing is left of it, and nothing is written then."""
    negated = statement.entry(document.names.not_action)
    if negated is not None:
        literal(negated.value)
        writer.rename(negated, document.names.action)
        writer.set_list(statement, negated, change.kept or PROTECTION)
        return True
    entry = _actions(statement, document)
    items = _strings(entry.value)
    gone = [number for number, action in enumerate(items) if _takes_in(action, change.actions)]
    left = [action for number, action in enumerate(items) if number not in gone]
    added = [action for action in change.kept if not any(_takes_in(pattern, [action]) for pattern in left)]
    if not left and not added:
        return False
    if added:
        writer.set_list(statement, entry, [*left, *added])
    else:
        writer.remove(entry.value, gone)
    return True


def _strings(node: Node) -> Sequence[str]:
    """Return the literal strings of a list, or the one that stands for a list."""
    nodes = [node] if literal(node).items is None else node.items or []
    if any(literal(item).text is None for item in nodes):
        msg = "its actions are not all written there"
        raise ByHandError(msg)
    return [item.text or "" for item in nodes]


def _takes_in(pattern: str, actions: Collection[str]) -> bool:
    return any(matches(pattern, action, fold_case=True) is True for action in actions)


def pass_role_statement(role: Value) -> dict[str, Value]:
    """Return the statement that lets *role*, a reference to its ARN, be passed to AWS Backup alone."""
    return {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": role,
        "Condition": {"StringEquals": {"iam:PassedToService": BACKUP_SERVICE}},
    }


def trust_statement() -> dict[str, Value]:
    """Return the statement of a trust policy that lets AWS Backup assume the role."""
    return {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": BACKUP_SERVICE}}


def add_statement(document: Document, statement: dict[str, Value], lines: Sequence[str], writer: Writer) -> None:
    """Add a statement behind the others; *lines* is the same as a block of a data source.

    Raises:
        ByHandError: if the statements are not all written there.
    """
    statements = document.statements()
    if document.label:
        blocks = list(document.node.all("statement"))
        if not blocks:
            msg = "its policy has no statement"
            raise ByHandError(msg)
        writer.add_block(document.node, ["", *lines], behind=blocks[-1])
        return
    found = document.list.value
    if found.items is None:
        writer.append_to_single(statements[0], statement)
    else:
        writer.append(found, statement)


def restrict_pass_role(change: RestrictPassRole, document: Document, role: Value, writer: Writer) -> None:
    """Narrow a statement, which allows nothing but ``iam:PassRole``, to *role* and to AWS Backup.

    Raises:
        ByHandError: if it allows more, or has a condition of its own.
    """
    statements = document.statements()
    statement = statements[change.statement] if change.statement < len(statements) else None
    if statement is None or any(
        action.lower() != PASS_ROLE.lower() for action in _strings(_actions(statement, document).value)
    ):
        msg = "the statement allows more than iam:PassRole"
        raise ByHandError(msg)
    narrowing = () if change.is_for_backup else ("Condition", "condition")
    if any(statement.entry(key) is not None for key in (*narrowing, "NotResource", "not_resources")):
        msg = "the statement is narrowed already, in another way"
        raise ByHandError(msg)
    resource = statement.entry("resources" if document.label else "Resource")
    if resource is None:
        msg = "the statement names no resource"
        raise ByHandError(msg)
    named = resource.value if change.is_for_backup else literal(resource.value)
    writer.replace(named, [role] if document.label else role)
    if change.is_for_backup:
        return
    if document.label:
        writer.add_block(statement, ["", *_CONDITION])
    else:
        writer.set_entry(statement, "Condition", {"StringEquals": {"iam:PassedToService": BACKUP_SERVICE}})


_CONDITION: Final = (
    "condition {",
    '  test     = "StringEquals"',
    '  variable = "iam:PassedToService"',
    f'  values   = ["{BACKUP_SERVICE}"]',
    "}",
)


def pass_role_lines(role: Verbatim) -> Sequence[str]:
    """Return the lines of `pass_role_statement` as a block of ``aws_iam_policy_document``."""
    return (
        "statement {",
        '  actions   = ["iam:PassRole"]',
        f"  resources = [{role.text}]",
        "",
        *(f"  {line}" for line in _CONDITION),
        "}",
    )


def trust_lines() -> Sequence[str]:
    """Return the lines of `trust_statement` as a block of ``aws_iam_policy_document``."""
    return (
        "statement {",
        '  actions = ["sts:AssumeRole"]',
        "",
        "  principals {",
        '    type        = "Service"',
        f'    identifiers = ["{BACKUP_SERVICE}"]',
        "  }",
        "}",
    )


def unused_names(taken: Collection[str], wished: str) -> str:
    """Return *wished*, or it with a number where that is taken."""
    number = 2
    name = wished
    while name in taken:
        name = f"{wished}_{number}"
        number += 1
    return name
