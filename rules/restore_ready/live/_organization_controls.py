"""Which service control policies has an organization, and which accounts does each bind?

A member account can't ask this of itself: AWS answers the management account and those it delegated to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from msgspec.structs import replace

from restore_ready.live import _organization_rows as rows
from restore_ready.live._account_roster import CONTROLS
from restore_ready.live._answers import iso
from restore_ready.live._walk import UnansweredError, Walk
from restore_ready.model import Fact, Status


def list_controls(walk: Walk) -> Fact:
    """Return the fact `CONTROLS`: every service control policy but AWS's own, with the accounts that it binds.

    An entry has ``Arn``, ``Name``, ``Content`` and ``Accounts``, or ``Everybody`` instead where it is attached to the
    root. If one of the calls fails, the fact is unknown for its reason.
    """
    now = iso(datetime.now(timezone.utc))
    try:
        listed = walk.ask(rows.CONTROLS, {})
        own = [policy for policy in listed.data.get("Policies", ()) if policy.get("AwsManaged") is not True]
        policies = [{**policy, **_content_and_accounts(walk, policy)} for policy in own]
    except UnansweredError as error:
        return replace(error.fact, id=CONTROLS, account=walk.asker.account, params={}, data={})
    return replace(listed, id=CONTROLS, status=Status.OK, params={}, data={"Policies": policies}, at=now)


def _content_and_accounts(walk: Walk, policy: Mapping[str, Any]) -> dict[str, Any]:
    content = walk.ask(rows.CONTROL, policy).data["Policy"].get("Content", "")
    targets = walk.ask(rows.CONTROL_TARGETS, policy).data.get("Targets", ())
    if any(target.get("Type") == "ROOT" for target in targets):
        return {"Content": content, "Everybody": True}
    return {"Content": content, "Accounts": sorted(set(_accounts(walk, targets)))}


def _accounts(walk: Walk, targets: list[Mapping[str, Any]]) -> Iterator[str]:
    for target in targets:
        if target.get("Type") == "ACCOUNT":
            yield str(target["TargetId"])
    units = tuple(str(target["TargetId"]) for target in targets if target.get("Type") == "ORGANIZATIONAL_UNIT")
    yield from (str(account["Id"]) for account in walk.below(units))
