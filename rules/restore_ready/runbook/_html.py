"""How is a runbook shown in a browser, as one page, without scripts and nothing loaded from elsewhere?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from restore_ready._version import __version__

if TYPE_CHECKING:
    from markdown_it.token import Token

_LONG: Final = 100
"""Lines from which on a block is folded."""

_NO_ANCHOR: Final = re.compile(r"[^\w\- ]")
_STYLE: Final = """
:root { color-scheme: light dark; --line: #8886; --soft: #8881; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: .875rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--soft); padding: .5rem; overflow-x: auto; user-select: all; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; display: block; overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border: 1px solid var(--line); }
h2 { border-top: 1px solid var(--line); padding-top: 1rem; }
@media print { body { max-width: none; margin: 0; } a { color: inherit; } pre { white-space: pre-wrap; } }
"""


def as_html(text: str, title: str) -> str:
    """Return the Markdown *text* of a runbook as a page; a click on a block of shell selects all of it."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  # only pages need it

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("fence", _fence)
    tokens = parser.parse(text)
    _give_anchors(tokens)
    body = parser.renderer.render(tokens, parser.options, {})
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{_STYLE}</style></head>",
            f"<body><main>{body}</main><footer><p>restore-ready {escape(__version__)}</p></footer></body>",
            "</html>",
            "",
        )
    )


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
