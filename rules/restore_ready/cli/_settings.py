"""What does the ``scan`` section of the requirements add to the command line?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from restore_ready._errors import UsageError
from restore_ready.cli._options import JudgingOptions, ReadingOptions
from restore_ready.requirements._errors import RequirementsError
from restore_ready.requirements._find import RequirementsFinder
from restore_ready.requirements._scan_settings import ScanSettings


def with_settings(
    judging: JudgingOptions, reading: ReadingOptions, paths: Sequence[Path]
) -> tuple[JudgingOptions, ReadingOptions]:
    """Return the options with what the requirements of the first of *paths* say where the command line says nothing.

    Globs, variable files and parameters add to those of the command line, of which the parameters win.

    Raises:
        UsageError: if a variable file is not there.
    """
    try:
        settings = RequirementsFinder(paths, reading.requirements).requirements_file(paths[0]).scan
    except RequirementsError:  # it is told with those of all other sources
        return judging, reading
    return _judging(judging, settings), _reading(reading, settings)


def _judging(given: JudgingOptions, settings: ScanSettings) -> JudgingOptions:
    return replace(
        given,
        outputs=given.outputs or settings.output,
        select=given.select or settings.select,
        ignore=given.ignore or settings.ignore,
        fail_on=given.fail_on or settings.fail_on,
        strict=settings.strict if given.strict is None else given.strict,
        baseline=given.baseline or (None if given.write_baseline else settings.baseline),
    )


def _reading(given: ReadingOptions, settings: ScanSettings) -> ReadingOptions:
    for file in settings.var_files:
        if not file.is_file():
            msg = f"no such variable file ({file}): correct scan.var_files in the requirements"
            raise UsageError(msg)
    own = tuple(f"{name}={value}" for name, value in settings.parameters.items())
    return replace(
        given,
        parameters=(*own, *given.parameters),
        var_files=(*settings.var_files, *given.var_files),
        exclude=(*settings.exclude, *given.exclude),
    )
