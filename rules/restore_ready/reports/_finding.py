"""What did the rules find, and what could they not judge, as reports show it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.catalog._codes import NOT_JUDGED as UNREAD
from restore_ready.catalog._codes import PACK_BROKEN, OwnCode
from restore_ready.engine._judge import Judgement
from restore_ready.model import Broken, Fail, Focus, Place, Related, Rule, Severity, Unknown
from restore_ready.model._why_open import Settling
from restore_ready.reports._locations import shown, shown_file
from restore_ready.reports._safe_text import as_json, clean
from restore_ready.reports._settle import what_settles
from restore_ready.requirements._file import AcceptedException, Baselined, Excepted
from restore_ready.scanning._scan import Scan

FAIL: Final = "fail"
EXCEPTED: Final = "excepted"
BROKEN: Final = "broken"
NOT_JUDGED: Final = "not_judged"


class Finding(Struct, frozen=True):
    """One defect, accepted or not, or what could not be judged.

    Attributes:
        kind: `FAIL`, `EXCEPTED` where an exception or the baseline accepts it, `BROKEN` (RR000) or `NOT_JUDGED`.
        severity: ``None`` where it was not judged.
        place: its file is relative to the current folder when below it, with forward slashes.
        message: what is wrong, or why it could not be judged.
        fix: what to change, or what would settle what was not judged; may be empty.
        doc: the page that explains it.
        evidence: the facts behind it, as JSON values.
        exception: what accepts it.
        baseline: the file that knows it from before.
        diff: what fixes it in its source, where the report is to show that and it can be told.
        name: what people call the resource, where its address does not say it.
        focus: the part of the resource that is wrong; files as of *place*.
        related: what else it cites where a source has lines; files as of *place*.
        fingerprint: the same in every run for the same code and resource, wherever it moves in its file.
        file_systems: the addresses of those that it is about, as far as that is certain.
        settle: what would settle what was not judged.
    """

    kind: str
    code: str
    slug: str
    severity: Severity | None
    address: str
    place: Place
    message: str
    help_uri: str
    fix: str = ""
    doc: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    exception: AcceptedException | None = None
    baseline: str = ""
    diff: str | None = None
    name: str = ""
    focus: Focus | None = None
    fingerprint: str = ""
    file_systems: tuple[str, ...] = ()
    settle: tuple[Settling, ...] = ()
    related: tuple[Related, ...] = ()

    @property
    def severity_name(self) -> str:
        """``error``, ``warning`` or ``info``; empty where it was not judged."""
        return self.severity.value if self.severity else ""

    @property
    def fault(self) -> Place:
        """Where it is wrong: the part that is, or the whole resource where no part is told."""
        return self.place if self.focus is None else self.focus.place

    @property
    def given(self) -> Place | None:
        """Where the value of what is wrong is given, if that is elsewhere."""
        return None if self.focus is None else self.focus.given

    @property
    def in_repository(self) -> Place:
        """Where the repository shows it: where it is wrong or, if a downloaded module is, what leads there."""
        leading = (self.fault, self.given, self.place, self.place.call)
        return next((place for place in leading if place is not None and not place.is_downloaded), self.fault)

    @property
    def call(self) -> Place | None:
        """The call of the downloaded module that is wrong, where nothing nearer in the repository leads there."""
        return self.place.call if self.in_repository == self.place.call else None

    @property
    def subject(self) -> str:
        """The defect in words: "start window too wide"."""
        return in_words(self.slug)

    @property
    def title(self) -> str:
        """Code and defect: "RR201 start window too wide"."""
        return f"{self.code} {self.subject}"

    @property
    def accepted_because(self) -> str:
        """Who accepts it, why and until when, or which baseline has it; empty where it is not accepted."""
        by = self.exception
        if by is not None:
            return f"{clean(by.reason)} ({clean(by.terms)})"
        return f"it was there before, says {clean(self.baseline)}" if self.baseline else ""


def in_words(slug: str) -> str:
    """Return a slug as words."""
    return slug.replace("-", " ")


def defects_of(scan: Scan) -> Iterator[Finding]:
    """Return what the rules found in *scan*, accepted or not, and which of them and of the readers broke."""
    for judgement in scan.judgements:
        verdict = judgement.verdict
        if isinstance(verdict, Fail):
            yield _defect(judgement, verdict)
        elif isinstance(verdict, Excepted):
            yield replace(_defect(judgement, verdict.fail), kind=EXCEPTED, exception=verdict.by)
        elif isinstance(verdict, Baselined):
            yield replace(_defect(judgement, verdict.fail), kind=EXCEPTED, baseline=verdict.by)
        elif isinstance(verdict, Broken):
            message = f"rule {judgement.rule.code} broke on {judgement.address}: {verdict.error}"
            yield _broken(judgement.address, shown(judgement.place), message)
    for crash in scan.crashes:
        place = shown(Place(str(crash.path)))
        yield _broken(place.file, place, f"{crash.work} of {place.file} broke: {crash.error}")


def not_judged_of(scan: Scan, *, with_gaps: bool) -> Iterator[Finding]:
    """Return what the rules could not judge in *scan*, and with *with_gaps* what could not be read at all (RR001)."""
    for judgement in scan.judgements:
        if isinstance(judgement.verdict, Unknown):
            found = _not_judged(judgement.rule, judgement.address, shown(judgement.place), judgement.verdict.why)
            yield replace(found, file_systems=judgement.file_systems, name=judgement.name)
    for gap in scan.gaps if with_gaps else ():
        address = shown_file(gap.address) if gap.address == gap.place.file else gap.address
        yield _not_judged(UNREAD, address, shown(gap.place), gap.why)


def _defect(judgement: Judgement, fail: Fail) -> Finding:
    rule = judgement.rule
    focus, place = None if fail.focus is None else _shown_focus(fail.focus), shown(judgement.place)
    return Finding(
        kind=FAIL,
        code=rule.code,
        slug=rule.slug,
        severity=fail.severity or rule.severity,
        address=judgement.address,
        place=place,
        message=fail.message,
        help_uri=rule.help_uri,
        fix=fail.fix,
        doc=_doc(rule),
        evidence=as_json({**fail.evidence, **_as_evidence(focus), **_call(place)}),
        focus=focus,
        related=tuple(Related(cited.said, shown(cited.place)) for cited in fail.related if cited.place.line),
        file_systems=judgement.file_systems,
        name=judgement.name,
    )


def _shown_focus(focus: Focus) -> Focus:
    return Focus(shown(focus.place), None if focus.given is None else shown(focus.given))


def _as_evidence(focus: Focus | None) -> dict[str, object]:
    """Return where the part is written that is wrong, and where its value is given if elsewhere, if that is known."""
    if focus is None:
        return {}
    given = {} if focus.given is None else {"given": _as_object(focus.given)}
    return {"focus": {**_as_object(focus.place), **given}}


def _call(place: Place) -> dict[str, object]:
    """Return which module call of the repository leads to a resource of a downloaded module."""
    return {} if place.call is None else {"call": _as_object(place.call)}


def _as_object(place: Place) -> dict[str, object]:
    columns = {"column": place.column, "end_column": place.end_column} if place.column else {}
    return {"file": place.file, "line": place.line, "end_line": place.end_line, **columns}


@cache
def _doc(rule: Rule) -> str:
    return rule.doc


def _broken(address: str, place: Place, message: str) -> Finding:
    return Finding(
        kind=BROKEN,
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


def _not_judged(rule: Rule | OwnCode, address: str, place: Place, why: str) -> Finding:
    settle = what_settles(why, place)
    fix = " ".join(dict.fromkeys(settling.text for settling in settle))
    return Finding(NOT_JUDGED, rule.code, rule.slug, None, address, place, why, rule.help_uri, fix, settle=settle)
