"""What do the sources under the given paths say, and by which requirements is each judged?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready._errors import OtherKindError, UnreadableError
from restore_ready.model import Estate, Gap, Place, Reading, Requirements
from restore_ready.requirements._file import RequirementsFile
from restore_ready.requirements._find import RequirementsFinder
from restore_ready.scanning._discover import Found, discover
from restore_ready.scanning._elsewhere import attach_elsewhere
from restore_ready.scanning._guarded import Crash, guarded
from restore_ready.scanning._other_tools import UNREAD_UNITS
from restore_ready.scanning._policies import standing_alone


class MadeOf(Struct, frozen=True):
    """What else a source is made of, beside the path that it is known by: files, and folders of root modules."""

    files: frozenset[Path] = frozenset()
    folders: tuple[Path, ...] = ()


class SourceReading(Struct, frozen=True):
    """One root folder, unit, plan or template, read, and the requirements it is judged by."""

    path: Path
    reading: Reading
    requirements_file: RequirementsFile
    made_of: MadeOf = MadeOf()


class Sources(Struct, frozen=True):
    """Everything that was read under some paths, and what could not be.

    Attributes:
        readings: one for each source, its estates told what the others select widely.
        gaps: what could not be read, in the order of the sources; one that several sources share, several times.
        read: the root folders, plans and templates of which something was read.
        unread: those that could not be read at all.
        crashes: those on which the pack failed.
        named: the files that were given by name.
        ignored: folders that git ignores.
        other_tools: files of tools whose sources are not read.
    """

    readings: tuple[SourceReading, ...] = ()
    gaps: tuple[Gap, ...] = ()
    read: tuple[Path, ...] = ()
    unread: tuple[Path, ...] = ()
    crashes: tuple[Crash, ...] = ()
    named: tuple[Path, ...] = ()
    ignored: tuple[Path, ...] = ()
    other_tools: tuple[Path, ...] = ()

    @property
    def in_vain(self) -> bool:
        """Whether a file given by name, or everything there was, could not be read."""
        return not set(self.named).isdisjoint(self.unread) or (bool(self.unread) and not self.read)

    @property
    def empty(self) -> bool:
        """Whether there was nothing to read."""
        return not (self.read or self.unread or self.crashes)

    @property
    def unreadable(self) -> tuple[Gap, ...]:
        """What could not be read of files and folders as such, not of resources in them."""
        read = set(map(str, self.read))
        return tuple(gap for gap in dict.fromkeys(self.gaps) if gap.address == gap.place.file not in read)

    def requirement_files(self) -> tuple[RequirementsFile, ...]:
        """Return the requirements of all sources, those of one file once."""
        found = (source.requirements_file for source in self.readings)
        return tuple({(taken.file, taken.exceptions): taken for taken in found}.values())


Progress = Callable[[str], None]


class HowToRead(Struct, frozen=True):
    """What a caller may choose about reading; each as `restore_ready.scan` takes it."""

    requirements: Requirements | Path | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    var_files: Sequence[Path] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    exclude: Sequence[str] = ()
    limit_seconds: float = 60
    linked: Path | None = None
    progress: Progress | None = None


def read_estates(paths: Sequence[Path], how: HowToRead | None = None) -> Sources:
    """Return what everything under *paths* says.

    Args:
        paths: folders to walk and files to read.
        how: what is chosen; without, the defaults.

    Raises:
        UsageError: if a path does not exist, or a requirements file or a variable's value can't be used.
        ImportError: if a reader can't be loaded.
    """
    how = how or HowToRead()
    found = discover(paths, how.exclude)
    readings = _Readings(found.named, how.progress)
    readings.take_terraform(found, how, readings.take_units(found, how))
    readings.take_files(found, how.parameters)
    requirement_files = _requirement_files(how.requirements, readings.read_from, paths)
    told = zip(readings.read_from, attach_elsewhere(readings.read), requirement_files, strict=True)
    return Sources(
        readings=tuple(
            SourceReading(path, reading, requirements_file, readings.made_of.get(path, MadeOf()))
            for path, reading, requirements_file in told
        ),
        gaps=tuple(readings.gaps),
        read=tuple(readings.sources),
        unread=tuple(readings.unread),
        crashes=tuple(readings.crashes),
        named=tuple(sorted(found.named)),
        ignored=tuple(map(Path, sorted(found.left_out.ignored))),
        other_tools=tuple(found.other_tools),
    )


def _requirement_files(
    requirements: Requirements | Path | None, sources: Sequence[Path], paths: Sequence[Path]
) -> list[RequirementsFile]:
    """Return what each source is judged by."""
    if isinstance(requirements, Requirements):
        return [RequirementsFile(requirements)] * len(sources)
    return RequirementsFinder(paths, requirements).requirement_files(sources)


def _unread_unit(file: Path) -> Gap:
    return Gap(str(file.parent), Place(str(file), 1, 1), UNREAD_UNITS[file.name], hides_backups=True)


def _is_unread(reading: Reading, gaps: Sequence[Gap]) -> bool:
    """Return whether nothing was read but that whole files or folders can't be."""
    in_whole = bool(gaps) and all(gap.address == gap.place.file for gap in gaps)
    return in_whole and all(
        replace(estate, gaps=(), constructs={}) == Estate(estate.source, estate.root, assuming=estate.assuming)
        for estate in reading.estates
    )


