"""What all modules of one evaluation share."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from restore_ready.readers.terraform.configuration._bounds import Room, Steps
from restore_ready.readers.terraform.configuration._confines import Confines
from restore_ready.readers.terraform.configuration._declarations import Declarations, declarations
from restore_ready.readers.terraform.configuration._files import Contents, Reader
from restore_ready.readers.terraform.configuration._gap import Gap
from restore_ready.readers.terraform.configuration._modules import ModuleFolders
from restore_ready.readers.terraform.language import (
    EvalError,
    Lazy,
    Obj,
    Scope,
    Seq,
    TooMuchError,
    Unknown,
    Value,
    accepted,
    settled,
    walk,
)
from restore_ready.readers.terraform.syntax import Expr, Span, Written

TOO_MUCH: Final = "it takes too much to evaluate it"

_MOST_PARTS: Final = 100_000


class Shared:
    """The root folder, what may be read and how much, and the gaps found.

    Attributes:
        root: the folder that paths in expressions begin from.
        gaps: by what is concerned, reason and place, so that each is told once.
    """

    def __init__(
        self, root: Path, confines: Confines, limit_seconds: float, generated: Mapping[str, Contents] | None = None
    ) -> None:
        """Begin with nothing read; files are *generated* in the root folder."""
        self.root = root
        self.confines = confines
        self.reader = Reader(self.confines)
        self.folders = ModuleFolders(root, self.confines)
        self.steps = Steps(limit_seconds)
        self.room = Room()
        self.gaps: dict[tuple[str, str, Span | None], Gap] = {}
        self._declarations: dict[str, Declarations] = {}
        if generated:
            self._keep(root, declarations(root, self.reader, generated))

    def declarations(self, folder: Path) -> Declarations:
        """Return what the files of *folder* declare; they are read once."""
        real = os.path.realpath(folder)
        if real not in self._declarations:
            self._keep(folder, declarations(folder, self.reader))
        return self._declarations[real]

    def _keep(self, folder: Path, found: Declarations) -> None:
        self._declarations[os.path.realpath(folder)] = found
        for gap in found.gaps:
            self.add(gap)

    def add(self, gap: Gap) -> None:
        """Keep a gap, with the text that it covers."""
        if gap.text is None and gap.span is not None and gap.span.line:
            gap = Gap(gap.what, gap.why, gap.span, self.reader.text(gap.span))
        self.gaps.setdefault((gap.what, gap.why, gap.span), gap)

    def block_gap(self, address: str, why: str, block: Written) -> None:
        """Keep a gap about a whole block; of the instances of one block, the first stands for all."""
        if not any(known[1:] == (why, block.span) for known in self.gaps):
            self.add(Gap(address, why, block.span, None))

    def value(self, expr: Expr, scope: Scope) -> Value:
        """Return the value of an expression, whatever happens: what Terraform would refuse is unknown."""
        return self.steps.share(lambda: _value(expr, scope))


def _value(expr: Expr, scope: Scope) -> Value:
    try:
        value = settled(expr, scope)
        return value.whole() if isinstance(value, Lazy) else accepted(value)
    except EvalError as error:
        return Unknown(error.why, error.span or expr.span)
    except TooMuchError:
        return Unknown(TOO_MUCH, expr.span)
    except RecursionError:
        return Unknown("it is nested too deep", expr.span)


def measured(value: Value) -> Value:
    """Return *value*.

    Raises:
        TooMuchError: if it has too many parts, which may be the same one again and again.
    """
    if isinstance(value, (Seq, Obj)):
        for number, _ in enumerate(walk(value)):
            if number > _MOST_PARTS:
                raise TooMuchError
    return value
