"""Policies of a stack as IAM writes them, with holes and links in them for each language to fill."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct
from tests.fuzz.stacks import Hole, Identity, Statement

TRUSTING: Final = "sts:AssumeRole"


class Encoded(Struct, frozen=True):
    """A policy, which a language may want as text."""

    tree: Any


def document(policy: tuple[Statement, ...] | Hole) -> Encoded | Hole:
    """Return the document of a policy."""
    if isinstance(policy, Hole):
        return policy
    return Encoded({"Version": "2012-10-17", "Statement": [_statement(statement) for statement in policy]})


def trust(role: Identity) -> Encoded:
    """Return who may assume a role."""
    statement = {"Effect": "Allow", "Action": TRUSTING, "Principal": {"Service": role.service}}
    return Encoded({"Version": "2012-10-17", "Statement": [statement]})


def _statement(statement: Statement) -> dict[str, Any]:
    written: dict[str, Any] = {"Effect": statement.effect, "Action": statement.actions, "Resource": statement.resources}
    if statement.principals:
        everyone = statement.principals == ("*",)
        written["Principal"] = "*" if everyone else {"AWS": statement.principals}
    if statement.service:
        written["Condition"] = {"StringEquals": {"iam:PassedToService": statement.service}}
    return written


def filled(tree: Any, fill: Any) -> Any:  # noqa: ANN401  # any part of a document
    """Return *tree* as plain lists and mappings, with each value as *fill* gives it."""
    if isinstance(tree, dict):
        return {key: filled(value, fill) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [filled(value, fill) for value in tree]
    return fill(tree)
