"""Where the module is that a unit deploys.

A path, of which ``//`` parts what is copied along, or an address from which Terragrunt downloads into
``.terragrunt-cache``. https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#terraform
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct

from restore_ready.readers.terraform.configuration import configuration_files

_REMOTE: Final = re.compile(r"^(?:[a-z0-9+]+::|[a-z0-9+]+://|[\w.-]+@[\w.-]+:|(?:github|gitlab|bitbucket)\.\w+/)")
_CACHE: Final = ".terragrunt-cache"
_VERSION: Final = ".terragrunt-source-version"
_MOST: Final = 100
INIT: Final = "run terragrunt init, or scan the plan: terragrunt show -json"


class Module(Struct, frozen=True):
    """The folder of a unit's module, or why it can't be had."""

    folder: Path | None
    why: str = ""


def find_module(source: str, unit: Path) -> Module:
    """Return where the module *source* of the unit in the folder *unit* is."""
    if not _REMOTE.match(source):
        folder = Path(os.path.normpath(unit / source.replace("//", "/")))
        if not folder.is_dir():
            return Module(None, f"the module {source} is not here: there is no such folder")
        return _checked(folder, source)
    found = list(_cached(source, unit))
    if len(found) != 1:
        why = "is not here" if not found else "is here several times in .terragrunt-cache"
        return Module(None, f"the module {source} {why}: {INIT}")
    return _checked(found[0], source)


def _checked(folder: Path, source: str) -> Module:
    if not any(configuration_files(folder)):
        return Module(None, f"the module {source} has no Terraform files")
    return Module(folder)


def _cached(source: str, unit: Path) -> Iterator[Path]:
    """Yield the folders into which Terragrunt downloaded *source* in the version that it names."""
    path, _, query = source.partition("?")
    inner = path.partition("://")[2] or path
    below = inner.partition("//")[2]
    asked = urlencode(sorted(parse_qsl(query, keep_blank_values=True)))
    digest = hashlib.sha1(asked.encode(), usedforsecurity=False).digest()
    version = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    for marker in sorted(unit.glob(f"{_CACHE}/*/*/{_VERSION}"))[:_MOST]:
        folder = Path(os.path.normpath(marker.parent / below))
        if marker.read_text("utf-8", "replace").strip() == version and folder.is_dir():
            yield folder
