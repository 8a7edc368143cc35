"""May a principal do it? By its own policies alone, or by a resource's policy alone."""

from __future__ import annotations

from collections.abc import Iterable

from restore_ready.iam._access import weigh_own
from restore_ready.iam._decision import Outcome
from restore_ready.iam._identity import Authority, Identity
from restore_ready.iam._request import Request
from restore_ready.iam._trace import Asked
from restore_ready.iam._weigh import needs, weigh
from restore_ready.model import Policy, Unresolved


def decide(
    policies: Iterable[Policy],
    request: Request,
    *,
    boundary: Policy | Unresolved | None = None,
    unread: Iterable[Unresolved] = (),
) -> Outcome:
    """Decide whether a principal with these identity *policies* may make *request*, whoever it is.

    Of the request only is known what it says itself. `evaluate` weighs everything that is known of who asks.

    Args:
        policies: every identity policy attached to the principal.
        request: what is asked.
        boundary: its permissions boundary, which has to allow the request as well.
        unread: reasons why it may hold further policies; these may allow and may deny.
    """
    nobody = Identity(Unresolved("who asks is not given"), None, tuple(policies), tuple(unread), boundary)
    says, votes = weigh_own(nobody, Asked(request))
    return weigh(says, needs(Authority.EITHER, votes, same_account=True)).outcome
