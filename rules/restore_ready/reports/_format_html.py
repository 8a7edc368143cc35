"""How are findings written as one HTML page, to keep or to send, without scripts and nothing loaded from elsewhere?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from restore_ready._version import __version__
from restore_ready.model import Severity
from restore_ready.reports._excerpt import excerpts
from restore_ready.reports._finding import EXCEPTED, NOT_JUDGED, Finding
from restore_ready.reports._format_text import summary_line
from restore_ready.reports._report import Layout, Report
from restore_ready.reports._rule_page import why
from restore_ready.reports._safe_text import clean

_HEADINGS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.INFO: "Notes"}
_STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8881; --error: #b3261e; --warning: #8a5a00; --info: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --error: #ff8a80; --warning: #ffc46b; --info: #8ab8ff; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: .875rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--soft); padding: .5rem; overflow-x: auto; }
article { border-left: .25rem solid var(--line); padding: .1rem 1rem; margin: 1rem 0; break-inside: avoid; }
article.error { border-color: var(--error); }
article.warning { border-color: var(--warning); }
article.info { border-color: var(--info); }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border: 1px solid var(--line); }
caption { text-align: left; }
.counts { width: auto; }
.counts td { text-align: right; }
@media print { body { max-width: none; margin: 0; } a { color: inherit; } pre { white-space: pre-wrap; } }
"""


def write(report: Report, _layout: Layout) -> str:
    """Return the page: how each file system stands, when backups run, how files get back, and what was found."""
    from restore_ready.reports.html._page import report_page  # noqa: PLC0415  # templates are for this format only

    return report_page(report)


def html_page(title: str, body: Iterable[str]) -> str:
    """Return a page with *body* below its title, which both are HTML."""
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title><style>{_STYLE}</style></head>",
            f"<body><main><h1>{title}</h1>",
            *body,
            f"</main><footer><p>restore-ready {escape(__version__)}</p></footer></body>",
            "</html>",
        )
    )


def _head(report: Report) -> Iterator[str]:
    summary = report.summary
    counts = {
        "errors": summary.errors,
        "warnings": summary.warnings,
        "notes": summary.infos,
        "accepted exceptions": summary.excepted,
        "could not be judged": summary.not_judged,
        "checks passed": summary.passed,
        "resources": summary.resources,
        "sources": summary.sources,
    }
    yield f"<p>{html_text(summary_line(report))}</p>"
    yield '<table class="counts"><caption>Counts</caption><tbody>'
    yield from (f'<tr><th scope="row">{name}</th><td>{count}</td></tr>' for name, count in counts.items())
    yield "</tbody></table>"


def _findings(found: Iterable[Finding]) -> Iterator[str]:
    fails = [finding for finding in found if finding.kind not in (EXCEPTED, NOT_JUDGED)]
    for severity, heading in _HEADINGS.items():
        as_grave = [finding for finding in fails if finding.severity is severity]
        if as_grave:
            yield f"<h2>{heading} ({len(as_grave)})</h2>"
        for finding in as_grave:
            yield from _article(finding, severity)


def _article(finding: Finding, severity: Severity) -> Iterator[str]:
    yield f'<article class="{severity.value}">'
    yield f"<h3>{_link(finding)} {html_text(finding.subject)}: {html_code(finding.address)}</h3>"
    yield f"<p>{severity.value}, in {html_code(str(finding.place))}</p>"
    yield f"<p>{html_text(finding.message)}</p>"
    for found in excerpts(finding):
        if found.lines and found.place != finding.place:
            yield f"<p>{html_code(str(found.place))}</p>"
        if found.lines:
            marked = ((">" if number == found.marked else " ", number, line) for number, line in found.lines)
            source = "\n".join(f"{mark}{number:>5}  {line}" for mark, number, line in marked)
            yield f"<pre>{_lines(source)}</pre>"
    for label, text in (("Why it matters", why(finding.doc)), ("What to change", finding.fix)):
        if text:
            yield f"<p><strong>{label}:</strong> {html_text(text)}</p>"
    if finding.diff:
        yield f"<pre>{_lines(finding.diff)}</pre>"
    yield "</article>"


def _accepted(found: Iterable[Finding]) -> Iterator[str]:
    accepted = (finding for finding in found if finding.kind == EXCEPTED)
    rows = [
        (_link(finding), _where(finding), html_text(finding.message), html_text(finding.accepted_because))
        for finding in accepted
    ]
    yield from _table("Accepted exceptions", ("Rule", "Where", "What is wrong", "Accepted because"), rows)


def _not_judged(found: Iterable[Finding]) -> Iterator[str]:
    rows = [
        (_link(finding), _where(finding), html_text(finding.message)) for finding in found if finding.kind == NOT_JUDGED
    ]
    yield from _table("Could not be judged", ("Rule", "Where", "Why"), rows)


def _table(heading: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        return
    yield f"<h2>{heading} ({len(rows)})</h2>"
    names = "".join(f'<th scope="col">{name}</th>' for name in columns)
    yield f"<table><thead><tr>{names}</tr></thead><tbody>"
    yield from (f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    yield "</tbody></table>"


def _link(finding: Finding) -> str:
    return f'<a href="{escape(finding.help_uri)}">{html_text(finding.code)}</a>'


def _where(finding: Finding) -> str:
    return f"{html_code(finding.address)}<br>{html_code(str(finding.place))}"


def html_code(text: str) -> str:
    """Return a name as code."""
    return f"<code>{html_text(text)}</code>"


def _lines(text: str) -> str:
    return "\n".join(html_text(line) for line in text.split("\n"))


def html_text(text: str) -> str:
    """Return text in which nothing is markup."""
    return escape(clean(text), quote=True)
