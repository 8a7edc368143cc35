"""``restore-ready checks-dir``: prints the folder for Checkov."""

from __future__ import annotations

import click

from restore_ready.cli._options import debug_option
from restore_ready.hosts._doctor import checks_folder


@click.command("checks-dir")
@debug_option
def command() -> None:
    """Print the folder for `checkov --external-checks-dir`."""
    click.echo(str(checks_folder()))
