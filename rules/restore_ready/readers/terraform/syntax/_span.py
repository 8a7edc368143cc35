"""Where something is written."""

from __future__ import annotations

import re
from bisect import bisect_left


class Source:
    """A text, and where its lines begin.

    Attributes:
        text: the decoded text, without a byte order mark.
        file: the name of the file.
        within: the place in another file that holds all of this text; every span in it is that place.
    """

    __slots__ = ("_first_byte", "_first_line", "_line_bytes", "_starts", "file", "text", "within")

    def __init__(
        self, text: str, file: str, *, first_line: int = 1, first_byte: int = 0, within: Span | None = None
    ) -> None:
        """Take *text*, which begins at line *first_line* and byte *first_byte* of *file*."""
        self.text, self.file, self.within = text, file, within
        self._first_line, self._first_byte = first_line, first_byte
        self._starts: list[int] | None = None
        self._line_bytes: list[int] | None = None

    def line(self, at: int) -> int:
        """Return the line of the character *at*."""
        return self._index(at) + self._first_line

    def column(self, at: int) -> int:
        """Return the column of the character *at*, from 1."""
        return at - self._line_starts()[self._index(at)] + 1

    def offset(self, at: int) -> int:
        """Return the byte offset of the character *at* in the file."""
        if self.text.isascii():
            return at + self._first_byte
        if self._line_bytes is None:
            self._line_bytes = [self._first_byte]
            for line in re.findall(r"[^\n]*\n", self.text):
                self._line_bytes.append(self._line_bytes[-1] + _size(line))
        index = self._index(at)
        return self._line_bytes[index] + _size(self.text[self._line_starts()[index] : at])

    def span(self, start: int, end: int) -> Span:
        """Return the place between two characters."""
        return Span(self, start, end)

    def _index(self, at: int) -> int:
        return bisect_left(self._line_starts(), at + 1) - 1

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            self._starts = [0, *(found.end() for found in re.finditer("\n", self.text))]
        return self._starts


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


class Span:
    """A place in a file; its figures are reckoned when they are asked for.

    Lines and columns count from 1, columns in characters; ``start`` and ``end`` are byte offsets, so that an edit can
    replace exactly what is there.
    """

    __slots__ = ("_from", "_source", "_to")

    def __init__(self, source: Source, start: int, end: int) -> None:
        """Take the characters of *source* from *start* up to *end*."""
        self._source, self._from, self._to = source, start, end

    @classmethod
    def whole(cls, file: str) -> Span:
        """Return the place that stands for a whole file: its line is 0."""
        return cls(Source("", file, first_line=0), 0, 0)

    def to(self, last: Span) -> Span:
        """Return the place from the beginning of this one to the end of *last*, in the same source."""
        return Span(self._source, self._from, last._to)

    @property
    def file(self) -> str:
        """Name of the file."""
        return self._source.file

    @property
    def text(self) -> str:
        """What is written there; empty where that is decoded from what another file holds."""
        return "" if self._source.within is not None else self._source.text[self._from : self._to]

    @property
    def line(self) -> int:
        """First line."""
        within = self._source.within
        return self._source.line(self._from) if within is None else within.line

    @property
    def end_line(self) -> int:
        """Last line."""
        within = self._source.within
        return self._source.line(max(self._from, self._to - 1)) if within is None else within.end_line

    @property
    def column(self) -> int:
        """Column of the first character."""
        within = self._source.within
        return self._source.column(self._from) if within is None else within.column

    @property
    def end_column(self) -> int:
        """Column after the last character, on the last line."""
        within = self._source.within
        if within is not None:
            return within.end_column
        last = max(self._from, self._to - 1)
        return self._source.column(last) + (1 if self._to > self._from else 0)

    @property
    def start(self) -> int:
        """Byte offset of the first character."""
        within = self._source.within
        return self._source.offset(self._from) if within is None else within.start

    @property
    def end(self) -> int:
        """Byte offset after the last character."""
        within = self._source.within
        return self._source.offset(self._to) if within is None else within.end

    def __str__(self) -> str:
        """Return file and line; the file alone for the whole of it."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __repr__(self) -> str:
        """Return file, line and columns."""
        return f"<{self.file}:{self.line}:{self.column}-{self.end_line}:{self.end_column}>"

    def __eq__(self, other: object) -> bool:
        """Tell whether both are the same bytes of the same file."""
        return isinstance(other, Span) and (self.file, self.start, self.end) == (other.file, other.start, other.end)

    def __hash__(self) -> int:
        """Return a hash that fits the comparison."""
        return hash((self.file, self._from if self._source.within is None else self._source.within.start))
