"""Where the module is that a unit deploys.

A path, of which ``//`` parts what is copied along, or an address from which Terragrunt downloads into
``.terragrunt-cache``. https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#terraform
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.readers.terraform.configuration import configuration_files
from restore_ready.readers.terraform.configuration._declarations import declarations
from restore_ready.readers.terraform.configuration._files import Contents
from restore_ready.readers.terraform.configuration._modules import ModuleFolders
from restore_ready.readers.terraform.language import first_open
from restore_ready.readers.terraform.syntax import Span
from restore_ready.readers.terragrunt._blocks import source_of
from restore_ready.readers.terragrunt._config import Config

_REMOTE: Final = re.compile(r"^(?:[a-z0-9+]+::|[a-z0-9+]+://|[\w.-]+@[\w.-]+:|(?:github|gitlab|bitbucket)\.\w+/)")
_CACHE: Final = ".terragrunt-cache"
_VERSION: Final = ".terragrunt-source-version"
_MOST: Final = 100
"""Folders of the cache, and bytes of a version, that are looked at."""

INIT: Final = "run terragrunt init, or scan the plan: terragrunt show -json"


class Module(Struct, frozen=True):
    """The module of a unit.

    Attributes:
        folder: where it is, the unit's own folder if that holds it; ``None`` if it can't be had or there is none.
        why: why it can't be had; empty for a unit that names none.
        source: as the unit names it; empty if it names none, or what it names is not known.
        place: where that is said.
    """

    folder: Path | None
    why: str = ""
    source: str = ""
    place: Span | None = None

    @property
    def is_named(self) -> bool:
        """Whether the unit names one, known or not."""
        return self.place is not None


def module_of(config: Config) -> Module:
    """Return the module that the unit with the file *config* deploys."""
    unit, own = config.reader.parent, config.file.parent
    placed = source_of(config)
    if placed is None:
        return Module(own if any(configuration_files(own)) else None)
    source, place = placed.argument("source"), placed.block.span
    if not isinstance(source, str):
        unknown = first_open(source)
        why = "is no text" if unknown is None else f"is not known: {unknown.why}"
        return Module(None, f"which module it deploys {why}: {INIT}", "", place)
    return replace(_found(source, unit, config.context.shared.folders), source=source, place=place)


def files_beside(config: Config, module: Module) -> dict[str, Contents]:
    """Return the configuration files that Terragrunt copies from the unit's folder beside those of its module."""
    unit = config.file.parent
    if module.folder is None or module.folder == unit:
        return {}
    reader = config.context.shared.reader
    files = [file for group in configuration_files(unit) for file in group]
    return {file.name: reader.read(file, config.context.shown(file)) for file in files}


def outputs_of(config: Config) -> Collection[str] | None:
    """Return the names of the outputs of the unit with the file *config*; ``None`` if its module can't be had."""
    module = module_of(config)
    if module.folder is None:
        return None
    beside = files_beside(config, module)
    return list(declarations(module.folder, config.context.shared.reader, beside).outputs)


def _found(source: str, unit: Path, folders: ModuleFolders) -> Module:
    if not _REMOTE.match(source):
        folder = Path(os.path.normpath(unit / source.replace("//", "/")))
        if not folder.is_dir():
            return Module(None, f"the module {source} is not here: there is no such folder")
        found = folders.find(f"./{os.path.relpath(folder, unit)}", "", unit)
        return _checked(folder, source) if found.folder is not None else Module(None, found.why)
    cached = list(_cached(source, unit))
    if len(cached) != 1:
        why = "is not here" if not cached else "is here several times in .terragrunt-cache"
        return Module(None, f"the module {source} {why}: {INIT}")
    return _checked(cached[0], source)


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
        if _says(marker) == version and folder.is_dir():
            yield folder


def _says(marker: Path) -> str:
    if not marker.is_file():
        return ""
    with marker.open("rb") as file:
        return file.read(_MOST).decode("utf-8", "replace").strip()
