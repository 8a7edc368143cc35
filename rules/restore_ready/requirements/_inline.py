"""Which exceptions are written in the sources themselves: in comments, and in ``Metadata`` of templates?"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from msgspec import Struct

from restore_ready._bounded_read import read_file
from restore_ready._errors import UnreadableError
from restore_ready._words import did_you_mean
from restore_ready.catalog._finder import all_rules
from restore_ready.model import Place
from restore_ready.requirements._comments import Comment, comments_in
from restore_ready.requirements._noted import Noted

OWNER: Final = "inline"
"""Who owns an exception that is written in a source."""

UNIT_ENDING: Final = ".hcl"
"""How the names of Terragrunt's files end, in which values of resources are given that are written elsewhere."""

_MENTIONED: Final = re.compile(rb"restore-ready[\"']?[ \t]*:|RR[0-9]{3}")
_MOST: Final = 16 * 1024 * 1024
_TERRAFORM: Final = (".tf", ".tf.json", ".tofu", ".tofu.json")
_OURS: Final = re.compile(r"restore-ready:[ \t]*ignore\b[ \t]*(?P<rules>[^\s]*)(?P<reason>.*)")
_CHECKOV: Final = re.compile(r"\w+:skip=[ \t]*(?P<rules>[\w,-]*)(?::(?P<reason>.*))?")
_UNTIL: Final = re.compile(r"\[?\buntil=(?P<day>[^\s\]]*)\]?")
_CODE: Final = re.compile(r"[EWI]?(?P<code>RR[0-9]{3})")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_REASON: Final = "gives no reason"


class InlineException(Struct, frozen=True):
    """An exception that is written in a source.

    Attributes:
        until: the last day on which it holds; ``None`` for ever.
        place: where it is written.
        first: the first of the lines that it is about, and *last* the last.
        wrong: why it can't be accepted; empty if it can.
    """

    rule: str
    reason: str
    until: date | None
    place: Place
    first: int
    last: int
    wrong: str = ""

    def is_about(self, code: str, place: Place) -> bool:
        """Return whether it is for the rule *code* and the block at *place*, which is in the same file."""
        return self.rule == code and self.first <= max(place.line, place.end_line) and place.line <= self.last

    def is_expired(self, today: date) -> bool:
        """Return whether its last day is over."""
        return self.until is not None and today > self.until

    def __str__(self) -> str:
        """Name it by its reason and line."""
        said = f'"{self.reason}"' if self.reason else f"for {self.rule}"
        return f"the exception {said} in line {self.place.line}"


def inline_exceptions(file: str) -> tuple[InlineException, ...]:
    """Return the exceptions that a source file has, sound ones and others, in the order of their lines."""
    path = Path(file)
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return ()
    if not path.is_file() or stat.st_size > _MOST:
        return ()
    return _of_state(file, str(Path.cwd()), stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=512)
def _of_state(file: str, _here: str, _changed: int, _size: int) -> tuple[InlineException, ...]:
    path = Path(file)
    try:
        content = read_file(path, _MOST)
        text = content.decode("utf-8-sig") if _MENTIONED.search(content) else ""
    except (UnreadableError, UnicodeDecodeError):  # the readers report what can't be read
        return ()
    found = [*_of_comments(path, text), *_of_metadata(path, text)] if text else []
    return tuple(sorted(found, key=lambda exception: exception.place.line))


def _of_comments(path: Path, text: str) -> Iterator[InlineException]:
    for comment in comments_in(path, text.replace("\r\n", "\n")):
        ours = _OURS.match(comment.text)
        said = ours or _CHECKOV.match(comment.text)
        if said is not None:
            words = [word for word in said["rules"].split(",") if ours or word.startswith("RR")]
            for word in words:
                yield _of_comment(str(path), comment, word, said["reason"] or "")


def _of_comment(file: str, comment: Comment, word: str, said: str) -> InlineException:
    until = _UNTIL.search(said)
    reason = _UNTIL.sub("", said).strip(" \t-:")
    noted = Noted(word, reason, until["day"] if until else "", comment.line, whole=False)
    return _made(file, noted, comment.about)


def _of_metadata(path: Path, text: str) -> Iterator[InlineException]:
    if not path.name.endswith((*_TERRAFORM, UNIT_ENDING)):
        from restore_ready.requirements._metadata import noted_in  # noqa: PLC0415  # PyYAML takes 10 ms to load

        for noted in noted_in(text):
            yield _made(str(path), noted, noted.line)


def _made(file: str, noted: Noted, about: int) -> InlineException:
    code = _CODE.fullmatch(noted.rule)
    rule = code["code"] if code else noted.rule
    day = _day(noted.until)
    wrong = _unknown_rule(rule) or ("" if noted.reason else _NO_REASON)
    if noted.until and day is None:
        wrong = wrong or f"ends on '{noted.until[:20]}', which is no day: write until=2027-03-31"
    first, last = (1, sys.maxsize) if noted.whole else (about, about)
    return InlineException(rule, noted.reason, day, Place(file, noted.line, noted.line), first, last, wrong)


def _unknown_rule(rule: str) -> str:
    codes = [known.code for known in all_rules()]
    if rule in codes:
        return ""
    if not rule:
        return "names no rule: write restore-ready: ignore RR201 and the reason"
    return f"names no rule '{rule[:20]}': see `restore-ready rules`.{did_you_mean(rule, codes)}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
