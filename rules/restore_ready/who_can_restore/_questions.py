"""What AWS's policy simulator is asked, so that it can be compared with our own answers: a call for each principal.

Both actions and all resources of a principal go into one call. The simulator is told of the request what we take to be
known of it ourselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from restore_ready.access._constants import BACKUP_SERVICE, PASS_ROLE, START_RESTORE
from restore_ready.access._restore_grants import restore_grants
from restore_ready.access._restore_roles import restore_roles
from restore_ready.history._records import usable_points
from restore_ready.index import EstateIndex
from restore_ready.model import Estate, Fact, Principal, PrincipalKind, Reading, Requirements
from restore_ready.readers.account import read_account
from restore_ready.who_can_restore._candidates import in_question
from restore_ready.who_can_restore._paths import chains

_ASKABLE: Final = frozenset({PrincipalKind.USER, PrincipalKind.ROLE, PrincipalKind.GROUP})
_MOST_POINTS: Final = 5
_ACCOUNT, _RESOURCE = 4, 5
"""Where the account and the resource stand in an ARN."""

_ANY_POINT: Final = "recovery-point:00000000-0000-0000-0000-000000000000"
"""Stands for a recovery point where a Region has none: the simulator compares ARNs, and looks for nothing behind."""

_CONTEXT: Final = (
    ("iam:PassedToService", "string", BACKUP_SERVICE),
    ("aws:MultiFactorAuthAge", "numeric", "1"),
    ("aws:MultiFactorAuthPresent", "boolean", "true"),
    ("aws:PrincipalIsAWSService", "boolean", "false"),
    ("aws:SecureTransport", "boolean", "true"),
    ("aws:ViaAWSService", "boolean", "false"),
)
"""What is known of the call: as `restore_ready.access._decisions` takes it."""


class Question(Struct, frozen=True):
    """What is asked about one principal.

    Attributes:
        points: ARNs of recovery points to start the restore of, one of each Region.
        roles: ARNs of restore roles to pass.
    """

    principal: str
    points: tuple[str, ...]
    roles: tuple[str, ...]

    def parameters(self) -> Mapping[str, Any]:
        """Return the parameters of the call."""
        account = self.principal.split(":", _RESOURCE)[_ACCOUNT]
        own = [("aws:ResourceAccount", "string", account), ("aws:PrincipalAccount", "string", account)]
        own += [] if ":group/" in self.principal else [("aws:PrincipalArn", "string", self.principal)]
        return {
            "PolicySourceArn": self.principal,
            "ActionNames": [START_RESTORE, PASS_ROLE] if self.roles else [START_RESTORE],
            "ResourceArns": [*self.points, *self.roles],
            "ContextEntries": [
                {"ContextKeyName": name, "ContextKeyType": kind, "ContextKeyValues": [value]}
                for name, kind, value in (*own, *_CONTEXT)
            ],
        }


def simulator_questions(facts: Sequence[Fact], requirements: Requirements) -> Iterator[Mapping[str, Any]]:
    """Yield the parameters of the calls of ``iam:SimulatePrincipalPolicy`` about the account that *facts* are of."""
    for question in questions(read_account(facts), requirements):
        yield question.parameters()


def questions(reading: Reading, requirements: Requirements) -> Iterator[Question]:
    """Yield what is asked about each principal that may start a restore or is meant to."""
    estates = [EstateIndex.of(estate) for estate in reading.estates]
    points = tuple(dict.fromkeys(map(_point, filter(_has_file_systems, estates))))[:_MOST_POINTS]
    roles: dict[str, dict[str, None]] = {}
    for estate in estates if points else ():
        for principal in _asked(estate, requirements):
            roles.setdefault(principal.address, {})
        for found in chains(estate, requirements):
            for chain in found.chains:
                if chain.role is not None and isinstance(chain.role.arn, str):
                    roles.setdefault(chain.principal.address, {})[chain.role.arn] = None
    for principal in estates[0].principals if estates else ():
        if principal.address in roles and principal.kind in _ASKABLE and isinstance(principal.arn, str):
            yield Question(principal.arn, points, tuple(roles[principal.address]))


def _asked(estate: EstateIndex, requirements: Requirements) -> Iterator[Principal]:
    grants = tuple(restore_grants(estate, requirements))
    return in_question(estate, requirements, grants, restore_roles(estate, requirements, grants))


def _has_file_systems(estate: Estate) -> bool:
    return bool(estate.file_systems or estate.lost_file_systems)


def _point(estate: EstateIndex) -> str:
    """Return the ARN of the newest recovery point of a Region, or of one that there might be."""
    every = (*estate.file_systems, *estate.lost_file_systems)
    found = [point for file_system in every for point in usable_points(file_system, estate)]
    newest = max(found, key=lambda point: point.created, default=None)
    return estate.home.arn("backup", _ANY_POINT) if newest is None else newest.arn
