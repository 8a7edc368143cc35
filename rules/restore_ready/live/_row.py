"""What says a row of the fact plan? One read-only call, when it is made, and what of its answer is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, Final

from msgspec import Struct, field

BACKUP_LIST: Final = 19.0
"""Calls a second, below AWS's limit for each List call of AWS Backup, per account and Region.

AWS publishes 20 for each List call, 15 for each Get call and 50 for all of them
(https://docs.aws.amazon.com/general/latest/gr/bk.html). EFS publishes none and throttles early.
"""
BACKUP_GET: Final = 14.0
EFS: Final = 5.0
REGIONAL: Final = 10.0
SERVICE_RATES: Final = {"backup": 45.0}
"""Calls a second that an account makes to a service in a Region at most, whatever they ask."""

_ACCOUNT: Final = 4
"""Where the account stands in an ARN."""

_SERVICES: Final = {"elasticfilesystem": "efs"}
_WORD_STARTS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Level(Enum):
    """What a call is made for, in words that fit "once for each …"."""

    ACCOUNT = "account"
    NODE = "account, organizational unit and root above it"
    CHILD = "account and organizational unit above it"
    CONTROL = "service control policy"
    REGION = "Region"
    ACTIVE_REGION = "Region with file systems, vaults or plans"
    FILE_SYSTEM = "file system"
    VAULT = "vault"
    SHARED_VAULT = "vault that another account shares"
    PLAN = "backup plan"
    SELECTION = "selection"
    RESTORE_TEST_PLAN = "restore testing plan"
    RESTORE_TEST_SELECTION = "restore testing selection"
    SCHEDULE = "schedule of a function or task"
    EVENT_RULE = "scheduled event rule"
    RESTORED = "file system of a Region with restore jobs that don't name theirs"
    MOUNT_TARGET = "mount target"
    KEY = "KMS key of a file system, vault or recovery point"
    OPERATOR = "principal that may restore, with `audit --verify`"


GLOBAL_LEVELS = frozenset({Level.ACCOUNT, Level.NODE, Level.CHILD, Level.CONTROL, Level.OPERATOR})
"""Levels whose facts belong to no Region."""


def account_in(arn: object) -> str:
    """Return the account that an ARN names, empty where it names none."""
    fields = str(arn).split(":", _ACCOUNT + 1)
    return fields[_ACCOUNT] if len(fields) > _ACCOUNT else ""


class Pages(Struct, frozen=True):
    """How a list pages.

    Attributes:
        asked: the parameter that takes a token; *answered* is the field of the answer that has the next one.
        limit: the parameter for the size of a page; *size* is the largest that AWS takes.
    """

    asked: str
    answered: str
    limit: str
    size: int


BACKUP_PAGES: Final = Pages("NextToken", "NextToken", "MaxResults", 1000)
EFS_PAGES: Final = Pages("Marker", "NextMarker", "MaxItems", 100)
EVENTS_PAGES: Final = Pages("NextToken", "NextToken", "Limit", 100)


class Expansion(Struct, frozen=True):
    """Which further calls an answer leads to: those of *level*, for each entry of its list.

    Attributes:
        entries: the field of the answer that holds the list.
        names: fields to add to an entry, as new name to old; an entry without the old one is passed over.
        where: which entries lead to calls; all of them without it.
        accounts: fields to add that hold the account of an ARN, as new name to the field of the ARN.
    """

    entries: str
    level: Level
    names: Mapping[str, str] = field(default_factory=dict)
    where: Callable[[Mapping[str, Any]], bool] | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)

    def objects(self, data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield what the further calls are about."""
        for entry in data.get(self.entries, ()):
            named = {new: entry[old] for new, old in self.names.items() if entry.get(old)}
            if len(named) == len(self.names) and (self.where is None or self.where(entry)):
                owners = {new: account_in(entry.get(arn)) for new, arn in self.accounts.items()}
                yield {**entry, **named, **owners}


class Row(Struct, frozen=True):
    """One row of the fact plan.

    Attributes:
        id: the id of the facts that it gives.
        action: the call, by the name of the IAM action that allows it: ``backup:ListBackupVaults``.
        keep: the fields that are kept, as paths through structures and lists: ``FileSystems.FileSystemArn``.
            A path to a structure or map keeps all of it. All else is dropped, whatever it holds.
        serves: what the audit needs it for.
        about: the parameters that say what the call is about, with the field of the object that each comes from.
        given: the parameters that are always the same.
        absent: error codes with which AWS says that there is no such thing.
        own: paths to ARNs that must be of the account that was asked.
        per_second: how many of these calls an account makes in a Region at most.
        optional: whether an audit is complete without it.
    """

    id: str
    action: str
    level: Level
    keep: tuple[str, ...]
    serves: str
    about: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    pages: Pages | None = None
    expands: tuple[Expansion, ...] = ()
    own: tuple[str, ...] = ()
    per_second: float = 5
    optional: bool = False

    @property
    def service(self) -> str:
        """The service, as boto3 names it: ``efs``."""
        prefix = self.action.partition(":")[0]
        return _SERVICES.get(prefix, prefix)

    @property
    def operation(self) -> str:
        """The operation, as AWS names it: ``DescribeFileSystems``."""
        return self.action.partition(":")[2]

    @property
    def method(self) -> str:
        """The operation, as boto3's clients name it: ``describe_file_systems``."""
        return _WORD_STARTS.sub("_", self.operation).lower()

    @property
    def top(self) -> frozenset[str]:
        """The fields of an answer that hold what is kept; an answer without any of them is malformed."""
        return frozenset(path.partition(".")[0] for path in self.keep)


def under(top: str, fields: str) -> tuple[str, ...]:
    """Return the paths of *fields*, written with blanks between them, under *top*."""
    return tuple(f"{top}.{name}" for name in fields.split())
