"""What does Checkov show of the rules? The same id in Terraform, plans, ``.tf.json`` and CloudFormation.

The verdicts are those of our own reading of the files (`restore_ready.hosts._store`); of Checkov's only the name of the
resource is used. The reason stands in the check's name, since Checkov shows that everywhere and puts ``details``
into SARIF where the format does not allow them.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from checkov.cloudformation.checks.resource.base_resource_check import BaseResourceCheck as CloudFormationCheck
from checkov.cloudformation.checks.resource.registry import cfn_registry
from checkov.common.bridgecrew.severities import Severities
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck as TerraformCheck
from checkov.terraform.checks.resource.registry import resource_registry

from restore_ready.catalog._codes import PACK_BROKEN, OwnCode
from restore_ready.catalog._finder import all_rules
from restore_ready.hosts._checkov_hook import Entity, install, look_up
from restore_ready.hosts._store import Outcome
from restore_ready.model import Broken, Fail, Pass, Rule, Severity, Unknown
from restore_ready.requirements._file import Excepted

_SEVERITIES = {Severity.ERROR: "HIGH", Severity.WARNING: "MEDIUM", Severity.INFO: "LOW"}
_registering = threading.Lock()
_registered: list[bool] = []
_NO_COMMENT = "No comment provided"
"""What Checkov gives as the reason of a skip that has none."""
_NOT_READ = Unknown("Checkov's serverless framework is not read: scan the template that it deploys")


class _Said(threading.local):
    """What a check says about the resource at hand; Checkov shares one check between its threads."""

    name = ""


class _Check:
    """What the checks of both families share. Answers are a result, a reason for the name and evidence for the JSON."""

    def __init__(self, own: Rule | OwnCode, resources: Iterable[str], severity: Severity) -> None:
        self._title = own.title.rstrip(".")
        self._said = _Said()
        category = CheckCategories.IAM if own.code.startswith("RR4") else CheckCategories.BACKUP_AND_RECOVERY
        super().__init__(  # type: ignore[call-arg]  # Checkov's class comes next in the order of resolution
            name=self._title,
            id=own.code,
            categories=[category],
            supported_resources=list(resources),
            guideline=own.help_uri,
        )
        self.severity = Severities[_SEVERITIES[severity]]

    @property
    def name(self) -> str:
        """The title, followed by the reason while a failed record is made."""
        return self._said.name or self._title

    @name.setter
    def name(self, value: str) -> None:
        self._said.name = value

    def run(
        self,
        scanned_file: str,
        entity_configuration: Mapping[str, Any],
        entity_name: str,
        entity_type: str,
        skip_info: Mapping[str, str],
    ) -> dict[str, Any]:
        """Answer for one resource, as Checkov's own method does, but never by an exception, which Checkov drops."""
        self.name = ""
        self.entity_type = entity_type
        entity = Entity(scanned_file, entity_type, entity_name, entity_configuration)
        try:
            if skip_info and _takes(entity, skip_info["suppress_comment"]):
                return self.skipped(skip_info["suppress_comment"])
            result, reason, evidence = self.answer(entity)
        except Exception as error:  # noqa: BLE001  # Checkov would log it and exit with 0
            result, reason, evidence = CheckResult.FAILED, f"RR000: {type(error).__name__}: {error}", {}
        if result is CheckResult.FAILED:
            self.name = f"{self._title}: {reason}"
        answer = {"result": result, "evaluated_keys": []}
        if result is CheckResult.SKIPPED:
            answer["suppress_comment"] = reason
        return {**answer, "evidence": dict(evidence)} if evidence else answer

    def skipped(self, comment: str) -> dict[str, Any]:
        """Return the record of a resource that is skipped by a comment which only Checkov has read."""
        return {"result": CheckResult.SKIPPED, "suppress_comment": comment}

    def answer(self, entity: Entity) -> tuple[CheckResult, str, Mapping[str, object]]:
        """Return the result for *entity*, the reason if it fails or is skipped, and evidence."""
        raise NotImplementedError

    def scan_resource_conf(self, conf: Mapping[str, Any]) -> CheckResult:
        """Refuse: Checkov demands the method, and `run` never calls it.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError(conf)


class _RuleCheck(_Check):
    """A rule's findings of one severity; the check of the rule's own severity also says what passed."""

    def __init__(self, rule: Rule, resources: Iterable[str], severity: Severity) -> None:
        self._rule = rule
        self._severity = severity
        super().__init__(rule, resources, severity)

    def answer(self, entity: Entity) -> tuple[CheckResult, str, Mapping[str, object]]:
        verdicts = look_up(entity)
        verdict = _NOT_READ if verdicts is None else verdicts.find(self._rule.code, entity.address)
        match verdict if self._belongs_to(verdict) is self._severity else None:
            case Pass():
                return CheckResult.PASSED, "", {}
            case Fail(message, fix, _, evidence):
                return CheckResult.FAILED, message, {**evidence, "cure": fix} if fix else evidence
            case Excepted(_, by):
                return CheckResult.SKIPPED, f"{by.reason} ({by.terms})", {}
            case Broken(error):
                return CheckResult.FAILED, f"RR000: rule {self._rule.code} broke: {error}", {}
            case Unknown(why) if _is_strict():
                return CheckResult.FAILED, f"{self._rule.code} could not be judged: {why}", {}
            case _:
                return CheckResult.UNKNOWN, "", {}

    def _belongs_to(self, verdict: Outcome | None) -> Severity:
        """Return the severity whose check answers for *verdict*."""
        fail = verdict.fail if isinstance(verdict, Excepted) else verdict
        if isinstance(fail, Fail) and fail.severity in self._rule.milder:
            return fail.severity
        return self._rule.severity

    def skipped(self, comment: str) -> dict[str, Any]:
        """Leave the record of a skip to the check of the rule's own severity."""
        if self._severity is not self._rule.severity:
            return {"result": CheckResult.UNKNOWN, "evaluated_keys": []}
        return super().skipped(comment)


