"""How is it written as one HTML page who can restore, without scripts and nothing loaded from elsewhere?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from restore_ready.cli._who_can_restore_words import (
    ANSWERS,
    YES_NO_OPEN,
    answered,
    because,
    called,
    circumstances,
    links,
    not_read,
    outcome,
    principal_name,
)
from restore_ready.model import Severity
from restore_ready.reports._format_html import html_code, html_page, html_text
from restore_ready.reports._locations import shown
from restore_ready.reports._safe_text import clean
from restore_ready.reports._who_can_restore import FileSystemAnswer, WhoCanRestore, by_success, yes_no_or_open
from restore_ready.who_can_restore._chain import Chain

_LOOKS: Final = {True: Severity.INFO, None: Severity.WARNING, False: Severity.ERROR}
"""How an answer is coloured: as findings are. The word says the same."""

_NOTHING_AGAINST_IT: Final = "nothing stands against it"


def write_html(who: WhoCanRestore) -> str:
    """Return the page: all file systems in one table, then each with its principals, then what could not be read."""
    return html_page("Who can restore", [*_overview(who), *_sections(who.file_systems), *_not_read(who)])


def _overview(who: WhoCanRestore) -> Iterator[str]:
    rows = [
        (
            f'<a href="#file-system-{number}">{html_code(called(answer))}</a>',
            html_code(clean(str(shown(answer.found.file_system.place)))),
            ANSWERS[answered(answer)],
            html_text(answer.found.why),
        )
        for number, answer in enumerate(who.file_systems, start=1)
    ]
    if not rows:
        yield "<p>No EFS file system.</p>"
        return
    yield from _table("All file systems", ("File system", "Where", "Answer", "Why"), rows)


def _sections(answers: Iterable[FileSystemAnswer]) -> Iterator[str]:
    for number, answer in enumerate(answers, start=1):
        name = html_code(called(answer))
        yield f'<article class="{_LOOKS[answered(answer)].value}" id="file-system-{number}">'
        yield f"<h2>{name}: {ANSWERS[answered(answer)]}</h2>"
        yield from (f"<p>{html_text(line)}</p>" for line in circumstances(answer))
        yield from _principals(answer, name)
        yield "</article>"


def _principals(answer: FileSystemAnswer, name: str) -> Iterator[str]:
    listed, steps = by_success(answer.found.chains), links(answer)
    if not listed:
        yield f"<p>{html_text(answer.found.nobody)}</p>"
        return
    columns = ("Principal", "Can restore", *(step.value for step in steps))
    rows = [
        (
            html_code(principal_name(chain)),
            _word(yes_no_or_open(chain.can_restore)),
            *(_word(yes_no_or_open(result.holds)) for result in chain.steps),
        )
        for chain in listed
    ]
    yield from _table(f"Who can restore {name}", columns, rows)
    for chain in listed:
        yield from _details(chain)


def _details(chain: Chain) -> Iterator[str]:
    told = "; ".join(map(html_text, outcome(chain)))
    yield f"<details><summary>{html_code(principal_name(chain))} {told}</summary><dl>"
    for result in chain.steps:
        word = YES_NO_OPEN[yes_no_or_open(result.holds)]
        yield f"<dt>{html_text(result.step.value)}: {word}</dt>"
        yield f"<dd>{html_text(because(result) or _NOTHING_AGAINST_IT)}</dd>"
    yield "</dl></details>"


def _not_read(who: WhoCanRestore) -> Iterator[str]:
    lines = list(not_read(who))
    if lines:
        yield "<h2>Not read</h2><ul>"
        yield from (f"<li>{html_text(line)}</li>" for line in lines)
        yield "</ul>"


def _table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table; *caption* and cells are HTML, the first cell of a row names it."""
    heads = "".join(f'<th scope="col">{html_text(column)}</th>' for column in columns)
    yield f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>"
    for first, *others in rows:
        yield f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'
    yield "</tbody></table>"


def _word(answer: bool | None) -> str:  # noqa: FBT001  # the answer itself
    return f"<strong>{YES_NO_OPEN[answer]}</strong>" if answer is False else YES_NO_OPEN[answer]
