"""What does every report show: findings, what could not be judged, and the counts?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import fields

from restore_ready.model import Pass, Severity, Verification
from restore_ready.readiness._time_line import JoinedLines, TimeLine
from restore_ready.reports._disk_backed_list import DiskBackedList
from restore_ready.reports._file_systems import FileSystemRow, rows
from restore_ready.reports._finding import BROKEN, Finding, defects_of, not_judged_of
from restore_ready.reports._passes import Passes, added, passes_of
from restore_ready.reports._scope import Scope
from restore_ready.scanning._scan import Scan


class Summary(Struct, frozen=True):
    """Counts: sources read, resources looked at, verdicts by kind, findings by severity.

    `broken` findings (RR000) count as errors too, but not as failed; `excepted` ones, and `known` ones that stand in
    the baseline, count as nothing else.
    """

    sources: int = 0
    resources: int = 0
    passed: int = 0
    failed: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    not_judged: int = 0
    broken: int = 0
    excepted: int = 0
    known: int = 0

    @property
    def defects(self) -> int:
        """How many findings nothing accepts."""
        return self.errors + self.warnings + self.infos


class Report(Struct, frozen=True):
    """Everything a writer may show.

    Those of many accounts are on disk, and are to be gone through one by one.

    Attributes:
        findings: accepted or not, sorted by file, line, address and code.
        not_judged: in the order of what was judged, then what could not be read.
        shows_diffs: whether it was looked for what fixes the findings.
        scope: what it is about; ``None`` where nobody said it.
        file_systems: how each file system stands, the worst first within an account.
        time_lines: when backups run; none where pictures were not asked for.
        passes: what passed, by the codes of rules.
        verification: what AWS's policy simulator says of our answers; ``None`` where it was not asked.
    """

    findings: Sequence[Finding]
    not_judged: Sequence[Finding]
    summary: Summary
    shows_diffs: bool = False
    file_systems: Sequence[FileSystemRow] = ()
    verification: Verification | None = None
    time_lines: tuple[TimeLine, ...] = ()
    passes: Mapping[str, Passes] = field(default_factory=dict)
    scope: Scope | None = None

    @property
    def new(self) -> Iterator[Finding]:
        """The findings that no baseline knows."""
        return (finding for finding in self.findings if not finding.baseline)

    @property
    def known(self) -> Iterator[Finding]:
        """Those that the baseline knows."""
        return (finding for finding in self.findings if finding.baseline)

    @property
    def defects(self) -> Iterator[Finding]:
        """Those that nothing accepts."""
        return (finding for finding in self.new if finding.exception is None)


class Layout(Struct, frozen=True):
    """How a report is laid out for people.

    Attributes:
        width: in columns.
        quiet: only findings, on one line each.
        job_summary: whether it goes to the summary of a GitHub job, which holds more than a comment does.
    """

    width: int = 100
    colour: bool = False
    quiet: bool = False
    job_summary: bool = False


def make_report(scan: Scan, *, with_gaps: bool = True) -> Report:
    """Return the report of *scan*.

    Args:
        scan: what was found.
        with_gaps: whether what could not be read at all (RR001) is in it.
    """
    findings = _each_once(defects_of(scan))
    not_judged = tuple(
        {
            (finding.code, finding.address, finding.message, finding.place): finding
            for finding in not_judged_of(scan, with_gaps=with_gaps)
        }.values()
    )
    summary = _summary(scan, findings, len(not_judged))
    return Report(
        findings,
        not_judged,
        summary,
        file_systems=rows(scan.file_systems),
        time_lines=scan.time_lines,
        passes=passes_of(scan.judgements),
    )


def _summary(scan: Scan, findings: Sequence[Finding], not_judged: int) -> Summary:
    new = [finding for finding in findings if not finding.baseline]
    severities = [finding.severity for finding in new if finding.exception is None]
    broken = sum(finding.kind == BROKEN for finding in new)
    return Summary(
        sources=len(scan.sources),
        resources=len({(judgement.place.file, judgement.address) for judgement in scan.judgements}),
        passed=sum(isinstance(judgement.verdict, Pass) for judgement in scan.judgements),
        failed=len(severities) - broken,
        errors=severities.count(Severity.ERROR),
        warnings=severities.count(Severity.WARNING),
        infos=severities.count(Severity.INFO),
        not_judged=not_judged,
        broken=broken,
        excepted=len(new) - len(severities),
        known=len(findings) - len(new),
    )


def _each_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort, and drop what a module judged through several roots, or a plan, says again word for word.

    One that tells which part is wrong is kept.
    """
    distinct: dict[tuple[str, int, str, str, str, str], Finding] = {}
    for finding in findings:
        if finding.focus is not None or _identity(finding) not in distinct:
            distinct[_identity(finding)] = finding
    return tuple(distinct[identity] for identity in sorted(distinct))


def _identity(finding: Finding) -> tuple[str, int, str, str, str, str]:
    place = finding.place
    return place.file, place.line, finding.address, finding.code, finding.baseline, finding.message


def together(reports: Iterable[Report]) -> Report:
    """Return one report of several about different accounts; each may be given up as soon as it has been added."""
    findings: DiskBackedList[Finding] = DiskBackedList()
    not_judged: DiskBackedList[Finding] = DiskBackedList()
    file_systems: DiskBackedList[FileSystemRow] = DiskBackedList()
    totals = dict.fromkeys((count.name for count in fields(Summary)), 0)
    time_lines = JoinedLines()
    passes: Mapping[str, Passes] = {}
    for number, report in enumerate(reports):
        findings.add(report.findings[0].place.file if report.findings else "", report.findings)
        not_judged.add(f"{number:09d}", report.not_judged)
        file_systems.add(f"{number:09d}", report.file_systems)
        time_lines.add(report.time_lines)
        passes = added(passes, report.passes)
        for name in totals:
            totals[name] += getattr(report.summary, name)
    return Report(
        findings, not_judged, Summary(**totals), file_systems=file_systems, time_lines=time_lines.lines(), passes=passes
    )
