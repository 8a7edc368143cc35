"""Which formats are reports written in? One file `_format_NAME.py` for each, for people or for machines.

A format's module has ``write(report: Report, layout: Layout)``, which returns the text, or pieces of it where big
reports are written without holding all of them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from typing import Final

from restore_ready.readiness._pictures import Pictures
from restore_ready.reports._report import Layout, Report

_PREFIX = "_format_"

LIVE_ONLY: Final = frozenset({"asff"})
"""Formats that have no form for what is not in an AWS account."""

COMMANDS: Final = frozenset({"github"})
"""Formats whose lines are commands to the CI system that logs them."""

WITH_PICTURES: Final = {"html": Pictures.ALL, "markdown": Pictures.ALL, "text": Pictures.HOURS}
"""Formats that draw, and what."""


def formats() -> list[str]:
    """Return the names of the formats there are, sorted."""
    names = (info.name for info in pkgutil.iter_modules(__path__))
    return sorted(name.removeprefix(_PREFIX) for name in names if name.startswith(_PREFIX))


def source_formats() -> list[str]:
    """Return the names of those that can tell of sources, sorted."""
    return [name for name in formats() if name not in LIVE_ONLY]


def writer(name: str) -> Callable[[Report, Layout], Iterable[str]]:
    """Return the writer of the format *name*, which must be one of `formats`; it returns the text piece by piece."""
    module = importlib.import_module(f"{__name__}.{_PREFIX}{name}")

    def pieces(report: Report, layout: Layout) -> Iterable[str]:
        written: str | Iterable[str] = module.write(report, layout)
        return (written,) if isinstance(written, str) else written

    return pieces
