"""Says what of a root module could not be read: files, modules, and blocks whose ``for_each`` is not known."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from restore_ready._model import Gap, Place
from restore_ready.readers.terraform._addresses import module_of, steps
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._files import text_of
from restore_ready.readers.terraform._overlay import EACH_PROBE, is_needed

_BROKEN_FILE = re.compile(r'msg="Error parsing file" .*? err="(.+?):(\d+),\d+[-,\d]*: (.*)"$')
_FAILED_MODULE = re.compile(r'msg="Failed to load module[^"]*" .*? loc=(\S+?):(\d+)(?:-\d+)? err="?(.*?)"?$')
_QUIET = frozenset({"source", "version", "providers", "for_each", "count", "depends_on", "id"})


def gaps_of(root: Path, answer: Mapping[str, Any]) -> Iterator[Gap]:
    """Give the files that tfparse could not parse, by its log, and what it refused altogether."""
    seen: set[str] = set()
    for line in answer["log"]:
        found = _BROKEN_FILE.search(line.rstrip())
        if found and found[1] not in seen:
            seen.add(found[1])
            file = os.path.normpath(root / found[1])
            why = f"line {found[2]}: {_unescaped(found[3])}"
            yield Gap(file, Place(file, int(found[2]), int(found[2])), why, _file_speaks_of_backups(Path(file)))
    for error in answer["errors"]:
        yield Gap(str(root), Place(str(root)), error, hides_backups="tfvars" not in error)


def hidden_blocks(probes: Sequence[Block], addresses: Collection[str]) -> Iterator[Gap]:
    """Give the blocks with ``for_each`` that are missing, or too few, without their collection being known empty."""
    instances: dict[str, int] = {}
    for address in addresses:
        if address.endswith("]"):
            key = _without_index(address)
            instances[key] = instances.get(key, 0) + 1
    for probe in probes:
        scope = module_of(probe.address)
        for name, value in probe.values.items():
            if not name.startswith(EACH_PROBE) or not isinstance(value, Mapping):
                continue
            address = ".".join(filter(None, (scope, str(value.get("block")))))
            each = value.get("each")
            expected = len(each) if isinstance(each, (list, Mapping)) else 1
            if instances.get(address, 0) < expected and address not in addresses:
                line = value.get("line")
                place = Place(probe.place.file, *((line, line) if isinstance(line, int) else ()))
                why = "what its for_each iterates over is not known, so some or all of its instances are missing"
                yield Gap(address, place, why, hides_backups=value.get("backup") is True)


def unprobed_gaps(root: Path, files: Sequence[Path], failure: str) -> Iterator[Gap]:
    """Give what may be missing because the second evaluation was not made, or not of all *files*."""
    if failure:
        why = f"only half of the evaluation was made, and unknown values may hide blocks: {failure}"
        yield Gap(str(root), Place(str(root)), why, hides_backups=True)
    for file in files:
        text = text_of(file)
        if text is not None and is_needed(text):
            why = "blocks with for_each may be missing: it could not be seen which of them iterate over unknown values"
            yield Gap(str(file), Place(str(file)), why, hides_backups="backup" in text.lower())


def unread_modules(blocks: Sequence[Block], addresses: Collection[str], log: Sequence[str]) -> list[Gap]:
    """Give the module calls of which no block was read."""
    calls = [one for one in blocks if one.type == "module"]
    if not calls:
        return []
    read = {scope for address in addresses for scope in _scopes(address)}
    reasons: dict[tuple[str, int], str] = {}
    for line in log:
        if found := _FAILED_MODULE.search(line.rstrip()):
            reasons[found[1], int(found[2])] = _unescaped(found[3])
    return [_unread(one, reasons) for one in calls if one.address not in read]


def _unread(call: Block, reasons: Mapping[tuple[str, int], str]) -> Gap:
    source = call.values.get("source")
    written = source if isinstance(source, str) else "unknown"
    if written.startswith("."):
        logged = next(
            (why for (name, line), why in reasons.items() if _is_at(call.place, name, line)), "it has no blocks"
        )
        why = f"the module {written} could not be read: {logged}"
    else:
        why = f"the module {written} is not here: run terraform init so that .terraform/modules has it"
    words = " ".join([call.address, written, *(name for name in call.values if name not in _QUIET)])
    return Gap(call.address, call.place, why, hides_backups="backup" in words.lower())


def _is_at(place: Place, name: str, line: int) -> bool:
    return place.line == line and place.file.endswith(os.path.normpath(name))


def _scopes(address: str) -> Iterator[str]:
    """Give the module instances that the block of that address lies in."""
    if address.startswith("module."):
        found = steps(address)
        depth = 2
        while found[depth - 2] == "module" and len(found) > depth:
            yield ".".join(found[:depth])
            depth += 2


def _without_index(address: str) -> str:
    """Return the address without the instance key at its end, which may hold brackets itself."""
    if address.endswith('"]'):
        return address[: address.rfind('["')]
    return address[: address.rfind("[")]


def _file_speaks_of_backups(file: Path) -> bool:
    text = text_of(file)
    return text is None or "backup" in text.lower()


def _unescaped(text: str) -> str:
    return text.replace('\\"', '"').replace("\\n", " ")
