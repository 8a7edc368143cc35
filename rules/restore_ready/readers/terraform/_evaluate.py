"""Evaluates root modules: every block that matters with its values, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.model import Gap, Place
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._existence import (
    counts_of,
    standing_in,
    uncounted,
    with_counts,
    within_modules,
    worth_telling,
)
from restore_ready.readers.terraform._files import (
    calling_circle,
    configuration_files,
    module_folders,
    variable_files,
    why_unreadable,
)
from restore_ready.readers.terraform._gaps import gaps_of, hidden_blocks, unprobed_gaps
from restore_ready.readers.terraform._joins import joined
from restore_ready.readers.terraform._merge import merged, open_arguments
from restore_ready.readers.terraform._normalise import Reader, givens_of, scope_of, written_ids
from restore_ready.readers.terraform._process import Worker
from restore_ready.readers.terraform._rounds import Preparation, evaluated, texts_of
from restore_ready.readers.terraform._unread import unread_modules


class Evaluation(Struct, frozen=True):
    """A root module's blocks in the order of their types, and what could not be read of it."""

    blocks: tuple[Block, ...]
    gaps: tuple[Gap, ...] = ()


def evaluate_roots(
    roots: Sequence[Path], *, limit_seconds: float = 60, workers: int = 2, var_files: Sequence[Path] = ()
) -> Iterator[tuple[Path, Evaluation]]:
    """Evaluate *roots*, several at a time, and give each with its evaluation in the order asked for."""
    with ExitStack() as stack:
        idle: SimpleQueue[Worker] = SimpleQueue()
        for _ in range(workers):
            idle.put(stack.enter_context(Worker()))

        def one(root: Path) -> Evaluation:
            worker = idle.get()
            try:
                return _evaluated_by(worker, root, limit_seconds, var_files)
            finally:
                idle.put(worker)

        if len(roots) < 2 or workers < 2:  # noqa: PLR2004  # nothing to do at the same time
            yield from ((root, one(root)) for root in roots)
            return
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # not needed for one root, and not light

        with ThreadPoolExecutor(workers) as pool:
            yield from zip(roots, pool.map(one, roots), strict=True)


def evaluate_root(root: Path, *, limit_seconds: float = 60, var_files: Sequence[Path] = ()) -> Evaluation:
    """Evaluate one root module as Terraform would, without its state and without AWS.

    Args:
        root: the folder; places in the result are this path joined with the files' names.
        limit_seconds: after which the evaluation is given up; what was not evaluated is a gap.
        var_files: variable files beside those that Terraform loads by itself; the last one wins.
    """
    with Worker() as worker:
        return _evaluated_by(worker, root, limit_seconds, var_files)


def _evaluated_by(worker: Worker, root: Path, limit_seconds: float, var_files: Sequence[Path]) -> Evaluation:
    if circle := calling_circle(root):
        way = " → ".join(str(one) for one in circle)
        return _nothing(root, (), f"its modules call each other in a circle, which Terraform refuses: {way}")
    folders = module_folders(root)
    files = [file for folder in folders for file in configuration_files(folder)]
    unreadable = {file: why for file in files if (why := why_unreadable(file))}
    gaps = [Gap(str(file), Place(str(file)), why, hides_backups=True) for file, why in unreadable.items()]
    variables = [*variable_files(root), *var_files]
    texts = texts_of([file for file in files if file not in unreadable])
    with ExitStack() as stack:
        prepared = Preparation(root, folders, texts, set(unreadable), variables, stack)
        try:
            rounds, failure = evaluated(prepared, worker, limit_seconds)
        except (OSError, ValueError) as error:
            return _nothing(root, gaps, f"it could not be copied for evaluation: {error}")
    if not rounds:
        return _nothing(root, gaps, failure)
    written = written_ids([*texts.values(), *texts_of(variables).values()])
    return _read(root, rounds, [*gaps, *unprobed_gaps(root, prepared.unprobed, failure)], written)


def _nothing(root: Path, gaps: Sequence[Gap], why: str) -> Evaluation:
    return Evaluation((), (*gaps, Gap(str(root), Place(str(root)), why, hides_backups=True)))


