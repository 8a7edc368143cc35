"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def debug_option(command: F) -> F:
    """Add ``--debug``; `restore_ready.cli.main` looks for it."""
    option = click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks of errors of the pack.")
    return option(command)
