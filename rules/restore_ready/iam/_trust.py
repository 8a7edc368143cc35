"""Does a role's trust policy let an AWS service assume the role?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from restore_ready.iam._decision import Allowed, Denied
from restore_ready.iam._evaluate import evaluate
from restore_ready.iam._identity import Identity
from restore_ready.iam._request import Request
from restore_ready.model import THIS_ACCOUNT, THIS_REGION, Place, Policy, PolicyDocument, Str, Text, Truth, Unresolved
from restore_ready.model._why_open import UNDOCUMENTED

_NOT_SENT: Final = frozenset(
    {"aws:multifactorauthage", "aws:multifactorauthpresent", "aws:principalarn", "aws:userid", "sts:externalid"},
)
_SOME_RESOURCE: Final = Unresolved("on behalf of which resource the service calls is not known")
_NOWHERE: Final = Place("", 0, 0)
_POLICIES_KEPT: Final = 256


@lru_cache(maxsize=_POLICIES_KEPT)
def lets_service_assume(trust: PolicyDocument, service: str) -> Truth:
    """Return whether *trust* lets *service*, such as ``backup.amazonaws.com``, call ``sts:AssumeRole``.

    If the service says on behalf of whom it calls, ``aws:SourceAccount`` is this account, which any account id may
    mean, and ``aws:SourceArn`` some ARN of the service in it (IAM User Guide, "The confused deputy problem"). Whether
    AWS Backup says so when it assumes a role is not documented, so what depends on that is open.
    """
    source: Str = Text((f"arn:aws:{service.partition('.')[0]}:{THIS_REGION}:{THIS_ACCOUNT}:", _SOME_RESOURCE))
    said = _assumes(trust, service, {"aws:sourceaccount": (THIS_ACCOUNT,), "aws:sourcearn": (source,)}, _NOT_SENT)
    unsaid = _assumes(trust, service, {}, _NOT_SENT | {"aws:sourceaccount", "aws:sourcearn"})
    if isinstance(said, bool) and isinstance(unsaid, bool) and said is not unsaid:
        return Unresolved(
            f"it depends on aws:SourceAccount or aws:SourceArn, and whether {service} sends them {UNDOCUMENTED.words}"
        )
    return said if isinstance(said, Unresolved) else unsaid


def _assumes(
    trust: PolicyDocument, service: str, context: Mapping[str, tuple[Str, ...]], absent: frozenset[str]
) -> Truth:
    request = Request("sts:AssumeRole", "*", context=context, absent=absent)
    policy = Policy("", _NOWHERE, "trust policy", trust)
    outcome = evaluate(Identity(service, None), request, resource_policy=policy).outcome
    if isinstance(outcome, (Allowed, Denied)):
        return isinstance(outcome, Allowed)
    return Unresolved(outcome.why)
