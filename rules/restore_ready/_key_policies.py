"""What a KMS key's own policy says about a restore role.

The policy allows the role by name, or it leaves the key to the account's IAM policies by allowing the account
(``:root``), or the role has no way to the key, whatever its own policies say
(https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from restore_ready._model import Estate, Key, Principal
from restore_ready._policy import Condition, PolicyDocument, PrincipalEntry, Statement, StatementEntry
from restore_ready._role_index import RoleIndex
from restore_ready._values import THIS_ACCOUNT, Ref, Str, Truth, Unresolved, all_true, any_true, negate
from restore_ready.iam import Cause, Request, arn_matches, matches, statement_applies

_PRINCIPAL_ARN: Final = "aws:principalarn"
_ACCOUNT_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class KeyRuling:
    """What a key's policy says about one request of one role.

    Attributes:
        denied: whether a Deny hits it.
        direct: whether an Allow names the role itself, or everyone.
        left_to_iam: whether an Allow names the account, so that the role's own policies decide.
        by: the statement that certainly denies it.
    """

    denied: Truth = False
    direct: Truth = False
    left_to_iam: Truth = False
    by: Cause | None = None

    @property
    def lets_in(self) -> Truth:
        """Whether the policy lets the role in, be it by leaving it to IAM."""
        return all_true([negate(self.denied), any_true([self.direct, self.left_to_iam])])

    @property
    def why(self) -> str:
        """Why the role is refused, or why that is open; empty where it is let in."""
        if self.by is not None:
            return f"statement {self.by.statement} of {self.by.policy_address} denies it"
        answer = self.lets_in
        if isinstance(answer, Unresolved):
            return answer.why
        return "" if answer else "the key's policy neither allows the role nor leaves the key to the account's IAM"


def ask_key(key: Key, role: Principal, request: Request, estate: Estate) -> KeyRuling:
    """Put one request of *role* to the policy of *key*. A key without one has AWS's default: it is left to IAM."""
    document = key.document
    if document is None:
        return KeyRuling(left_to_iam=True)
    if isinstance(document, Unresolved):
        return KeyRuling(document, document, document)
    says = [_says(one, role, request, estate) for one in document.statements]
    denying = next((one.label for one in says if one.denies is True), None)
    return KeyRuling(
        any_true(one.denies for one in says),
        any_true(one.direct for one in says),
        any_true(one.left_to_iam for one in says),
        None if denying is None else Cause(key.address, denying, "Deny"),
    )


@dataclass(frozen=True, slots=True)
class _Says:
    """What one statement says; *label* is its Sid, or else its index from 0."""

    label: str
    denies: Truth = False
    direct: Truth = False
    left_to_iam: Truth = False


def _says(entry: StatementEntry, role: Principal, request: Request, estate: Estate) -> _Says:
    if isinstance(entry, Unresolved):
        return _Says("", entry, entry, entry)
    label = entry.sid or str(entry.index)
    applies = statement_applies(*_comparable(entry, role, request, estate))
    direct, account = (all_true([applies, named]) for named in _named(entry, role))
    hit = any_true([direct, account])
    if isinstance(entry.effect, Unresolved):
        return _Says(label) if hit is False else _Says(label, entry.effect, entry.effect, entry.effect)
    return _Says(label, denies=hit) if entry.effect == "Deny" else _Says(label, direct=direct, left_to_iam=account)


def _named(statement: Statement, role: Principal) -> tuple[Truth, Truth]:
    """Tell whether ``Principal`` takes in *role* by itself, and whether it takes in its account."""
    principals = statement.principals
    if principals is None or isinstance(principals, Unresolved):
        why = Unresolved("the statement names no principal") if principals is None else principals
        return why, why
    by_itself = any_true(_is_role(one, role, statement.effect) for one in principals)
    by_account = any_true(_is_account(one) for one in principals)
    return (negate(any_true([by_itself, by_account])), False) if statement.not_principals else (by_itself, by_account)


def _is_role(entry: PrincipalEntry, role: Principal, effect: object) -> Truth:
    if entry.kind == "*" or (entry.kind == "AWS" and entry.value == "*"):
        return True
    if entry.kind == "Service" and effect == "Allow":
        return _is_backup_itself(entry.value)
    if entry.kind != "AWS" or _is_account(entry) is True:
        return False
    return arn_matches(entry.value, role.arn, role.address)


def _is_backup_itself(service: Str) -> Truth:
    """Leave open whether a key that AWS Backup may use as a service needs anything of the role: AWS does not say."""
    if matches("backup.*", service) is False:
        return False
    return Unresolved("the key's policy lets AWS Backup itself in: whether it needs the role's access too is not known")


def _is_account(entry: PrincipalEntry) -> Truth:
    """Tell whether an entry means the account: whichever number stands there, it is taken for this one's."""
    if entry.kind != "AWS" or isinstance(entry.value, Ref):
        return False
    is_id = isinstance(entry.value, str) and len(entry.value) == _ACCOUNT_DIGITS and entry.value.isdigit()
    return True if is_id or entry.value == THIS_ACCOUNT else matches("arn:*:iam::*:root", entry.value)


def _comparable(statement: Statement, role: Principal, request: Request, estate: Estate) -> tuple[Statement, Request]:
    """Put the ARNs of roles in place of references to them in conditions on who asks.

    Where nothing but such references is compared, the addresses stand for ARNs that are not known.
    """
    if isinstance(statement.conditions, Unresolved):
        return statement, request
    roles = estate.derived(RoleIndex.of)
    on_caller = [one for one in statement.conditions if _is_on_caller(one)]
    values = [value for one in on_caller if isinstance(one.values, tuple) for value in one.values]
    found = {value: roles.find(value) for value in values if isinstance(value, Ref)}
    by_address = all(found.get(value) is not None for value in values if isinstance(value, Ref)) and len(found) > 0
    by_address = by_address and all(isinstance(value, Ref) for value in values)
    names: Mapping[Str, Str] = {
        value: f"arn:aws:iam::{THIS_ACCOUNT}:role/{one.address}" if by_address else one.arn
        for value, one in found.items()
        if one is not None
    }
    conditions = tuple(_renamed(one, names) if _is_on_caller(one) else one for one in statement.conditions)
    own = f"arn:aws:iam::{THIS_ACCOUNT}:role/{role.address}" if by_address else role.arn
    context = {**request.context, _PRINCIPAL_ARN: (own,)}
    return replace(statement, conditions=conditions), replace(request, context=context)


def _is_on_caller(condition: Condition) -> bool:
    return isinstance(condition.key, str) and condition.key.lower() == _PRINCIPAL_ARN


def _renamed(condition: Condition, names: Mapping[Str, Str]) -> Condition:
    if isinstance(condition.values, Unresolved):
        return condition
    return replace(condition, values=tuple(names.get(value, value) for value in condition.values))


def named_elsewhere(key: Key, names: Sequence[str], estate: Estate) -> str:
    """Return a role that the key's policy allows and the estate doesn't declare, called as *names* has it, if any."""
    document = key.document
    entries = document.statements if isinstance(document, PolicyDocument) else ()
    allowing = (one for one in entries if isinstance(one, Statement) and one.effect == "Allow")
    named = (entry.value for one in allowing if isinstance(one.principals, tuple) for entry in one.principals)
    roles = estate.derived(RoleIndex.of)
    for value in named:
        if isinstance(value, str) and ":role/" in value and roles.find(value) is None:
            called = value.rpartition("/")[2]
            if any(matches(one, called, fold_case=True) is True for one in names):
                return called
    return ""
