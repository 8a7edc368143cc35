"""How does everything under the given paths stand?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from restore_ready.catalog._finder import all_rules
from restore_ready.engine._judge import Judgement
from restore_ready.model import Gap, Requirements, Rule
from restore_ready.readiness._answers import FileSystemReadiness
from restore_ready.readiness._file_systems import judge_source
from restore_ready.readiness._time_line import TimeLine, joined
from restore_ready.requirements._file import AcceptedException, Excepted, RequirementsFile
from restore_ready.scanning._sources import Crash, HowToRead, Progress, read_estates


class Scan(Struct, frozen=True):
    """What came out of a scan.

    Attributes:
        judgements: every rule's verdict on every resource, sorted by file, line, address and code.
        gaps: what could not be read, each once.
        sources: the root folders, plans and templates that were read.
        unread: those that could not be read at all.
        crashes: those whose reader broke.
        named: the files that were given by name.
        unused: exceptions that accepted nothing, though their rules were put.
        file_systems: how each file system of each source stands.
        time_lines: when backups run; none where pictures were not asked for.
        requirements: the requirements of all sources, those of one file once.
    """

    judgements: tuple[Judgement, ...] = ()
    gaps: tuple[Gap, ...] = ()
    sources: tuple[Path, ...] = ()
    unread: tuple[Path, ...] = ()
    crashes: tuple[Crash, ...] = ()
    named: tuple[Path, ...] = ()
    unused: tuple[AcceptedException, ...] = ()
    file_systems: tuple[FileSystemReadiness, ...] = ()
    time_lines: tuple[TimeLine, ...] = ()
    requirements: tuple[RequirementsFile, ...] = ()

    @property
    def in_vain(self) -> bool:
        """Whether a file given by name, or everything there was, could not be read."""
        return not set(self.named).isdisjoint(self.unread) or (bool(self.unread) and not self.sources)


def scan(  # noqa: PLR0913  # one keyword for each thing a caller may choose
    paths: Sequence[Path],
    *,
    requirements: Requirements | Path | None = None,
    rules: Iterable[Rule] | None = None,
    parameters: Mapping[str, str] | None = None,
    var_files: Sequence[Path] = (),
    variables: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    limit_seconds: float = 60,
    linked: Path | None = None,
    progress: Progress | None = None,
    pictures: bool = False,
) -> Scan:
    """Return how everything stands that can be read under *paths*.

    Args:
        paths: folders to walk and files to read.
        requirements: what backups must meet, or the file that says it; without, the file that the environment names,
            else the nearest one for each source, else the defaults.
        rules: the rules to put; without, the whole catalogue.
        parameters: values of CloudFormation parameters.
        var_files: further Terraform variable files.
        variables: values of Terraform variables by name, as after Terraform's ``-var``; they win over all files.
        environment: where ``TF_VAR_name`` are read from; without, from nowhere.
        limit_seconds: how long the evaluation of one Terraform root may take.
        linked: a folder that links among *paths* may lead into; without, they lead nowhere outside of the repository.
        progress: is told each source once it has been read.
        pictures: whether to work out what pictures in reports show, which takes longer.

    Raises:
        UsageError: if a path does not exist, or a requirements file or a variable's value can't be used.
        ImportError: if the catalogue or a reader can't be loaded.
    """
    chosen = all_rules() if rules is None else tuple(rules)
    how = HowToRead(
        requirements,
        parameters or {},
        var_files,
        variables or {},
        environment or {},
        limit_seconds=limit_seconds,
        linked=linked,
        progress=progress,
    )
    sources = read_estates(paths, how)
    judged = [
        judge_source(source.reading, chosen, source.requirements_file, pictures=pictures) for source in sources.readings
    ]
    judgements = [judgement for source in judged for judgement in source.judgements]
    requirement_files = sources.requirement_files()
    expired_gaps = (gap for requirements_file in requirement_files for gap in expired(requirements_file))
    return Scan(
        judgements=tuple(sorted(judgements, key=_order)),
        gaps=tuple(dict.fromkeys([*sources.gaps, *expired_gaps])),
        sources=sources.read,
        unread=sources.unread,
        crashes=sources.crashes,
        named=sources.named,
        unused=tuple(_unused(requirement_files, judgements, {rule.code for rule in chosen})),
        file_systems=tuple(file_system for source in judged for file_system in source.file_systems),
        time_lines=joined(line for source in judged for line in source.time_lines),
        requirements=requirement_files,
    )


def expired(requirements_file: RequirementsFile) -> Iterator[Gap]:
    """Return the exceptions of *requirements_file* that have expired."""
    for exception in requirements_file.expired():
        what = f"{exception} for {exception.rule} on {exception.match}"
        why = f"{what} expired on {exception.expires}: renew it or take it out"
        yield Gap(exception.place.file, exception.place, why)


def _unused(
    requirement_files: Iterable[RequirementsFile], judgements: Iterable[Judgement], codes: set[str]
) -> Iterator[AcceptedException]:
    used = [judgement.verdict.by for judgement in judgements if isinstance(judgement.verdict, Excepted)]
    for requirements_file in requirement_files:
        for exception in requirements_file.exceptions:
            if exception.rule in codes and exception not in used and not requirements_file.is_expired(exception):
                yield exception


def _order(judgement: Judgement) -> tuple[str, int, str, str]:
    return (judgement.place.file, judgement.place.line, judgement.address, judgement.rule.code)
