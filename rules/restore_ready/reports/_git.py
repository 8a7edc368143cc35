"""Which commit of which repository is a folder at? Read from git's own files: no process, and nothing there is run."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from msgspec import Struct

_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ORIGIN: Final = re.compile(r'\[remote "origin"\][^\[]*?^\s*url\s*=\s*(\S+)', re.MULTILINE)
_WEB: Final = re.compile(r"(?:https://(?:[^@/]*@)?|ssh://git@|git@)([A-Za-z0-9.-]+)[:/]([\w./-]+?)(?:\.git)?/?$")
_LARGEST: Final = 4_000_000
_NAMES: Final = "ref: refs/heads/"


class Repository(Struct, frozen=True):
    """A git repository as it is checked out.

    Attributes:
        root: its folder.
        commit: the commit's full hash; empty before the first one.
        branch: empty where none is checked out.
        web: where it can be looked at, ``https://host/owner/name``; empty where its origin does not say.
    """

    root: str
    commit: str = ""
    branch: str = ""
    web: str = ""


def repository_of(path: Path) -> Repository | None:
    """Return the repository that *path* is in; ``None`` where it is in none, or git's files say nothing."""
    start = Path(os.path.abspath(path))  # noqa: PTH100  # resolve() would leave the repository through a link
    root = next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), None)
    if root is None:
        return None
    own = _own_folder(root)
    head = "" if own is None else _text(own / "HEAD").strip()
    if own is None or not head:
        return None
    shared = _shared_folder(own)
    found = _ORIGIN.search(_text(shared / "config"))
    web = _WEB.fullmatch(found[1]) if found else None
    address = "" if web is None else f"https://{web[1]}/{web[2]}"
    branch = head.removeprefix(_NAMES) if head.startswith(_NAMES) else ""
    return Repository(str(root), _commit(head, own, shared), branch, address)


def _own_folder(root: Path) -> Path | None:
    """Return git's folder of a work tree, which a file names in worktrees and submodules."""
    found = root / ".git"
    if found.is_dir():
        return found
    named = _text(found).strip()
    return root / named.removeprefix("gitdir: ") if named.startswith("gitdir: ") else None


def _shared_folder(own: Path) -> Path:
    named = _text(own / "commondir").strip()
    return own / named if named else own


def _commit(head: str, own: Path, shared: Path) -> str:
    if not head.startswith("ref: "):
        return head if _COMMIT.fullmatch(head) else ""
    name = head.removeprefix("ref: ")
    if ".." in Path(name).parts:
        return ""
    for folder in (own, shared):
        loose = _text(folder / name).strip()
        if _COMMIT.fullmatch(loose):
            return loose
    packed = (line.split(" ") for line in _text(shared / "packed-refs").splitlines())
    return next((parts[0] for parts in packed if parts[1:] == [name] and _COMMIT.fullmatch(parts[0])), "")


def _text(path: Path) -> str:
    """Return what stands in one of git's files; nothing where it is none, or too large to be one."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
