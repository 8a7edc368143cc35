"""Which calls may an audit make? The fact plan: collector, guard, IAM policy and docs all use it."""

from __future__ import annotations

import hashlib
import json
from typing import Final

from restore_ready.live._account_rows import ACCOUNT_ROWS
from restore_ready.live._object_rows import OBJECT_ROWS
from restore_ready.live._region_rows import ACTIVE_ROWS, GATE_ROWS
from restore_ready.live._row import GLOBAL_LEVELS, Level, Row
from restore_ready.live._verification_rows import VERIFICATION_ROWS

PLAN: Final = (*ACCOUNT_ROWS, *GATE_ROWS, *ACTIVE_ROWS, *OBJECT_ROWS, *VERIFICATION_ROWS)
"""Every row. Ids are unique."""

ROWS: Final = {row.id: row for row in PLAN}

GATES: Final = tuple(row.id for row in GATE_ROWS)
"""The facts that tell whether there is anything in a Region; where none can be read, the Region is not scanned."""


def rows_of(level: Level) -> tuple[Row, ...]:
    """Return the rows of *level*."""
    return tuple(row for row in PLAN if row.level is level)


def actions() -> tuple[str, ...]:
    """Return the IAM actions that an audit needs, sorted."""
    return tuple(sorted({row.action for row in PLAN}))


def is_global(row: Row) -> bool:
    """Return whether the facts of *row* belong to no Region."""
    return row.level in GLOBAL_LEVELS


def plan_hash() -> str:
    """Return what identifies the plan: it changes when other calls are made or other fields are kept."""
    told = [
        (
            *(row.id, row.action, row.level.name, row.keep, sorted(row.about.items()), sorted(row.given.items())),
            *(
                sorted(row.absent),
                [
                    (
                        expansion.entries,
                        expansion.level.name,
                        sorted(expansion.names.items()),
                        sorted(expansion.accounts.items()),
                    )
                    for expansion in row.expands
                ],
            ),
        )
        for row in PLAN
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
