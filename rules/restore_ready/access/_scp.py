"""Which service control policies limit a principal, for certain or perhaps.

A policy binds the accounts it is attached to and those below the units and roots it is attached to, except the
organization's management account (AWS Organizations User Guide, "Service control policies"). Resource control policies
are left out: they reach neither AWS Backup nor IAM ("Resource control policies", list of services).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from restore_ready.iam import Level
from restore_ready.iam._arns import account_of, is_account
from restore_ready.model import (
    THIS_ACCOUNT,
    ControlKind,
    Estate,
    Known,
    OrganizationControl,
    Policy,
    Principal,
    Ref,
    Str,
    Truth,
    Unresolved,
    any_true,
    show,
    unresolved_reason,
)
from restore_ready.model._why_open import BINDS_THE_ACCOUNT


class Doubtful(Struct, frozen=True):
    """A service control policy that may bind a principal, and what keeps that from being certain."""

    level: Level
    why: str


def service_controls(principal: Principal, estate: Estate) -> tuple[Level, ...]:
    """Return the service control policies attached to the account of *principal*, as a level each."""
    return tuple(_level(policy) for policy, binds in _about(principal, estate) if binds is True)


def doubtful_controls(principal: Principal, estate: Estate) -> tuple[Doubtful, ...]:
    """Return the service control policies of which it is open whether they bind *principal*."""
    found = ((policy, binds) for policy, binds in _about(principal, estate))
    return tuple(Doubtful(_level(policy), binds.why) for policy, binds in found if isinstance(binds, Unresolved))


def _about(principal: Principal, estate: Estate) -> Iterator[tuple[OrganizationControl, Truth]]:
    account = account_of(principal.arn) or THIS_ACCOUNT
    for control in estate.controls:
        if control.kind is ControlKind.SERVICE:
            yield control, _binds(control.targets, account, estate.home.arn_account)


def _binds(targets: Known[tuple[Str, ...]], account: str, own: str) -> Truth:
    if isinstance(targets, Unresolved):
        return Unresolved(f"what it is attached to is not known ({targets.why}), {BINDS_THE_ACCOUNT.words}")
    return any_true(_reaches(own if target == THIS_ACCOUNT else target, account) for target in targets)


def _reaches(target: Str, account: str) -> Truth:
    if target == account:
        return True
    if is_account(target):
        if THIS_ACCOUNT not in (target, account):
            return False
        return Unresolved(f"whether {show(target)} is the account deployed to is not known")
    name = target.target if isinstance(target, Ref) else show(target) if isinstance(target, str) else ""
    if not name:
        return Unresolved(
            f"what it is attached to is not known ({unresolved_reason(target)}), {BINDS_THE_ACCOUNT.words}"
        )
    return Unresolved(
        f"whether the account lies in {name}, which it is attached to, is not known, {BINDS_THE_ACCOUNT.words}"
    )


def _level(control: OrganizationControl) -> Level:
    return Level((Policy(control.address, control.place, control.name, control.document, places=control.places),))
