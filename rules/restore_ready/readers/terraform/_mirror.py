"""Rebuilds the folders of a root module elsewhere, by links, with some files changed or missing."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from restore_ready.readers.terraform._files import is_configuration, text_of
from restore_ready.readers.terraform._outline import OutlineError


def mirror(
    folders: Sequence[Path],
    target: Path,
    *,
    change: Callable[[str], str] | None = None,
    left_out: Collection[Path] = (),
) -> tuple[Path, list[Path]]:
    """Rebuild *folders* under *target* in their places to each other.

    HCL goes through *change*, all else is linked, *left_out* is missing.

    Returns:
        where the first folder is now, and the HCL files that *change* did not understand, which are linked.

    Raises:
        OSError: if files or links can't be made there.
        ValueError: if the folders are on different drives.
    """
    originals = [_absolute(one) for one in folders]
    missing = {_absolute(one) for one in left_out}
    top = Path(os.path.commonpath(originals))
    real = {top, *originals}
    for one in originals:
        real.update(parent for parent in one.parents if parent.is_relative_to(top))
    unchanged: list[Path] = []
    for folder in sorted(real):
        here = target / folder.relative_to(top)
        here.mkdir(parents=True, exist_ok=True)
        for source in sorted(folder.iterdir()):
            name = source.name
            if source in real or source in missing:
                continue
            if not _write_changed(source, here / name, change if folder in originals else None, unchanged):
                (here / name).symlink_to(source)
    return target / originals[0].relative_to(top), unchanged


def _absolute(path: Path) -> Path:
    """Make *path* absolute and plain, without following links."""
    return Path(os.path.abspath(path))  # noqa: PTH100  # resolve() follows links


def _write_changed(source: Path, copy: Path, change: Callable[[str], str] | None, unchanged: list[Path]) -> bool:
    """Write the changed text of an HCL file; false if there is none."""
    if change is None or not is_configuration(source.name) or source.name.endswith(".json"):
        return False
    text = text_of(source)
    if text is None:
        return False
    try:
        changed = change(text)
    except OutlineError:
        unchanged.append(source)
        return False
    copy.write_text(changed, encoding="utf-8", newline="")
    return True
