"""How are findings shown: by rule, the errors first, with what is the same for all said once?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct, field

from restore_ready.model import Place, Severity
from restore_ready.readiness._headline import sentence
from restore_ready.reports._fault_lines import FaultLine, fault_lines
from restore_ready.reports._finding import Finding
from restore_ready.reports._locations import is_live
from restore_ready.reports._names import short
from restore_ready.reports._rule_page import why

MANY: Final = 2_000
"""Findings up to which each is listed; beyond, `MOST_PLACES` of each rule."""

MOST_PLACES: Final = 50
SEVERITY_WORDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_FEW_ALIKE: Final = 2
"""Equal messages up to which each is told in its own row."""

_MOST_NAMES: Final = 4
_ALL: Final = 3
"""File systems beyond which all of them are said to be "all"."""

_WORTH: Final = 3
"""One row in so many must name file systems for these to have a column."""


class FindingRow(Struct, frozen=True):
    """A place where a rule finds something.

    Attributes:
        name: what people call the resource, where the address does not say it.
        place: where it is written; ``None`` where the address says all.
        lines: what is wrong in its source.
        files: the labels of the file systems that it is about; *files_said* the same in a few words.
        fix: what to change, where that is not what the rule says once.
        diff: the lines of the change that cures it.
    """

    code: str
    severity: Severity
    name: str
    address: str
    place: Place | None
    message: str
    lines: tuple[FaultLine, ...]
    files: tuple[str, ...]
    files_said: str
    fix: str
    diff: tuple[str, ...]

    @property
    def word(self) -> str:
        """Its severity as people read it."""
        return SEVERITY_WORDS[self.severity]


class Bundle(Struct, frozen=True):
    """Rows of one table; *said* is what is wrong in all of them, empty where each has its own."""

    said: str
    rows: tuple[FindingRow, ...]


class RuleGroup(Struct, frozen=True):
    """What one rule finds.

    Attributes:
        message: what is wrong everywhere; empty where that differs.
        affects: the file systems that all its places are about; empty where that differs, or is no more than they say.
        has_lines: whether it shows lines of sources, or changes of them.
        count: of all its places; *left_out* of those that the page does not list.
    """

    code: str
    subject: str
    severity: Severity
    help_uri: str
    why: str
    fix: str
    message: str
    affects: str
    bundles: tuple[Bundle, ...]
    has_lines: bool
    shows_files: bool
    count: int
    left_out: int

    @property
    def word(self) -> str:
        """Its severity as people read it."""
        return SEVERITY_WORDS[self.severity]


class _Collected(Struct):
    """Findings of one rule: the first of them, and how many there are."""

    findings: list[Finding] = field(default_factory=list)
    count: int = 0


def rule_groups(defects: Iterable[Finding], total: int, labels: Mapping[str, str]) -> list[RuleGroup]:
    """Return *total* findings that nothing accepts, by rule, the gravest first.

    Args:
        defects: the findings.
        total: how many they are.
        labels: of file systems, by their addresses.
    """
    most = MOST_PLACES if total > MANY else total
    by_code: dict[str, _Collected] = {}
    for finding in defects:
        found = by_code.setdefault(finding.code, _Collected())
        found.count += 1
        if len(found.findings) < most:
            found.findings.append(finding)
    groups = [_group(found, labels) for found in by_code.values()]
    return sorted(groups, key=lambda group: (-group.severity.rank, group.code))


def _group(found: _Collected, labels: Mapping[str, str]) -> RuleGroup:
    first = found.findings[0]
    ordered = sorted(found.findings, key=lambda finding: (-_severity(finding).rank, *_where(finding)))
    fixes = Counter(finding.fix for finding in ordered if finding.fix)
    fix = fixes.most_common(1)[0][0] if fixes else ""
    rows = [_row(finding, labels, fix) for finding in ordered]
    messages = Counter(row.message for row in rows)
    return RuleGroup(
        first.code,
        first.subject,
        _severity(ordered[0]),
        first.help_uri,
        why(first.doc).replace("`", ""),
        fix,
        sentence(rows[0].message) if len(messages) == 1 else "",
        _affected(rows, labels),
        _bundles(rows, messages),
        any(row.lines or row.diff for row in rows),
        _shows_files(rows, labels),
        found.count,
        found.count - len(rows),
    )


def _severity(finding: Finding) -> Severity:
    return finding.severity or Severity.ERROR


def _where(finding: Finding) -> tuple[str, int, str]:
    return finding.place.file, finding.place.line, finding.address


def _row(finding: Finding, labels: Mapping[str, str], fix: str) -> FindingRow:
    files = tuple(labels.get(address, address) for address in finding.file_systems)
    says_all = is_live(finding.place) or finding.place.file == finding.address
    return FindingRow(
        finding.code,
        _severity(finding),
        "" if finding.name == finding.address else finding.name,
        short(finding.address),
        None if says_all else finding.place,
        finding.message,
        tuple(line for line in fault_lines(finding) if line.text),
        files,
        _in_short(files, labels),
        "" if finding.fix == fix else finding.fix,
        tuple((finding.diff or "").splitlines()),
    )


def _in_short(files: tuple[str, ...], labels: Mapping[str, str]) -> str:
    if len(files) > _ALL and len(files) == len(labels):
        return "all"
    more = f" and {len(files) - _MOST_NAMES} more" if len(files) > _MOST_NAMES else ""
    return f"{', '.join(files[:_MOST_NAMES])}{more}" or "\N{EN DASH}"


def _bundles(rows: list[FindingRow], messages: Counter[str]) -> tuple[Bundle, ...]:
    if len(messages) == 1:
        return (Bundle("", tuple(rows)),)
    often = [message for message, times in messages.items() if times > _FEW_ALIKE]
    alike = [Bundle(sentence(message), tuple(row for row in rows if row.message == message)) for message in often]
    rest = tuple(row for row in rows if messages[row.message] <= _FEW_ALIKE)
    return (*alike, *([Bundle("", rest)] if rest else []))


def _affected(rows: list[FindingRow], labels: Mapping[str, str]) -> str:
    said = {row.files_said for row in rows}
    return said.pop() if len(said) == 1 and rows[0].files and _tells_more(rows, labels) else ""


def _shows_files(rows: list[FindingRow], labels: Mapping[str, str]) -> bool:
    """Return whether file systems have a column: where they differ, and are told of enough rows."""
    said = {row.files_said for row in rows}
    return len(said) > 1 and sum(bool(row.files) for row in rows) * _WORTH > len(rows) and _tells_more(rows, labels)


def _tells_more(rows: list[FindingRow], labels: Mapping[str, str]) -> bool:
    """Return whether the file systems tell more than the rows do without, which may be these themselves."""
    own = all(len(row.files) == 1 and row.files[0] in (row.name, row.address) for row in rows)
    return len(labels) > 1 and not own
