"""How is git asked about a folder without running what the repository brings?"""

from __future__ import annotations

from pathlib import Path


def git_command(folder: Path, *arguments: str) -> list[str]:
    """Return the command that asks git about *folder*.

    A configuration could have git run programs: as a file system monitor, or, in a repository without a work tree that
    was committed as part of another one, as filters. Git 2.38 and newer leave such a repository alone.
    """
    safe = ("-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit")
    return ["git", *safe, "--no-optional-locks", "-C", str(folder), *arguments]