class _Readings:
    """Collects what the readers give, and what they could not read."""

    def __init__(self, named: Collection[Path], progress: Progress | None) -> None:
        self.read: list[Reading] = []
        self.read_from: list[Path] = []
        self.sources: list[Path] = []
        self.unread: list[Path] = []
        self.gaps: list[Gap] = []
        self.made_of: dict[Path, MadeOf] = {}
        self.crashes: list[Crash] = []
        self._progress = progress
        self._named = named

    def take_units(self, found: Found, how: HowToRead) -> frozenset[Path]:
        """Read the units of Terragrunt's and return their folders, and those of their modules."""
        self.gaps.extend(_unread_unit(file) for file in found.unread_units)
        if not found.units and not found.stacks:
            return frozenset()
        from restore_ready.readers import terraform, terragrunt  # noqa: PLC0415  # not every scan needs it

        readable = terraform.Readable(tuple(found.folders), how.linked)
        units = terragrunt.find_units(
            found.units,
            environment=how.environment,
            stacks=found.stacks,
            readable=readable,
            limit_seconds=how.limit_seconds,
        )
        self.gaps.extend(units.gaps)
        values = terraform.VariableValues(how.environment, tuple(how.var_files), how.variables)
        for unit, read in terragrunt.readers_of(
            units.units, limit_seconds=how.limit_seconds, values=values, readable=readable
        ):
            self._take(unit.file, read)
            self.made_of[unit.file] = MadeOf(frozenset(unit.context.files), unit.folders)
        return units.folders

    def take_terraform(self, found: Found, how: HowToRead, called: Collection[Path]) -> None:
        """Read the Terraform root modules, but for what units have *called*.

        Raises:
            UsageError: if they can't be set to the values given.
        """
        for error in found.unreadable:
            self._miss(error)
        if not found.terraform and not how.variables:
            return
        from restore_ready.readers import terraform  # noqa: PLC0415  # not every scan needs it

        roots = terraform.find_roots(found.terraform, found.left_out, called)
        self.gaps.extend(roots.gaps)
        values = terraform.VariableValues(how.environment, tuple(how.var_files), how.variables)
        terraform.check_values(roots.roots, values)
        readable = terraform.Readable(tuple(found.terraform), how.linked)
        read = partial(terraform.read_root, limit_seconds=how.limit_seconds, values=values, readable=readable)
        for root in roots.roots:
            self._take(root, partial(read, root))

    def take_files(self, found: Found, parameters: Mapping[str, str]) -> None:
        """Read the plans, templates and policies."""
        if found.plans:
            from restore_ready.readers.terraform.plan import read_plan  # noqa: PLC0415  # not every scan needs it

            for path in found.plans:
                self._take(path, partial(read_plan, path))
        if found.templates:
            from restore_ready.readers.cloudformation import read_template  # noqa: PLC0415  # not every scan needs it

            for path in found.templates:
                is_doubtful = path in found.doubtful
                self._take(path, partial(read_template, path, parameters), is_doubtful=is_doubtful)
        self._take_policies(found)

    def _take_policies(self, found: Found) -> None:
        policies = standing_alone(found)
        if policies:
            from restore_ready.readers._policy_files import read_policy_file  # noqa: PLC0415  # not every scan needs it

            for path in policies:
                self._take(path, partial(read_policy_file, path))

    def _take(self, path: Path, read: Callable[[], Reading], *, is_doubtful: bool = False) -> None:
        with guarded(path, self.crashes):
            try:
                reading = read()
            except UnreadableError as error:
                if path in self._named or not (is_doubtful or isinstance(error, OtherKindError)):
                    self._miss(error)
            else:
                self._keep(path, reading)

    def _keep(self, source: Path, reading: Reading) -> None:
        gaps = [*reading.gaps, *(gap for estate in reading.estates for gap in estate.gaps)]
        self.gaps.extend(gaps)
        (self.unread if _is_unread(reading, gaps) else self.sources).append(source)
        self.read.append(reading)
        self.read_from.append(source)
        if self._progress is not None:
            self._progress(str(source))

    def _miss(self, error: UnreadableError) -> None:
        self.unread.append(error.path)
        self.gaps.append(Gap(str(error.path), Place(str(error.path), error.line, error.line), error.why))
