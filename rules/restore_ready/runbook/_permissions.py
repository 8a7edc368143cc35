"""Which permissions do the steps of a runbook need, and which of them does somebody who can start a restore lack?

What an action is authorized on: Service Authorization Reference, "AWS Backup", "Amazon Elastic File System".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import islice
from typing import Any, Final

from msgspec import Struct

from restore_ready.access._decisions import may_do, may_on_points, truth_of
from restore_ready.index import EstateIndex
from restore_ready.model import THIS_ACCOUNT, AwsPlace, Principal, Truth, Unresolved, all_true

_MOST_PEOPLE: Final = 50
_MOST_VAULTS: Final = 5
_NEW: Final = "file-system/fs-00000000000000000"
"""Stands for a file system that is still to be made: what is granted for the old one does not reach it."""


class On(Enum):
    """What an action is authorized on."""

    ANYTHING = "*"
    VAULT = "vault"
    POINT = "recovery point"
    NEW = "new file system"


class Need(Struct, frozen=True):
    """What one step needs."""

    step: str
    on: On
    actions: tuple[str, ...]


class NeedRow(Struct, frozen=True):
    """What one step needs, and who can start a restore but lacks it.

    Attributes:
        lacking: names, each with the actions that are lacking.
        not_certain: names of those of whom that is not known.
    """

    step: str
    actions: tuple[str, ...]
    lacking: tuple[tuple[str, tuple[str, ...]], ...]
    not_certain: tuple[str, ...]


_FIND: Final = Need("1 find the recovery point", On.VAULT, ("backup:ListRecoveryPointsByBackupVault",))
_FIND_MORE: Final = Need(
    "1 look into vaults that are not known here", On.ANYTHING, ("backup:ListRecoveryPointsByResource",)
)
_LIFT: Final = Need(
    "2 and 5 lift the Deny, put it back",
    On.VAULT,
    ("backup:GetBackupVaultAccessPolicy", "backup:PutBackupVaultAccessPolicy"),
)
_DELETE: Final = Need("2 a policy that denies its replacement", On.VAULT, ("backup:DeleteBackupVaultAccessPolicy",))
_RESTORE: Final = Need("3 restore", On.POINT, ("backup:GetRecoveryPointRestoreMetadata", "backup:StartRestoreJob"))
_FOLLOW: Final = Need("3 follow the job", On.ANYTHING, ("backup:DescribeRestoreJob",))
_LOOK: Final = Need(
    "4 look at the old file system",
    On.ANYTHING,
    (
        "elasticfilesystem:DescribeAccessPoints",
        "elasticfilesystem:DescribeBackupPolicy",
        "elasticfilesystem:DescribeFileSystemPolicy",
        "elasticfilesystem:DescribeFileSystems",
        "elasticfilesystem:DescribeLifecycleConfiguration",
        "elasticfilesystem:DescribeMountTargets",
        "elasticfilesystem:DescribeMountTargetSecurityGroups",
        "elasticfilesystem:DescribeReplicationConfigurations",
    ),
)
_MAKE: Final = Need(
    "4 make what surrounds a new one",
    On.NEW,
    (
        "elasticfilesystem:CreateAccessPoint",
        "elasticfilesystem:CreateMountTarget",
        "elasticfilesystem:PutBackupPolicy",
        "elasticfilesystem:PutFileSystemPolicy",
        "elasticfilesystem:PutLifecycleConfiguration",
        "elasticfilesystem:TagResource",
        "elasticfilesystem:UpdateFileSystem",
    ),
)
_COVER: Final = Need("4 plans that name the old one", On.ANYTHING, ("backup:CreateBackupSelection",))
_NETWORK: Final = Need(
    "4 mount targets, and who is connected",
    On.ANYTHING,
    (
        "cloudwatch:GetMetricStatistics",
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
    ),
)
_COPY: Final = Need("1 copy back", On.ANYTHING, ("backup:DescribeCopyJob", "backup:StartCopyJob"))


def runbook_needs(*, denies: bool, deletes: bool, copies: bool) -> tuple[Need, ...]:
    """Return what the steps need beside ``iam:PassRole`` on the restore role.

    Args:
        denies: whether a vault denies restores, or may.
        deletes: whether a policy has to be deleted before another can be put.
        copies: whether copies can be brought back.
    """
    chosen = [
        _FIND,
        _FIND_MORE,
        *[_LIFT] * denies,
        *[_DELETE] * deletes,
        _RESTORE,
        _FOLLOW,
        _LOOK,
        _MAKE,
        _COVER,
        _NETWORK,
    ]
    return (*chosen, *[_COPY] * copies)


def needed_policy(needs: Iterable[Need], role: str) -> dict[str, Any]:
    """Return a policy that allows what the steps need, and the restore role with the ARN *role* to be passed."""
    actions = sorted({action for need in needs for action in need.actions})
    passed = role.replace(THIS_ACCOUNT, "*")
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Restore", "Effect": "Allow", "Action": actions, "Resource": "*"},
            {
                "Sid": "PassRestoreRole",
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": passed,
                "Condition": {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}},
            },
        ],
    }


class Permissions:
    """Asks who may do what the steps need, in one place and with its vaults."""

    def __init__(self, estate: EstateIndex, place: AwsPlace, vaults: Sequence[str]) -> None:
        """Take the names of the *vaults* that recovery points lie in."""
        self._estate = estate
        self._place = place
        self._vaults = vaults[:_MOST_VAULTS]

    def rows(self, people: Iterable[Principal], needs: Iterable[Need]) -> list[NeedRow]:
        """Return what each step needs, and which of *people* lack it."""
        asked = list(islice(people, _MOST_PEOPLE))
        return [self._row(need, asked) for need in needs]

    def _row(self, need: Need, people: Iterable[Principal]) -> NeedRow:
        lacking: list[tuple[str, tuple[str, ...]]] = []
        not_certain: list[str] = []
        for person in people:
            name = f"{person.kind.value} {person.label}"
            answers = {action: self._may(person, action, need.on) for action in need.actions}
            missing = tuple(action for action, answer in answers.items() if answer is False)
            if missing:
                lacking.append((name, missing))
            elif any(isinstance(answer, Unresolved) for answer in answers.values()):
                not_certain.append(name)
        return NeedRow(need.step, need.actions, tuple(lacking), tuple(not_certain))

    def _may(self, person: Principal, action: str, on: On) -> Truth:
        if on is On.POINT:
            return truth_of(may_on_points(person, action, self._estate).outcome)
        answers = [truth_of(may_do(person, action, resource, self._estate).outcome) for resource in self._resources(on)]
        return all_true(answers)

    def _resources(self, on: On) -> list[str]:
        if on is On.VAULT and self._vaults:
            return [self._place.arn("backup", f"backup-vault:{vault}") for vault in self._vaults]
        return [self._place.arn("elasticfilesystem", _NEW)] if on is On.NEW else ["*"]
