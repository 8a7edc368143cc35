"""What IAM would say to a principal that starts a restore and passes a role for it, all kinds of policies weighed.

The call is taken as it should be made: by a person or program of the account, over TLS, signed in with multi-factor
authentication. From where, when and in which Region stays open.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from restore_ready.access._constants import BACKUP_SERVICE, PASS_ROLE, START_RESTORE
from restore_ready.access._scp import doubtful_controls, service_controls
from restore_ready.access._statements import statements
from restore_ready.iam import (
    EVERY_RECOVERY_POINT,
    NOT_SENT_DIRECTLY,
    Allowed,
    Cause,
    Decision,
    Denied,
    Identity,
    Level,
    Outcome,
    PolicyType,
    Request,
    Undecided,
    evaluate,
)
from restore_ready.iam._arns import account_of
from restore_ready.index import EstateIndex, asked_once
from restore_ready.model import (
    DOCUMENT,
    THIS_ACCOUNT,
    Estate,
    Focus,
    Place,
    Policy,
    PolicyDocument,
    Principal,
    Statement,
    Str,
    Text,
    Truth,
    Unresolved,
    VaultPolicy,
    doubt,
)

_CALL: Final[dict[str, tuple[Str, ...]]] = {
    "aws:multifactorauthage": ("1",),
    "aws:multifactorauthpresent": ("true",),
    "aws:principalisawsservice": ("false",),
    "aws:securetransport": ("true",),
    "aws:viaawsservice": ("false",),
}
EVERYTHING: Final = Policy("", Place(""), "", PolicyDocument((Statement(0, "", "Allow", ("*",)),)))
"""An identity policy that allows everything: what is refused in spite of it, something else refuses."""

_ANY_POINT: Final = Unresolved("not every recovery point is meant")
_MOST_PLACES: Final = 10
_BESIDE: Final = "and whether another service control policy at its level does is not known"
_LIMITS: Final = (PolicyType.BOUNDARY, PolicyType.SERVICE_CONTROL, PolicyType.RESOURCE_CONTROL)


def truth_of(outcome: Outcome) -> Truth:
    """Return whether a request is allowed, by its outcome."""
    if isinstance(outcome, Allowed):
        return True
    return False if isinstance(outcome, Denied) else Unresolved(outcome.why)


def may_start(principal: Principal, estate: EstateIndex, vault_policy: Policy | None = None) -> Decision:
    """Return the decision whether *principal* may start the restore of any recovery point.

    Of several Regions with recovery points, the one counts that it may most in. Vaults are left aside but for
    *vault_policy*, which may allow it as well.
    """
    return may_on_points(principal, START_RESTORE, estate, vault_policy)


def may_do(  # noqa: PLR0913,PLR0917  # a request has so many parts
    principal: Principal,
    action: str,
    resource: Str,
    estate: Estate,
    address: str = "",
    resource_policy: Policy | None = None,
) -> Decision:
    """Return the decision whether *principal* may do *action* on *resource*, at *address* in the estate."""
    return ruled(principal, _request(action, resource, address), estate, resource_policy)


def may_on_points(
    principal: Principal, action: str, estate: EstateIndex, vault_policy: Policy | None = None
) -> Decision:
    """Return the decision whether *principal* may do *action* with any recovery point of some place.

    Vaults are left aside, but for the one that has *vault_policy*.
    """
    if vault_policy is None:
        return _may_on_points(principal, action, estate)
    return max((ruled(principal, request, estate, vault_policy) for request in _on_points(action, estate)), key=_rank)


@asked_once
def _may_on_points(principal: Principal, action: str, estate: EstateIndex) -> Decision:
    return max((ruled(principal, request, estate) for request in _on_points(action, estate)), key=_rank)


def _on_points(action: str, estate: EstateIndex) -> Iterator[Request]:
    """Yield the request for *action* with any recovery point of each place."""
    places = estate.places_of_recovery_points[:_MOST_PLACES]
    return (_request(action, Text((place.arn("backup", "recovery-point:"), _ANY_POINT))) for place in places)


def _rank(decision: Decision) -> int:
    return 2 if isinstance(decision.outcome, Allowed) else int(isinstance(decision.outcome, Undecided))


def vault_lets(principal: Principal, vault_policy: VaultPolicy) -> Decision:
    """Return whether a vault's policy leaves it to *principal* to restore, as if all else allowed it everything."""
    boundary = None if principal.boundary is None else EVERYTHING
    mightiest = replace(principal, policies=(EVERYTHING,), unread=(), boundary=boundary)
    address = vault_policy.address
    policy = Policy(address, vault_policy.place, address, vault_policy.document, places=vault_policy.places)
    decision = evaluate(Identity.of(mightiest), _request(START_RESTORE, EVERY_RECOVERY_POINT), resource_policy=policy)
    why = doubt(vault_policy) if isinstance(decision.outcome, Denied) else ""
    return replace(decision, outcome=Undecided(why)) if why else decision


