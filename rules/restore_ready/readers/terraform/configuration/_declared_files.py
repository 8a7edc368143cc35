"""Where the resources and module calls of a configuration are written, without what they evaluate to."""

from __future__ import annotations

from pathlib import Path

from restore_ready.readers.terraform.configuration._bounds import process_limits
from restore_ready.readers.terraform.configuration._confines import Confines
from restore_ready.readers.terraform.configuration._declarations import Declarations, ResourceKey, declarations
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
        self._found: dict[Path, Declarations] = {}

    def resource(self, folder: Path, key: ResourceKey) -> Span | None:
        """Return where a resource or data source in *folder* is declared."""
        block = self._declared(folder).resources.get(key)
        return None if block is None else block.span

    def call(self, folder: Path, name: str) -> Span | None:
        """Return where *folder* calls the module that it names *name*."""
        block = self._declared(folder).modules.get(name)
        return None if block is None else block.span

    def _declared(self, folder: Path) -> Declarations:
        if folder not in self._found:
            with process_limits():
                self._found[folder] = declarations(folder, self._reader)
        return self._found[folder]

    def module(self, source: object, names: str, caller: Path) -> Path | None:
        """Return the folder of the module *source* that *caller* calls, if it is here; *names* as ``backup.vault``."""
        return self._modules.find(source, names, caller).folder
