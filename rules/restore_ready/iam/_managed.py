"""What do the AWS managed policies say? A dated table in the package.

AWS changes these policies without notice: the table shows them as they were on its ``date`` and is made anew by
``tools/make_managed_policies.py``. It answers for the actions that backing up and restoring EFS needs: ``backup:*``,
``elasticfilesystem:*``, ``iam:PassRole``, ``sts:AssumeRole``, ``tag:GetResources``, and of ``kms`` ``CreateGrant``,
``Decrypt``, ``DescribeKey`` and ``GenerateDataKeyWithoutPlaintext``. Statements and actions that concern none of these
are left out, so it must not be asked about other actions.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from msgspec import Raw, Struct, json

from restore_ready.iam._parse import parse_document
from restore_ready.model import PolicyDocument, Unresolved


def managed_document(arn: str) -> PolicyDocument | None:
    """Return the AWS managed policy with this ARN, of any partition; ``None`` where the table has none such.

    Outside of the ``aws`` partition, ARNs within the policy are taken to be of the asked partition.
    """
    fields = arn.split(":", 5)
    if len(fields) <= 5 or fields[0] != "arn" or fields[2:5] != ["iam", "", "aws"]:  # noqa: PLR2004  # parts of an ARN
        return None
    return _document(fields[5].removeprefix("policy/"), fields[1]) if fields[5].startswith("policy/") else None


def managed_arn(name: str) -> str | None:
    """Return the ARN of the AWS managed policy *name* in the ``aws`` partition; ``None`` where there is none such."""
    path = _paths().get(name)
    return None if path is None else f"arn:aws:iam::aws:policy/{path}"


def managed_policy_names() -> frozenset[str]:
    """Return the names, without paths, of all AWS managed policies of the table."""
    return frozenset(_paths())


def managed_policies_date() -> str:
    """Return the day the table stands for, ISO 8601."""
    return _table().date


class _Table(Struct, frozen=True):
    """The table; the statements of each policy, by its path and name, are read when they are asked for."""

    date: str
    policies: dict[str, Raw]


@cache
def _table() -> _Table:
    return json.decode(Path(__file__).with_name("managed_policies.json").read_bytes(), type=_Table)


@cache
def _paths() -> dict[str, str]:
    return {path.rpartition("/")[2]: path for path in _table().policies}


@cache
def _document(path: str, partition: str) -> PolicyDocument | None:
    written = _table().policies.get(path)
    if written is None:
        return None
    statements = bytes(written)
    if partition != "aws":
        statements = statements.replace(b'"arn:aws:', f'"arn:{partition}:'.encode())
    document = parse_document({"Version": "2012-10-17", "Statement": json.decode(statements)})
    return None if isinstance(document, Unresolved) else document
