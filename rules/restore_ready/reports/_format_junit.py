"""How are findings written as JUnit XML, for the test view of CI systems?

There is a suite for each file or account, and a case for each judgement. A finding is a failure, what broke (RR000) an
error; what could not be judged and what is accepted is skipped with the reason, since neither passed. Checks that
passed are counted in one case: they have no records of their own.

How each file system stands is a suite of its own. One that is not ready fails only where a finding fails in this report
that says so: a pipeline is never red for what the baseline knows, or for nothing that can be changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from xml.etree import ElementTree as ET

from restore_ready.model import Severity
from restore_ready.readiness._answers import Level
from restore_ready.readiness._state import State
from restore_ready.reports._file_systems import TITLES, FileSystemRow, answer_text
from restore_ready.reports._finding import BROKEN, EXCEPTED, FAIL, NOT_JUDGED, Finding
from restore_ready.reports._records import records
from restore_ready.reports._report import Layout, Report, Summary
from restore_ready.reports._safe_text import clean, plural

_NAME = "restore-ready"
_FILE_SYSTEMS = "file systems"
_NO_TIME = "0"
_ELEMENTS = {FAIL: "failure", BROKEN: "error", NOT_JUDGED: "skipped", EXCEPTED: "skipped"}
_COUNTERS = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def write(report: Report, _layout: Layout) -> str:
    """Return one document, in ASCII, so that it is the same in every encoding."""
    root = ET.Element("testsuites", name=_NAME)
    root.append(_passed(report.summary))
    if report.file_systems:
        root.append(_file_systems(report))
    by_file = attrgetter("place.file")
    for file, found in groupby(sorted(records(report), key=by_file), key=by_file):
        root.append(_suite(clean(file), found))
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", _NO_TIME)
    ET.indent(root)
    document: bytes = ET.tostring(root, "us-ascii", xml_declaration=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document.decode("ascii")}'


def _passed(summary: Summary) -> ET.Element:
    """Return the suite with the checks that passed; a report without any has judged nothing, which is no success."""
    suite = ET.Element("testsuite", name=_NAME, tests="1", failures="0", errors="0", time=_NO_TIME)
    case = ET.SubElement(suite, "testcase", name="checks that passed", classname=_NAME, time=_NO_TIME)
    said = f"{plural(summary.passed, 'check')} passed on {plural(summary.resources, 'resource')}"
    suite.set("skipped", "0" if summary.passed else "1")
    if summary.passed:
        ET.SubElement(case, "system-out").text = said
    else:
        ET.SubElement(case, "skipped", message=said)
    return suite


def _file_systems(report: Report) -> ET.Element:
    failing = {(finding.address, finding.code) for finding in report.defects if finding.severity is not Severity.INFO}
    cases = ((row.heading, clean(row.place.file), _verdict(row, failing)) for row in report.file_systems)
    return _counted(_FILE_SYSTEMS, cases)


def _verdict(row: FileSystemRow, failing: set[tuple[str, str]]) -> ET.Element | None:
    """Return what a file system's case has; nothing where it is ready."""
    found = row.readiness
    if found.level is Level.READY:
        return None
    fails = found.level is Level.NOT_READY and not failing.isdisjoint(found.findings)
    message = f"{found.level.words}: {clean(found.reason.text)} {found.reason.code}".strip()
    element = ET.Element("failure" if fails else "skipped", type=found.level.value, message=message)
    asked = ((TITLES[question], answer) for question, answer in found.answers.items() if answer.state is not State.NONE)
    answers = (f"{title}: {answer_text(answer)}" for title, answer in asked)
    element.text = "\n".join((clean(str(row.place)), message, *answers))
    return element


def _suite(file: str, found: Iterable[Finding]) -> ET.Element:
    cases = ((clean(f"{finding.title}: {finding.address}"), file, _outcome(finding)) for finding in found)
    return _counted(file, cases)


def _counted(suite_name: str, cases: Iterable[tuple[str, str, ET.Element | None]]) -> ET.Element:
    """Return a suite of *cases*: each its name, its class, and what it has where it did not pass."""
    suite = ET.Element("testsuite", name=suite_name)
    counts: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for name, class_name, outcome in cases:
        names[name] += 1
        ordinal = f" ({names[name]})" if names[name] > 1 else ""
        case = ET.SubElement(suite, "testcase", name=f"{name}{ordinal}", classname=class_name, time=_NO_TIME)
        if outcome is not None:
            case.append(outcome)
            counts[_COUNTERS[outcome.tag]] += 1
    suite.set("tests", str(len(suite)))
    for counter in _COUNTERS.values():
        suite.set(counter, str(counts[counter]))
    suite.set("time", _NO_TIME)
    return suite


def _outcome(finding: Finding) -> ET.Element:
    kind = finding.severity_name if finding.kind in (FAIL, BROKEN) else finding.kind
    message = f"accepted: {finding.accepted_because}" if finding.kind == EXCEPTED else finding.message
    element = ET.Element(_ELEMENTS[finding.kind], type=kind, message=clean(message))
    said = (str(finding.place), *_focus(finding), finding.message, finding.fix, finding.help_uri)
    element.text = "\n".join(clean(part) for part in said if part)
    return element


def _focus(finding: Finding) -> Iterator[str]:
    """Say which part of the resource is wrong, and where its value is given or its module called if elsewhere."""
    if finding.focus is not None:
        yield f"wrong: {finding.fault}"
    if finding.given is not None:
        yield f"value: {finding.given}"
    if finding.call is not None:
        yield f"called: {finding.call}"
