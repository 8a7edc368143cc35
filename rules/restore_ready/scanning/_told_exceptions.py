"""Which exceptions have ended, can't be accepted, or accept nothing?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

from restore_ready.engine._judge import Judgement
from restore_ready.model import Gap, Pass
from restore_ready.requirements._exceptions import why_unsound, written_in
from restore_ready.requirements._file import AcceptedException, Excepted, RequirementsFile
from restore_ready.requirements._inline import OWNER, InlineException

_TERRAFORM: Final = (".tf", ".tf.json", ".tofu", ".tofu.json")


def expired(requirements_file: RequirementsFile) -> Iterator[Gap]:
    """Return the exceptions of *requirements_file* that have expired."""
    for exception in requirements_file.expired():
        what = f"{exception} for {exception.rule} on {exception.match}"
        why = f"{what} expired on {exception.expires}: renew it or take it out"
        yield Gap(exception.place.file, exception.place, why)


def unsound(files: Iterable[str], requirements_file: RequirementsFile) -> Iterator[Gap]:
    """Return the exceptions written in source files that can't be accepted, if such count at all."""
    for exception in written_in(files, requirements_file):
        why = why_unsound(exception, requirements_file)
        if why:
            yield Gap(exception.place.file, exception.place, why)


def files_of(source: Path, judgements: Iterable[Judgement]) -> list[str]:
    """Return the files of a source: those of its own folder, and those of modules in which something was judged."""
    own = sorted(source.glob("*"))
    terraform = [str(path) for path in own if path.name.endswith(_TERRAFORM)]
    return list(dict.fromkeys([*(terraform or [str(source)]), *(judgement.place.file for judgement in judgements)]))


def unused(
    requirement_files: Iterable[RequirementsFile], judgements: Iterable[Judgement], codes: Collection[str]
) -> Iterator[AcceptedException]:
    """Yield the exceptions of requirements files that accept nothing, though their rules were put."""
    used = [judgement.verdict.by for judgement in judgements if isinstance(judgement.verdict, Excepted)]
    for requirements_file in requirement_files:
        for exception in requirements_file.exceptions:
            if exception.rule in codes and exception not in used and not requirements_file.is_expired(exception):
                yield exception


def unused_in(
    files: Iterable[str],
    requirements_file: RequirementsFile,
    judgements: Collection[Judgement],
    codes: Collection[str],
) -> Iterator[AcceptedException]:
    """Yield the sound exceptions in source files that are only about what passes, though their rules were put."""
    for exception in written_in(files, requirements_file):
        is_sound = not why_unsound(exception, requirements_file)
        if is_sound and exception.rule in codes and not any(_needs(judgement, exception) for judgement in judgements):
            found = exception
            yield AcceptedException(found.rule, "", found.reason, OWNER, found.until, found.place)


def _needs(judgement: Judgement, exception: InlineException) -> bool:
    """Return whether *exception* is about *judgement*, and another exception does not accept that before it."""
    verdict = judgement.verdict
    if isinstance(verdict, Excepted) and verdict.by.place == exception.place:
        return judgement.rule.code == exception.rule
    if judgement.place.file != exception.place.file or not exception.is_about(judgement.rule.code, judgement.place):
        return False
    return not isinstance(verdict, (Pass, Excepted))
