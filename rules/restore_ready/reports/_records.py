"""What do formats for machines write: findings without control characters, each with its fingerprint?"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec.structs import replace

from restore_ready.reports._finding import EXCEPTED, Finding
from restore_ready.reports._report import Report
from restore_ready.reports._safe_text import clean


def records(report: Report) -> Iterator[Finding]:
    """Return new findings, those of the baseline, then what was not judged, each in the report's order."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for finding in chain(report.new, report.known, report.not_judged):
        address = clean(finding.address)
        key = (finding.code, finding.place.file, address)
        seen[key] += 1
        yield replace(
            finding,
            address=address,
            name=clean(finding.name),
            message=clean(finding.message),
            fix=clean(finding.fix),
            fingerprint=_fingerprint(*key, *([str(seen[key])] if seen[key] > 1 else [])),
        )


def _fingerprint(*parts: str) -> str:
    said = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).hexdigest()[:32]


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return *findings* sorted: errors, warnings and advice, then what was not judged, then what is accepted."""
    return sorted(findings, key=_rank)


def _rank(finding: Finding) -> int:
    if finding.kind == EXCEPTED:
        return 4
    return 3 if finding.severity is None else 2 - finding.severity.rank
