"""Which file system is meant, among those of all sources?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone

from msgspec import Struct

from restore_ready._errors import UsageError
from restore_ready._words import did_you_mean
from restore_ready.history._records import usable_points
from restore_ready.index import EstateIndex
from restore_ready.model import FileSystem, Known, Place, RecoveryPoint, Unresolved
from restore_ready.reports._locations import is_live
from restore_ready.reports._safe_text import clean, first_few, first_lines
from restore_ready.scanning._sources import SourceReading, Sources

_LISTED = 20
_LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)


class Chosen(Struct, frozen=True):
    """A file system, the estate it is in, and the source of that."""

    file_system: FileSystem
    estate: EstateIndex
    source: SourceReading


def find_file_system(word: str, sources: Sources) -> Chosen:
    """Return the file system that *word* means: its address or logical id, its tag Name, its id or its ARN.

    One that recovery points alone tell of is meant where none that exists is called so, by the name on them too. Of
    estates that hold under different open conditions of one source, the first that has it is taken.

    Raises:
        UsageError: if there is none, or several; the message lists what there is.
    """
    everything = list(all_file_systems(sources))
    found = [chosen for chosen in everything if word == chosen.file_system.address]
    found = found or [chosen for chosen in everything if word in names(chosen.file_system)]
    found = _with_points(found) if len(found) > 1 else found
    if len(found) == 1:
        return found[0]
    if found:
        msg = f"several file systems are called {clean(word)}: name one by its address, and its folder or file as PATH"
        raise UsageError(msg + _listed(found))
    if not everything:
        msg = f"no file system called {clean(word)}: there is none in what was read; {where_to_look(sources)}"
        raise UsageError(msg)
    known = [name for chosen in everything for name in (chosen.file_system.address, *names(chosen.file_system))]
    msg = f"no file system called {clean(word)}.{clean(did_you_mean(word, known))}"
    msg += f" There is:{_listed(everything)}"
    raise UsageError(msg)


def where_to_look(sources: Sources) -> str:
    """Return what to change where *sources* have no file system."""
    accounts = [source for source in sources.read if is_live(Place(str(source)))]
    if accounts:
        return f"that was {first_few(accounts)}: check account and Region"
    return "give its folder or file as PATH"


def all_file_systems(sources: Sources) -> Iterator[Chosen]:
    """Yield the file systems of all sources, those last that recovery points alone tell of."""
    lost: list[Chosen] = []
    for source in sources.readings:
        seen: set[str] = set()
        for records in source.reading.estates:
            estate = EstateIndex.of(records)
            lost += (Chosen(file_system, estate, source) for file_system in estate.lost_file_systems)
            for file_system in estate.file_systems:
                if file_system.address not in seen:
                    seen.add(file_system.address)
                    yield Chosen(file_system, estate, source)
    lost.sort(key=_newest_point)
    yield from {chosen.file_system.address: chosen for chosen in lost}.values()


def _with_points(found: list[Chosen]) -> list[Chosen]:
    """Return those that exist, unless what they have can't be seen and another, lost one has something to restore."""
    existing = [chosen for chosen in found if chosen.file_system.lost is None]
    lost = [chosen for chosen in found if chosen.file_system.lost is not None and _newest_point(chosen) > _LONG_AGO]
    if not existing:
        return found
    unseen = all(isinstance(_points(chosen), Unresolved) for chosen in existing)
    return lost if lost and unseen else existing


def _points(chosen: Chosen) -> Known[tuple[RecoveryPoint, ...]]:
    history = chosen.estate.histories_by_file_system.get(chosen.file_system.address)
    return () if history is None else history.recovery_points


def _newest_point(chosen: Chosen) -> datetime:
    """Return when the newest recovery point that can be restored was made, by which of several Regions one is taken."""
    points = usable_points(chosen.file_system, chosen.estate)
    return points[0].created if points else _LONG_AGO


def names(file_system: FileSystem) -> list[str]:
    """Return what it is called besides its address: tag Name, ARN and id, as far as they are known."""
    arn = file_system.arn if isinstance(file_system.arn, str) else ""
    return [name for name in (file_system.name, arn, arn.rpartition("/")[2]) if name]


def _listed(found: list[Chosen]) -> str:
    lines = [_line(chosen.file_system) for chosen in found]
    return "".join(f"\n  {line}" for line in first_lines(lines, _LISTED))


def _line(file_system: FileSystem) -> str:
    called = f' "{clean(file_system.name)}"' if file_system.name else ""
    return f"{clean(file_system.address)}{called} ({clean(str(file_system.place))})"
