"""Reads units into estates: the module of each, with what the unit adds to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from restore_ready.model import Gap, Reading, Source
from restore_ready.readers.terraform._estate import estate_from_blocks
from restore_ready.readers.terraform._evaluate import Evaluation, Readable, evaluate_root
from restore_ready.readers.terraform._holes import gaps_of
from restore_ready.readers.terraform._marks import place_of
from restore_ready.readers.terraform._unread import Call
from restore_ready.readers.terraform._variables import VariableValues
from restore_ready.readers.terragrunt._modules import INIT
from restore_ready.readers.terragrunt._units import Unit

_NO_VALUES: Final = VariableValues()
_MOST_NAMED: Final = 5


def readers_of(
    units: Sequence[Unit],
    *,
    limit_seconds: float = 60,
    values: VariableValues = _NO_VALUES,
    readable: Readable = Readable(),  # noqa: B008  # frozen
) -> Iterator[tuple[Unit, Callable[[], Reading]]]:
    """Yield each unit with what reads it; for the arguments see `evaluate_root`.

    Units whose modules are not here and are about something else are told together, with the first of them.
    """
    apart = [unit for unit in units if unit.why and unit.source and not _call(unit).may_matter()]
    for unit in units:
        if unit.module is not None:
            evaluate = partial(
                evaluate_root,
                unit.module,
                limit_seconds=limit_seconds,
                values=values,
                readable=readable,
                wrapped=unit.wrapped,
            )
            yield unit, partial(_with_module, unit, evaluate, limit_seconds)
        else:
            told = (_together(apart) if unit is apart[0] else ()) if unit in apart else _unread(unit)
            yield unit, partial(_without_module, unit, told)


def _with_module(unit: Unit, evaluate: Callable[[], Evaluation], limit_seconds: float) -> Reading:
    unit.context.shared.steps.restart(limit_seconds)
    found = evaluate()
    root, gaps = str(unit.module), (*_own(unit), *found.gaps)
    return Reading((estate_from_blocks(found.blocks, source=Source.TERRAFORM, root=root, gaps=gaps),))


def _without_module(unit: Unit, told: Iterable[Gap]) -> Reading:
    return Reading((), (*_own(unit), *told))


def _own(unit: Unit) -> tuple[Gap, ...]:
    """Return what of the unit's own files could not be read, which is known once its inputs were asked for."""
    return gaps_of(str(unit.file), unit.context.evaluation())


def _unread(unit: Unit) -> Iterator[Gap]:
    if unit.why:
        call = _call(unit)
        yield Gap(call.address, call.place, call.why, hides_backups=call.hides_backups())


def _together(units: Sequence[Unit]) -> Iterator[Gap]:
    first = _call(units[0])
    if len(units) == 1:
        yield Gap(first.address, first.place, first.why)
        return
    names = list(dict.fromkeys(unit.source.partition("?")[0].rstrip("/").rpartition("/")[2] for unit in units))
    listed = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
    yield Gap(first.address, first.place, f"the modules of {len(units)} units are not here ({listed}): {INIT}")


def _call(unit: Unit) -> Call:
    """Return what a unit says of its module, which can't be had."""
    place = place_of(unit.place)
    return Call(unit.wrapped.address, unit.source or "unknown", None, unit.why, unit.inputs, place)
