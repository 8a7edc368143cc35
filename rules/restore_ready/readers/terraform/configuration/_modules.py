"""Where the modules are that a configuration calls.

https://developer.hashicorp.com/terraform/language/modules/sources
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

import msgspec

from restore_ready._bounded_read import read_file
from restore_ready._errors import UnreadableError
from restore_ready._git import NoAnswerError, ask_git, is_in_repository
from restore_ready.model._why_open import MODULE_NOT_HERE, NO_FOLDER
from restore_ready.readers.terraform.configuration._bounds import LARGEST_FILE
from restore_ready.readers.terraform.configuration._confines import Confines
from restore_ready.readers.terraform.configuration._files import configuration_files

_LOCAL: Final = ("./", "../")
_LISTING: Final = Path(".terraform", "modules", "modules.json")
_NOT_IGNORED: Final = 1
"""What ``git check-ignore`` ends with for a file that is in git, or that nothing has it ignore."""


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
        self._distrusted = _why_not_by_init(root) if self._installed else ""

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
        if self._distrusted:
            return Found(None, f"the module {named} is not read: {self._distrusted}")
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


def _why_not_by_init(root: Path) -> str:
    """Return why ``.terraform/modules`` may not be what ``terraform init`` made; empty where it certainly is.

    Init makes it anew in each checkout, and git is told to ignore it. What is committed is what somebody wrote there.
    """
    if not is_in_repository(root.resolve()):
        return ""
    try:
        done = ask_git(root, "check-ignore", "--quiet", str(_LISTING))
    except NoAnswerError as error:
        return f"whether terraform init made .terraform/modules is not known: {error}"
    if done.returncode == 0:
        return ""
    if done.returncode == _NOT_IGNORED:
        return (
            "git does not ignore .terraform/modules, so it may not be what terraform init made: "
            "take .terraform out of git, have .gitignore name it, and run terraform init"
        )
    said = os.fsdecode(done.stderr).strip().partition("\n")[0]
    return f"whether terraform init made .terraform/modules is not known: {said}"


def _installed(root: Path, confines: Confines) -> dict[str, Path]:
    listing = root / _LISTING
    if confines.refusal(Path(os.path.realpath(listing))):
        return {}
    try:
        listed = json.loads(read_file(listing, LARGEST_FILE))
        return {str(module["Key"]): Path(os.path.normpath(root / module["Dir"])) for module in listed["Modules"]}
    except (UnreadableError, ValueError, TypeError, KeyError, RecursionError):
        return {}
