"""``restore-ready doctor``: does the pack really fire in each installed host?"""

from __future__ import annotations

import click

from restore_ready.catalog._finder import rule_origins
from restore_ready.cli import FINDINGS
from restore_ready.cli._options import debug_option, rules_option
from restore_ready.hosts._doctor import HostReport, check_hosts
from restore_ready.reports._safe_text import clean


@click.command("doctor")
@rules_option
@debug_option
def command() -> int:
    """Run Checkov and cfn-lint, where installed, on a known defect and say whether the pack finds it.

    Lists the rules of your own, and the file or package that each comes from.
    """
    reports = check_hosts()
    for report in reports:
        _say(report.name, report.version, _state(report), report.detail)
    if reports[0].ok:  # else it says which rule can't be used
        for code, origin in rule_origins().items():
            _say(code, "", "your own", origin)
    return FINDINGS if any(report.version and not report.ok for report in reports) else 0


def _say(name: str, version: str, state: str, detail: str) -> None:
    click.echo(f"{name:<20} {version or '-':<10} {state:<14} {clean(detail)}")


def _state(report: HostReport) -> str:
    if not report.version:
        return "not installed"
    return "fires" if report.ok else "DOES NOT FIRE"
