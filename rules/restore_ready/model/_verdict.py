"""The four verdicts a rule can come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import wraps
from typing import ParamSpec, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.model._changes import Change
from restore_ready.model._source import Focus, Place
from restore_ready.model._values import Open

P = ParamSpec("P")


class Severity(Enum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def letter(self) -> str:
        """cfn-lint's letter: ``E``, ``W`` or ``I``."""
        return self.name[0]

    @property
    def rank(self) -> int:
        """2 for errors, 1 for warnings, 0 for advice."""
        return {"error": 2, "warning": 1, "info": 0}[self.value]


class Pass(Struct, frozen=True):
    """The rule looked and the requirement is met."""


class Related(Struct, frozen=True):
    """Something that a finding cites: what it is to it, in a few words, and where it is written."""

    said: str
    place: Place


class Fail(Struct, frozen=True):
    """The rule looked and the requirement is not met.

    Attributes:
        message: what is wrong with this resource, with its figures.
        fix: what to change, in one or two sentences.
        severity: where this finding is milder than its rule.
        evidence: the facts behind it, for machines; values are JSON.
        changes: what mends it, all together; empty where no one change is exact and safe.
        focus: the part of the resource that is wrong; ``None`` for the whole, or where the source does not tell.
        related: what else it cites: a vault, role, key or statement.
    """

    message: str
    fix: str = ""
    severity: Severity | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    focus: Focus | None = None
    related: tuple[Related, ...] = ()


def gravest(fails: Iterable[Fail]) -> Severity | None:
    """Return the severity of the gravest; ``None``, the rule's own, is graver than any."""
    found = [fail.severity for fail in fails]
    own = [severity for severity in found if severity is not None]
    return max(own, key=lambda severity: severity.rank) if len(own) == len(found) else None


def joined(fails: Iterable[Fail]) -> Fail:
    """Return one finding for those of several subjects at one address: an inline policy each, or a plan each.

    Messages, lists of evidence, changes and what is cited are put one after the other, equal ones once. The severity is
    the gravest, all else that of the first.
    """
    every = tuple(fails)
    first, *others = {fail.message: fail for fail in every}.values()
    evidence = dict(first.evidence)
    for key, value in ((key, value) for fail in others for key, value in fail.evidence.items()):
        before = evidence.get(key)
        if isinstance(before, list) and isinstance(value, list):
            evidence[key] = [*before, *value]
    message = "; ".join([first.message, *(fail.message for fail in others)])
    changes = tuple(dict.fromkeys(change for fail in every for change in fail.changes))
    related = tuple(dict.fromkeys(cited for fail in every for cited in fail.related))
    severity = gravest(every)
    return replace(first, message=message, severity=severity, evidence=evidence, changes=changes, related=related)


class Unknown(Struct, frozen=True):
    """The rule could not tell, and why."""

    why: str


class Broken(Struct, frozen=True):
    """The rule itself failed. Louder than `Fail`, and no test accepts it."""

    error: str


Verdict: TypeAlias = Pass | Fail | Unknown | Broken


def open_is_unknown(judge: Callable[P, Verdict]) -> Callable[P, Verdict]:
    """Return *judge* as a function whose `Open` is an Unknown that it returns, to be weighed like any verdict."""

    @wraps(judge)
    def judged(*args: P.args, **kwargs: P.kwargs) -> Verdict:
        try:
            return judge(*args, **kwargs)
        except Open as left_open:
            return Unknown(left_open.why)

    return judged


_GRAVITY: dict[type[Verdict], int] = {Pass: 0, Unknown: 1, Fail: 2, Broken: 3}


def gravity(verdict: Verdict) -> int:
    """Return the rank of a verdict: 0 for Pass, 1 for Unknown, 2 for Fail, 3 for Broken."""
    return _GRAVITY[type(verdict)]
