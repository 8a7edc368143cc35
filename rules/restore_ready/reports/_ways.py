"""How is it said what stands between a file system and its restored files?"""

from __future__ import annotations

from restore_ready.readiness._restore_path import Link
from restore_ready.reports._locations import shown
from restore_ready.reports._safe_text import clean


def said(link: Link) -> str:
    """Return what breaks a link and where that is written."""
    where = f" ({shown(link.place)})" if link.place is not None and link.place.line else ""
    return clean(f"{link.why}{where}")
