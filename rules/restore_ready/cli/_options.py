"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from restore_ready._errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


def debug_option(command: F) -> F:
    """Add ``--debug``; `restore_ready.cli.main` looks for it."""
    option = click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks of errors of the pack.")
    return option(command)


def judging_options(command: F) -> F:
    """Add the options that say which rules are put, and what counts as failure."""
    options = (
        click.option("--select", multiple=True, metavar="CODES", help="Only these rules, such as RR2,RR301."),
        click.option("--ignore", multiple=True, metavar="CODES", help="Not these rules."),
        click.option(
            "--fail-on",
            type=click.Choice(["error", "warning", "info", "never"]),
            default="info",
            show_default=True,
            help="Mildest severity that gives exit code 1.",
        ),
        click.option(
            "--strict", is_flag=True, envvar="RESTORE_READY_STRICT", help="Exit 3 if anything could not be judged."
        ),
    )
    return with_options(options, command)


def baseline_options(command: F) -> F:
    """Add the options that say what was found before."""
    file = click.Path(dir_okay=False, path_type=Path)
    options = (
        click.option(
            "--baseline", type=file, metavar="FILE", help="Only what is new counts: FILE has what was before."
        ),
        click.option("--write-baseline", type=file, metavar="FILE", help="Write FILE, or bring it up to date."),
    )
    return with_options(options, command)


def reading_options(command: F) -> F:
    """Add the options that say how sources are read: what `restore_ready.scanning._sources.read_estates` takes."""
    options = (
        click.option(
            "--requirements",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The requirements of everything; without, RESTORE_READY_REQUIREMENTS or the nearest "
            "restore-ready.yaml.",
        ),
        click.option("--parameters", multiple=True, metavar="KEY=VALUE", help="A CloudFormation parameter's value."),
        click.option("--var-file", "var_files", multiple=True, type=_FILE, help="A Terraform variable file."),
        click.option(
            "--limit",
            type=click.FloatRange(min=0, min_open=True),
            default=60,
            show_default=True,
            metavar="SECONDS",
            help="Longest evaluation of one Terraform root module.",
        ),
    )
    return with_options(options, command)


def with_options(options: Sequence[Callable[[F], F]], command: F) -> F:
    """Add *options*, which the help then lists in this order."""
    for option in reversed(options):
        command = option(command)
    return command


def read_parameters(words: Iterable[str]) -> dict[str, str]:
    """Read the values of ``--parameters``.

    Raises:
        UsageError: for what is not written ``KEY=VALUE``.
    """
    parameters = {}
    for word in words:
        key, sign, value = word.partition("=")
        if not sign or not key:
            msg = f"not a parameter ({word}): write --parameters KEY=VALUE"
            raise UsageError(msg)
        parameters[key] = value
    return parameters
