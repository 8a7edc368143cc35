"""``restore-ready rules``: which rules are there?"""

from __future__ import annotations

import click

from restore_ready._json_text import json_text
from restore_ready.catalog._codes import all_codes
from restore_ready.catalog._finder import rule_origins
from restore_ready.cli._options import debug_option, rules_option


@click.command("rules")
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@rules_option
@debug_option
def command(*, output: str) -> None:
    """List the rules: code, slug, severity and what each requires, and of your own where they come from."""
    rows = [
        {
            "code": rule.code,
            "slug": rule.slug,
            "severity": rule.severity.value,
            "title": rule.title,
            "origin": rule_origins().get(rule.code, "restore-ready"),
        }
        for rule in all_codes()
    ]
    click.echo(json_text(rows, indent=2) if output == "json" else _table(rows))


def _table(rows: list[dict[str, str]]) -> str:
    """Return one line for each rule, so that the list can be searched and cut."""
    slugs = max(len(row["slug"]) for row in rows)
    return "\n".join(
        f"{row['code']}  {row['severity']:<7}  {row['slug']:<{slugs}}  {row['title']}{_from(row)}" for row in rows
    )


def _from(row: dict[str, str]) -> str:
    return f" ({row['origin']})" if row["code"] in rule_origins() else ""
