"""Which folders and files does a walk leave out? One rule for every walk through sources."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from msgspec import Struct

_VENDORED: Final = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})
_PARTS: Final = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_MEANINGS: Final = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class LeftOut(Struct, frozen=True):
    """What a walk leaves out beside hidden and vendored folders.

    Attributes:
        patterns: globs, from the current folder unless absolute; one without ``/`` is that of a name at any depth. What
            lies in a folder that matches is left out too.
        ignored: absolute paths of folders.
    """

    patterns: tuple[str, ...] = ()
    ignored: frozenset[str] = frozenset()

    def walked(self, folder: str, names: Iterable[str]) -> list[str]:
        """Return those of the *names* of folders in *folder* that a walk goes into, sorted."""
        kept = (name for name in names if not name.startswith(".") and name not in _VENDORED)
        return sorted(name for name in kept if not self.has(os.path.join(folder, name)))  # noqa: PTH118  # quicker

    def has(self, path: str | Path) -> bool:
        """Return whether the file or folder *path*, met in a walk, is left out."""
        if not self.patterns and not self.ignored:
            return False
        absolute = os.path.abspath(path)  # noqa: PTH100  # resolve() would follow links to names nobody typed
        if absolute in self.ignored:
            return True
        here, written = str(Path.cwd()), absolute.replace(os.sep, "/")
        return any(_meaning(pattern, here).fullmatch(written) for pattern in self.patterns)


@lru_cache(maxsize=256)
def _meaning(pattern: str, here: str) -> re.Pattern[str]:
    """Return what matches the absolute paths that a glob names, written with ``/``."""
    bare = pattern.replace(os.sep, "/").removeprefix("./").rstrip("/")
    folder = bare.endswith("/**")
    bare = bare.removesuffix("/**")
    is_name = "/" not in bare and not folder
    start = "" if Path(bare).is_absolute() else "(?:.*/)" if is_name else re.escape(f"{Path(here).as_posix()}/")
    inner = "".join(_MEANINGS.get(part) or re.escape(part) for part in _PARTS.findall(bare))
    return re.compile(f"{start}{inner}(?:/.*)?", re.DOTALL)
