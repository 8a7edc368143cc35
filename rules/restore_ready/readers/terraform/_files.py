"""What Terraform reads in a folder: configuration files, variable files, and the folders its modules are in."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from restore_ready.readers.terraform._outline import OutlineError, outline

HCL_ENDINGS = (".tf", ".tofu")
JSON_ENDINGS = (".tf.json", ".tofu.json")
LARGEST = 10_000_000
"""Bytes beyond which a file is left out of the evaluation: Terraform code written or generated stays far below."""

_LOCAL_SOURCE = re.compile(r'source"?[ \t]*[=:][ \t]*"\.{1,2}[/\\"]')


def is_configuration(name: str) -> bool:
    """Return whether Terraform or OpenTofu reads a file of that name as configuration."""
    return name.endswith(HCL_ENDINGS + JSON_ENDINGS)


def configuration_files(folder: Path) -> list[Path]:
    """Return the folder's configuration files in order of name; none if it can't be listed."""
    try:
        with os.scandir(folder) as entries:
            return sorted(folder / one.name for one in entries if is_configuration(one.name) and one.is_file())
    except OSError:
        return []


def variable_files(folder: Path) -> list[Path]:
    """Return the variable files that Terraform loads by itself, in its order: a later one wins.

    https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
    """
    named = [folder / "terraform.tfvars", folder / "terraform.tfvars.json"]
    automatic = sorted(one for pattern in ("*.auto.tfvars", "*.auto.tfvars.json") for one in folder.glob(pattern))
    return [one for one in [*named, *automatic] if one.is_file()]


def why_unreadable(file: Path) -> str:
    """Return why a configuration file can't be evaluated; empty when it can be tried."""
    try:
        if file.stat().st_size > LARGEST:
            return f"the file is larger than {LARGEST // 1_000_000} MB"
        with file.open("rb") as stream:
            start = stream.read(8192)
    except OSError as error:
        return f"the file can't be read: {error.strerror}"
    return "the file is binary, not Terraform" if b"\0" in start else ""


def text_of(file: Path) -> str | None:
    """Return the file's text; ``None`` if it can't be read as UTF-8 or is too large to be configuration."""
    if why_unreadable(file):
        return None
    try:
        return file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def local_calls(folder: Path) -> tuple[Path, ...]:
    """Return the folders that *folder* calls as local modules (``source = "./x"``), as far as they exist.

    A text search picks the files that may hold such a call; only those are outlined.
    """
    called: dict[Path, None] = {}
    for file in configuration_files(folder):
        text = text_of(file)
        if text is not None and _LOCAL_SOURCE.search(text):
            for source in _json_sources(text) if file.name.endswith(".json") else _hcl_sources(text):
                target = Path(os.path.normpath(folder / source))
                if source.startswith(".") and target.is_dir():
                    called[target] = None
    return tuple(called)


def installed_modules(root: Path) -> list[Path]:
    """Return the folders where ``terraform init`` put the root's remote modules, from ``.terraform/modules``."""
    try:
        listed = json.loads((root / ".terraform" / "modules" / "modules.json").read_bytes())
        folders = [root / one["Dir"] for one in listed["Modules"]]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return []
    return [Path(os.path.normpath(one)) for one in folders if one.is_dir()]


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


def calling_circle(root: Path) -> tuple[Path, ...]:
    """Return the folders of a circle of module calls that *root* runs into; empty if there is none."""
    path: list[Path] = []
    done: set[Path] = set()
    todo: list[tuple[Path, bool]] = [(root, False)]
    while todo:
        folder, leaving = todo.pop()
        if leaving:
            done.add(path.pop())
        elif folder in path:
            return (*path[path.index(folder) :], folder)
        elif folder not in done:
            path.append(folder)
            todo.append((folder, True))
            todo.extend((one, False) for one in local_calls(folder))
    return ()


def _hcl_sources(text: str) -> Iterator[str]:
    try:
        top = outline(text)
    except OutlineError:
        return
    for block in top.blocks:
        source = block.attribute("source") if block.kind == "module" else None
        if source is not None:
            yield text[source.value_start : source.value_end].partition("#")[0].strip().strip('"')


def _json_sources(text: str) -> Iterator[str]:
    try:
        modules = json.loads(text)["module"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return
    for call in modules.values() if isinstance(modules, dict) else ():
        for one in call if isinstance(call, list) else (call,):
            if isinstance(one, dict) and isinstance(one.get("source"), str):
                yield one["source"]
