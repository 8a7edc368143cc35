"""Does a vault's access policy deny an action to everyone, by one statement or by several together?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from restore_ready.iam._caller import CallerKind, kind_named
from restore_ready.iam._condition import holds, knows_operator
from restore_ready.iam._principals import covers_everyone
from restore_ready.iam._request import NOT_SENT_DIRECTLY, Request
from restore_ready.iam._spared import PRINCIPAL_ARN, spares_somebody, together_spare_somebody
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


_SEVERAL: Final = 2
_OWN_ARN: Final = (CallerKind.ROLE, CallerKind.USER)
"""Who carries in ``aws:PrincipalArn`` what a ``Principal`` element names."""


class DeniedToAll(Struct, frozen=True):
    """Whether an action is denied to everyone, and by which statement.

    Attributes:
        answer: true, false, or open with a reason.
        statement: Sid, or else index from 0, of the statement that denies or leaves it open; empty when there is none.
            Of several that only together deny it, all are named: ``0 and 1``.
        together: whether it takes several.
    """

    answer: Truth
    statement: str = ""
    together: bool = False

    @property
    def in_words(self) -> str:
        """``statement X denies``, the verb included."""
        return f"statements {self.statement} together deny" if self.together else f"statement {self.statement} denies"


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
    request = Request(action, arn, address, _CALL, NOT_SENT_DIRECTLY)
    undecided: DeniedToAll | None = None
    for entry in document.statements:
        answer = entry if isinstance(entry, Unresolved) else all_true(_answers(entry, request))
        found = DeniedToAll(answer, "" if isinstance(entry, Unresolved) else _label(entry))
        if answer is True:
            return found
        if isinstance(answer, Unresolved) and undecided is None:
            undecided = found
    together = _denied_together(document, request)
    if together.answer is True:
        return together
    return undecided or together


def _label(statement: Statement) -> str:
    return statement.sid or str(statement.index)


def _denied_together(document: PolicyDocument, request: Request) -> DeniedToAll:
    """Return whether statements that each spare somebody spare nobody together."""
    found = [(entry, _ways_out(entry, request)) for entry in document.statements if isinstance(entry, Statement)]
    denying = [(statement, ways) for statement, ways in found if ways]
    if len(denying) < _SEVERAL:
        return DeniedToAll(answer=False)
    spared = together_spare_somebody([ways for _, ways in denying], request)
    if spared is True:
        return DeniedToAll(answer=False)
    names = " and ".join(_label(statement) for statement, _ in denying)
    if isinstance(spared, Unresolved):
        return DeniedToAll(Unresolved(f"whether anybody is spared by {names} alike is not known"), names)
    return DeniedToAll(answer=True, statement=names, together=True)


def _ways_out(statement: Statement, request: Request) -> list[Condition]:
    """Return the conditions of which each spares some callers from a Deny; none where more than that is open."""
    conditions = statement.conditions
    denies = statement.effect == "Deny" and covers_action(statement, request.action) is True
    if not denies or isinstance(conditions, Unresolved):
        return []
    if _covers(statement, request.resource, request.resource_address) is not True:
        return []
    ways: list[Condition] = []
    if covers_everyone(statement) is not True:
        named = _named_principals(statement)
        if named is None:
            return []
        ways.append(named)
    for condition in conditions:
        answer = _holds_for_everyone(condition, request)
        if isinstance(answer, Unresolved) or holds(condition, request) is False:
            return []
        ways += [] if answer else [condition]
    return ways


def _named_principals(statement: Statement) -> Condition | None:
    """Return the condition that holds for whom ``Principal`` names, where it names roles and users only."""
    entries = statement.principals
    if statement.not_principals or not isinstance(entries, tuple):
        return None
    values = [entry.value for entry in entries if entry.kind == "AWS"]
    if not values or any(not isinstance(value, str) or kind_named(value) not in _OWN_ARN for value in values):
        return None
    return Condition("ArnEquals", PRINCIPAL_ARN, tuple(values))


def _answers(statement: Statement, request: Request) -> Iterator[Truth]:
    yield statement.effect if isinstance(statement.effect, Unresolved) else statement.effect == "Deny"
    yield covers_action(statement, request.action)
    yield covers_everyone(statement)
    yield _covers(statement, request.resource, request.resource_address)
    if isinstance(statement.conditions, Unresolved):
        yield statement.conditions
        return
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
    return Unresolved(
        "whether the statement binds is open: its Resource is the vault's ARN, and AWS compares it with recovery points"
    )


def _holds_for_everyone(condition: Condition, request: Request) -> Truth:
    """Return whether *condition* holds for every caller; ``False`` if it spares some.

    An open answer means that it depends on something in which the callers of the account do not differ.
    """
    answer = holds(condition, request)
    if not isinstance(answer, Unresolved) or not isinstance(condition.key, str) or not _can_spare(condition):
        return answer
    key = condition.key.lower()
    if key in _OUTSIDERS and _is_negated(condition):
        return False
    return spares_somebody([condition], request) is False if key.startswith(_CALLER_KEYS) else answer


def _can_spare(condition: Condition) -> bool:
    """Return whether the condition certainly sorts callers: a positive test against an unknown value may be ``*``."""
    if isinstance(condition.values, Unresolved) or not condition.values or not knows_operator(condition):
        return False
    return _is_negated(condition) or not any(isinstance(value, Unresolved) for value in condition.values)


def _is_negated(condition: Condition) -> bool:
    return "not" in condition.operator.lower()
