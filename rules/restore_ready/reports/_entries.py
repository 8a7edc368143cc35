"""What formats for machines make one record of: a finding, accepted or not, and what could not be judged."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.catalog._codes import PACK_BROKEN, OwnCode, all_codes
from restore_ready.model import Place, Rule, Severity
from restore_ready.reports._plain import clean, jsonable
from restore_ready.reports._report import Finding, NotJudged, Report
from restore_ready.requirements._file import AcceptedException

FAIL: Final = "fail"
EXCEPTED: Final = "excepted"
BROKEN: Final = "broken"
NOT_JUDGED: Final = "not_judged"


class Entry(Struct, frozen=True):
    """One record.

    Attributes:
        kind: `FAIL`, `EXCEPTED`, `BROKEN` (RR000) or `NOT_JUDGED`.
        severity: nothing where it was not judged.
        text: what is wrong, or why it could not be judged; like the address free of control characters.
        exception: what accepts it.
        baseline: the file that knows it from before; it then counts as accepted.
        diff: what cures it in its source, if that was asked for.
        fingerprint: the same in every run for the same code and resource, wherever it moves in its file.
    """

    kind: str
    code: str
    slug: str
    severity: Severity | None
    address: str
    place: Place
    text: str
    help_uri: str
    fix: str = ""
    doc: str = ""
    evidence: Mapping[str, object] = field(default_factory=dict)
    exception: AcceptedException | None = None
    baseline: str = ""
    diff: str = ""
    fingerprint: str = ""

    @property
    def subject(self) -> str:
        """The defect in words: "start window too wide"."""
        return in_words(self.slug)

    @property
    def accepted_because(self) -> str:
        """Who accepts it, why and until when, or which baseline has it; empty where it is not accepted."""
        by = self.exception
        if by is not None:
            return f"{clean(by.reason)} ({clean(by.owner)}, until {by.expires})"
        return f"it was there before, says {clean(self.baseline)}" if self.baseline else ""


def in_words(slug: str) -> str:
    """Write a slug as words."""
    return slug.replace("-", " ")


def entries(report: Report) -> Iterator[Entry]:
    """Give the findings, those of the baseline, then what could not be judged, each in the report's order."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for one in _entries(report):
        key = (one.code, one.place.file, one.address)
        seen[key] += 1
        yield replace(one, fingerprint=_fingerprint(*key, *([str(seen[key])] if seen[key] > 1 else [])))


def gravest_first(found: Iterable[Entry]) -> list[Entry]:
    """Sort records: errors, warnings and advice, then what could not be judged, then what is accepted."""
    return sorted(found, key=_rank)


def facts(evidence: Mapping[str, object]) -> Any:  # noqa: ANN401  # whatever JSON may hold
    """Give evidence as JSON that is sound in every encoding."""
    return json.loads(json.dumps(evidence, default=jsonable), object_pairs_hook=_cleaned)


def _cleaned(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {clean(key): _clean_strings(value) for key, value in pairs}


def _clean_strings(value: Any) -> Any:  # noqa: ANN401  # whatever JSON may hold
    if isinstance(value, list):
        return [_clean_strings(one) for one in value]
    return clean(value) if isinstance(value, str) else value


def _rank(one: Entry) -> int:
    if one.kind == EXCEPTED:
        return 4
    return 3 if one.severity is None else 2 - one.severity.rank


def _entries(report: Report) -> Iterator[Entry]:
    for finding in chain(report.findings, report.known):
        yield _of_finding(finding)
    for gap in report.not_judged:
        yield _of_gap(gap)


def _of_finding(one: Finding) -> Entry:
    failed = BROKEN if one.code == PACK_BROKEN.code else FAIL
    return Entry(
        kind=failed if one.verdict == FAIL else EXCEPTED,
        code=one.code,
        slug=one.slug,
        severity=one.severity,
        address=clean(one.address),
        place=one.place,
        text=clean(one.message),
        help_uri=one.help_uri,
        fix=clean(one.fix),
        doc=one.doc,
        evidence=one.evidence,
        exception=one.exception,
        baseline=one.baseline,
        diff=one.diff or "",
    )


def _of_gap(one: NotJudged) -> Entry:
    rule = _codes()[one.code]
    return Entry(
        kind=NOT_JUDGED,
        code=one.code,
        slug=rule.slug,
        severity=None,
        address=clean(one.address),
        place=one.place,
        text=clean(one.reason),
        help_uri=rule.help_uri,
    )


@cache
def _codes() -> dict[str, Rule | OwnCode]:
    return {one.code: one for one in all_codes()}


def _fingerprint(*parts: str) -> str:
    said = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).hexdigest()[:32]
