"""What moves restored files has time enough to do it.

## What it does
Looks at the time-outs of the Lambda functions that are to move restored files: those called as `restore.mover` in the
requirements says, or that mount a file system and are named for moving restored files. ECS and DataSync tasks have none
and pass. A time-out is too short if it is

- under 60 seconds, so Lambda's default of 3 seconds is: a client of EFS waits 60 seconds before it repeats a request
  that got no answer;
- under `restore.within`, up to the 15 minutes that Lambda's guide allows: a run is cut off that had time left;
- under the time that copying the file system takes, whose size is declared as `backup.sizes` or metered by AWS in a
  live account. EFS gives one client 1,500 MiB/s with Elastic throughput and version 2 of its client, else 500 MiB/s,
  and reading and writing share that: a copy within the file system gets half. Which client Lambda mounts with is not
  known, so what fits into the time-out with version 2 only is not judged.

The last assumes that the function copies the files. One that only renames them within the file system needs time for
each file but not for its bytes; give its finding an exception. File systems whose size is not known are not judged by
it.

Lambda's guide says that 900 seconds are the most, its newest API description 1,800. A longer time-out than 900 is taken
for what it says, and none is proposed.

## Why is this bad?
The function is ended in the middle of its work, on the night of the incident: half of the files are where they belong,
half are not.

## Example
```terraform
resource "aws_lambda_function" "mover" {
  function_name = "efs-restore-mover"
  role          = "arn:aws:iam::111122223333:role/mover"
  file_system_config {
    arn              = "arn:aws:elasticfilesystem:ap-northeast-1:111122223333:access-point/fsap-0a1b2c3d4e5f60718"
    local_mount_path = "/mnt/files"
  }
}
```

Use instead:
```terraform
resource "aws_lambda_function" "mover" {
  function_name = "efs-restore-mover"
  role          = "arn:aws:iam::111122223333:role/mover"
  timeout       = 900
  file_system_config {
    arn              = "arn:aws:elasticfilesystem:ap-northeast-1:111122223333:access-point/fsap-0a1b2c3d4e5f60718"
    local_mount_path = "/mnt/files"
  }
}
```

## References
- https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
- https://docs.aws.amazon.com/efs/latest/ug/mount-helper-setting.html
- https://docs.aws.amazon.com/efs/latest/ug/performance.html
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from restore_ready._words import show_minutes
from restore_ready.catalog._changes import set_value
from restore_ready.file_moves._movers import MOVER_CLOUDFORMATION, MOVER_TERRAFORM, file_systems_of, movers
from restore_ready.history._records import metered_size
from restore_ready.history._sizes import show_bytes, size_of
from restore_ready.index import EstateIndex
from restore_ready.model import (
    Fail,
    FileSystem,
    Mover,
    MoverKind,
    Pass,
    Ref,
    Requirements,
    Rule,
    Setting,
    Severity,
    Text,
    Unknown,
    Unresolved,
    Verdict,
    settled,
    unresolved_reason,
)
from restore_ready.model._why_open import NO_SIZE

LAMBDA_LONGEST: Final = 900
"""Seconds that Lambda lets a function run at most by its guide."""

_API_LONGEST: Final = 1800
"""The same by the API's newest description (botocore 1.44.8)."""

NFS_RETRY: Final = 60
"""Seconds for which the EFS mount helper lets a client wait for an answer (``timeo=600``)."""

_MIB: Final = 2**20
_ELASTIC, _OTHERWISE = 1_500, 500
"""MiB/s that EFS gives one client, reading and writing together: the first with Elastic throughput and version 2 of the
client, the second with any other mode or client (https://docs.aws.amazon.com/efs/latest/ug/performance.html)."""


class Need(Struct, frozen=True):
    """How many seconds a run has to get, and what for.

    Attributes:
        open_part: why it may do with less; empty where it certainly does not.
    """

    seconds: int
    reason: str
    open_part: str = ""


def _subjects(estate: EstateIndex, requirements: Requirements) -> Iterator[Mover]:
    return (mover for mover in movers(estate, requirements) if mover.mounts != ())


