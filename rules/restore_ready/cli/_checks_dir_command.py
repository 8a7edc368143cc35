"""``restore-ready checks-dir``: which folder does Checkov take the rules from?"""

from __future__ import annotations

import click

from restore_ready.cli._options import debug_option
from restore_ready.hosts._doctor import checks_folder


@click.command("checks-dir")
@debug_option
def command() -> None:
    """Print the folder for `checkov --external-checks-dir`."""
    click.echo(str(checks_folder()))
