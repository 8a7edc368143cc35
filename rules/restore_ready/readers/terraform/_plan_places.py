"""Tells where a plan's resources are written: in the HCL beside the plan, else in the plan's own JSON."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from restore_ready.model import Place
from restore_ready.readers.terraform._addresses import bare, steps
from restore_ready.readers.terraform._plan_tree import Planned, PlanTree

_HEADER: Final = re.compile(r'[ \t]*(resource|data)[ \t]+"?(\w+)"?[ \t]+"?([\w-]+)"?[ \t]*\{')
_SUFFIXES: Final = (".tf", ".tofu")
_BIGGEST_FILE: Final = 4_000_000
"""Bytes; a larger file of HCL is not searched."""


class Places:
    """Where the resources of one plan are written."""

    def __init__(self, plan: PlanTree, content: str) -> None:
        """Take *plan* and the JSON it was read from."""
        self._plan = plan
        self._content = content
        self._in_plan: dict[str, Place] | None = None
        self._folders: dict[str, Path | None] = {"": plan.path.parent}
        self._in_folder: dict[Path, dict[tuple[str, str, str], Place]] = {}

    def of(self, resource: Planned) -> Place:
        """Return the place of *resource*; line 0 where neither HCL nor JSON tells it."""
        folder = self._folder(resource.module)
        if folder is not None:
            if folder not in self._in_folder:
                self._in_folder[folder] = dict(_hcl_places(folder))
            mode = "data" if resource.mode == "data" else "resource"
            found = self._in_folder[folder].get((mode, resource.type, resource.name))
            if found is not None:
                return found
        if self._in_plan is None:
            self._in_plan = dict(_json_places(str(self._plan.path), self._content))
        return self._in_plan.get(resource.address, Place(str(self._plan.path)))

    def _folder(self, module: str) -> Path | None:
        """Return the folder of a module instance, if it is called by a relative path all the way."""
        if module not in self._folders:
            parts = steps(module)
            caller = ".".join(parts[:-2])
            source = self._plan.call(self._plan.configuration(caller), bare(parts[-1])).get("source")
            above = self._folder(caller)
            self._folders[module] = _local(above, source)
        return self._folders[module]


def _local(above: Path | None, source: object) -> Path | None:
    if above is None or not isinstance(source, str) or not source.startswith(("./", "../")) or "\0" in source:
        return None
    return Path(os.path.normpath(above / source))


def _hcl_places(folder: Path) -> Iterator[tuple[tuple[str, str, str], Place]]:
    """Search the headers of resource and data blocks; a block ends at the next brace as far in as its header."""
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES and path.is_file())
    except OSError:
        return
    for path in files:
        yield from _headers(path)


def _headers(path: Path) -> Iterator[tuple[tuple[str, str, str], Place]]:
    try:
        if path.stat().st_size > _BIGGEST_FILE:
            return
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    ends: dict[int, int] = {}
    for number in range(len(lines), 0, -1):
        line = lines[number - 1]
        header = _HEADER.match(line)
        if header is not None:
            mode, kind, name = header.groups()
            end = number if line.rstrip().endswith("}") else ends.get(_indent(line), number)
            yield (mode, kind, name), Place(str(path), number, end)
        elif line.lstrip().startswith("}"):
            ends[_indent(line)] = number


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _json_places(file: str, content: str) -> Iterator[tuple[str, Place]]:
    """Give the object of each address in ``planned_values``, if the JSON has an entry to a line.

    Brackets that open end their line and brackets that close begin theirs, in every usual way to print JSON.
    """
    start = content.find('"planned_values"')
    if start < 0:
        return
    opened: list[int] = []
    addresses: dict[int, str] = {}
    for number, line in enumerate(content[start:].split("\n"), content.count("\n", 0, start) + 1):
        entry = line.strip()
        if opened and entry[:1] in {"}", "]"}:
            top = opened.pop()
            if top in addresses:
                yield addresses.pop(top), Place(file, top, number)
            if not opened:
                return
        elif opened and entry.startswith('"address":'):
            addresses[opened[-1]] = _string(entry.partition(":")[2])
        if entry[-1:] in {"{", "["}:
            opened.append(number)


def _string(written: str) -> str:
    try:
        value = json.loads(written.strip().rstrip(","))
    except ValueError:
        return ""
    return value if isinstance(value, str) else ""
