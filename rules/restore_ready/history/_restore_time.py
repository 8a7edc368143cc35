"""How long a restore of EFS takes at the very least.

AWS publishes ceilings of 200 MB/s and 1,500 files/s, whichever is slower; recovery points in cold storage take up to
four hours more (https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html,
https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-a-backup.html).
"""

from __future__ import annotations

from typing import Final

RESTORE_BYTES: Final = 200_000_000
"""Bytes a second."""

RESTORE_FILES: Final = 1_500
"""Files a second."""

COLD_MINUTES: Final = 240


def least_restore_minutes(size: int) -> int:
    """Return how many minutes the restore of *size* bytes takes at the very least."""
    return -(-size // (RESTORE_BYTES * 60))


def show_duration(minutes: int) -> str:
    """Return minutes for people: ``50 min``, ``1 h 24 min``."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"
