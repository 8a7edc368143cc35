"""Where the resources of a configuration are written, without what they evaluate to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from restore_ready.readers.terraform.configuration._bounds import process_limits
from restore_ready.readers.terraform.configuration._confines import Confines
from restore_ready.readers.terraform.configuration._declarations import ResourceKey, declarations
from restore_ready.readers.terraform.configuration._files import Reader
from restore_ready.readers.terraform.configuration._modules import ModuleFolders
from restore_ready.readers.terraform.syntax import Span


class DeclaredFiles:
    """The files of a root module and of the modules that it calls, as far as they are here and may be read."""

    def __init__(self, root: Path) -> None:
        """Take the folder of the root module."""
        confines = Confines(root)
        self._reader = Reader(confines)
        self._modules = ModuleFolders(root, confines)
        self._found: dict[Path, Mapping[ResourceKey, Span]] = {}

    def resources(self, folder: Path) -> Mapping[ResourceKey, Span]:
        """Return where the resources and data sources in *folder* are declared; they are read once."""
        if folder not in self._found:
            with process_limits():
                declared = declarations(folder, self._reader).resources
            self._found[folder] = {key: block.span for key, block in declared.items()}
        return self._found[folder]

    def module(self, source: object, names: str, caller: Path) -> Path | None:
        """Return the folder of the module *source* that *caller* calls, if it is here; *names* as ``backup.vault``."""
        return self._modules.find(source, names, caller).folder
