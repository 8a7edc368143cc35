"""Where can a place in a repository be looked at?"""

from __future__ import annotations

import os
from pathlib import Path

from restore_ready.model import Place
from restore_ready.reports._git import Repository
from restore_ready.reports._locations import uri


class Permalinks:
    """Makes addresses of places in the commit that was read, as GitHub and GitLab have them."""

    def __init__(self, repository: Repository | None) -> None:
        """Take the repository, if any; without its web address or commit there are no links."""
        known = repository is not None and repository.web and repository.commit
        self._repository = repository if known else None

    def of(self, place: Place) -> str:
        """Return the address of *place*; empty where there is none."""
        if self._repository is None or not place.line:
            return ""
        file = Path(os.path.abspath(place.file))  # noqa: PTH100  # resolve() would follow links out of the repository
        root = Path(self._repository.root)
        if not file.is_relative_to(root):
            return ""
        until = f"-L{place.end_line}" if place.end_line > place.line else ""
        inside = uri(file.relative_to(root).as_posix())
        return f"{self._repository.web}/blob/{self._repository.commit}/{inside}#L{place.line}{until}"
