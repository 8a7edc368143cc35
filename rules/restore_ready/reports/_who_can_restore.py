"""Who can restore which file system, by all that was read, and which JSON says it? Its keys are a contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from restore_ready._json_text import json_text
from restore_ready._version import __version__
from restore_ready.model import Gap, Place, Truth, Unresolved
from restore_ready.reports._locations import shown
from restore_ready.scanning._guarded import guarded
from restore_ready.scanning._sources import SourceReading, Sources
from restore_ready.who_can_restore._chain import Chain, FileSystemChains
from restore_ready.who_can_restore._lifting import DenyingVault
from restore_ready.who_can_restore._paths import chains
from restore_ready.who_can_restore._points import PointsOnRecord
from restore_ready.who_can_restore._steps import Cited, StepResult


class FileSystemAnswer(Struct, frozen=True):
    """Who can restore one file system; *assuming* is the open condition of the source under which this holds."""

    found: FileSystemChains
    assuming: str = ""


class WhoCanRestore(Struct, frozen=True):
    """The answer for every file system of all sources, and what could not be read of them.

    Attributes:
        broke: whether the pack itself failed on one of them.
    """

    file_systems: tuple[FileSystemAnswer, ...]
    not_read: tuple[Gap, ...]
    broke: bool = False


def who_can_restore(sources: Sources) -> WhoCanRestore:
    """Return for every file system in *sources* who can restore it."""
    crashes = list(sources.crashes)
    answers: list[FileSystemAnswer] = []
    for source in sources.readings:
        with guarded(source.path, crashes, "the judging"):
            answers.extend(_answers(source))
    crashed = (Gap(str(crash.path), Place(str(crash.path)), str(crash)) for crash in crashes)
    return WhoCanRestore(tuple(answers), tuple(dict.fromkeys((*sources.gaps, *crashed))), broke=bool(crashes))


def _answers(source: SourceReading) -> Iterator[FileSystemAnswer]:
    """Return one answer for each file system, and one for each open condition only where the answers differ."""
    by_address: dict[str, list[FileSystemAnswer]] = {}
    for estate in source.reading.estates:
        for found in chains(estate, source.requirements_file.base, detailed=True):
            by_address.setdefault(found.file_system.address, []).append(FileSystemAnswer(found, estate.assuming))
    for answers in by_address.values():
        distinct = {repr(_file_system(FileSystemAnswer(answer.found))): answer for answer in answers}
        yield from distinct.values() if len(distinct) > 1 else (FileSystemAnswer(answers[0].found),)


def write_json(who: WhoCanRestore) -> str:
    """Return one object: ``version`` of the pack, ``file_systems``, ``not_read``."""
    document = {
        "version": __version__,
        "file_systems": [_file_system(answer) for answer in who.file_systems],
        "not_read": [_gap(gap) for gap in who.not_read],
    }
    return json_text(document, indent=2)


def _gap(gap: Gap) -> dict[str, object]:
    place = shown(gap.place)
    return {"address": gap.address, "file": place.file, "line": place.line, "why": gap.why}


def _file_system(answer: FileSystemAnswer) -> dict[str, object]:
    found = answer.found
    place = shown(found.file_system.place)
    copies = () if found.points is None else found.points.elsewhere
    return {
        "address": found.file_system.address,
        "name": found.file_system.name,
        "lost": None if found.file_system.lost is None else found.file_system.lost.why,
        "file": place.file,
        "line": place.line,
        "assuming": answer.assuming,
        "somebody_can": yes_no_or_open(found.somebody_can),
        "why": found.why,
        "recovery_points": _points(found.points),
        "vaults": [vault.name for vault in found.vaults],
        "copies_elsewhere": list(dict.fromkeys([*copies, *(vault.name for vault in found.elsewhere)])),
        "further_vaults": found.hidden,
        "denying_vaults": [_denying(vault) for vault in found.denying],
        "principals": [_principal(chain) for chain in by_success(found.chains)],
    }


def _points(points: PointsOnRecord | None) -> dict[str, object] | None:
    """Return what is on record of recovery points; ``None`` where the source has no history."""
    if points is None:
        return None
    newest = points.newest
    return {
        "restorable": points.number if isinstance(points.answer, bool) else None,
        "newest": None if newest is None else newest.isoformat(),
        "not_restorable": dict(points.lost),
    }


def _denying(found: DenyingVault) -> dict[str, object]:
    return {
        "vault": found.vault.name,
        "for_everyone": yes_no_or_open(found.for_everyone),
        "lifted_by": [
            {
                "address": lifter.principal.address,
                "name": lifter.principal.label,
                "kind": lifter.principal.kind.value,
                "actions": list(lifter.actions),
                "certain": lifter.certain,
            }
            for lifter in found.lifters or ()
        ],
    }


def by_success(found: Iterable[Chain]) -> list[Chain]:
    """Return chains sorted: those of principals who can restore first, then the open ones."""
    order = {True: 0, None: 1, False: 2}
    return sorted(found, key=lambda chain: order[yes_no_or_open(chain.can_restore)])


def yes_no_or_open(answer: Truth) -> bool | None:
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
        "can_restore": yes_no_or_open(chain.can_restore),
        "links": [_step(result) for result in chain.steps],
        "blocked_by": None if block is None else block.step.value,
        "suggestion": chain.suggestion or None,
        "lacks": list(chain.lacks),
    }


def _step(result: StepResult) -> dict[str, object]:
    by = result.by
    return {
        "link": result.step.value,
        "holds": yes_no_or_open(result.holds),
        "why": result.why,
        "statement": None if by is None else _statement(by),
    }


def _statement(by: Cited) -> dict[str, object]:
    """Return a statement, with file and line where its source tells them."""
    found: dict[str, object] = {"policy": by.policy, "sid": by.sid, "kind": by.kind}
    if by.focus is not None:
        place = shown(by.focus.place)
        found |= {"file": place.file, "line": place.line}
    return found
