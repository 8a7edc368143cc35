"""``restore-ready iam-policy``: which IAM policy does an audit need, alone or in a role?"""

from __future__ import annotations

import click

from restore_ready._errors import UsageError
from restore_ready._json_text import json_text
from restore_ready.cli._options import debug_option
from restore_ready.live._iam_policy import FORMATS, ROLE_NAME, starter_document
from restore_ready.live._role_names import check_role_name


@click.command("iam-policy", short_help="Print the IAM policy that audit needs.")
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(list(FORMATS)),
    default="json",
    show_default=True,
    help="The policy alone as JSON, or a role that has it, with the account that may assume it as a parameter.",
)
@click.option(
    "--org",
    is_flag=True,
    help="The policy of whoever starts audit --org instead: it also lists the organization and assumes the role.",
)
@click.option(
    "--role-name", metavar="NAME", help=f"With --org: the role that is assumed in each account; without, {ROLE_NAME}."
)
@debug_option
def command(*, form: str, org: bool, role_name: str | None) -> int:
    """Print the IAM policy that restore-ready audit needs: it only reads."""
    if not org:
        if role_name is not None:
            msg = "the role's name is a parameter of what is printed: take out --role-name, or add --org"
            raise UsageError(msg)
        click.echo(FORMATS[form]())
        return 0
    if form != "json":
        msg = f"--org prints the policy alone, to be attached to whoever starts the audit: take out -o {form}"
        raise UsageError(msg)
    name = ROLE_NAME if role_name is None else role_name.lstrip("/")
    check_role_name(name)
    click.echo(json_text(starter_document(name), indent=2))
    return 0
