"""One statement put to one request: action, resource, principal and conditions, each in three values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from restore_ready._policy import PolicyDocument, PrincipalEntry, Statement
from restore_ready._values import Ref, Str, Truth, Unresolved, all_true, any_true, leads_out_of_sight, negate, why_open
from restore_ready.iam._arns import account_of, arn_matches, is_account, same_account, string_equals
from restore_ready.iam._condition import holds
from restore_ready.iam._glob import equals, matches
from restore_ready.iam._request import Request

_ACCOUNT_ROOT: Final = "arn:*:iam::*:root"


def statement_applies(statement: Statement, request: Request, *, principal: Str | None = None) -> Truth:
    """Tell whether *statement* speaks about *request*, whatever its effect.

    Args:
        statement: of any kind of policy.
        request: what is asked.
        principal: who asks, an ARN or a service name, where the statement belongs to a resource or trust policy;
            ``None`` for identity policies, whose statements have no principal.
    """
    return all_true(_answers(statement, request, principal))


def covers_action(statement: Statement, action: str) -> Truth:
    """Tell whether ``Action`` or ``NotAction`` covers *action*; letter case does not count."""
    if isinstance(statement.actions, Unresolved):
        return statement.actions
    listed = any_true(matches(one, action, fold_case=True) for one in statement.actions)
    return negate(listed) if statement.not_actions else listed


def covers_resource(statement: Statement, resource: Str, address: str = "") -> Truth:
    """Tell whether ``Resource`` or ``NotResource`` covers the ARN *resource*."""
    if isinstance(statement.resources, Unresolved):
        return statement.resources
    listed = any_true(arn_matches(one, resource, address) for one in statement.resources)
    return negate(listed) if statement.not_resources else listed


def covers_everyone(statement: Statement) -> Truth:
    """Tell whether ``Principal`` or ``NotPrincipal`` takes in every person and role of the account.

    ``*``, an account id and an account's ``:root`` ARN do (IAM User Guide, "Principal"), and so does a
    ``NotPrincipal`` that spares services only.
    """
    if statement.principals is None:
        return Unresolved("the statement names no principal")
    if isinstance(statement.principals, Unresolved):
        return statement.principals
    if statement.not_principals:
        return all_true(_spares_nobody(entry) for entry in statement.principals)
    return any_true(_is_everyone(entry) for entry in statement.principals)


def covers_principal(statement: Statement, principal: Str) -> Truth:
    """Tell whether ``Principal`` or ``NotPrincipal`` takes in *principal*, an ARN or a service name."""
    if statement.principals is None:
        return Unresolved("the statement names no principal")
    if isinstance(statement.principals, Unresolved):
        return statement.principals
    listed = any_true(_is_principal(entry, principal) for entry in statement.principals)
    return negate(listed) if statement.not_principals else listed


def granting_statements(document: PolicyDocument, action: str) -> tuple[Statement, ...]:
    """Return the Allow statements whose ``Action`` certainly takes in *action*; ``NotAction`` does not count."""
    return tuple(
        one
        for one in document.statements
        if isinstance(one, Statement) and one.effect == "Allow" and not one.not_actions
        if covers_action(one, action) is True
    )


def names_action(statement: Statement, action: str) -> Truth:
    """Tell whether ``Action`` names *action*, be it by ``backup:*`` or ``backup:Start*``; a bare ``*`` does not."""
    if statement.not_actions:
        return False
    if isinstance(statement.actions, Unresolved):
        return statement.actions
    return any_true(_names(one, action) for one in statement.actions)


def _names(entry: Str, action: str) -> Truth:
    if isinstance(entry, str) and not set(entry) - set("*:"):
        return False
    return matches(entry, action, fold_case=True)


def _answers(statement: Statement, request: Request, principal: Str | None) -> Iterator[Truth]:
    yield covers_action(statement, request.action)
    yield covers_resource(statement, request.resource, request.resource_address)
    if principal is not None:
        yield covers_principal(statement, principal)
    if isinstance(statement.conditions, Unresolved):
        yield statement.conditions
    else:
        yield from (holds(condition, request) for condition in statement.conditions)


def _is_everyone(entry: PrincipalEntry) -> Truth:
    if entry.kind not in ("*", "AWS"):
        return False
    if isinstance(entry.value, Ref):
        return Unresolved(why_open(entry.value)) if leads_out_of_sight(entry.value) else False
    if is_account(entry.value):
        return True
    return any_true([equals("*", entry.value), matches(_ACCOUNT_ROOT, entry.value)])


def _spares_nobody(entry: PrincipalEntry) -> Truth:
    """Tell whether a ``NotPrincipal`` entry spares no person: services are none, the account's root user is unclear."""
    if entry.kind not in ("*", "AWS"):
        return entry.kind in ("Service", "CanonicalUser")
    if entry.value == "*" or _is_everyone(entry) is False:
        return False
    return Unresolved("whom NotPrincipal spares is not certain")


def _is_principal(entry: PrincipalEntry, principal: Str) -> Truth:
    if entry.kind == "*" or (entry.kind == "AWS" and entry.value == "*"):
        return True
    is_arn = not isinstance(principal, str) or principal.startswith("arn:")
    if entry.kind == "AWS":
        return _is_caller(entry.value, principal) if is_arn else equals("*", entry.value)
    return equals(entry.value, principal) if entry.kind == "Service" and not is_arn else False


def _is_caller(entry: Str, principal: Str) -> Truth:
    """Tell whether an entry under ``AWS`` takes in a role or user: as its account, or by its own ARN."""
    if isinstance(entry, Ref) and isinstance(principal, Ref) and not leads_out_of_sight(entry):
        return entry.target == principal.target
    if not isinstance(entry, str):
        return (
            string_equals(entry, principal) if matches(_ACCOUNT_ROOT, entry) is False else Unresolved(why_open(entry))
        )
    if is_account(entry) or (entry.startswith("arn:") and entry.endswith(":root")):
        return _is_in_account(account_of(entry) if entry.startswith("arn:") else entry, principal)
    if not entry.startswith("arn:") or ":assumed-role/" in entry:
        return Unresolved(f"whether the caller is {entry[:80]!r} is not known")
    return string_equals(entry, principal)


def _is_in_account(account: str | None, principal: Str) -> Truth:
    own = account_of(principal)
    if own is None or account is None:
        return Unresolved("the principal's account is not known")
    return same_account(account, own)
