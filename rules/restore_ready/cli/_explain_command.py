"""``restore-ready explain``: what does a rule's page say?"""

from __future__ import annotations

import shutil

import click

from restore_ready._errors import UsageError
from restore_ready._words import did_you_mean
from restore_ready.catalog._codes import OwnCode, all_codes
from restore_ready.cli._completions import complete_codes
from restore_ready.cli._options import debug_option, rules_option
from restore_ready.cli._outputs import use_colour
from restore_ready.cli._selection import find_code
from restore_ready.model import Rule


@click.command("explain", short_help="Show the page of a rule.")
@click.argument("code", shell_complete=complete_codes)
@click.option("--no-color", "no_colour", is_flag=True, help="The page as plain Markdown.")
@rules_option
@debug_option
def command(*, code: str, no_colour: bool) -> None:
    """Show the page of a rule; CODE is RR301, in any case, cfn-lint's ERR301, or a name: vault-denies-restore."""
    pages = {rule.code: rule for rule in all_codes()}
    by_slug = {rule.slug: rule.code for rule in all_codes()}
    found = find_code(code, pages) or by_slug.get(code.strip().lower())
    if found is None:
        msg = f"no such rule '{code}': see `restore-ready rules`.{did_you_mean(code, [*pages, *by_slug])}"
        raise UsageError(msg)
    page = _page(pages[found])
    click.echo(_styled(page) if use_colour(no_colour=no_colour) else page)


def _page(rule: Rule | OwnCode) -> str:
    head = f"# {rule.code} {rule.slug} ({rule.severity.value})"
    return f"{head}\n\n{rule.doc.rstrip()}\n\n{rule.help_uri}"


def _styled(page: str) -> str:
    from rich.console import Console  # noqa: PLC0415  # costs a tenth of a second, and only terminals need it
    from rich.markdown import Markdown  # noqa: PLC0415  # likewise

    console = Console(force_terminal=True, width=min(shutil.get_terminal_size().columns, 100))
    with console.capture() as captured:
        console.print(Markdown(page))
    return captured.get().rstrip("\n")
