"""What every report shows: findings, what could not be judged, and the counts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import fields, replace

from restore_ready.catalog._codes import NOT_JUDGED, PACK_BROKEN
from restore_ready.engine._judge import Judgement
from restore_ready.model import Broken, Fail, Pass, Place, Rule, Severity, Unknown
from restore_ready.reports._spilling_list import SpillingList
from restore_ready.requirements._file import AcceptedException, Baselined, Excepted
from restore_ready.scanning._scan import Scan


class Finding(Struct, frozen=True):
    """One defect.

    Attributes:
        place: its file is relative to the current folder when below it, with forward slashes.
        cure: what to change; may be empty.
        doc: the page that explains it.
        exception: what accepts it.
        diff: what cures it in its source, where the report is to show that and it can be told.
        baseline: the file that knows it from before.
        name: what people call the resource, where its address does not say it.
    """

    code: str
    slug: str
    severity: Severity
    address: str
    place: Place
    message: str
    help_uri: str
    fix: str = ""
    evidence: Mapping[str, object] = field(default_factory=dict)
    doc: str = ""
    exception: AcceptedException | None = None
    diff: str | None = None
    baseline: str = ""
    name: str = ""

    @property
    def verdict(self) -> str:
        """``fail``, or ``excepted`` where an exception or the baseline accepts it."""
        return "fail" if self.exception is None and not self.baseline else "excepted"


class NotJudged(Struct, frozen=True):
    """What could not be judged, and why."""

    code: str
    address: str
    reason: str
    place: Place


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
    """Everything a writer may show, sorted by file, line, address and code; *findings* includes accepted ones.

    Those of many accounts are on disk, and are to be gone through one by one.

    Attributes:
        shows_diffs: whether it was looked for what cures the findings.
        known: those that stand in the baseline; *findings* has none of them.
    """

    findings: Sequence[Finding]
    not_judged: Sequence[NotJudged]
    summary: Summary
    shows_diffs: bool = False
    known: Sequence[Finding] = ()

    @property
    def defects(self) -> Iterator[Finding]:
        """The findings that no exception accepts."""
        return (one for one in self.findings if one.exception is None)


class Layout(Struct, frozen=True):
    """How a report is laid out for people.

    Attributes:
        width: in columns.
        quiet: only findings, on one line each.
    """

    width: int = 100
    colour: bool = False
    quiet: bool = False


def make_report(scan: Scan, *, with_gaps: bool = True, names: Mapping[str, str] | None = None) -> Report:
    """Make the report of *scan*.

    Args:
        scan: what was found.
        with_gaps: whether what could not be read at all (RR001) is in it.
        names: what people call resources, by their addresses.
    """
    every = _each_once(_named(_findings(scan), names or {}))
    findings, known = (tuple(one for one in every if bool(one.baseline) is before) for before in (False, True))
    not_judged = tuple(dict.fromkeys(_not_judged(scan, with_gaps=with_gaps)))
    severities = [finding.severity for finding in findings if finding.exception is None]
    broken = sum(finding.code == PACK_BROKEN.code for finding in findings)
    summary = Summary(
        sources=len(scan.sources),
        resources=len({(one.place.file, one.address) for one in scan.judgements}),
        passed=sum(isinstance(one.verdict, Pass) for one in scan.judgements),
        failed=len(severities) - broken,
        errors=severities.count(Severity.ERROR),
        warnings=severities.count(Severity.WARNING),
        infos=severities.count(Severity.INFO),
        not_judged=len(not_judged),
        broken=broken,
        excepted=len(findings) - len(severities),
        known=len(known),
    )
    return Report(findings, not_judged, summary, known=known)


def together(reports: Iterable[Report]) -> Report:
    """Make one report of several about different accounts; each may be given up as soon as it has been added."""
    findings: SpillingList[Finding] = SpillingList()
    known: SpillingList[Finding] = SpillingList()
    not_judged: SpillingList[NotJudged] = SpillingList()
    totals = dict.fromkeys((one.name for one in fields(Summary)), 0)
    for number, report in enumerate(reports):
        for spilling_list, found in ((findings, report.findings), (known, report.known)):
            spilling_list.add(found[0].place.file if found else "", found)
        not_judged.add(f"{number:09d}", report.not_judged)
        for name in totals:
            totals[name] += getattr(report.summary, name)
    return Report(findings, not_judged, Summary(**totals), known=known)


def _named(findings: Iterable[Finding], names: Mapping[str, str]) -> Iterator[Finding]:
    return (replace(one, name=names[one.address]) if one.address in names else one for one in findings)


def _each_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort, and drop what a module judged through several roots says again word for word."""
    distinct = {
        (one.place.file, one.place.line, one.address, one.code, one.message, one.baseline): one for one in findings
    }
    return tuple(distinct[key] for key in sorted(distinct))


