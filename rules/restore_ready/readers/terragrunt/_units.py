"""Which units are there, and what does each deploy?"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from restore_ready.model import Gap
from restore_ready.readers.terraform import Readable
from restore_ready.readers.terraform._addresses import unit_address
from restore_ready.readers.terraform._holes import gaps_of
from restore_ready.readers.terraform.configuration import Wrapped
from restore_ready.readers.terraform.configuration._bounds import process_limits
from restore_ready.readers.terraform.configuration._definitions import Definition
from restore_ready.readers.terraform.language import Obj
from restore_ready.readers.terraform.syntax import Span, nodes
from restore_ready.readers.terragrunt._arguments import extra_arguments
from restore_ready.readers.terragrunt._config import Config
from restore_ready.readers.terragrunt._context import Context
from restore_ready.readers.terragrunt._generated import generated_files
from restore_ready.readers.terragrunt._inputs import UnitInputs
from restore_ready.readers.terragrunt._modules import Module, files_beside, module_of
from restore_ready.readers.terragrunt._stacks import units_of


class Unit(Struct, frozen=True):
    """One unit.

    Attributes:
        file: its ``terragrunt.hcl``, as it was found; of a stack's unit, where that would be copied to.
        folders: those that decide what it deploys: its own, and that of its module if that can be had.
        has_module: whether it can.
        source: the module as the unit names it; empty if that is not known.
        why: why the module can't be had.
        place: where the module is named.
        wrapped: what the unit adds to the module.
        context: what was read, and what could not be.
        uses: files that are no units themselves because it includes them, or is a copy of them.
        inputs: the names of its inputs, as far as they are known.
    """

    file: Path
    folders: tuple[Path, ...]
    has_module: bool
    source: str
    why: str
    place: Span
    wrapped: Wrapped
    context: Context
    uses: tuple[Path, ...]
    inputs: tuple[str, ...] = ()

    @property
    def module(self) -> Path | None:
        """The folder of the module that it deploys, its own if it names none; ``None`` if that can't be had."""
        return self.folders[-1] if self.has_module else None


class UnitsFound(Struct, frozen=True):
    """The units of a scan, in the order of their files, those of stacks last; and what of stacks could not be read."""

    units: tuple[Unit, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def folders(self) -> frozenset[Path]:
        """The folders of the units and of the modules that they deploy."""
        return frozenset(folder for unit in self.units for folder in unit.folders)


class _Stack(Struct, frozen=True):
    """A stack: its file, its units, and the files of the stacks within it."""

    context: Context
    units: tuple[Unit, ...]
    inner: frozenset[Path]


def find_units(
    files: Sequence[Path],
    *,
    environment: Mapping[str, str],
    stacks: Sequence[Path] = (),
    readable: Readable = Readable(),  # noqa: B008  # frozen
    limit_seconds: float = 60,
) -> UnitsFound:
    """Return the units among *files*: those that name a module or lie beside one, and that no other includes.

    Args:
        files: files called ``terragrunt.hcl``.
        environment: the variables of the environment that may be known.
        stacks: files called ``terragrunt.stack.hcl``, whose units are found too; what they copy is no unit itself.
        readable: what may be read beside the repository that a unit lies in.
        limit_seconds: how long the evaluation of one unit may take.
    """

    def context(file: Path) -> Context:
        return Context(file, environment, readable, limit_seconds)

    with process_limits():
        found = [_unit(_plain(context(file)), file) for file in files]
        made = [_stack(context(file), context) for file in stacks]
    inner = frozenset[Path]().union(*(stack.inner for stack in made))
    outer = [stack for stack in made if stack.context.file not in inner]
    found += [unit for stack in outer for unit in stack.units]
    used = {path for unit in found for path in unit.uses}
    deployed = (unit for unit in found if _is_deployed(unit) and unit.context.file not in used)
    gaps = (gap for stack in outer for gap in gaps_of(str(stack.context.file), stack.context.evaluation()))
    return UnitsFound(tuple(deployed), tuple(gaps))


def _plain(context: Context) -> Config:
    return Config(context.file, context)


def _stack(context: Context, new: Callable[[Path], Context]) -> _Stack:
    units: list[Unit] = []
    inner: set[Path] = set()
    for made in units_of(_plain(context)):
        inner.update(made.stacks[:-1])
        copy = Path(context.shown(made.copy))
        own = new(copy)
        own.files.update(Path(os.path.realpath(file)) for file in (*made.stacks, made.file))
        units.append(_unit(Config(made.file, own, reader=own.file, values=made.values), copy))
    return _Stack(context, tuple(units), frozenset(inner))


def _is_deployed(unit: Unit) -> bool:
    return bool(unit.has_module or unit.why or unit.context.shared.gaps)


def _unit(config: Config, file: Path) -> Unit:
    context, folder = config.context, config.file.parent
    module = module_of(config)
    generated = generated_files(config, module.folder or folder)
    if generated and not module.is_named:
        module = Module(folder)
    place = module.place or Span.whole(context.shown(config.file))
    extra = extra_arguments(config, module.folder or folder)
    why = config.broken or extra.why
    wrapped = Wrapped(
        address=unit_address(_path(context)),
        inputs=UnitInputs(config),
        environment=extra.environment,
        folder=folder,
        arguments=extra.arguments,
        generated={**files_beside(config, module), **generated},
        instead=Definition(nodes.Bad(place, why), config.scope) if why else None,
    )
    folders = tuple(Path(context.shown(path)) for path in (folder, module.folder) if path is not None)
    inputs = config.inputs() if module.why else None
    names = tuple(inputs) if isinstance(inputs, Obj) else ()
    is_there = module.folder is not None
    return Unit(file, folders, is_there, module.source, module.why, place, wrapped, context, _uses(config), names)


def _uses(config: Config) -> tuple[Path, ...]:
    """Return the files that are no units themselves: those that are included, and the one that a stack copies."""
    included = [include.file for include in config.includes if include.file is not None]
    return tuple(file for file in (*included, config.file) if file != config.context.file)


def _path(context: Context) -> str:
    """Return the unit's path in its repository; without one, from the folder that is scanned."""
    folder = context.file.parent
    repository = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)
    scanned = folder.parent if context.scanned is None else Path(os.path.abspath(context.scanned))  # noqa: PTH100  # see there
    start = repository or scanned
    return os.path.relpath(folder, start).replace(os.sep, "/")
