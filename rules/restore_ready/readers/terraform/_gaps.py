"""Says what of a root module could not be read: files, modules, and blocks whose ``for_each`` is not known."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from restore_ready.model import Gap, Place
from restore_ready.readers.terraform._addresses import module_of, steps
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._files import text_of
from restore_ready.readers.terraform._overlay import EACH_PROBE, is_needed
from restore_ready.readers.terraform._unread import call_at

_BROKEN_FILE = re.compile(r'msg="Error parsing file" .*? err="(.+?):(\d+),\d+[-,\d]*: (.*)"$')
_TELLING = (
    "aws_backup_",
    "aws_efs_backup_policy",
    "aws_efs_file_system",
    "aws_efs_mount_target",
    "aws_iam_",
    "aws_ssoadmin_",
    "awscc_",
)
"""How the types begin that say something about file systems, backups and permissions."""


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
    """Give the blocks with ``for_each`` that are missing, or too few, without their collection being known empty.

    Those that no rule looks at are passed over. *probes* may tell of a block several times; one that knows suffices.
    """
    instances = Counter(_without_index(address) for address in addresses if address.endswith("]"))
    for address, told in _told(probes).items():
        each = told.values.get("each")
        expected = len(each) if isinstance(each, (list, Mapping)) else 1
        if instances[address] < expected and address not in addresses and (gap := _hidden(address, told)):
            yield gap


class _Told(Struct, frozen=True):
    """What a probe tells of a block, and its place."""

    values: Mapping[str, object]
    place: Place


def _told(probes: Sequence[Block]) -> dict[str, _Told]:
    found: dict[str, _Told] = {}
    for probe in probes:
        scope = module_of(probe.address)
        for name, value in probe.values.items():
            if name.startswith(EACH_PROBE) and isinstance(value, Mapping):
                line = value.get("line")
                place = Place(probe.place.file, *((line, line) if isinstance(line, int) else ()))
                address = ".".join(filter(None, (scope, str(value.get("block")))))
                if address not in found or isinstance(value.get("each"), (list, Mapping)):
                    found[address] = _Told(value, place)
    return found


def _hidden(address: str, told: _Told) -> Gap | None:
    why = "what its for_each iterates over is not known, so some or all of its instances are missing"
    kind = steps(address)[-2]
    if kind != "module":
        hides = told.values.get("backup") is True
        return Gap(address, told.place, why, hides) if kind.startswith(_TELLING) else None
    call = call_at(address, told.place)
    if call is None:
        return Gap(address, told.place, why, hides_backups=True)
    return Gap(address, told.place, why, call.hides_backups()) if call.may_matter() else None


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
