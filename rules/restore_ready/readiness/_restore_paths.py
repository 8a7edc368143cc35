"""How does a file system get back, station by station?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from restore_ready.coverage._automatic import is_automatic_vault
from restore_ready.file_moves._movers import movers_of
from restore_ready.history._records import show_span
from restore_ready.kms._keys import key_behind
from restore_ready.model import Key, Unresolved
from restore_ready.readiness._answers import NewestPoint
from restore_ready.readiness._restore_links import Way, links_of, state_of
from restore_ready.readiness._restore_path import MOST_PEOPLE, PersonRow, RestorePath, Station
from restore_ready.readiness._standing import Standing
from restore_ready.readiness._state import State
from restore_ready.who_can_restore._chain import Chain

_RANKS: Final = {State.YES: 2, State.UNKNOWN: 1, State.NO: 0}
_UNSEEN: Final = "none in sight"


def restore_path(way: Way) -> RestorePath:
    """Return the way of a file system, station by station."""
    standing = way.standing
    ordered = sorted(standing.chains.chains, key=_reach, reverse=True)
    best = ordered[0] if ordered else None
    movers = tuple(
        mover.name if isinstance(mover.name, str) else mover.address
        for mover in movers_of(standing.file_system, standing.estate, standing.requirements)
    )
    links = links_of(way, best, movers)
    people = tuple(map(_person, ordered[:MOST_PEOPLE]))
    stations = tuple(_stations(way, best, movers))
    return RestorePath(stations, links, people, max(len(ordered) - MOST_PEOPLE, 0))


def _reach(chain: Chain) -> tuple[int, int, int]:
    """Return the rank of a chain: how it ends, how far it gets, and how much of it holds."""
    ranks = [_RANKS[state_of(step.holds)] for step in chain.steps]
    whole = [at for at, found in enumerate(ranks) if found < _RANKS[State.YES]]
    return min(ranks), whole[0] if whole else len(ranks), sum(ranks)


def _stations(way: Way, best: Chain | None, movers: tuple[str, ...]) -> Iterator[Station]:
    standing, file_system = way.standing, way.standing.file_system
    name = file_system.name if isinstance(file_system.name, str) else ""
    yield Station("file system", name or file_system.address)
    yield Station("plan", " + ".join(plan.removeprefix("plan ") for plan in way.plans) or "none")
    yield Station("vault", ", ".join(_vaults(standing)) or _UNSEEN)
    yield Station("recovery points", _points(standing, way.point))
    if best is None:
        yield Station("person", "nobody in sight")
    else:
        yield Station(best.principal.kind.value, best.principal.label)
    yield Station("permission", "iam:PassRole")
    yield Station("restore role", _UNSEEN if best is None or best.role is None else best.role.label)
    yield Station("key", ", ".join(dict.fromkeys(_keys(standing))) or "AWS's own")
    yield Station("mover", ", ".join(movers) or _UNSEEN)


def _vaults(standing: Standing) -> list[str]:
    """Return what the vaults are called, that of automatic backups last."""
    found = dict.fromkeys(vault.name for vault in (*standing.chains.vaults, *standing.chains.elsewhere))
    return sorted(found, key=is_automatic_vault)


def _points(standing: Standing, point: NewestPoint | None) -> str:
    points = standing.chains.points
    if points is None:
        return "not in a source"
    if point is not None and standing.estate.now is not None:
        return f"newest {show_span(standing.estate.now - point.created)} old"
    return "not known" if isinstance(points.answer, Unresolved) else "none"


def _keys(standing: Standing) -> Iterator[str]:
    file_system, estate = standing.file_system, standing.estate
    vaults = (found.vault for found in standing.chains.vaults if found.vault is not None)
    used = [(file_system.key, file_system.aws_place), *((vault.key, vault.aws_place) for vault in vaults)]
    for value, at in used:
        key = key_behind(value, at, estate)
        if isinstance(key, Unresolved):
            yield "not known"
        elif isinstance(key, Key):
            yield next((alias for alias in key.aliases if isinstance(alias, str)), _short(key.address))


def _short(address: str) -> str:
    """Return the address of a key; of an ARN the first part of the id, which tells keys of one account apart."""
    key = address.rpartition(":key/")[2]
    return address if key == address else f"key {key.partition('-')[0]}"


def _person(chain: Chain) -> PersonRow:
    block = chain.first_block
    return PersonRow(
        chain.principal.label,
        chain.principal.kind.value,
        chain.vault,
        "" if chain.role is None else chain.role.label,
        state_of(chain.can_restore),
        tuple((step.step.value, state_of(step.holds)) for step in chain.steps),
        "" if block is None else f"{block.step.value}: {block.why}",
        chain.suggestion,
    )
