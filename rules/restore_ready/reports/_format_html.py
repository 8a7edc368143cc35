"""How are findings written as one HTML page, to keep, to send or to print?"""

from __future__ import annotations

from restore_ready.reports._report import Layout, Report


def write(report: Report, _layout: Layout) -> str:
    """Return the page: how each file system stands, when backups run, how files get back, and what was found."""
    from restore_ready.reports.html._page import report_page  # noqa: PLC0415  # templates are for this format only

    return report_page(report)