def judge(mover: Mover, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Fail a function that is ended before it can have moved the files.

    Raises:
        Open: if the function's time-out is not known.
    """
    if mover.kind is not MoverKind.FUNCTION or mover.timeout is None:
        return Pass()
    timeout = settled(mover.timeout, "its time-out is not known")
    unmet = [need for need in _needs(mover, estate, requirements) if timeout < need.seconds]
    if not unmet:
        return Pass() if estate.now is None else _unless_hidden(mover, estate, requirements)
    certain = [need for need in unmet if not need.open_part]
    if not certain:
        return Unknown(f"a run may be ended too soon, after {timeout} s: {unmet[0].reason}; {unmet[0].open_part}")
    return _fail(mover, timeout, max(certain, key=lambda need: need.seconds))


def _fail(mover: Mover, timeout: int, need: Need) -> Fail:
    return Fail(
        f"a run is ended too soon, after {timeout} s: {need.reason}",
        fix=_cure(need.seconds),
        evidence={"timeout": timeout, "needed": need.seconds},
        changes=set_value(mover, Setting.TIMEOUT, LAMBDA_LONGEST) if need.seconds <= LAMBDA_LONGEST else (),
        focus=mover.places.of("timeout"),
    )


def _cure(seconds: int) -> str:
    if seconds <= LAMBDA_LONGEST:
        return f"Set its time-out to {LAMBDA_LONGEST} s."
    other = "move the files with an ECS task or DataSync, which have no time-out, or only rename them."
    if seconds > _API_LONGEST:
        return f"M{other[1:]}"
    return f"If your account takes it, set its time-out to {_API_LONGEST:,} s, as the newest API allows; else {other}"


def _unless_hidden(mover: Mover, estate: EstateIndex, requirements: Requirements) -> Verdict:
    """Return Pass, unless it mounts something of a live account whose size can't be told."""
    mounts = () if isinstance(mover.mounts, Unresolved) else mover.mounts
    file_systems = list(file_systems_of(mover, estate))
    unsized = next((found for found in file_systems if _size(found, estate, requirements) is None), None)
    if unsized is not None:
        return Unknown(f"how large {unsized.address} is, is not known")
    if len(file_systems) == len(mounts):
        return Pass()
    return Unknown(f"{NO_SIZE.words}: that file system or access point is not in sight")


def _needs(mover: Mover, estate: EstateIndex, requirements: Requirements) -> Iterator[Need]:
    yield Need(NFS_RETRY, f"a client of EFS waits {NFS_RETRY} s before it repeats a request that got no answer")
    if requirements.within is not None:
        allowed = f"a restore may take {show_minutes(requirements.within)} and Lambda's guide allows {LAMBDA_LONGEST} s"
        yield Need(min(requirements.within * 60, LAMBDA_LONGEST), allowed)
    for file_system in file_systems_of(mover, estate):
        size = _size(file_system, estate, requirements)
        if size is not None:
            yield from _copying(file_system, size)


def _size(file_system: FileSystem, estate: EstateIndex, requirements: Requirements) -> int | None:
    """Return the bytes that it is declared to hold, else those that AWS metered; ``None`` where nobody says it."""
    declared = size_of(file_system, requirements.sizes)
    return metered_size(file_system, estate) if declared is None else declared


def _copying(file_system: FileSystem, size: int) -> Iterator[Need]:
    """Yield how long it takes to copy *size* bytes within *file_system*: each is read and written."""
    elastic = isinstance(file_system.throughput, (Ref, Text, Unresolved)) or file_system.throughput == "elastic"
    for rate in (_ELASTIC, _OTHERWISE) if elastic else (_OTHERWISE,):
        seconds = -(-2 * size // (rate * _MIB))
        longest = f"; Lambda's guide allows {LAMBDA_LONGEST} s" if seconds > LAMBDA_LONGEST else ""
        copied = f"{show_bytes(size)} of {file_system.address} take {seconds} s and more"
        shared = f"the {rate:,} MiB/s that EFS gives one client for reading and writing together"
        yield Need(seconds, f"to copy {copied} at {shared}{longest}", _why_less(file_system, rate, elastic=elastic))


def _why_less(file_system: FileSystem, rate: int, *, elastic: bool) -> str:
    """Return why a client may get more than *rate* MiB/s."""
    if rate == _ELASTIC or not elastic:
        return ""
    if file_system.throughput != "elastic":
        return f"its throughput mode is not known: {unresolved_reason(file_system.throughput)}"
    return f"with version 2 of the client it gets {_ELASTIC:,} MiB/s, and which one Lambda mounts with is not known"


RULE = Rule(
    "RR502",
    "mover-runs-out-of-time",
    Severity.WARNING,
    _subjects,
    judge,
    since="0.1.0",
    terraform=MOVER_TERRAFORM,
    cloudformation=MOVER_CLOUDFORMATION,
)
