"""Does a role's trust policy let an AWS service assume the role?"""

from __future__ import annotations

from typing import Final

from restore_ready.iam._decision import Allowed, Denied
from restore_ready.iam._evaluate import evaluate
from restore_ready.iam._identity import Identity
from restore_ready.iam._request import Request
from restore_ready.model import THIS_ACCOUNT, THIS_REGION, Place, Policy, PolicyDocument, Str, Text, Truth, Unresolved

_NOT_SENT: Final = frozenset(
    {"aws:multifactorauthage", "aws:multifactorauthpresent", "aws:principalarn", "aws:userid", "sts:externalid"},
)
_SOME_RESOURCE: Final = Unresolved("on behalf of which resource the service calls is not known")
_NOWHERE: Final = Place("", 0, 0)


def lets_service_assume(trust: PolicyDocument, service: str) -> Truth:
    """Return whether *trust* lets *service*, such as ``backup.amazonaws.com``, call ``sts:AssumeRole``.

    The service calls on behalf of this account, so ``aws:SourceAccount`` is this account, which any account id may
    mean, and ``aws:SourceArn`` some ARN of the service in it (IAM User Guide, "The confused deputy problem").
    """
    source: Str = Text((f"arn:aws:{service.partition('.')[0]}:{THIS_REGION}:{THIS_ACCOUNT}:", _SOME_RESOURCE))
    context = {"aws:sourceaccount": (THIS_ACCOUNT,), "aws:sourcearn": (source,)}
    request = Request("sts:AssumeRole", "*", context=context, absent=_NOT_SENT)
    policy = Policy("", _NOWHERE, "trust policy", trust)
    outcome = evaluate(Identity(service, None), request, resource_policy=policy).outcome
    if isinstance(outcome, (Allowed, Denied)):
        return isinstance(outcome, Allowed)
    return Unresolved(outcome.why)
