"""What IAM would say to a principal that starts a restore and passes a role for it, all kinds of policies weighed.

The call is taken as it should be made: by a person or program of the account, over TLS, signed in with multi-factor
authentication. From where, when and in which Region stays open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from restore_ready._controls import doubtful_controls, service_controls
from restore_ready._model import Estate, Policy, Principal, VaultPolicy
from restore_ready._policy import Condition, PolicyDocument, PrincipalEntry, StatementEntry
from restore_ready._restore import BACKUP_SERVICE, PASS_ROLE, START_RESTORE
from restore_ready._values import THIS_ACCOUNT, Ref, Str, Text, Unresolved, join_text
from restore_ready.iam import (
    EVERY_RECOVERY_POINT,
    Allowed,
    Cause,
    Denied,
    Identity,
    Request,
    Ruling,
    Stage,
    Undecided,
    evaluate,
)
from restore_ready.iam._arns import account_of

_CALL: Final[dict[str, tuple[Str, ...]]] = {
    "aws:multifactorauthage": ("1",),
    "aws:multifactorauthpresent": ("true",),
    "aws:principalisawsservice": ("false",),
    "aws:securetransport": ("true",),
    "aws:viaawsservice": ("false",),
}
_NOT_SENT: Final = frozenset(
    {
        "aws:calledvia",
        "aws:calledviafirst",
        "aws:calledvialast",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
    }
)
"""Condition keys that only calls made by AWS services carry."""

_LIMITS: Final = (Stage.BOUNDARY, Stage.SERVICE_CONTROL, Stage.RESOURCE_CONTROL, Stage.SESSION)


def may_start(principal: Principal, estate: Estate, vault_policy: VaultPolicy | None = None) -> Ruling:
    """Rule whether *principal* may start the restore of any recovery point, here under a vault's policy if given."""
    policy = None if vault_policy is None else _as_policy(vault_policy, principal, estate)
    return _rule(principal, _request(principal, START_RESTORE, EVERY_RECOVERY_POINT), estate, policy)


def may_pass(principal: Principal, role: Str, estate: Estate, address: str = "") -> Ruling:
    """Rule whether *principal* may pass the role with the ARN *role*, at *address* in the estate, to AWS Backup."""
    request = _request(principal, PASS_ROLE, role, address)
    return _rule(
        principal, replace(request, context={**request.context, "iam:passedtoservice": (BACKUP_SERVICE,)}), estate
    )


def takes_away(ruling: Ruling) -> bool:
    """Tell whether something forbids the request that is no mere lack of an Allow in the identity policies."""
    decision = ruling.decision
    return isinstance(decision, Denied) and (decision.by is not None or ruling.stage in _LIMITS)


def deciding(ruling: Ruling) -> Cause | None:
    """Return the statement that decided, if one did."""
    decision = ruling.decision
    return decision.allowed_by if isinstance(decision, Undecided) else decision.by


def own_arn(principal: Principal) -> Str:
    """Return the principal's ARN, a name that is not known put as a reference, which equals only itself."""
    arn = principal.arn
    if isinstance(arn, Text) and isinstance(arn.parts[-1], Unresolved):
        return join_text((*arn.parts[:-1], Ref(principal.address, "name")))
    return arn


def _request(principal: Principal, action: str, resource: Str, address: str = "") -> Request:
    arn = own_arn(principal)
    context = {
        **_CALL,
        "aws:principalaccount": (account_of(arn) or THIS_ACCOUNT,),
        "aws:principalarn": (arn,),
        "aws:resourceaccount": (THIS_ACCOUNT,),
    }
    return Request(action, resource, address, context, _NOT_SENT)


def _rule(principal: Principal, request: Request, estate: Estate, vault_policy: Policy | None = None) -> Ruling:
    """Weigh everything; a service control policy that only may bind can make an Allow undecided, not more."""
    identity = replace(Identity.of(principal, service_controls(principal, estate)), arn=own_arn(principal))
    ruling = evaluate(identity, request, resource_policy=vault_policy)
    if not isinstance(ruling.decision, Allowed):
        return ruling
    for doubtful in doubtful_controls(principal, estate):
        levels = (*identity.service_controls, doubtful.level)
        limited = evaluate(replace(identity, service_controls=levels), request, resource_policy=vault_policy)
        if isinstance(limited.decision, Denied):
            why = f"{limited.decision.why} if it binds: {doubtful.why}"
            return Ruling(Undecided(why, ruling.decision.by), Stage.SERVICE_CONTROL, limited.trace)
    return ruling


def _as_policy(vault_policy: VaultPolicy, principal: Principal, estate: Estate) -> Policy:
    document = vault_policy.document
    if isinstance(document, PolicyDocument):
        in_sight = _InSight(principal.address, own_arn(principal), estate.derived(_addresses))
        entries = tuple(in_sight.in_entry(one) for one in document.statements)
        document = replace(document, statements=entries)
    return Policy(vault_policy.address, vault_policy.place, vault_policy.vault, document)


def _addresses(estate: Estate) -> frozenset[str]:
    return frozenset(one.address for one in estate.principals)


@dataclass(frozen=True, slots=True)
class _InSight:
    """Writes references to principals of the estate as ARNs, of which a caller can tell whether it is meant.

    Attributes:
        caller: the address of the principal that calls; *arn* is its ARN.
        principals: the addresses of all principals of the estate.
    """

    caller: str
    arn: Str
    principals: frozenset[str]

    def in_entry(self, entry: StatementEntry) -> StatementEntry:
        """Return a statement with ARNs for references."""
        if isinstance(entry, Unresolved):
            return entry
        principals, conditions = entry.principals, entry.conditions
        if isinstance(principals, tuple):
            principals = tuple(PrincipalEntry(one.kind, self._written(one.value)) for one in principals)
        if isinstance(conditions, tuple):
            conditions = tuple(self._in_condition(one) for one in conditions)
        return replace(entry, principals=principals, conditions=conditions)

    def _in_condition(self, condition: Condition) -> Condition:
        values = condition.values
        return (
            condition
            if isinstance(values, Unresolved)
            else replace(condition, values=tuple(map(self._written, values)))
        )

    def _written(self, value: Str) -> Str:
        if not isinstance(value, Ref) or value.target not in self.principals:
            return value
        return self.arn if value.target == self.caller else f"arn:aws:iam::{THIS_ACCOUNT}:another/{value.target}"
