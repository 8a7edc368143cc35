"""Evaluates root modules: every block that matters with its values, and what could not be read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from restore_ready._model import Gap, Place
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._files import (
    calling_circle,
    configuration_files,
    module_folders,
    text_of,
    variable_files,
    why_unreadable,
)
from restore_ready.readers.terraform._gaps import gaps_of, hidden_blocks, unprobed_gaps, unread_modules
from restore_ready.readers.terraform._merge import merged, open_arguments
from restore_ready.readers.terraform._mirror import mirror
from restore_ready.readers.terraform._normalise import Reader, givens_of, scope_of
from restore_ready.readers.terraform._overlay import is_needed, is_worth_it, overlaid
from restore_ready.readers.terraform._process import Run, evaluate


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A root module's blocks in the order of their types, and what could not be read of it."""

    blocks: tuple[Block, ...]
    gaps: tuple[Gap, ...] = ()


def evaluate_roots(
    roots: Sequence[Path], *, limit_seconds: float = 60, workers: int = 2, var_files: Sequence[Path] = ()
) -> Iterator[tuple[Path, Evaluation]]:
    """Evaluate *roots*, several at a time, and give each with its evaluation in the order asked for."""
    if len(roots) < 2 or workers < 2:  # noqa: PLR2004  # nothing to do at the same time
        for root in roots:
            yield root, evaluate_root(root, limit_seconds=limit_seconds, var_files=var_files)
        return
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # not needed for one root, and not light

    def one(root: Path) -> Evaluation:
        return evaluate_root(root, limit_seconds=limit_seconds, var_files=var_files)

    with ThreadPoolExecutor(workers) as pool:
        yield from zip(roots, pool.map(one, roots), strict=True)


def evaluate_root(root: Path, *, limit_seconds: float = 60, var_files: Sequence[Path] = ()) -> Evaluation:
    """Evaluate one root module as Terraform would, without its state and without AWS.

    Args:
        root: the folder; places in the result are this path joined with the files' names.
        limit_seconds: after which the evaluation is given up; what was not evaluated is a gap.
        var_files: variable files beside those that Terraform loads by itself; the last one wins.
    """
    if circle := calling_circle(root):
        way = " → ".join(str(one) for one in circle)
        return _nothing(root, (), f"its modules call each other in a circle, which Terraform refuses: {way}")
    folders = module_folders(root)
    files = [file for folder in folders for file in configuration_files(folder)]
    unreadable = {file: why for file in files if (why := why_unreadable(file))}
    gaps = [Gap(str(file), Place(str(file)), why, hides_backups=True) for file, why in unreadable.items()]
    variables = [*variable_files(root), *var_files]
    with ExitStack() as stack:
        try:
            runs, unprobed = _runs(root, folders, files, set(unreadable), variables, stack)
        except (OSError, ValueError) as error:
            return _nothing(root, gaps, f"it could not be copied for evaluation: {error}")
        answers, failure = evaluate(runs, limit_seconds)
    if not answers:
        return _nothing(root, gaps, failure)
    return _read(root, answers, [*gaps, *unprobed_gaps(root, unprobed, failure)])


def _nothing(root: Path, gaps: Sequence[Gap], why: str) -> Evaluation:
    return Evaluation((), (*gaps, Gap(str(root), Place(str(root)), why, hides_backups=True)))


def _runs(  # noqa: PLR0913, PLR0917  # what there is to know of one root
    root: Path,
    folders: Sequence[Path],
    files: Sequence[Path],
    left_out: set[Path],
    variables: Sequence[Path],
    stack: ExitStack,
) -> tuple[list[Run], Sequence[Path]]:
    """Prepare the evaluation of the root, or of a copy without *left_out*, and that of its overlay if that may help.

    Returns:
        the evaluations to make, and the files of which no overlay could be made.
    """
    texts = [text for file in files if (text := text_of(file)) is not None]
    overlay = any(is_worth_it(text) for text in texts)
    if not overlay and not left_out:
        return [Run(root, _relative(variables, root))], ()
    from tempfile import TemporaryDirectory  # noqa: PLC0415  # not needed for simple folders, and not light

    space = Path(stack.enter_context(TemporaryDirectory(prefix="restore-ready-")))
    original = mirror(folders, space / "original", left_out=left_out)[0] if left_out else root
    runs = [Run(original, _relative(variables, original))]
    if not overlay:
        return runs, ()
    try:
        copy, unprobed = mirror(folders, space / "overlay", change=overlaid, left_out=left_out)
    except (OSError, ValueError):
        return runs, files
    runs.append(Run(copy, _relative(variables, copy), if_open=not any(is_needed(text) for text in texts)))
    return runs, unprobed


def _relative(files: Sequence[Path], root: Path) -> list[str]:
    """Name *files* from *root*, the only way tfparse takes them."""
    return [os.path.relpath(one, root) for one in files]


def _read(root: Path, answers: Sequence[Mapping[str, Any]], gaps: list[Gap]) -> Evaluation:
    original = answers[0]
    blocks, addresses = _blocks(root, original)
    own = list(gaps_of(root, original))
    gaps += own
    if len(answers) > 1:
        spoilt = {one.address for one in gaps_of(root, answers[1])} - {one.address for one in own}
        gaps += unprobed_gaps(root, [Path(one) for one in sorted(spoilt)], "")
        others, _ = _blocks(root, answers[1], of_overlay=True)
        by_address = {one.address: one for one in others if one.type != "locals"}
        opened = open_arguments(others)
        blocks = [
            merged(one, by_address[one.address], opened.get(scope_of(one.address), frozenset()))
            if one.address in by_address
            else one
            for one in blocks
        ]
        gaps += hidden_blocks([one for one in others if one.type == "locals"], addresses)
    unread = unread_modules(blocks, addresses, original["log"])
    modules = {one.address for one in unread}
    kept = [one for one in blocks if one.type not in ("locals", "module") or one.address in modules]
    return Evaluation(tuple(kept), (*gaps, *unread))


def _blocks(root: Path, answer: Mapping[str, Any], *, of_overlay: bool = False) -> tuple[list[Block], frozenset[str]]:
    """Return the blocks of one evaluation, override files merged in, and every address that it has."""
    ids = {str(raw.get("id")): str(raw["__tfmeta"].get("path")) for _, raw in answer["blocks"]}
    reader = Reader(root, {**answer["ids"], **ids}, givens_of(answer["blocks"]) if of_overlay else {})
    blocks: dict[object, Block] = {}
    for number, (kind, raw) in enumerate(answer["blocks"]):
        block = reader.block(kind, raw)
        if kind == "locals" or block.address not in blocks:
            blocks[number if kind == "locals" else block.address] = block
        else:
            blocks[block.address] = _overridden(*sorted((blocks[block.address], block), key=_is_override))
    return list(blocks.values()), reader.addresses


def _is_override(block: Block) -> bool:
    """Tell whether a block is in an override file: https://developer.hashicorp.com/terraform/language/files/override."""
    stem = Path(block.place.file).name.partition(".")[0]
    return stem == "override" or stem.endswith("_override")


def _overridden(base: Block, override: Block) -> Block:
    """Return *base* with what *override* states in its place: attributes and kinds of nested blocks as wholes."""
    if not _is_override(override):
        return base
    places = {**base.block_places, **override.block_places}
    return replace(base, values={**base.values, **override.values}, block_places=places)
