"""Tells where a plan's resources are written: in the configuration beside the plan, else in the plan's own JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from restore_ready.model import Place
from restore_ready.readers.terraform._addresses import bare, steps
from restore_ready.readers.terraform._marks import place_in
from restore_ready.readers.terraform.configuration import DeclaredFiles, ResourceKey
from restore_ready.readers.terraform.plan._tree import Planned, PlanTree
from restore_ready.readers.terraform.syntax import Span


class Places:
    """Where the resources of one plan are written.

    Files beside a plan need not be those that it was made from. So they tell lines, and nothing of values.
    """

    def __init__(self, plan: PlanTree, content: str) -> None:
        """Take *plan* and the JSON it was read from."""
        self._plan = plan
        self._content = content
        self._in_plan: dict[str, Place] | None = None
        self._files = DeclaredFiles(plan.path.parent)
        self._folders: dict[str, Path | None] = {"": plan.path.parent}

    def of(self, resource: Planned) -> Place:
        """Return the place of *resource*; line 0 where neither configuration nor JSON tells it."""
        folder = self._folder(resource.module)
        key = ResourceKey(resource.mode, resource.type, resource.name)
        span = self._files.resource(folder, key) if folder is not None else None
        if span is not None:
            return place_in(span, self._calls(resource.module))
        if self._in_plan is None:
            self._in_plan = dict(_json_places(str(self._plan.path), self._content))
        return self._in_plan.get(resource.address, Place(str(self._plan.path)))

    def _calls(self, module: str) -> tuple[Span, ...]:
        """Return the module calls from the root down to a module instance, as far as their folders are here."""
        if not module:
            return ()
        parts = steps(module)
        caller = ".".join(parts[:-2])
        folder = self._folder(caller)
        span = None if folder is None else self._files.call(folder, bare(parts[-1]))
        return (*self._calls(caller), *(() if span is None else (span,)))

    def _folder(self, module: str) -> Path | None:
        """Return the folder of a module instance, if it and all that call it are here."""
        if module not in self._folders:
            parts = steps(module)
            caller = ".".join(parts[:-2])
            source = self._plan.call(self._plan.configuration(caller), bare(parts[-1])).get("source")
            above = self._folder(caller)
            names = ".".join(map(bare, parts[1::2]))
            self._folders[module] = self._files.module(source, names, above) if above is not None else None
        return self._folders[module]


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