def _findings(scan: Scan) -> Iterator[Finding]:
    for judgement in scan.judgements:
        if isinstance(judgement.verdict, Fail):
            yield _defect(judgement, judgement.verdict)
        elif isinstance(judgement.verdict, Excepted):
            yield _defect(judgement, judgement.verdict.fail, judgement.verdict.by)
        elif isinstance(judgement.verdict, Baselined):
            yield replace(_defect(judgement, judgement.verdict.fail), baseline=judgement.verdict.by)
        elif isinstance(judgement.verdict, Broken):
            message = f"rule {judgement.rule.code} broke on {judgement.address}: {judgement.verdict.error}"
            yield _broken(judgement.address, shown(judgement.place), message)
    for crash in scan.crashes:
        place = shown(Place(str(crash.path)))
        yield _broken(place.file, place, f"the reader of {place.file} broke: {crash.error}")


def _defect(judgement: Judgement, fail: Fail, exception: AcceptedException | None = None) -> Finding:
    rule = judgement.rule
    return Finding(
        code=rule.code,
        slug=rule.slug,
        severity=fail.severity or rule.severity,
        address=judgement.address,
        place=shown(judgement.place),
        message=fail.message,
        help_uri=rule.help_uri,
        fix=fail.fix,
        evidence=fail.evidence,
        doc=_doc(rule),
        exception=exception,
    )


def _broken(address: str, place: Place, message: str) -> Finding:
    return Finding(
        code=PACK_BROKEN.code,
        slug=PACK_BROKEN.slug,
        severity=PACK_BROKEN.severity,
        address=address,
        place=place,
        message=message,
        help_uri=PACK_BROKEN.help_uri,
        fix="Please report this message; the resource was not judged by this rule.",
        doc=PACK_BROKEN.doc,
    )


def _not_judged(scan: Scan, *, with_gaps: bool) -> Iterator[NotJudged]:
    for judgement in scan.judgements:
        if isinstance(judgement.verdict, Unknown):
            place = shown(judgement.place)
            yield NotJudged(judgement.rule.code, judgement.address, judgement.verdict.why, place)
    for gap in scan.gaps if with_gaps else ():
        address = _shown_file(gap.address) if gap.address == gap.place.file else gap.address
        yield NotJudged(NOT_JUDGED.code, address, gap.why, shown(gap.place))


def shown(place: Place) -> Place:
    """Write the place's file as reports do: relative to the current folder when below it, with forward slashes."""
    return replace(place, file=_shown_file(place.file))


def _shown_file(name: str) -> str:
    """Write a file's name relative to the current folder when it is below it, with forward slashes."""
    return _relative(name, str(Path.cwd()))


@lru_cache(maxsize=4096)
def _relative(name: str, here: str) -> str:
    absolute = Path(os.path.abspath(name))  # noqa: PTH100  # resolve() would follow links to names nobody typed
    return (absolute.relative_to(here) if absolute.is_relative_to(here) else Path(name)).as_posix()


@cache
def _doc(rule: Rule) -> str:
    return rule.doc
