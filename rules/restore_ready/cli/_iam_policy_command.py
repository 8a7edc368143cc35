"""``restore-ready iam-policy``: prints the IAM policy that an audit needs, or a role with it."""

from __future__ import annotations

import click

from restore_ready.cli._options import debug_option
from restore_ready.live._iam_policy import FORMATS


@click.command("iam-policy")
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(list(FORMATS)),
    default="json",
    show_default=True,
    help="The policy alone as JSON, or a role that has it, with the account that may assume it as a parameter.",
)
@debug_option
def command(form: str) -> int:
    """Print the IAM policy that restore-ready audit needs: it only reads."""
    click.echo(FORMATS[form]())
    return 0
