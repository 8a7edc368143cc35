"""Rebuilds the folders of a root module elsewhere, by links, with some files changed or missing."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path


def mirror(
    folders: Sequence[Path], target: Path, *, changed: Mapping[Path, str], left_out: Collection[Path] = ()
) -> Path:
    """Rebuild *folders* under *target* in their places to each other and return where the first one is now.

    The files in *changed* have the text given there; all else is linked; *left_out* is missing.

    Raises:
        OSError: if files or links can't be made there.
        ValueError: if the folders are on different drives.
    """
    originals = [_absolute(one) for one in folders]
    texts = {_absolute(file): text for file, text in changed.items()}
    missing = {_absolute(one) for one in left_out}
    top = Path(os.path.commonpath(originals))
    real = {top, *originals}
    for one in originals:
        real.update(parent for parent in one.parents if parent.is_relative_to(top))
    for folder in sorted(real):
        here = target / folder.relative_to(top)
        here.mkdir(parents=True, exist_ok=True)
        for source in sorted(folder.iterdir()):
            if source not in texts and source not in real and source not in missing:
                (here / source.name).symlink_to(source)
    for file, text in texts.items():
        (target / file.relative_to(top)).write_text(text, encoding="utf-8", newline="")
    return target / originals[0].relative_to(top)


def _absolute(path: Path) -> Path:
    """Make *path* absolute and plain, without following links."""
    return Path(os.path.abspath(path))  # noqa: PTH100  # resolve() follows links
