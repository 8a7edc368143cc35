"""Where the modules are that a configuration calls.

https://developer.hashicorp.com/terraform/language/modules/sources
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

import msgspec

from restore_ready.model._why_open import MODULE_NOT_HERE, NO_FOLDER
from restore_ready.readers.terraform.configuration._bounds import LARGEST_FILE
from restore_ready.readers.terraform.configuration._confines import Confines
from restore_ready.readers.terraform.configuration._files import configuration_files

_LOCAL: Final = ("./", "../")


class Found(msgspec.Struct, frozen=True):
    """The folder of a module, or why it can't be had."""

    folder: Path | None
    why: str = ""


class ModuleFolders:
    """The folders of local modules, and of those that ``terraform init`` put below ``.terraform/modules``."""

    def __init__(self, root: Path, confines: Confines) -> None:
        """Read which modules are installed for *root*."""
        self._confines = confines
        self._installed = _installed(root, confines)

    def find(self, source: object, key: str, caller: Path) -> Found:
        """Return the folder of the module *source*, which *caller* calls; *key* is its path of names: ``backup.vault``.

        A folder beside the repository is one too, but not what a link leads to there.
        """
        named = source.replace("\\", "/") if isinstance(source, str) else ""
        if named.startswith(_LOCAL) or named in {".", ".."}:
            return self._local(named, caller)
        folder = self._installed.get(key)
        if folder is None:
            shown = named or "whose source is not known"
            return Found(None, MODULE_NOT_HERE.said(what=shown))
        if refusal := self._confines.refusal(Path(os.path.realpath(folder))):
            return Found(None, f"the module {named} is not read: {refusal}")
        return Found(folder) if folder.is_dir() else Found(None, f"the module {named} is not here: no folder {folder}")

    def _local(self, named: str, caller: Path) -> Found:
        folder = Path(os.path.normpath(caller / named))
        if not folder.is_dir():
            return Found(None, NO_FOLDER.said(what=named))
        real = Path(os.path.realpath(folder))
        refusal = self._confines.refusal(real)
        has_link = real != Path(os.path.normpath(os.path.realpath(caller) + "/" + named))
        if refusal and (has_link or ".git" in real.parts):
            return Found(None, f"the module {named} is not read: {refusal}")
        if refusal and any(configuration_files(folder)):
            self._confines.admit(real)
        return Found(folder)


def _installed(root: Path, confines: Confines) -> dict[str, Path]:
    listing = root / ".terraform" / "modules" / "modules.json"
    if confines.refusal(Path(os.path.realpath(listing))) or not listing.is_file():
        return {}
    try:
        listed = json.loads(listing.read_bytes()) if listing.stat().st_size <= LARGEST_FILE else {}
        return {str(module["Key"]): Path(os.path.normpath(root / module["Dir"])) for module in listed["Modules"]}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}
