"""Which units are there, and what does each deploy?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from restore_ready.readers.terraform._addresses import unit_address
from restore_ready.readers.terraform.configuration import Gap, Wrapped, configuration_files
from restore_ready.readers.terraform.configuration._bounds import process_limits
from restore_ready.readers.terraform.configuration._definitions import Definition
from restore_ready.readers.terraform.language import Obj, first_open
from restore_ready.readers.terraform.syntax import Span, nodes
from restore_ready.readers.terragrunt._arguments import extra_arguments
from restore_ready.readers.terragrunt._blocks import source_of
from restore_ready.readers.terragrunt._config import Config
from restore_ready.readers.terragrunt._context import Context
from restore_ready.readers.terragrunt._generated import generated_files
from restore_ready.readers.terragrunt._inputs import UnitInputs
from restore_ready.readers.terragrunt._modules import INIT, find_module


class Unit(Struct, frozen=True):
    """One unit.

    Attributes:
        file: its ``terragrunt.hcl``, as it was found.
        module: the folder of the module that it deploys, its own if it names none; ``None`` if that can't be had.
        source: the module as the unit names it.
        why: why the module can't be had.
        place: where the module is named.
        wrapped: what the unit adds to the module.
        context: what was read, and what could not be.
        included: the files that it includes.
        inputs: the names of its inputs, as far as they are known.
    """

    file: Path
    module: Path | None
    source: str
    why: str
    place: Span
    wrapped: Wrapped
    context: Context
    included: tuple[Path, ...]
    inputs: tuple[str, ...] = ()

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that decide what it deploys: its own, and its module's."""
        return (self.file.parent, *([self.module] if self.module is not None else []))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What of its files could not be read."""
        return tuple(self.context.shared.gaps.values())


class UnitsFound(Struct, frozen=True):
    """The units of a scan, in the order of their files."""

    units: tuple[Unit, ...] = ()

    @property
    def modules(self) -> frozenset[Path]:
        """The folders of the modules that they deploy."""
        return frozenset(unit.module for unit in self.units if unit.module is not None)


def find_units(
    files: Sequence[Path],
    *,
    environment: Mapping[str, str],
    scanned: Sequence[Path] = (),
    limit_seconds: float = 60,
) -> UnitsFound:
    """Return the units among *files*: those that name a module or lie beside one, and that no other includes.

    Args:
        files: files called ``terragrunt.hcl``.
        environment: the variables of the environment that may be known.
        scanned: folders, of which the one that holds a unit may be read where there is no repository around it.
        limit_seconds: how long the evaluation of one unit may take.
    """
    with process_limits():
        around = {file: _holder(file, scanned) for file in files}
        found = [_unit(Context(file, environment, around[file], limit_seconds), file, around[file]) for file in files]
    included = {path for unit in found for path in unit.included}
    return UnitsFound(tuple(unit for unit in found if _is_deployed(unit) and unit.context.file not in included))


def _holder(file: Path, scanned: Iterable[Path]) -> Path | None:
    return next((folder for folder in scanned if folder in file.parents), None)


def _is_deployed(unit: Unit) -> bool:
    return bool(unit.module or unit.source or unit.gaps)


def _unit(context: Context, file: Path, scanned: Path | None) -> Unit:
    config = Config(context.file, context)
    folder, source, why, place = _module(config)
    generated = generated_files(config, folder or context.file.parent)
    if folder is None and not why and generated:
        folder = context.file.parent
    extra = extra_arguments(config, folder or context.file.parent)
    wrapped = Wrapped(
        unit_address(_path(context, scanned)),
        UnitInputs(config),
        extra.environment,
        context.file.parent,
        extra.arguments,
        generated,
        Definition(nodes.Bad(place, extra.why), config.scope) if extra.why else None,
    )
    included = tuple(include.file for include in config.includes if include.file is not None)
    shown = None if folder is None else Path(context.shown(folder))
    inputs = config.inputs() if why else None
    names = tuple(inputs) if isinstance(inputs, Obj) else ()
    return Unit(file, shown, source, why, place, wrapped, context, included, names)


def _module(config: Config) -> tuple[Path | None, str, str, Span]:
    """Return the module's folder, its source, why it can't be had, and where that is said."""
    unit = config.context.file.parent
    placed = source_of(config)
    if placed is None:
        here = unit if any(configuration_files(unit)) else None
        return here, "", "", Span.whole(config.context.shown(config.file))
    source, span = placed.argument("source"), placed.block.span
    if not isinstance(source, str):
        unknown = first_open(source)
        why = "is no text" if unknown is None else f"is not known: {unknown.why}"
        return None, "unknown", f"which module it deploys {why}: {INIT}", span
    found = find_module(source, unit)
    return found.folder, source, found.why, span


def _path(context: Context, scanned: Path | None) -> str:
    """Return the unit's path in its repository; without one, from the folder that is scanned."""
    folder = context.file.parent
    repository = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)
    start = repository or (folder.parent if scanned is None else Path(os.path.abspath(scanned)))  # noqa: PTH100
    return os.path.relpath(folder, start).replace(os.sep, "/")
