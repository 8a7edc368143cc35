"""Which findings are accepted: by the requirements file, or in the sources themselves?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from restore_ready.model import Fail, Place
from restore_ready.requirements._file import AcceptedException, Excepted, RequirementsFile, means_one_of
from restore_ready.requirements._inline import OWNER, UNIT_ENDING, InlineException, inline_exceptions


class Exceptions:
    """The exceptions of a requirements file by rule, and those of sources that are judged by it."""

    def __init__(self, requirements_file: RequirementsFile) -> None:
        """Sort those of *requirements_file*."""
        self._file = requirements_file
        self._by_rule: dict[str, list[AcceptedException]] = {}
        for exception in requirements_file.exceptions:
            self._by_rule.setdefault(exception.rule, []).append(exception)

    def excuse(self, code: str, address: str, place: Place, fail: Fail) -> Fail | Excepted:
        """Return a Fail that an exception accepts as `Excepted`; one whose exception does not hold says so."""
        exception = self.find(code, address, place)
        if exception is not None and not self._file.is_expired(exception):
            return Excepted(fail, exception)
        found = self._written(code, place) or self._given(code, fail)
        if found is not None and not self._why_not(found):
            return Excepted(fail, AcceptedException(code, address, found.reason, OWNER, found.until, found.place))
        reasons = [f"{exception} expired on {exception.expires}"] if exception is not None else []
        reasons += [f"{found} {self._why_not(found)}"] if found is not None else []
        return replace(fail, message="; ".join([fail.message, *reasons])) if reasons else fail

    def find(self, code: str, address: str, place: Place) -> AcceptedException | None:
        """Return an exception for a finding, preferably one that has not expired; ``None`` where there is none."""
        exceptions = self._by_rule.get(code, ())
        files = [exception.place.file for exception in exceptions]
        names = [self._file.names_of(address, place, files)] if exceptions else []
        fitting = [exception for exception in exceptions if means_one_of(exception.match, names)]
        holding = (exception for exception in fitting if not self._file.is_expired(exception))
        return next(holding, fitting[0] if fitting else None)

    def _written(self, code: str, place: Place) -> InlineException | None:
        """Return the exception for a finding that its source has, preferably one that holds."""
        known = inline_exceptions(place.file) if place.line else ()
        fitting = [exception for exception in known if exception.is_about(code, place)]
        return next((exception for exception in fitting if not self._why_not(exception)), next(iter(fitting), None))

    def _given(self, code: str, fail: Fail) -> InlineException | None:
        """Return the exception that stands in a unit of Terragrunt's, where it gives the value that is wrong."""
        given = fail.focus.given if fail.focus is not None else None
        return self._written(code, given) if given is not None and given.file.endswith(UNIT_ENDING) else None

    def _why_not(self, exception: InlineException) -> str:
        """Return why an exception in a source does not hold; empty where it does."""
        if not self._file.inline:
            by = Path(self._file.file).name or "the requirements"
            return f"does not count: {by} lets no exceptions in sources count"
        if exception.wrong or not exception.is_expired(_today(self._file)):
            return exception.wrong
        return f"expired on {exception.until}"


def written_in(files: Iterable[str], requirements_file: RequirementsFile) -> Iterator[InlineException]:
    """Yield the exceptions that source files have, if those count under *requirements_file*."""
    if requirements_file.inline:
        for file in dict.fromkeys(files):
            yield from inline_exceptions(file)


def why_unsound(exception: InlineException, requirements_file: RequirementsFile) -> str:
    """Return why an exception in a source can't be accepted whatever it is about; empty if it can."""
    if exception.wrong:
        return f"{exception} {exception.wrong}"
    if exception.is_expired(_today(requirements_file)):
        return f"{exception} for {exception.rule} expired on {exception.until}: renew it or take it out"
    return ""


def _today(requirements_file: RequirementsFile) -> date:
    base = requirements_file.base
    return base.today or datetime.now(ZoneInfo(base.time_zone)).date()
