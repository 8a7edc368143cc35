"""What of a configuration could not be read."""

from __future__ import annotations

import msgspec

from restore_ready.readers.terraform.syntax import Span


class Gap(msgspec.Struct, frozen=True):
    """A part of the configuration that could not be read.

    Attributes:
        what: the address of the block, or the file.
        why: the reason, without place.
        span: where it is; line 0 stands for a whole file, ``None`` for the whole root.
        text: the source text that the gap covers, which tells what it may hide; ``None`` where it can't be had.
    """

    what: str
    why: str
    span: Span | None
    text: str | None
