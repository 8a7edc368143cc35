"""Which files does a file of Terragrunt's include, and how are they merged into it?

https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#include
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.readers.terraform.language import Scope, Unknown, Value, first_open
from restore_ready.readers.terraform.syntax import Body, Span, Written
from restore_ready.readers.terragrunt._context import Context

_STRATEGIES: Final = ("shallow", "deep", "no_merge")


class Include(Struct, frozen=True):
    """One ``include`` block.

    Attributes:
        label: its name; empty for the one that may have none.
        file: the included file; ``None`` where it can't be had.
        why: why it can't.
        strategy: how it is merged: ``shallow``, ``deep`` or ``no_merge``.
        exposed: whether expressions may name it.
    """

    label: str
    span: Span
    file: Path | None = None
    why: str = ""
    strategy: str = "shallow"
    exposed: bool = False

    @property
    def is_deep(self) -> bool:
        """Whether maps and lists are merged too."""
        return self.strategy == "deep"

    @property
    def is_merged(self) -> bool:
        """Whether what it holds counts for the file that includes it."""
        return self.strategy != "no_merge"

    @property
    def unknown(self) -> Unknown:
        """What stands for all that the included file holds, where it can't be had."""
        return Unknown(f"what is included is not known: {self.why}", self.span)


def includes_of(body: Body, scope: Scope, context: Context, folder: Path) -> Iterator[Include]:
    """Yield the files that the file with that *body* in *folder* includes, in their order."""
    for block in body.blocks:
        if block.kind == "include":
            yield _include(block, scope, context, folder)


def _include(block: Written, scope: Scope, context: Context, folder: Path) -> Include:
    given = {name: context.shared.value(written.expr, scope) for name, written in block.body.attributes.items()}
    plain = Include(block.labels[0] if block.labels else "", block.span, exposed=given.get("expose") is True)
    strategy = given.get("merge_strategy", "shallow")
    if strategy not in _STRATEGIES:
        return replace(plain, why=f"its merge_strategy {_why_open(strategy)}")
    path = given.get("path")
    if not isinstance(path, str):
        return replace(plain, why=f"its path {_why_open(path)}", strategy=strategy)
    file = Path(os.path.normpath(folder / path))
    if not file.is_file():
        return replace(plain, why=f"there is no file {context.shown(file)}", strategy=strategy)
    if refusal := context.shared.confines.refusal(Path(os.path.realpath(file))):
        return replace(plain, why=f"{context.shown(file)} is not read: {refusal}", strategy=strategy)
    return replace(plain, file=file, strategy=strategy)


def _why_open(value: Value) -> str:
    unknown = first_open(value)
    return "is of no kind that Terragrunt takes" if unknown is None else f"is not known: {unknown.why}"


def selected(includes: Sequence[Include], label: str | None) -> Include | str:
    """Return the include that a function means by *label*, which a single one needs not; or why there is none."""
    if len(includes) == 1:
        return includes[0]
    found = [include for include in includes if include.label == label]
    return found[0] if found else f"there is no include {label}" if label is not None else "which include is not said"
