"""Which comments of a source speak of exceptions, and which line does each belong to?"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

_SPOKEN: Final = re.compile(r"restore-ready:[ \t]*ignore\b[^\n]*|(?:checkov|bridgecrew|cortex):skip=[^\n]*")
_NATIVE: Final = (".tf", ".tofu", ".hcl")
_TERRAFORM_JSON: Final = (".tf.json", ".tofu.json")
_ALONE: Final = re.compile(r"[ \t]*(?:#|//|/\*|\*)")
_JSON_COMMENT: Final = re.compile(r'(?<!\\)"//"[ \t\n\r]*:[ \t\n\r]*"((?:[^"\\]|\\.)*)"')

Span = tuple[int, int]


class Comment(Struct, frozen=True):
    """A comment about an exception.

    Attributes:
        text: from ``restore-ready:`` or ``checkov:skip=`` to the end of the line.
        line: where it stands, from 1.
        about: the line it belongs to: its own, or the one below where it fills its line, other such lines skipped.
    """

    text: str
    line: int
    about: int


def comments_in(path: Path, text: str) -> Iterator[Comment]:
    """Yield the comments of a file that speak of exceptions: Terraform's, or YAML's; plain JSON has none."""
    if path.name.endswith(_TERRAFORM_JSON):
        yield from _in_terraform_json(text)
        return
    found = list(_SPOKEN.finditer(text))
    spans = _spans(path, text) if found else None
    if spans is None:
        return
    starts = [start for start, _ in spans]
    lines = text.split("\n")
    for spoken in found:
        before = bisect_right(starts, spoken.start()) - 1
        if before < 0 or spans[before][1] <= spoken.start():
            line = text.count("\n", 0, spoken.start()) + 1
            yield Comment(spoken[0].rstrip().removesuffix("*/").rstrip(), line, _about(lines, line))


def _about(lines: Sequence[str], line: int) -> int:
    """Return the line that a comment in a line from 1 belongs to."""
    below = line
    while below <= len(lines) and _ALONE.match(lines[below - 1]):
        below += 1
    return below


def _spans(path: Path, text: str) -> Sequence[Span] | None:
    """Return where the text is no comment, sorted, as far as it matters; ``None`` where it can't be read."""
    if path.name.endswith(_NATIVE):
        return _of_native(text, str(path))
    if text.lstrip().startswith("{"):
        return None
    from restore_ready._yaml_events import scalar_spans  # noqa: PLC0415  # PyYAML takes 10 ms to load

    return scalar_spans(text)


def _of_native(text: str, file: str) -> Sequence[Span] | None:
    from restore_ready.readers.terraform.syntax import Source  # noqa: PLC0415  # most scans have no such comment
    from restore_ready.readers.terraform.syntax._lexer import Tokens, UnreadableError  # noqa: PLC0415  # likewise

    try:
        tokens = Tokens(Source(text, file), 0, len(text))
    except UnreadableError:
        return None
    return list(zip(tokens.starts, tokens.ends, strict=True))


def _in_terraform_json(text: str) -> Iterator[Comment]:
    """Yield the comments of Terraform's JSON syntax: properties named ``//``."""
    for comment in _JSON_COMMENT.finditer(text):
        spoken = _SPOKEN.search(comment[1])
        if spoken:
            line = text.count("\n", 0, comment.start()) + 1
            yield Comment(spoken[0], line, line)
