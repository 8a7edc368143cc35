"""Which backup selections name a file system itself, so that they do not cover the one that takes its place?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from restore_ready.coverage._plans_and_file_systems import selecting
from restore_ready.index import EstateIndex
from restore_ready.model import FileSystem, Ref, Selection, Unresolved
from restore_ready.runbook._shell import quote

_LIVE: Final = re.compile(r"arn:[^:]*:backup:[^:]*:[^:]*:backup-plan:(?P<plan>[^/]+)/selection/")


class NamingSelection(Struct, frozen=True):
    """A selection; *plan* and *role* are words of bash, empty where they are not known from a live account."""

    address: str
    plan: str
    role: str


def naming_selections(file_system: FileSystem, estate: EstateIndex) -> Iterator[NamingSelection]:
    """Yield the selections that name *file_system*."""
    for selection, _ in selecting(file_system, estate):
        if _names(selection, file_system):
            live = _LIVE.match(selection.address)
            known = live is not None and isinstance(selection.role, str)
            plan = quote(live["plan"]) if live is not None and known else ""
            yield NamingSelection(selection.address, plan, quote(str(selection.role)) if known else "")


def _names(selection: Selection, file_system: FileSystem) -> bool:
    resources = () if isinstance(selection.resources, Unresolved) else selection.resources
    named = {value.target if isinstance(value, Ref) else value for value in resources if isinstance(value, (Ref, str))}
    return bool(named & {file_system.address, file_system.arn if isinstance(file_system.arn, str) else ""})
