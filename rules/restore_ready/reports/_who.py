"""Who can restore which file system: what all sources say, and its JSON, whose keys are a contract."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from msgspec import Struct

from restore_ready._version import __version__
from restore_ready.model import Gap, Place, Truth, Unresolved
from restore_ready.reports._report import shown
from restore_ready.scanning._sources import SourceReading, Sources
from restore_ready.who_can_restore._paths import Chain, FileSystemChains, chains
from restore_ready.who_can_restore._steps import StepResult


class Entry(Struct, frozen=True):
    """Who can restore one file system; *assuming* is the open condition of the source under which this holds."""

    found: FileSystemChains
    assuming: str = ""


class Who(Struct, frozen=True):
    """The answer for every file system of all sources, and what could not be read of them."""

    entries: tuple[Entry, ...]
    not_read: tuple[Gap, ...]


def who_can_restore(sources: Sources) -> Who:
    """Say of every file system in *sources* who can restore it."""
    crashed = (Gap(str(one.path), Place(str(one.path)), f"its reader broke: {one.error}") for one in sources.crashes)
    entries = tuple(entry for one in sources.readings for entry in _entries(one))
    return Who(entries, tuple(dict.fromkeys((*sources.gaps, *crashed))))


def _entries(source: SourceReading) -> Iterator[Entry]:
    """Give one entry for each file system, and one for each open condition only where the answers differ."""
    told: dict[str, list[Entry]] = {}
    for estate in source.reading.estates:
        for found in chains(estate, source.requirements_file.base):
            told.setdefault(found.file_system.address, []).append(Entry(found, estate.assuming))
    for entries in told.values():
        distinct = {json.dumps(_file_system(Entry(one.found))): one for one in entries}
        yield from distinct.values() if len(distinct) > 1 else (Entry(entries[0].found),)


def write_json(who: Who) -> str:
    """Write one object: ``version`` of the pack, ``file_systems``, ``not_read``."""
    document = {
        "version": __version__,
        "file_systems": [_file_system(one) for one in who.entries],
        "not_read": [_gap(one) for one in who.not_read],
    }
    return json.dumps(document, indent=2)


def _gap(gap: Gap) -> dict[str, object]:
    place = shown(gap.place)
    return {"address": gap.address, "file": place.file, "line": place.line, "why": gap.why}


def _file_system(entry: Entry) -> dict[str, object]:
    found = entry.found
    place = shown(found.file_system.place)
    return {
        "address": found.file_system.address,
        "name": found.file_system.name,
        "file": place.file,
        "line": place.line,
        "assuming": entry.assuming,
        "vaults": [one.name for one in found.vaults],
        "further_vaults": found.hidden,
        "principals": [_principal(one) for one in by_success(found.chains)],
    }


def by_success(found: Iterable[Chain]) -> list[Chain]:
    """Sort chains: those of principals who can restore first, then the open ones."""
    order = {True: 0, None: 1, False: 2}
    return sorted(found, key=lambda one: order[plain(one.can_restore)])


def plain(answer: Truth) -> bool | None:
    """Return an answer as JSON has it: ``None`` where it is open."""
    return None if isinstance(answer, Unresolved) else answer


def _principal(chain: Chain) -> dict[str, object]:
    block = chain.first_block
    return {
        "address": chain.principal.address,
        "name": chain.principal.label,
        "kind": chain.principal.kind.value,
        "vault": chain.vault,
        "role": None if chain.role is None else chain.role.address,
        "can_restore": plain(chain.can_restore),
        "links": [_link(one) for one in chain.steps],
        "blocked_by": None if block is None else block.step.value,
        "suggestion": chain.suggestion or None,
    }


def _link(answer: StepResult) -> dict[str, object]:
    by = answer.by
    statement = None if by is None else {"policy": by.policy, "sid": by.sid, "kind": by.kind}
    return {
        "link": answer.step.value,
        "holds": plain(answer.holds),
        "why": answer.why,
        "statement": statement,
    }
