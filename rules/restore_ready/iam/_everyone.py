"""Does a vault's access policy deny an action to everyone?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from restore_ready.iam._condition import holds, knows_operator
from restore_ready.iam._principals import covers_everyone
from restore_ready.iam._request import NOT_SENT_DIRECTLY, Request
from restore_ready.iam._statement import covers_action, covers_resource
from restore_ready.model import (
    THIS_ACCOUNT,
    THIS_REGION,
    Condition,
    PolicyDocument,
    Ref,
    Statement,
    Str,
    Text,
    Truth,
    Unresolved,
    all_true,
    show,
)


def _every(kind: str) -> Text:
    prefix = f"arn:aws:backup:{THIS_REGION}:{THIS_ACCOUNT}:{kind}:"
    return Text((prefix, Unresolved(f"not every {kind.replace('-', ' ')} is meant")))


EVERY_RECOVERY_POINT: Final = _every("recovery-point")
"""The ARN of whichever EFS recovery point of this account; a pattern matches it if it matches them all."""

EVERY_VAULT: Final = _every("backup-vault")
"""The ARN of whichever backup vault of this account."""

_KINDS: Final = {"recovery-point": EVERY_RECOVERY_POINT, "backup-vault": EVERY_VAULT}

_CALL: Final[dict[str, tuple[Str, ...]]] = {
    "aws:principalaccount": (THIS_ACCOUNT,),
    "aws:principalarn": (Text((f"arn:aws:iam::{THIS_ACCOUNT}:", Unresolved("callers differ"))),),
    "aws:principalisawsservice": ("false",),
    "aws:securetransport": ("true",),
    "aws:viaawsservice": ("false",),
}
"""What is known of a call that a person or role of this account makes to AWS Backup, whoever it is."""

_CALLER_KEYS: Final = (
    "aws:ec2instancesource",
    "aws:federatedprovider",
    "aws:multifactorauth",
    "aws:principaltag/",
    "aws:principaltype",
    "aws:principalarn",
    "aws:referer",
    "aws:sourceidentity",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:tokenissuetime",
    "aws:useragent",
    "aws:userid",
    "aws:username",
    "aws:vpcsourceip",
    "identitystore:",
    "saml:",
    "sts:",
)
"""Beginnings of condition keys in which the callers of one account differ."""

_OUTSIDERS: Final = ("aws:principalorgid", "aws:principalorgpaths")
"""Keys that all callers of one account share: a Deny on what they are *not* spares the own organization."""


class DeniedToAll(Struct, frozen=True):
    """Whether an action is denied to everyone, and by which statement.

    Attributes:
        answer: true, false, or open with a reason.
        statement: Sid, or else index from 0, of the statement that denies or leaves it open; empty when there is none.
    """

    answer: Truth
    statement: str = ""


def denies_everyone(
    document: PolicyDocument, action: str, resource: Str = "recovery-point", address: str = ""
) -> DeniedToAll:
    """Return whether a statement denies *action* to everyone of the account, and which one decides.

    Args:
        document: the vault's policy.
        action: ``backup:StartRestoreJob``, say.
        resource: ``recovery-point`` or ``backup-vault`` for all of them, else an ARN. AWS Backup compares restores
            and copies with the recovery point, changes to the vault and its policy with the vault (Service
            Authorization Reference, "AWS Backup").
        address: the estate's address of that resource, with which references are compared.

    Returns:
        The answer, ``False`` also where every Deny spares somebody, with the statement that decides or leaves it open.
    """
    arn = _KINDS.get(resource, resource) if isinstance(resource, str) else resource
    undecided: DeniedToAll | None = None
    for entry in document.statements:
        answer = entry if isinstance(entry, Unresolved) else all_true(_answers(entry, action, arn, address))
        found = DeniedToAll(answer, "" if isinstance(entry, Unresolved) else entry.sid or str(entry.index))
        if answer is True:
            return found
        if isinstance(answer, Unresolved) and undecided is None:
            undecided = found
    return undecided or DeniedToAll(answer=False)


def _answers(statement: Statement, action: str, arn: Str, address: str) -> Iterator[Truth]:
    yield statement.effect if isinstance(statement.effect, Unresolved) else statement.effect == "Deny"
    yield covers_action(statement, action)
    yield covers_everyone(statement)
    yield _covers(statement, arn, address)
    if isinstance(statement.conditions, Unresolved):
        yield statement.conditions
        return
    request = Request(action, arn, address, _CALL, NOT_SENT_DIRECTLY)
    yield from (_holds_for_everyone(condition, request) for condition in statement.conditions)


def _covers(statement: Statement, arn: Str, address: str) -> Truth:
    """Compare resources; a vault's ARN where recovery points are asked for most likely has no effect, not certainly."""
    answer = covers_resource(statement, arn, address)
    if answer is not False or arn != EVERY_RECOVERY_POINT or isinstance(statement.resources, Unresolved):
        return answer
    if statement.not_resources:
        return False
    if not any(isinstance(entry, Ref) or ":backup-vault:" in show(entry) for entry in statement.resources):
        return False
    return Unresolved("its Resource is the vault's ARN, but AWS compares this action with the recovery point's ARN")


def _holds_for_everyone(condition: Condition, request: Request) -> Truth:
    """Return whether *condition* holds for every caller; ``False`` if it spares some.

    An open answer means that it depends on something in which the callers of the account do not differ.
    """
    answer = holds(condition, request)
    if not isinstance(answer, Unresolved) or not isinstance(condition.key, str) or not _can_spare(condition):
        return answer
    key = condition.key.lower()
    spares_own = key in _OUTSIDERS and _is_negated(condition)
    return False if spares_own or key.startswith(_CALLER_KEYS) else answer


def _can_spare(condition: Condition) -> bool:
    """Return whether the condition certainly sorts callers: a positive test against an unknown value may be ``*``."""
    if isinstance(condition.values, Unresolved) or not condition.values or not knows_operator(condition):
        return False
    return _is_negated(condition) or not any(isinstance(value, Unresolved) for value in condition.values)


def _is_negated(condition: Condition) -> bool:
    return "not" in condition.operator.lower()
