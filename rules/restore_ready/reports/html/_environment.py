"""How do templates become pages? All text in them is cleaned and escaped; style and script are known by hashes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import jinja2
from markupsafe import Markup

from restore_ready._version import __version__
from restore_ready.reports._safe_text import clean, plural
from restore_ready.reports.html._shapes import COLOURS, number

OWN: Final = "restore_ready.reports.html"
_KANA, _HAN, _FULL_WIDTH = ("\u3040", "\u30ff"), ("\u4e00", "\u9fff"), ("\uff01", "\uff5e")


def rendered(template: str, context: Mapping[str, Any], package: str = OWN) -> str:
    """Return a page.

    Args:
        template: the name of a file in the package's folder ``templates``; it may extend ``page.html.jinja``.
        context: what it shows.
        package: whose template it is.
    """
    page: str = _environment(package).get_template(template).render(context)
    return _without_blanks(page)


def _without_blanks(text: str) -> str:
    """Return *text* without the empty lines that tags of templates leave."""
    return "\n".join(filter(None, text.split("\n")))


@cache
def _environment(package: str) -> jinja2.Environment:
    def load(name: str) -> str | None:
        for folder in dict.fromkeys((package, OWN)):
            found = files(folder) / "templates" / name
            if found.is_file():
                return found.read_text(encoding="utf-8")
        return None

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(load),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_cleaned,
    )
    style, script = _text("style.css"), _text("filter.js")
    environment.filters |= {"lang": lang, "lines": lines, "number": number}
    environment.globals |= {
        "version": __version__,
        "colours": COLOURS,
        "plural": plural,
        # what the browser hashes: these two stand in the page as they are, and hold no text of anybody else
        "style": Markup(style),  # noqa: S704
        "script": Markup(script),  # noqa: S704
        "style_hash": _hash(style),
        "script_hash": _hash(script),
    }
    return environment


def _cleaned(value: object) -> object:
    return clean(value) if type(value) is str else value


def _text(name: str) -> str:
    return _without_blanks((files(OWN) / "templates" / name).read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def lines(found: Iterable[str]) -> Markup:
    """Return lines of a source as they are, one below the other."""
    return Markup("\n").join(map(clean, found))


def lang(text: object) -> Markup:
    """Return the attribute that gives Han characters their Japanese forms, for text with any or with kana; else ""."""
    japanese = any(first <= character <= last for character in str(text) for first, last in (_KANA, _HAN, _FULL_WIDTH))
    return Markup(' lang="ja"') if japanese else Markup("")
