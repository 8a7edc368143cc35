"""Does a statement apply to a request, by its action, resource, principal and conditions?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from restore_ready.iam._arns import arn_matches
from restore_ready.iam._condition import holds
from restore_ready.iam._glob import matches
from restore_ready.iam._principals import covers_principal
from restore_ready.iam._request import Request
from restore_ready.model import Statement, Str, Truth, Unresolved, all_true, any_true, negate

_ACTIONS_KEPT: Final = 4096


def statement_applies(statement: Statement, request: Request, *, principal: Str | None = None) -> Truth:
    """Return whether *statement* speaks about *request*, whatever its effect.

    Args:
        statement: of any kind of policy.
        request: what is asked.
        principal: who asks, an ARN or a service name, where the statement belongs to a resource or trust policy;
            ``None`` for identity policies, whose statements have no principal.
    """
    return all_true(_answers(statement, request, principal))


def covers_action(statement: Statement, action: str) -> Truth:
    """Return whether ``Action`` or ``NotAction`` covers *action*; letter case does not count."""
    if isinstance(statement.actions, Unresolved):
        return statement.actions
    listed = _lists_action(statement.actions, action)
    return negate(listed) if statement.not_actions else listed


@lru_cache(maxsize=_ACTIONS_KEPT)
def _lists_action(patterns: tuple[Str, ...], action: str) -> Truth:
    """Return whether one of *patterns* matches *action*: the same few statements are asked for each resource."""
    return any_true(matches(pattern, action, fold_case=True) for pattern in patterns)


def covers_resource(statement: Statement, resource: Str, address: str = "") -> Truth:
    """Return whether ``Resource`` or ``NotResource`` covers the ARN *resource*."""
    if isinstance(statement.resources, Unresolved):
        return statement.resources
    listed = any_true(arn_matches(pattern, resource, address) for pattern in statement.resources)
    return negate(listed) if statement.not_resources else listed


def names_action(statement: Statement, action: str) -> Truth:
    """Return whether ``Action`` names *action*, be it by ``backup:*`` or ``backup:Start*``; a bare ``*`` does not."""
    if statement.not_actions:
        return False
    if isinstance(statement.actions, Unresolved):
        return statement.actions
    return _names_action(statement.actions, action)


@lru_cache(maxsize=_ACTIONS_KEPT)
def _names_action(patterns: tuple[Str, ...], action: str) -> Truth:
    return any_true(_names(pattern, action) for pattern in patterns)


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