class _PackCheck(_Check):
    """RR000: fails on every resource that a rule broke on."""

    def __init__(self, own: OwnCode, resources: Iterable[str], rules: Iterable[Rule]) -> None:
        self._codes = tuple(rule.code for rule in rules)
        super().__init__(own, resources, own.severity)

    def answer(self, entity: Entity) -> tuple[CheckResult, str, Mapping[str, object]]:
        verdicts = look_up(entity)
        if verdicts is None:
            return CheckResult.UNKNOWN, "", {}
        if verdicts.unread:
            _warn_of_unread(str(verdicts.source), verdicts.unread)
        for gap in verdicts.stale:
            _warn_of_expiry(gap.place.file, gap.place.line, gap.why)
        broken = [
            f"rule {code} broke: {verdict.error}" for code, verdict in verdicts.broken(self._codes, entity.address)
        ]
        return (CheckResult.FAILED, "; ".join(broken), {}) if broken else (CheckResult.UNKNOWN, "", {})


class _TerraformRule(_RuleCheck, TerraformCheck):  # type: ignore[misc]  # Checkov publishes no types
    """A rule on Terraform resources."""


class _CloudFormationRule(_RuleCheck, CloudFormationCheck):  # type: ignore[misc]  # Checkov publishes no types
    """A rule on CloudFormation resources."""


class _TerraformPack(_PackCheck, TerraformCheck):  # type: ignore[misc]  # Checkov publishes no types
    """RR000 on Terraform resources."""


class _CloudFormationPack(_PackCheck, CloudFormationCheck):  # type: ignore[misc]  # Checkov publishes no types
    """RR000 on CloudFormation resources."""


def register() -> None:
    """Register every rule with Checkov, once in a process, in which Checkov may load the checks several times.

    Raises:
        Exception: whatever keeps the pack from loading.
    """
    with _registering:
        if not _registered:
            _register_all(all_rules())
            _registered.append(True)


def _register_all(rules: tuple[Rule, ...]) -> None:
    install()
    for rule in rules:
        _register(_TerraformRule, rule, rule.terraform, resource_registry)
        _register(_CloudFormationRule, rule, rule.cloudformation, cfn_registry)
    _TerraformPack(PACK_BROKEN, sorted(set().union(*(rule.terraform for rule in rules))), rules)
    _CloudFormationPack(PACK_BROKEN, sorted(set().union(*(rule.cloudformation for rule in rules))), rules)


def _register(kind: type[_RuleCheck], rule: Rule, resources: tuple[str, ...], registry: Any) -> None:  # noqa: ANN401  # Checkov's
    """Register one check for each severity of the rule's findings, so that Checkov's severity filters hold for each."""
    kind(rule, resources, rule.severity)
    for severity in rule.milder:
        milder = kind(rule, resources, severity)
        for resource in resources:
            registry.checks[resource].append(milder)  # Checkov's own method takes one check for an id


@cache
def _warn_of_unread(source: str, why: str) -> None:
    """Warn once that a source could not be read, which leaves no record unless strict."""
    logging.getLogger("restore_ready").warning(
        "RR001: %s could not be read, so nothing in it was judged: %s", source, why
    )


@cache
def _warn_of_expiry(file: str, line: int, why: str) -> None:
    """Warn once that an accepted exception has expired; the finding itself is back."""
    logging.getLogger("restore_ready").warning("RR001: %s:%s: %s", file, line, why)


def _takes(entity: Entity, comment: str) -> bool:
    """Return whether a skip counts by itself: it stands where we do not read. Others are exceptions in our reading."""
    verdicts = look_up(entity)
    return verdicts is None or (verdicts.takes_skips and bool(comment.strip()) and comment != _NO_COMMENT)


def _is_strict() -> bool:
    return os.environ.get("RESTORE_READY_STRICT", "").lower() in {"1", "true", "yes", "on"}
