"""Reads HTML reports as browsers do, but refuses what they forgive."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


class Page:
    """A page of a report."""

    def __init__(self, text: str) -> None:
        """Parse *text*, in which nothing may be wrong."""
        self.text = text
        self.root: Element = html5lib.HTMLParser(strict=True).parse(text)

    def all(self, name: str, css: str = "") -> list[Element]:
        """Return the elements of a name, and of a class."""
        return [one for one in self.root.iter(f"{HTML}{name}") if not css or css in one.get("class", "").split()]

    def texts(self, name: str, css: str = "") -> list[str]:
        """Return what such elements say, white space made one."""
        return [said(one) for one in self.all(name, css)]

    def pictures(self, css: str) -> Iterator[list[str]]:
        """Yield the texts of each picture of a class."""
        for one in self.root.iter(f"{SVG}svg"):
            if css in one.get("class", "").split():
                yield [said(text) for text in one.iter(f"{SVG}text")]


def said(element: Element) -> str:
    """Return the text of an element, white space made one."""
    return " ".join("".join(element.itertext()).split())
