"""What IAM would say to a principal that starts a restore and passes a role for it, all kinds of policies weighed.

The call is taken as it should be made: by a person or program of the account, over TLS, signed in with multi-factor
authentication. From where, when and in which Region stays open.
"""

from __future__ import annotations

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
from restore_ready.model import (
    THIS_ACCOUNT,
    Estate,
    Place,
    Policy,
    PolicyDocument,
    Principal,
    Statement,
    Str,
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
_EVERYTHING: Final = Policy("", Place(""), "", PolicyDocument((Statement(0, "", "Allow", ("*",)),)))
_BESIDE: Final = "and whether another service control policy at its level does is not known"
_LIMITS: Final = (PolicyType.BOUNDARY, PolicyType.SERVICE_CONTROL, PolicyType.RESOURCE_CONTROL)


def truth_of(outcome: Outcome) -> Truth:
    """Return whether a request is allowed, by its outcome."""
    if isinstance(outcome, Allowed):
        return True
    return False if isinstance(outcome, Denied) else Unresolved(outcome.why)


def may_start(principal: Principal, estate: Estate) -> Decision:
    """Return the decision whether *principal* may start the restore of any recovery point, vaults left aside."""
    return _rule(principal, _request(START_RESTORE, EVERY_RECOVERY_POINT), estate)


def vault_lets(principal: Principal, vault_policy: VaultPolicy) -> Decision:
    """Return whether a vault's policy leaves it to *principal* to restore, as if all else allowed it everything."""
    boundary = None if principal.boundary is None else _EVERYTHING
    mightiest = replace(principal, policies=(_EVERYTHING,), unread=(), boundary=boundary)
    address = vault_policy.address
    policy = Policy(address, vault_policy.place, address, vault_policy.document)
    decision = evaluate(Identity.of(mightiest), _request(START_RESTORE, EVERY_RECOVERY_POINT), resource_policy=policy)
    why = doubt(vault_policy) if isinstance(decision.outcome, Denied) else ""
    return replace(decision, outcome=Undecided(why)) if why else decision


def may_pass(principal: Principal, role: Str, estate: Estate, address: str = "") -> Decision:
    """Return whether *principal* may pass the role with the ARN *role*, at *address* in the estate, to AWS Backup."""
    request = _request(PASS_ROLE, role, address)
    return _rule(
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


def _request(action: str, resource: Str, address: str = "") -> Request:
    account = account_of(resource) or THIS_ACCOUNT
    return Request(action, resource, address, {**_CALL, "aws:resourceaccount": (account,)}, NOT_SENT_DIRECTLY)


def _is_list_of_allowed(level: Level) -> bool:
    return any(statement.effect == "Allow" for statement in statements(level.policies))


def _rule(principal: Principal, request: Request, estate: Estate) -> Decision:
    """Return the decision; service control policies that only may bind can make an Allow undecided, not more."""
    identity = Identity.of(principal, service_controls(principal, estate))
    decision = evaluate(identity, request)
    if not isinstance(decision.outcome, Allowed):
        return decision
    for level in identity.service_controls:
        if _is_list_of_allowed(level):
            limited = evaluate(replace(identity, service_controls=(replace(level, complete=True),)), request)
            if isinstance(limited.outcome, Denied):
                why = f"{level.policies[0].address} does not allow it, {_BESIDE}"
                return Decision(Undecided(why, decision.outcome.by), PolicyType.SERVICE_CONTROL, limited.trace)
    for doubtful in doubtful_controls(principal, estate):
        limited = evaluate(replace(identity, service_controls=(*identity.service_controls, doubtful.level)), request)
        if isinstance(limited.outcome, Denied):
            why = f"{limited.outcome.why} if it binds: {doubtful.why}"
            return Decision(Undecided(why, decision.outcome.by), PolicyType.SERVICE_CONTROL, limited.trace)
    if estate.hidden_controls:
        why = f"the organization's service control policies are not known: {estate.hidden_controls}"
        return Decision(Undecided(why, decision.outcome.by), PolicyType.SERVICE_CONTROL, decision.trace)
    return decision
