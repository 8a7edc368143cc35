"""Git repositories that tests make, as nobody in particular."""

from __future__ import annotations

import subprocess
from pathlib import Path


def git(folder: Path, *words: str) -> str:
    """Run git as nobody in particular."""
    who = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "core.autocrlf=false"]
    done = subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, timeout=60, check=True)  # noqa: S607
    return done.stdout


def repository(folder: Path) -> Path:
    """Commit everything in *folder* to a repository there, on the branch main."""
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    """Commit everything that changed."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "change")
