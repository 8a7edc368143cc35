"""Findings as one HTML page, to keep or to send: no scripts, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from restore_ready._version import __version__
from restore_ready.model import Severity
from restore_ready.reports._entries import EXCEPTED, NOT_JUDGED, Entry, entries
from restore_ready.reports._excerpt import excerpt
from restore_ready.reports._format_text import summary_line
from restore_ready.reports._page import why
from restore_ready.reports._plain import clean
from restore_ready.reports._report import Layout, Report

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
    """Write the page: counts, findings by severity, what is accepted, what could not be judged."""
    found = list(entries(report))
    body = [*_head(report), *_findings(found), *_accepted(found), *_gaps(found)]
    title = "restore-ready report"
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
    one = report.summary
    counts = {
        "errors": one.errors,
        "warnings": one.warnings,
        "notes": one.infos,
        "accepted exceptions": one.excepted,
        "could not be judged": one.not_judged,
        "checks passed": one.passed,
        "resources": one.resources,
        "sources": one.sources,
    }
    yield f"<p>{_text(summary_line(one, report.defects))}</p>"
    yield '<table class="counts"><caption>Counts</caption><tbody>'
    yield from (f'<tr><th scope="row">{name}</th><td>{count}</td></tr>' for name, count in counts.items())
    yield "</tbody></table>"


def _findings(found: Iterable[Entry]) -> Iterator[str]:
    fails = [one for one in found if one.kind not in (EXCEPTED, NOT_JUDGED)]
    for severity, heading in _HEADINGS.items():
        ones = [one for one in fails if one.severity is severity]
        if ones:
            yield f"<h2>{heading} ({len(ones)})</h2>"
        for one in ones:
            yield from _article(one, severity)


def _article(one: Entry, severity: Severity) -> Iterator[str]:
    yield f'<article class="{severity.value}">'
    yield f"<h3>{_link(one)} {_text(one.subject)}: {_code(one.address)}</h3>"
    yield f"<p>{severity.value}, in {_code(str(one.place))}</p>"
    yield f"<p>{_text(one.text)}</p>"
    lines = excerpt(one.place)
    if lines:
        source = "\n".join(f"{number:>5}  {line}" for number, line in lines)
        yield f"<pre>{_lines(source)}</pre>"
    for label, text in (("Why it matters", why(one.doc)), ("What to change", one.fix)):
        if text:
            yield f"<p><strong>{label}:</strong> {_text(text)}</p>"
    if one.diff:
        yield f"<pre>{_lines(one.diff)}</pre>"
    yield "</article>"


def _accepted(found: Iterable[Entry]) -> Iterator[str]:
    rows = [
        (_link(one), _where(one), _text(one.text), _text(one.accepted_because)) for one in found if one.kind == EXCEPTED
    ]
    yield from _table("Accepted exceptions", ("Rule", "Where", "What is wrong", "Accepted because"), rows)


def _gaps(found: Iterable[Entry]) -> Iterator[str]:
    rows = [(_link(one), _where(one), _text(one.text)) for one in found if one.kind == NOT_JUDGED]
    yield from _table("Could not be judged", ("Rule", "Where", "Why"), rows)


def _table(heading: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        return
    yield f"<h2>{heading} ({len(rows)})</h2>"
    names = "".join(f'<th scope="col">{name}</th>' for name in columns)
    yield f"<table><thead><tr>{names}</tr></thead><tbody>"
    yield from (f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    yield "</tbody></table>"


def _link(one: Entry) -> str:
    return f'<a href="{escape(one.help_uri)}">{_text(one.code)}</a>'


def _where(one: Entry) -> str:
    return f"{_code(one.address)}<br>{_code(str(one.place))}"


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>"


def _lines(text: str) -> str:
    return "\n".join(_text(line) for line in text.split("\n"))


def _text(text: str) -> str:
    return escape(clean(text), quote=True)
