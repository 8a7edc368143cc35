"""Which tables of findings does Markdown show: one for each rule, then what is accepted and what was not judged?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct, field

from restore_ready.model import Severity
from restore_ready.reports._fault_lines import FaultLine, fault_lines
from restore_ready.reports._finding import EXCEPTED, Finding
from restore_ready.reports._markdown_text import Row, Section, literal, prose
from restore_ready.reports._rule_page import why
from restore_ready.reports._safe_text import clean, plural

_SIGNS: Final = {Severity.ERROR: "🔴", Severity.WARNING: "🟠", Severity.INFO: "🔵"}
_MOST_PLACES: Final = 30
"""Places of a rule in a comment."""

_MOST_IN_COMMENT: Final = 500
_MOST_IN_SUMMARY: Final = 8_000
"""Records of a table that can fit; more are only counted."""


class _Collected(Struct):
    """The first records of a table, and how many there are.

    Attributes:
        gravest: the severity of the gravest of all of them; ``None`` where they were not judged.
    """

    most: int
    findings: list[Finding] = field(default_factory=list)
    count: int = 0
    gravest: Severity | None = None

    def add(self, finding: Finding) -> None:
        self.count += 1
        if len(self.findings) < self.most:
            self.findings.append(finding)
        severity = finding.severity
        if severity is not None and (self.gravest is None or severity.rank > self.gravest.rank):
            self.gravest = severity

    @property
    def more(self) -> int:
        return self.count - len(self.findings)


def sections(found: Iterable[Finding], *, job_summary: bool) -> Iterator[Section]:
    """Yield the tables that have rows. The records are gone through once; only those that can fit are kept."""
    most = _MOST_IN_SUMMARY if job_summary else _MOST_IN_COMMENT
    rules: dict[str, _Collected] = {}
    accepted, not_judged = _Collected(most), _Collected(most)
    for finding in found:
        if finding.kind == EXCEPTED:
            accepted.add(finding)
        elif finding.severity is None:
            not_judged.add(finding)
        else:
            rules.setdefault(finding.code, _Collected(most if job_summary else _MOST_PLACES)).add(finding)
    yield from (_of_rule(rules[code]) for code in sorted(rules, key=lambda code: (-_rank(rules[code]), code)))
    if accepted.count:
        yield _of_accepted(accepted)
    if not_judged.count:
        yield _of_not_judged(not_judged)


def _rank(found: _Collected) -> int:
    return 0 if found.gravest is None else found.gravest.rank


def _of_rule(found: _Collected) -> Section:
    first = found.findings[0]
    sign = "" if found.gravest is None else _SIGNS[found.gravest]
    title = f"{sign} <b>{first.code}</b> {first.subject}: {plural(found.count, 'place')}"
    fixes = Counter(finding.fix for finding in found.findings if finding.fix)
    fix = fixes.most_common(1)[0][0] if fixes else ""
    before = [f"{_code(first)} {prose(why(first.doc).replace('`', ''))}".strip(), ""]
    before += [f"**Change:** {prose(fix)}", ""] if fix else []
    rows = [_row(finding, "" if finding.fix == fix else finding.fix) for finding in found.findings]
    with_fixes = any(row.cells[-1] for row in rows)
    columns = ("Where", "What is wrong", *(["What to change"] if with_fixes else []))
    shown_rows = rows if with_fixes else [Row(row.cells[:-1]) for row in rows]
    return Section(first.code, title, columns, shown_rows, before, found.more)


def _of_accepted(found: _Collected) -> Section:
    rows = [Row((_code(finding), *_row(finding, finding.accepted_because).cells)) for finding in found.findings]
    columns = ("Rule", "Where", "What is wrong", "Accepted because")
    return Section("accepted exceptions", f"Accepted exceptions ({found.count})", columns, rows, more=found.more)


def _of_not_judged(found: _Collected) -> Section:
    """Return a row for each resource and reason, with all rules that could not judge it for that reason."""
    codes: dict[tuple[str, str, str], list[str]] = {}
    for finding in found.findings:
        cells = (_where(finding), prose(finding.message), prose(finding.fix))
        codes.setdefault(cells, []).append(_code(finding))
    rows = [Row((", ".join(rules), *rest), len(rules)) for rest, rules in codes.items()]
    title = f"Could not be judged ({found.count})"
    return Section("could not be judged", title, ("Rules", "Where", "Why", "What settles it"), rows, more=found.more)


def _row(finding: Finding, last: str) -> Row:
    return Row((_where(finding), prose(finding.message), prose(last)))


def _code(finding: Finding) -> str:
    return f"[{finding.code}]({finding.help_uri})"


def _where(finding: Finding) -> str:
    place = clean(str(finding.place))
    names = [place] if place == finding.address else [finding.address, place]
    called = [f"**{prose(finding.name)}**"] if finding.name and finding.name != finding.address else []
    return "<br>".join([*called, *map(literal, names), *(_source(line) for line in fault_lines(finding))])


def _source(line: FaultLine) -> str:
    """Return a line of a source behind where it is."""
    name = f"{line.role.value}{line.place}" if line.elsewhere else f"line {line.place.line}"
    return f"{prose(clean(name))}: {literal(line.text)}" if line.text else prose(clean(name))
