"""How is a text laid out: where does a line begin and end, how far is it indented, what stands behind a value?

All offsets count characters from 0.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from msgspec import Struct

from restore_ready.fixes._node import ByHandError, Form, Node

_COMMENTS: Final = ("#", "//", "/*")


class Edit(Struct, frozen=True):
    """A part of a text and what takes its place."""

    start: int
    end: int
    new: str


def edited(text: str, edits: Collection[Edit]) -> str:
    """Return *text* with all *edits* made; equal ones are made once.

    Raises:
        ByHandError: if two of them overlap.
    """
    parts: list[str] = []
    at = 0
    for edit in sorted(dict.fromkeys(edits), key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            msg = "its change meets another one at the same place"
            raise ByHandError(msg)
        parts += (text[at : edit.start], edit.new)
        at = edit.end
    return "".join((*parts, text[at:]))


class Layout(Struct):
    """A text, and where things stand in it."""

    text: str

    @property
    def newline(self) -> str:
        """How the text ends its lines."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def line_end(self, at: int) -> int:
        """Return the offset at which the line of *at* ends, before its line end."""
        found = self.text.find("\n", at)
        found = len(self.text) if found < 0 else found
        return found - (found > at and self.text[found - 1] == "\r")

    def line_start(self, at: int) -> int:
        """Return the offset at which the line of *at* begins."""
        return self.text.rfind("\n", 0, at) + 1

    def indent(self, at: int) -> str:
        """Return the white space at the beginning of the line of *at*."""
        line = self.text[self.line_start(at) : self.line_end(at)]
        return line[: len(line) - len(line.lstrip())]

    def column(self, at: int) -> str:
        """Return white space as wide as what stands on the line before *at*."""
        before = self.text[self.line_start(at) : at]
        return before if not before.strip() else " " * len(before)

    def begins_line(self, at: int) -> bool:
        """Return whether nothing but white space stands on the line before *at*."""
        return not self.text[self.line_start(at) : at].strip()

    def is_on_one_line(self, node: Node) -> bool:
        """Return whether a list stands in brackets on one line."""
        return node.form is not Form.BLOCK and not self.is_wide(node)

    def is_wide(self, node: Node) -> bool:
        """Return whether *node* is written on several lines."""
        return "\n" in self.text[node.start : node.end]

    def has_own_line(self, item: Node) -> bool:
        """Return whether an item of a list shares its line with a comment at most."""
        behind = self.text[item.end : self.line_end(item.end)].lstrip().removeprefix(",").strip()
        return self.begins_line(item.start) and (not behind or behind.startswith(_COMMENTS[:2]))

    def whole_lines(self, item: Node) -> tuple[int, int]:
        """Return the offsets of the whole lines that an item of a list takes.

        Raises:
            ByHandError: if something else stands on them.
        """
        start = self.line_start(item.start)
        if self.text[start : item.start].strip() not in ("", "-"):
            msg = "its list is laid out in an unusual way"
            raise ByHandError(msg)
        end = self.text.find("\n", item.end)
        return start, len(self.text) if end < 0 else end + 1

    def has_comma_behind(self, at: int) -> bool:
        """Return whether a comma is the next thing behind *at*."""
        return self.text[at:].lstrip()[:1] == ","

    def has_comment(self, node: Node) -> bool:
        """Return whether there seems to be a comment within *node*."""
        inside = self.text[node.start : node.end]
        return any(mark in inside for mark in _COMMENTS)
