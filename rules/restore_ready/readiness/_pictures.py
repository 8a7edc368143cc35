"""How much do reports draw?"""

from __future__ import annotations

from enum import IntEnum


class Pictures(IntEnum):
    """What is worked out for the pictures of reports, each with what stands before it.

    ``HOURS`` are when backups run; ``ALL`` has the way of each file system to its restored files as well.
    """

    NONE = 0
    HOURS = 1
    ALL = 2
