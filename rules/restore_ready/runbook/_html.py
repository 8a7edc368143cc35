"""How is a runbook shown in a browser, as one page, without scripts and nothing loaded from elsewhere?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from restore_ready.runbook._pictures import Pictures, as_sections

if TYPE_CHECKING:
    from markdown_it.token import Token

_LONG: Final = 100
"""Lines from which on a block is folded."""

_PACKAGE: Final = "restore_ready.runbook"
_NO_ANCHOR: Final = re.compile(r"[^\w\- ]")
_TABLE: Final = '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>\n'
"""Narrow pages scroll a table, which has to be reached without a mouse."""

_TEXT: Final = "<!--text-->"
"""Stands in the template for the text, whose empty lines have to stay; names can't be it, since they are escaped."""


def as_html(text: str, title: str, pictures: Pictures | None = None) -> str:
    """Return the Markdown *text* of a runbook as a page; a click on a block of shell selects all of it.

    Behind it stand the *pictures*, as in the pages of reports.
    """
    from markdown_it import MarkdownIt  # noqa: PLC0415  # only pages need it

    from restore_ready.reports.html._environment import rendered  # noqa: PLC0415

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("table_open", lambda *_: _TABLE)
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    tokens = parser.parse(text)
    _give_anchors(tokens)
    body = parser.renderer.render(tokens, parser.options, {})
    context = {"title": title, **as_sections(pictures or Pictures())}
    before, _, after = rendered("runbook.html.jinja", context, _PACKAGE).partition(_TEXT)
    return f"{before}{body}{after}\n"


def _give_anchors(tokens: Sequence[Token]) -> None:
    """Give each heading the id by which pages of Markdown commonly name it."""
    for heading, content in pairwise(tokens):
        if heading.type == "heading_open":
            words = "".join(part.content for part in content.children or ())
            heading.attrSet("id", _NO_ANCHOR.sub("", words.lower()).replace(" ", "-"))


def _fence(_renderer: object, tokens: Sequence[Token], at: int, *_: Any) -> str:  # noqa: ANN401  # options of markdown-it
    block = f"<pre><code>{escape(tokens[at].content)}</code></pre>\n"
    lines = tokens[at].content.count("\n")
    if lines < _LONG:
        return block
    return f"<details><summary>Open, and copy the whole block: {lines} lines of shell</summary>{block}</details>\n"
