"""How does everything under the given paths stand?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from restore_ready.catalog._finder import all_rules
from restore_ready.engine._judge import Judgement
from restore_ready.model import Gap, Place, Requirements, Rule
from restore_ready.readiness._answers import FileSystemReadiness
from restore_ready.readiness._file_systems import SourceReadiness
from restore_ready.readiness._pictures import Pictures
from restore_ready.readiness._time_line import TimeLine, joined
from restore_ready.requirements._file import AcceptedException, RequirementsFile
from restore_ready.scanning._guarded import Crash, guarded
from restore_ready.scanning._judged import judged_sources
from restore_ready.scanning._sources import HowToRead, Progress, SourceReading, read_estates
from restore_ready.scanning._told_exceptions import expired, files_of, unsound, unused, unused_in
from restore_ready.scanning._touched import touched_only


class Scan(Struct, frozen=True):
    """What came out of a scan.

    Attributes:
        judgements: every rule's verdict on every resource, sorted by file, line, address and code.
        gaps: what could not be read, each once.
        sources: the root folders, plans and templates that were read.
        unread: those that could not be read at all.
        crashes: those on which the pack failed.
        named: the files that were given by name.
        ignored: folders that were left out because git ignores them.
        other_tools: files of tools whose sources are not read.
        unreadable: those of the gaps that are about a file or folder as such.
        unused: exceptions that accepted nothing, though their rules were put; those written in sources match nothing.
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
    ignored: tuple[Path, ...] = ()
    other_tools: tuple[Path, ...] = ()
    unreadable: tuple[Gap, ...] = ()
    unused: tuple[AcceptedException, ...] = ()
    file_systems: tuple[FileSystemReadiness, ...] = ()
    time_lines: tuple[TimeLine, ...] = ()
    requirements: tuple[RequirementsFile, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there was nothing to read."""
        return not (self.sources or self.unread or self.crashes)


def scan(  # noqa: PLR0913  # one keyword for each thing a caller may choose
    paths: Sequence[Path],
    *,
    requirements: Requirements | Path | None = None,
    rules: Iterable[Rule] | None = None,
    parameters: Mapping[str, str] | None = None,
    var_files: Sequence[Path] = (),
    variables: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    exclude: Sequence[str] = (),
    changed: Collection[Path] | None = None,
    limit_seconds: float = 60,
    linked: Path | None = None,
    progress: Progress | None = None,
    pictures: Pictures = Pictures.NONE,
    file_systems: bool = True,
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
        exclude: globs of files and folders that are left out unless they are named, such as ``legacy/**``.
        changed: files that changed; only the sources that they touch are judged. Without, all are.
        limit_seconds: how long the evaluation of one Terraform root may take.
        linked: a folder that links among *paths* may lead into; without, they lead nowhere outside of the repository.
        progress: is told each source once it has been read.
        pictures: what to work out for pictures in reports, which takes longer.
        file_systems: whether to work out how file systems stand, and which findings are about them.

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
        exclude=exclude,
        limit_seconds=limit_seconds,
        linked=linked,
        progress=progress,
    )
    sources = read_estates(paths, how)
    sources = sources if changed is None else touched_only(sources, changed, var_files)
    crashes = list(sources.crashes)
    judged = judged_sources(sources.readings, chosen, crashes, pictures=pictures if file_systems else None)
    judgements = [judgement for source in judged for judgement in source.judgements]
    requirement_files = sources.requirement_files()
    codes = {rule.code for rule in chosen}
    expired_gaps = (gap for requirements_file in requirement_files for gap in expired(requirements_file))
    unsound_gaps, spare = _of_sources(sources.readings, judged, codes, crashes)
    return Scan(
        judgements=tuple(sorted(judgements, key=_order)),
        gaps=tuple(dict.fromkeys([*sources.gaps, *expired_gaps, *unsound_gaps])),
        sources=sources.read,
        unread=sources.unread,
        crashes=tuple(crashes),
        named=sources.named,
        ignored=sources.ignored,
        other_tools=sources.other_tools,
        unreadable=sources.unreadable,
        unused=(*(unused(requirement_files, judgements, codes) if changed is None else ()), *spare),
        file_systems=tuple(file_system for source in judged for file_system in source.file_systems),
        time_lines=joined(line for source in judged for line in source.time_lines),
        requirements=requirement_files,
    )


def _of_sources(
    sources: Sequence[SourceReading],
    judged: Sequence[SourceReadiness],
    codes: Collection[str],
    crashes: list[Crash],
) -> tuple[list[Gap], list[AcceptedException]]:
    """Return the exceptions written in sources that can't be accepted, and those that accept nothing."""
    gaps: list[Gap] = []
    spare: dict[tuple[str, Place], AcceptedException] = {}
    everything = [judgement for source in judged for judgement in source.judgements]
    for source, found in zip(sources, judged, strict=True):
        with guarded(source.path, crashes, "the reader of exceptions"):
            files = files_of(source.path, found.judgements)
            gaps.extend(unsound(files, source.requirements_file))
            for exception in unused_in(files, source.requirements_file, everything, codes):
                spare[exception.rule, exception.place] = exception
    return gaps, list(spare.values())


def _order(judgement: Judgement) -> tuple[str, int, str, str]:
    return (judgement.place.file, judgement.place.line, judgement.address, judgement.rule.code)
