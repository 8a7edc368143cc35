"""Lists the service control policies of an organization, and the accounts that each is attached to or inherited by.

A member account can't ask this of itself: AWS answers the management account and those it delegated to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, Final

from restore_ready.live._answers import iso
from restore_ready.live._facts import Fact, Status
from restore_ready.live._plan import ROWS
from restore_ready.live._roll import CONTROLS
from restore_ready.live._row import Level, Pages, Row, under
from restore_ready.live._walk import PER_SECOND, UnansweredError, Walk

_PAGES: Final = Pages("NextToken", "NextToken", "MaxResults", 20)
_LISTED: Final = Row(
    "controls",
    "organizations:ListPolicies",
    Level.ACCOUNT,
    under("Policies", "Id Arn Name AwsManaged"),
    "which service control policies the organization has",
    given={"Filter": "SERVICE_CONTROL_POLICY"},
    pages=_PAGES,
    per_second=PER_SECOND,
)
_TARGETS: Final = Row(
    "control_targets",
    "organizations:ListTargetsForPolicy",
    Level.CONTROL,
    under("Targets", "TargetId Type"),
    "what a service control policy is attached to",
    about={"PolicyId": "Id"},
    pages=_PAGES,
    per_second=PER_SECOND,
)
_CONTENT: Final = ROWS["service_control"]

CONTROL_ROWS: Final = (_LISTED, _TARGETS, _CONTENT)


def list_controls(walk: Walk) -> Fact:
    """Return the fact `CONTROLS`: every service control policy but AWS's own, with the accounts that it binds.

    An entry has ``Arn``, ``Name``, ``Content`` and ``Accounts``, or ``Everybody`` instead where it is attached to the
    root. If one of the calls fails, the fact is unknown for its reason.
    """
    now = iso(datetime.now(timezone.utc))
    try:
        listed = walk.ask(_LISTED, {})
        own = [one for one in listed.data.get("Policies", ()) if one.get("AwsManaged") is not True]
        policies = [{**one, **_content(walk, one), **_bound(walk, one)} for one in own]
    except UnansweredError as error:
        return replace(error.fact, id=CONTROLS, account=walk.asker.account, params={}, data={})
    return replace(listed, id=CONTROLS, status=Status.OK, params={}, data={"Policies": policies}, at=now)


def _content(walk: Walk, policy: Mapping[str, Any]) -> dict[str, Any]:
    return {"Content": walk.ask(_CONTENT, policy).data["Policy"].get("Content", "")}


def _bound(walk: Walk, policy: Mapping[str, Any]) -> dict[str, Any]:
    targets = walk.ask(_TARGETS, policy).data.get("Targets", ())
    if any(one.get("Type") == "ROOT" for one in targets):
        return {"Everybody": True}
    return {"Accounts": sorted(set(_accounts(walk, targets)))}


def _accounts(walk: Walk, targets: list[Mapping[str, Any]]) -> Iterator[str]:
    for one in targets:
        if one.get("Type") == "ACCOUNT":
            yield str(one["TargetId"])
    units = tuple(str(one["TargetId"]) for one in targets if one.get("Type") == "ORGANIZATIONAL_UNIT")
    yield from (str(one["Id"]) for one in walk.below(units))
