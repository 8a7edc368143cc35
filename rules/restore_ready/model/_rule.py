"""What a rule is."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from restore_ready.model._estate import Estate
from restore_ready.model._requirements import Requirements
from restore_ready.model._source import Subject
from restore_ready.model._values import Open
from restore_ready.model._verdict import Broken, Severity, Unknown, Verdict

DOCS = "https://github.com/restore-ready/restore-ready/blob/main/docs/rules"
"""Where the rules' pages are published."""


class Rule(Struct, frozen=True):
    """One rule of the catalogue.

    Attributes:
        code: ``RR201``.
        slug: names the defect: ``start-window-too-wide``.
        severity: of its findings, unless a finding says milder.
        subjects: gives the resources of an estate that the rule judges.
        judge: a pure function from subject, estate and requirements to a verdict. The estate that both get is the
            catalogue's `JudgedEstate`; they name what they need of it, an `Estate` where the records do.
        since: first version that has it.
        terraform: Terraform types its findings land on; likewise `cloudformation`.
        about_coverage: an estate whose open conditions decide the verdict makes it Unknown instead of Fail.
        milder: severities below its own that some of its findings have.
    """

    code: str
    slug: str
    severity: Severity
    subjects: Callable[[Any, Requirements], Iterable[Any]]
    judge: Callable[[Any, Any, Requirements], Verdict]
    since: str
    terraform: tuple[str, ...]
    cloudformation: tuple[str, ...]
    about_coverage: bool = False
    milder: tuple[Severity, ...] = ()

    @property
    def doc(self) -> str:
        """The rule file's docstring, which is the rule's documentation page."""
        return inspect.cleandoc(sys.modules[self.judge.__module__].__doc__ or "")

    @property
    def title(self) -> str:
        """The requirement in one positive sentence."""
        return self.doc.partition("\n")[0]

    @property
    def help_uri(self) -> str:
        """The address of the rule's page: what its file says as ``HELP_URI``, or else where ours are."""
        return str(getattr(sys.modules[self.judge.__module__], "HELP_URI", f"{DOCS}/{self.code}.md"))

    def __call__(self, subject: Subject, estate: Estate, requirements: Requirements) -> Verdict:
        """Return the verdict on *subject*: what a rule leaves `Open` is Unknown; a rule that raises else is Broken."""
        try:
            return self.judge(subject, estate, requirements)
        except Open as left_open:
            return Unknown(left_open.why)
        except Exception as error:  # noqa: BLE001  # whatever a rule raises must reach the report
            return Broken(f"{type(error).__name__}: {error}")
