"""``restore-ready doctor``: does the pack really fire in each installed host?"""

from __future__ import annotations

import click

from restore_ready.cli import FINDINGS
from restore_ready.cli._options import debug_option
from restore_ready.hosts._doctor import HostReport, check_hosts
from restore_ready.reports._safe_text import clean


@click.command("doctor")
@debug_option
def command() -> int:
    """Run Checkov and cfn-lint, where installed, on a known defect and say whether the pack finds it."""
    reports = check_hosts()
    for report in reports:
        click.echo(f"{report.name:<20} {report.version or '-':<10} {_state(report):<14} {clean(report.detail)}")
    return FINDINGS if any(report.version and not report.ok for report in reports) else 0


def _state(report: HostReport) -> str:
    if not report.version:
        return "not installed"
    return "fires" if report.ok else "DOES NOT FIRE"
