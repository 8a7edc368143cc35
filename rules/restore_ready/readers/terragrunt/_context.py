"""What the reading of one unit shares: which files may be read and were, how much it may take, and the gaps."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from restore_ready.readers.terraform import Readable
from restore_ready.readers.terraform.configuration import Evaluation
from restore_ready.readers.terraform.configuration._confines import Confines
from restore_ready.readers.terraform.configuration._files import Contents
from restore_ready.readers.terraform.configuration._shared import Shared


class Context:
    """One unit's reading.

    Attributes:
        file: the unit's own file, its path absolute.
        scanned: the folder that was given and holds it; ``None`` where the file was.
        repository: the folder below which files may be read.
        environment: the variables of the environment that may be known.
        files: those that were read, or asked for, their links resolved.
    """

    def __init__(
        self, file: Path, environment: Mapping[str, str], readable: Readable, limit_seconds: float = 60
    ) -> None:
        """Begin with nothing read."""
        self.file = Path(os.path.abspath(file))  # noqa: PTH100  # resolve() would follow links to names nobody typed
        self.scanned = next((folder for folder in readable.scanned if folder in file.parents), None)
        confines = Confines(self.file.parent, self.scanned, readable.linked)
        self.shared = Shared(self.file.parent, confines, limit_seconds)
        self.repository = self.shared.confines.top
        self.environment = environment
        self.files: set[Path] = set()
        self._here = None if file.is_absolute() else Path.cwd()

    def shown(self, path: Path) -> str:
        """Return *path* as the user named the unit: from the current folder, or absolute."""
        return str(path) if self._here is None else os.path.relpath(path, self._here)

    def evaluation(self) -> Evaluation:
        """Return what could not be read, as the evaluation of a root module has it."""
        return Evaluation((), (), (), tuple(self.shared.gaps.values()))

    def readable(self, path: Path) -> str:
        """Return why the file *path*, its links resolved, may not be read; empty if it may, and is."""
        self.files.add(path)
        return self.shared.confines.refusal(path)

    def read(self, file: Path) -> Contents:
        """Return what a file of Terragrunt's holds; what can't be read of it is a gap."""
        self.files.add(Path(os.path.realpath(file)))
        contents = self.shared.reader.read(file, self.shown(file))
        for gap in contents.gaps:
            self.shared.add(gap)
        return contents
