"""In which accounts of an organization does the effective backup policy fail AWS's checks?"""

from __future__ import annotations

from msgspec.structs import replace

from restore_ready.live import _organization_rows as rows
from restore_ready.live._account_roster import INVALID_POLICIES
from restore_ready.live._walk import UnansweredError, Walk
from restore_ready.model import Fact


def list_invalid_policies(walk: Walk) -> Fact:
    """Return the fact `INVALID_POLICIES`; if the call fails, it is unknown for its reason."""
    try:
        listed = walk.ask(rows.INVALID, {})
    except UnansweredError as error:
        return replace(error.fact, id=INVALID_POLICIES, params={}, data={})
    return replace(listed, id=INVALID_POLICIES, params={})
