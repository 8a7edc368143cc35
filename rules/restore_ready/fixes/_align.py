"""Where does ``terraform fmt`` put the equals signs of HCL? Used where a file was lined up before."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from restore_ready.fixes._hcl import read_hcl
from restore_ready.fixes._layout import Edit, edited
from restore_ready.fixes._node import Entry, Node


def aligned(text: str) -> str:
    """Return *text* with one column of equals signs for each run of one-line entries.

    Raises:
        ByHandError: if it is not understood.
    """
    lines = _Lines(text)
    edits = [edit for node in _nodes(read_hcl(text)) for run in _runs(node, lines) for edit in _column(run, text)]
    return edited(text, edits)


class _Lines:
    """Tells the line of an offset."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def begins(self, at: int) -> bool:
        """Return whether nothing but white space stands on the line before *at*."""
        return not self._text[self._starts[self.of(at)] : at].strip()

    def of(self, at: int) -> int:
        """Return the line of *at*, from 0."""
        return bisect_right(self._starts, at) - 1


def _nodes(root: Node) -> Iterator[Node]:
    todo = [root]
    while todo:
        node = todo.pop()
        if node.entries:
            yield node
        todo += [entry.value for entry in node.entries or ()]
        todo += node.items or []
        todo += [node.argument] if node.argument else []


def _runs(node: Node, lines: _Lines) -> Iterator[list[Entry]]:
    """Yield the runs of entries on neighbouring lines; one over several lines is a run of its own, a heredoc is not."""
    run: list[Entry] = []
    before = -2
    for entry in node.entries or ():
        first, last = lines.of(entry.start), lines.of(entry.end - 1)
        fits = not entry.is_block and (first == last or entry.value.content is not None)
        if not fits or first != before + 1:
            yield run
            run = []
        if not lines.begins(entry.start) or entry.is_block:
            before = -2
        elif fits:
            run.append(entry)
            before = last
        else:
            yield [entry]
            before = -2
    yield run


def _column(run: list[Entry], text: str) -> Iterator[Edit]:
    widest = max((entry.key_end - entry.start for entry in run), default=0)
    for entry in run:
        between = text[entry.key_end : entry.value.start]
        if between.strip() == "=":
            sign = entry.key_end + between.index("=")
            wanted = " " * (widest - (entry.key_end - entry.start) + 1)
            if text[entry.key_end : sign] != wanted:
                yield Edit(entry.key_end, sign, wanted)