def _read(
    root: Path, rounds: Sequence[Sequence[Mapping[str, Any]]], gaps: list[Gap], written: Mapping[str, str]
) -> Evaluation:
    known = [{one: address for answer in answers for one, address in _ids(answer).items()} for answers in rounds]
    ids = {one: address for here in known for one, address in here.items()}
    readings = [_round(root, answers, {**written, **ids}) for answers in rounds]
    addresses = {address: number for number, here in enumerate(known) for address in here.values()}
    blocks = joined(_latest(readings, addresses))
    gaps += (gap for one in readings[1:] or readings for gap in one.gaps)
    probes = [probe for one in readings for probe in one.probes]
    gaps += hidden_blocks(probes, addresses)
    blocks = within_modules([*blocks, *standing_in(gaps, probes, blocks)])
    unread, unread_gaps = unread_modules(blocks, addresses, rounds[0][0]["log"])
    kept = [one for one in blocks if one.type != "module" or one.address in unread]
    return Evaluation(tuple(kept), (*dict.fromkeys(filter(worth_telling, gaps)), *unread_gaps))


def _latest(readings: Sequence[_Round], addresses: Mapping[str, int]) -> list[Block]:
    """Return each block as the last round tells it that evaluated the module it lies in, by the *addresses* there.

    Later rounds know more; a block missing there is no more. Each has only some of the root's own module calls.
    """
    if len(readings) == 1:
        return list(readings[0].blocks)
    last: dict[str, int] = {}
    for address, number in addresses.items():
        scope = scope_of(address)
        last[scope] = max(number, last.get(scope, 0))
    found: dict[str, Block] = {}
    for number, reading in enumerate(readings):
        for block in reading.blocks:
            scope = scope_of(block.address)
            if last[scope] == number or (block.type == "module" and not scope):
                found[block.address] = block
    return list(found.values())


class _Round(Struct, frozen=True):
    """What one round of evaluation gave: module calls included, and local values of the overlay as *probes*."""

    blocks: Sequence[Block]
    probes: Sequence[Block]
    gaps: Sequence[Gap]


def _round(root: Path, answers: Sequence[Mapping[str, Any]], ids: Mapping[str, str]) -> _Round:
    blocks = [one for one in _blocks(root, answers[0], ids) if one.type != "locals"]
    gaps = list(gaps_of(root, answers[0]))
    if len(answers) == 1:
        return _Round(blocks, (), gaps)
    spoilt = {one.address for one in gaps_of(root, answers[1])} - {one.address for one in gaps}
    gaps += unprobed_gaps(root, [Path(one) for one in sorted(spoilt)], "")
    others = _blocks(root, answers[1], ids, of_overlay=True)
    by_address = {one.address: one for one in others if one.type != "locals"}
    opened = open_arguments(others)
    filled = [
        merged(one, by_address[one.address], opened.get(scope_of(one.address), {}))
        if one.address in by_address
        else one
        for one in blocks
    ]
    probes = [one for one in others if one.type == "locals"]
    counts = counts_of(probes, opened)
    return _Round(with_counts(filled, counts), probes, [*gaps, *uncounted(counts, frozenset(ids.values()))])


def _blocks(root: Path, answer: Mapping[str, Any], ids: Mapping[str, str], *, of_overlay: bool = False) -> list[Block]:
    """Return the blocks of one evaluation, override files merged in."""
    reader = Reader(root, ids, givens_of(answer["blocks"]) if of_overlay else {})
    blocks: dict[object, Block] = {}
    for number, (kind, raw) in enumerate(answer["blocks"]):
        block = reader.block(kind, raw)
        if kind == "locals" or block.address not in blocks:
            blocks[number if kind == "locals" else block.address] = block
        else:
            blocks[block.address] = _overridden(*sorted((blocks[block.address], block), key=_is_override))
    return list(blocks.values())


def _ids(answer: Mapping[str, Any]) -> dict[str, str]:
    """Return the address that each generated id stands for; that of a module, for what its output ``id`` leads to."""
    ids: dict[str, str] = dict(answer["ids"])
    ids.update((str(raw.get("id")), str(raw["__tfmeta"].get("path"))) for _, raw in answer["blocks"])
    calls = {address: one for one, address in ids.items() if "id" in answer["outputs"].get(address, ())}
    # A module within a module hands on what the inner one gave: the longest addresses first.
    for address in sorted(calls, key=len, reverse=True):
        given = str(answer["outputs"][address]["id"])
        if given in ids:
            ids[calls[address]] = ids[given]
    return ids


def _is_override(block: Block) -> bool:
    """Tell whether a block is in an override file: https://developer.hashicorp.com/terraform/language/files/override."""
    stem = Path(block.place.file).name.partition(".")[0]
    return stem == "override" or stem.endswith("_override")


def _overridden(base: Block, override: Block) -> Block:
    """Return *base* with what *override* states in its place: attributes and kinds of nested blocks as wholes."""
    if not _is_override(override):
        return base
    places = {**base.block_places, **override.block_places}
    references = (*base.references, *override.references)
    return replace(base, values={**base.values, **override.values}, block_places=places, references=references)