def may_pass(principal: Principal, role: Str, estate: Estate, address: str = "") -> Decision:
    """Return whether *principal* may pass the role with the ARN *role*, at *address* in the estate, to AWS Backup."""
    request = _request(PASS_ROLE, role, address)
    return ruled(
        principal, replace(request, context={**request.context, "iam:passedtoservice": (BACKUP_SERVICE,)}), estate
    )


def takes_away(decision: Decision) -> bool:
    """Return whether something forbids the request that is no mere lack of an Allow in the identity policies."""
    outcome = decision.outcome
    return isinstance(outcome, Denied) and (outcome.by is not None or decision.policy_type in _LIMITS)


def deciding(decision: Decision) -> Cause | None:
    """Return the statement that decided, if one did."""
    outcome = decision.outcome
    return outcome.allowed_by if isinstance(outcome, Undecided) else outcome.by


def refused_at(decision: Decision, principal: Principal) -> Focus | None:
    """Return where it is written that *principal* is refused: in the statement, or the boundary that does not allow."""
    cause, boundary = deciding(decision), principal.boundary
    if cause is None and decision.policy_type is PolicyType.BOUNDARY and isinstance(boundary, Policy):
        return boundary.places.of(DOCUMENT)
    return None if cause is None else cause.focus


def _request(action: str, resource: Str, address: str = "") -> Request:
    account = account_of(resource) or THIS_ACCOUNT
    return Request(action, resource, address, {**_CALL, "aws:resourceaccount": (account,)}, NOT_SENT_DIRECTLY)


def _is_list_of_allowed(level: Level) -> bool:
    return any(statement.effect == "Allow" for statement in statements(level.policies))


def ruled(
    principal: Principal, request: Request, estate: Estate, resource_policy: Policy | Unresolved | None = None
) -> Decision:
    """Return the decision on *request* by everything that grants to *principal* and limits it.

    Service control policies that only may bind it can make an Allow undecided, not more.
    """
    identity = Identity.of(principal, service_controls(principal, estate))
    decision = evaluate(identity, request, resource_policy=resource_policy)
    if not isinstance(decision.outcome, Allowed):
        return decision
    for levels, why in _further_limits(principal, identity.service_controls, estate):
        limited = evaluate(replace(identity, service_controls=levels), request, resource_policy=resource_policy)
        if not isinstance(limited.outcome, Allowed):
            return _undecided(
                decision,
                f"a policy may take it away: {limited.outcome.why} if it binds: {why}" if why else _not_listed(levels),
            )
    if estate.hidden_controls:
        return _undecided(
            decision, f"the organization's service control policies are not known: {estate.hidden_controls}"
        )
    return decision


def _further_limits(
    principal: Principal, certain: tuple[Level, ...], estate: Estate
) -> Iterator[tuple[tuple[Level, ...], str]]:
    """Yield levels that may limit *principal* as well, and why that is open; empty for a list of what is allowed."""
    for level in certain:
        if _is_list_of_allowed(level):
            yield (replace(level, complete=True),), ""
    for doubtful in doubtful_controls(principal, estate):
        yield (*certain, doubtful.level), doubtful.why


def _not_listed(levels: tuple[Level, ...]) -> str:
    return f"{levels[0].policies[0].address} does not allow it, {_BESIDE}"


def _undecided(allowed: Decision, why: str) -> Decision:
    by = deciding(allowed)
    return Decision(Undecided(why, by), PolicyType.SERVICE_CONTROL, allowed.trace)
