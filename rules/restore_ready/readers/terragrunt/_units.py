"""Which units are there, and what does each deploy?"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from restore_ready.readers.terraform import Readable
from restore_ready.readers.terraform._addresses import unit_address
from restore_ready.readers.terraform.configuration import Gap, Wrapped
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


class Unit(Struct, frozen=True):
    """One unit.

    Attributes:
        file: its ``terragrunt.hcl``, as it was found.
        module: the folder of the module that it deploys, its own if it names none; ``None`` if that can't be had.
        source: the module as the unit names it; empty if that is not known.
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
    def folders(self) -> frozenset[Path]:
        """The folders of the units and of the modules that they deploy."""
        return frozenset(folder for unit in self.units for folder in unit.folders)


def find_units(
    files: Sequence[Path],
    *,
    environment: Mapping[str, str],
    readable: Readable = Readable(),  # noqa: B008  # frozen
    limit_seconds: float = 60,
) -> UnitsFound:
    """Return the units among *files*: those that name a module or lie beside one, and that no other includes.

    Args:
        files: files called ``terragrunt.hcl``.
        environment: the variables of the environment that may be known.
        readable: what may be read beside the repository that a unit lies in.
        limit_seconds: how long the evaluation of one unit may take.
    """
    with process_limits():
        found = [_unit(Context(file, environment, readable, limit_seconds), file) for file in files]
    included = {path for unit in found for path in unit.included}
    return UnitsFound(tuple(unit for unit in found if _is_deployed(unit) and unit.context.file not in included))


def _is_deployed(unit: Unit) -> bool:
    return bool(unit.module or unit.why or unit.gaps)


def _unit(context: Context, file: Path) -> Unit:
    config = Config(context.file, context)
    module = module_of(config)
    generated = generated_files(config, module.folder or context.file.parent)
    if generated and not module.is_named:
        module = Module(context.file.parent)
    place = module.place or Span.whole(context.shown(context.file))
    extra = extra_arguments(config, module.folder or context.file.parent)
    why = config.broken or extra.why
    wrapped = Wrapped(
        address=unit_address(_path(context)),
        inputs=UnitInputs(config),
        environment=extra.environment,
        folder=context.file.parent,
        arguments=extra.arguments,
        generated={**files_beside(config, module), **generated},
        instead=Definition(nodes.Bad(place, why), config.scope) if why else None,
    )
    included = tuple(include.file for include in config.includes if include.file not in (None, config.file))
    shown = None if module.folder is None else Path(context.shown(module.folder))
    inputs = config.inputs() if module.why else None
    names = tuple(inputs) if isinstance(inputs, Obj) else ()
    return Unit(file, shown, module.source, module.why, place, wrapped, context, included, names)


def _path(context: Context) -> str:
    """Return the unit's path in its repository; without one, from the folder that is scanned."""
    folder = context.file.parent
    repository = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)
    scanned = folder.parent if context.scanned is None else Path(os.path.abspath(context.scanned))  # noqa: PTH100  # see there
    start = repository or scanned
    return os.path.relpath(folder, start).replace(os.sep, "/")
