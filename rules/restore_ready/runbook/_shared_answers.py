"""What is asked of a source once, of however many of its file systems there are runbooks?"""

from __future__ import annotations

from restore_ready.catalog._finder import all_rules
from restore_ready.index import EstateIndex
from restore_ready.model import FileSystem, Requirements
from restore_ready.readiness._file_systems import SourceReadiness, judge_source
from restore_ready.readiness._pictures import Pictures
from restore_ready.scanning._sources import SourceReading
from restore_ready.who_can_restore._chain import Chain
from restore_ready.who_can_restore._paths import chains


class SharedAnswers:
    """Keeps what was asked."""

    def __init__(self) -> None:
        """Begin without any."""
        self._judged: dict[int, tuple[SourceReading, SourceReadiness]] = {}
        self._chains: list[tuple[EstateIndex, Requirements, dict[str, tuple[Chain, ...]]]] = []

    def readiness(self, source: SourceReading) -> SourceReadiness:
        """Return what all rules say of *source*, how its file systems stand by that, and what pictures show of them."""
        if id(source) not in self._judged:
            found = judge_source(source.reading, all_rules(), source.requirements_file, pictures=Pictures.ALL)
            self._judged[id(source)] = (source, found)
        return self._judged[id(source)][1]

    def chains(self, file_system: FileSystem, estate: EstateIndex, requirements: Requirements) -> tuple[Chain, ...]:
        """Return what each principal in question needs to restore *file_system*."""
        for asked, under, found in self._chains:
            if asked is estate and under == requirements:
                return found.get(file_system.address, ())
        by_address: dict[str, tuple[Chain, ...]] = {}
        for system in chains(estate, requirements):
            by_address.setdefault(system.file_system.address, system.chains)
        self._chains.append((estate, requirements, by_address))
        return by_address.get(file_system.address, ())
