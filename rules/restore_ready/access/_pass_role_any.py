"""Policies that let whoever restores pass any role to any service, which makes them as mighty as that role.

Whoever may pass an administrator's role to an instance or function of their own acts as that administrator
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.access._constants import PASS_ROLE
from restore_ready.access._decisions import truth_of
from restore_ready.access._grants import Caller, callers
from restore_ready.access._restore_grants import Grant
from restore_ready.access._statements import condition_keys, statements, written
from restore_ready.iam import Request, arn_matches, decide, matches, statement_applies
from restore_ready.model import (
    THIS_ACCOUNT,
    Focus,
    Place,
    Policy,
    Statement,
    Str,
    Text,
    Truth,
    Unresolved,
    all_true,
    any_true,
)

_EVERY_ROLE: Final = Text((f"arn:aws:iam::{THIS_ACCOUNT}:role/", Unresolved("not every role is meant")))
_UNRELATED: Final = f"arn:aws:iam::{THIS_ACCOUNT}:role/unrelated"
_SERVICES: Final = ("ec2.amazonaws.com", "unrelated.amazonaws.com")
"""Services that have nothing to do with restores; the second is one that no policy names."""

_NARROWING: Final = ("aws:resourcetag/", "iam:associatedresourcearn", "iam:resourcetag/")
"""Beginnings of condition keys that narrow which roles may be passed, or to what."""


class PassingPolicy(Struct, frozen=True):
    """A policy that names ``iam:PassRole``, with those who hold it and may start restores.

    Attributes:
        policies: those at this address.
    """

    address: str
    place: Place
    policies: tuple[Policy, ...]
    callers: tuple[Caller, ...]


def passing_policies(grants: Iterable[Grant]) -> Iterator[PassingPolicy]:
    """Yield the policies, not AWS's own, that name ``iam:PassRole`` and are held beside a grant of restores."""
    found: dict[str, tuple[list[Policy], list[Caller]]] = {}
    for grant in grants:
        for caller in callers(grant):
            for policy in () if caller.service_only else caller.policies:
                if not policy.aws_managed and any(names_pass_role(statement) for statement in statements([policy])):
                    policies, holders = found.setdefault(policy.address, ([], []))
                    policies += [policy] if policy not in policies else []
                    holders += [caller] if caller not in holders else []
    for address, (policies, holders) in found.items():
        yield PassingPolicy(address, policies[0].place, tuple(policies), tuple(holders))


def names_pass_role(statement: Statement) -> bool:
    """Return whether a statement allows ``iam:PassRole`` by name or ``iam:Pass*``: ``iam:*`` is an administrator's."""
    if statement.effect != "Allow" or statement.not_actions or isinstance(statement.actions, Unresolved):
        return False
    return any(_is_pass_role(value) for value in statement.actions)


def _is_pass_role(action: Str) -> bool:
    known = action.partition("*")[0].partition("?")[0] if isinstance(action, str) else ""
    return len(known) > len("iam:") and matches(action, PASS_ROLE, fold_case=True) is True


def is_hole(passing: PassingPolicy) -> tuple[Truth, tuple[str, ...]]:
    """Return whether the policy lets one of its holders pass any role to any service, and who these are."""
    opens = any_true(_opens(statement) for statement in statements(passing.policies) if names_pass_role(statement))
    if opens is False:
        return False, ()
    answers = {caller.name: all_true([opens, _stays_open(caller)]) for caller in passing.callers}
    return any_true(answers.values()), tuple(name for name, answer in answers.items() if answer is True)


def hole_focus(passing: PassingPolicy) -> Focus | None:
    """Return where a policy lets any role be passed to any service."""
    return written(
        passing.policies,
        lambda statement: names_pass_role(statement) and _opens(statement) is True,
        "resources",
    )


def _opens(statement: Statement) -> Truth:
    """Return whether a statement by itself lets any role be passed to any service."""
    return all_true([_takes_in_every_role(statement), _serves_any(statement)])


def _takes_in_every_role(statement: Statement) -> Truth:
    if isinstance(statement.resources, Unresolved):
        return statement.resources
    if statement.not_resources:
        return all_true(_spares_most(value) for value in statement.resources)
    return any_true(_is_every_role(resource) for resource in statement.resources)


def _is_every_role(resource: Str) -> Truth:
    """A reference or a pattern that is known in part means some roles; what is not known at all may mean all."""
    if isinstance(resource, Unresolved):
        return resource
    return arn_matches(resource, _EVERY_ROLE) is True


def _spares_most(resource: Str) -> Truth:
    every = _is_every_role(resource)
    return every if isinstance(every, Unresolved) else not every


def _serves_any(statement: Statement) -> Truth:
    if any(key.startswith(_NARROWING) for key in condition_keys(statement)):
        return False
    alone = replace(statement, resources=("*",), not_resources=False)
    return all_true(statement_applies(alone, request) for request in _requests())


def _stays_open(caller: Caller) -> Truth:
    """Return whether nothing in sight takes it back, and nothing else makes the caller an administrator anyway."""
    others = [
        statement
        for statement in statements(caller.policies)
        if statement.effect == "Allow" and not names_pass_role(statement)
    ]
    if any(statement_applies(other, request) is True for other in others for request in _requests()):
        return False
    return all_true(_is_allowed(caller, request) for request in _requests())


def _is_allowed(caller: Caller, request: Request) -> Truth:
    return truth_of(decide(caller.policies, request, boundary=caller.boundary))


def _requests() -> Sequence[Request]:
    """Return requests to pass a role that has nothing to do with restores, to services that haven't either."""
    known: dict[str, tuple[Str, ...]] = {
        "aws:principalaccount": (THIS_ACCOUNT,),
        "aws:principalisawsservice": ("false",),
        "aws:resourceaccount": (THIS_ACCOUNT,),
        "aws:securetransport": ("true",),
    }
    return [
        Request(PASS_ROLE, _UNRELATED, context={**known, "iam:passedtoservice": (service,)}) for service in _SERVICES
    ]
