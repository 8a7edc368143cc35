"""Leaves out of very mixed roots what nobody looks at: tfparse's time grows with the square of the number of types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from restore_ready.readers.terraform._outline import HclBlock, OutlineError, outline
from restore_ready.readers.terraform._process import WANTED
from restore_ready.readers.terraform._slices import named_in, without

_TYPE = re.compile(r'^[ \t]*(?:resource|data)[ \t]+"([\w-]+)"', re.MULTILINE)
_MANY = 200
"""Types beyond which a root takes seconds: with 1,700 it takes six, and more than ten where it is evaluated twice."""


def is_worth_trimming(texts: Mapping[Path, str]) -> bool:
    """Tell whether *texts* have resources of so many types that leaving out some pays."""
    types = {found[1] for text in texts.values() for found in _TYPE.finditer(text)}
    return sum(not one.startswith(WANTED) for one in types) > _MANY


def trimmed(texts: Mapping[Path, str], root: Path) -> dict[Path, str]:
    """Return *texts* without the resources and data sources that no rule looks at and nothing kept refers to.

    The lines of all else stay. So do texts that are not understood; a text of which nothing is left is empty.
    The *root*'s own outputs are left out too, as nobody asks for them.
    """
    changed: dict[Path, str] = {}
    for folder in {file.parent for file in texts}:
        here = {file: text for file, text in texts.items() if file.parent == folder}
        changed.update(_trimmed_folder(here, is_root=folder == root))
    return changed


def _trimmed_folder(texts: Mapping[Path, str], *, is_root: bool) -> dict[Path, str]:
    optional: dict[Path, list[tuple[str, HclBlock]]] = {}
    uses: dict[str, set[str]] = {}
    todo: list[str] = []
    for file, text in texts.items():
        try:
            blocks = [] if file.name.endswith(".json") else outline(text).blocks
        except OutlineError:
            blocks = []
        optional[file] = [(_name(one), one) for one in blocks if _is_optional(one, is_root=is_root)]
        for name, one in optional[file]:
            uses.setdefault(name, set()).update(named_in(text[one.start : one.body_end]))
        todo += named_in(without(text, [one for _, one in optional[file]]))
    needed: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in needed:
            needed.add(name)
            todo += uses.get(name, ())
    return {
        file: without(text, [one for name, one in optional[file] if name not in needed]) for file, text in texts.items()
    }


def _is_optional(block: HclBlock, *, is_root: bool) -> bool:
    if block.kind == "output":
        return is_root
    return block.kind in ("resource", "data") and not "".join(block.labels[:1]).startswith(WANTED)


def _name(block: HclBlock) -> str:
    return ".".join(block.labels if block.kind == "resource" else (block.kind, *block.labels))
