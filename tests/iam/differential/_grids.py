"""Cases of one statement each: everything that may stand in an element, against every request it may meet."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from tests.iam.differential import _pools as pools
from tests.iam.differential._iam_cases import Case

FULL: Final = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_KINDS: Final = {arn: action for action, arn in pools.REQUESTS}


def grids() -> Iterator[Case]:
    """Yield all of them."""
    yield from _conditions()
    yield from _resources()
    yield from _actions()
    yield from _principals()


def _asked(action: str, arn: str, who: str = pools.USER, **more: object) -> Case:
    return {"who": who, "action": action, "on": arn.format(pools.OWN), "sent": {}, "identity": [], **more}


def _conditions() -> Iterator[Case]:
    """Each operator with each modifier in each state of a condition key."""
    for key, operators, wanted, states in pools.GRID:
        for operator, modifier, state in itertools.product(operators, pools.MODIFIERS, states):
            if operator == "Null" and modifier != "{}":
                continue
            values = ("true",) if operator == "Null" else wanted
            statement = {**FULL, "Condition": {modifier.format(operator): {key: list(values)}}}
            case = _asked(*pools.REQUESTS[0], identity=[[statement]], sent={} if state is None else {key: state})
            yield case
            if "$" in wanted[0] and modifier == "{}":
                yield {**case, "old": True}


def _resources() -> Iterator[Case]:
    """Each pattern of a resource in Resource and NotResource, for each kind of resource."""
    sent = {"aws:PrincipalTag/team": "service"}
    for pattern, (arn, action) in itertools.product(pools.RESOURCES, _KINDS.items()):
        for element in ("Resource", "NotResource"):
            statement = {"Effect": "Allow", "Action": "*", element: pattern}
            resource = [{**FULL, "Principal": {"AWS": pools.OWN}}]
            if action.startswith("kms:"):
                yield _asked(action, arn, identity=[[statement]], sent=sent, resource=resource)
            elif not action.startswith("sts:"):
                yield _asked(action, arn, identity=[[statement]], sent=sent)


def _actions() -> Iterator[Case]:
    """Each pattern of an action in Action and NotAction, for each action."""
    for action, arn in dict.fromkeys(pools.REQUESTS):
        service = action.partition(":")[0]
        for pattern in (*pools.ACTIONS[service], *pools.OTHER_ACTIONS) if service not in ("kms", "sts") else ():
            for element in ("Action", "NotAction"):
                yield _asked(action, arn, identity=[[{"Effect": "Allow", element: pattern, "Resource": "*"}]])


def _principals() -> Iterator[Case]:
    """Each principal that policies of vaults and keys name, for each who asks, with and without a boundary."""
    asking = itertools.product(
        dict.fromkeys(pools.WHO), ("*", *pools.PRINCIPALS), ("backup:StartRestoreJob", "kms:Decrypt")
    )
    for who, named, action in asking:
        arn = dict(pools.REQUESTS)[action]
        allow = {"Effect": "Allow", "Principal": named, "Action": "*", "Resource": "*"}
        deny = {"Effect": "Deny", "NotPrincipal": named, "Action": "*", "Resource": "*"}
        everyone = {**FULL, "Principal": "*"}
        yield _asked(action, arn, who, resource=[allow])
        yield _asked(action, arn, who, resource=[everyone, deny])
        if who != pools.SERVICE:
            yield _asked(action, arn, who, resource=[allow], identity=[[FULL]])
            yield _asked(action, arn, who, resource=[allow], boundary=[{**FULL, "Action": "s3:*"}])
