"""The folders of root modules and of the modules that they call, as far as their text tells."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from restore_ready._bounded_read import read_file
from restore_ready._errors import UnreadableError
from restore_ready.readers.terraform.configuration import configuration_files
from restore_ready.readers.terraform.syntax import Body, nodes, parse, parse_json

_LARGEST: Final = 10_000_000
"""Bytes of a file that is looked into: Terraform code, written or generated, stays far below."""

_LOCAL_SOURCE: Final = re.compile(r'source"?\s*[=:]\s*"\.{1,2}[/\\"]')


def files_of(folder: Path) -> list[Path]:
    """Return the configuration files of *folder*, override files last; none if it can't be listed."""
    files, overriding = configuration_files(folder)
    return [*files, *overriding]


def text_of(file: Path) -> str | None:
    """Return the file's text; ``None`` if it can't be read as UTF-8 or is too large to be configuration."""
    try:
        return read_file(file, _LARGEST).decode("utf-8-sig")
    except (UnreadableError, UnicodeDecodeError):
        return None


def local_calls(folder: Path) -> tuple[Path, ...]:
    """Return the folders that *folder* calls as local modules (``source = "./x"``), as far as they exist.

    A text search picks the files that may hold such a call; only those are parsed.
    """
    called: dict[Path, None] = {}
    for file in files_of(folder):
        text = text_of(file)
        if text is not None and _LOCAL_SOURCE.search(text):
            read = parse_json if file.name.endswith(".json") else parse
            for source in _sources(read(text.encode(), str(file))[0]):
                target = Path(os.path.normpath(folder / source.replace("\\", "/")))
                if source.startswith(".") and target.is_dir():
                    called[target] = None
    return tuple(called)


def installed_modules(root: Path) -> list[Path]:
    """Return the folders where ``terraform init`` put the root's remote modules, from ``.terraform/modules``."""
    try:
        listed = json.loads(read_file(root / ".terraform" / "modules" / "modules.json", _LARGEST))
        folders = [root / module["Dir"] for module in listed["Modules"]]
    except (UnreadableError, ValueError, TypeError, KeyError, RecursionError):
        return []
    return [Path(os.path.normpath(folder)) for folder in folders if folder.is_dir()]


def module_folders(root: Path) -> list[Path]:
    """Return *root* and the folder of every module below it, local and installed, each once."""
    found: dict[Path, None] = {}
    todo = [root, *installed_modules(root)]
    while todo:
        folder = todo.pop()
        if folder not in found:
            found[folder] = None
            todo.extend(local_calls(folder))
    return list(found)


def _sources(body: Body) -> Iterator[str]:
    for block in body.blocks:
        source = block.body.attributes.get("source") if block.kind == "module" else None
        if source is not None and isinstance(source.expr, nodes.Literal) and isinstance(source.expr.value, str):
            yield source.expr.value
