"""What does cfn-lint show of the rules? Each with its severity's letter before the code, ``WRR201``.

The verdicts are those of our own reading of the template's file, with the values of ``--parameters``; cfn-lint's tree
gives the positions. Every template is judged by itself: cfn-lint does not tell a rule what else it lints.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template
from msgspec import Struct
from msgspec.structs import replace

from restore_ready._errors import UnreadableError
from restore_ready.catalog._codes import NOT_JUDGED, PACK_BROKEN, OwnCode
from restore_ready.catalog._finder import all_rules
from restore_ready.engine._judge import Judgement, judge
from restore_ready.model import Broken, Fail, Gap, Place, Reading, Rule, Severity, Unknown
from restore_ready.readers.cloudformation import read_template, read_template_text
from restore_ready.requirements._errors import RequirementsError
from restore_ready.requirements._file import RequirementsFile
from restore_ready.requirements._find import RequirementsFinder
from restore_ready.scanning._told_exceptions import expired, unsound

Parameters = tuple[tuple[str, str], ...]
Finding = tuple[str, Place, str]
"""Logical id, place and message."""


class _Judged(Struct, frozen=True):
    """What came out for one template: judgements, what could not be read, and why nothing could be judged."""

    judgements: tuple[Judgement, ...] = ()
    gaps: tuple[Gap, ...] = ()
    failure: str = ""


def rule_classes() -> dict[str, type[CloudFormationLintRule]]:
    """Return one class for each rule and severity of its findings, and IRR001 and ERR000, by class name.

    Raises:
        ImportError: if a rule file can't be imported.
    """
    classes = [_class(NOT_JUDGED, Severity.INFO, _not_judged), _class(PACK_BROKEN, Severity.ERROR, _broken)]
    for rule in all_rules():
        classes += [_class(rule, severity, _fails_of(rule, severity)) for severity in (rule.severity, *rule.milder)]
    return {made.__name__: made for made in classes}


def _class(
    own: Rule | OwnCode, severity: Severity, find: Callable[[_Judged], Iterator[Finding]]
) -> type[CloudFormationLintRule]:
    def match(_self: CloudFormationLintRule, cfn: Template) -> Iterator[RuleMatch]:
        found: dict[tuple[str, str], Place] = {}
        for judged in _judge_template(cfn):
            for name, place, message in find(judged):
                found.setdefault((name, message), place)
        ignored = _ignored(cfn, code) if found else frozenset()
        for (name, message), place in found.items():
            yield _match(cfn, name, place, message, ignored=name in ignored)

    code = f"{severity.letter}{own.code}"
    fields = {
        "id": code,
        "shortdesc": own.title,
        "description": _what_it_does(own),
        "source_url": own.help_uri,
        "tags": ["backup", "efs", "restore"],
        "match": match,
    }
    return type(code, (CloudFormationLintRule,), fields)


def _what_it_does(own: Rule | OwnCode) -> str:
    """Return the first section of the page; `restore_ready.reports` can do it too, but costs as much as all this."""
    return own.doc.partition("## What it does\n")[2].partition("\n\n## ")[0] or own.title


def _match(cfn: Template, name: str, place: Place, message: str, *, ignored: bool) -> RuleMatch:
    """Report at the resource; where cfn-lint has none of that name, at the line we read it from.

    Likewise where its ``Metadata`` has the rule ignored: what is accepted of that is not found at all, but cfn-lint
    would drop the rest too.
    """
    if name in cfn.template.get("Resources", {}) and not ignored:
        return RuleMatch(["Resources", name], f"{name}: {message}")
    line = max(place.line - 1, 0)
    return RuleMatch(["Resources"], f"{name}: {message}", location=(line, 0, line, 0))


def _ignored(cfn: Template, code: str) -> frozenset[str]:
    """Return the resources whose ``Metadata`` has a rule ignored. Of standard input no reasons are known."""
    return frozenset(cfn.get_directives().get(code, ()) if cfn.filename is not None else ())


def _fails_of(rule: Rule, severity: Severity) -> Callable[[_Judged], Iterator[Finding]]:
    def find(judged: _Judged) -> Iterator[Finding]:
        for judgement in judged.judgements:
            if (
                judgement.rule.code == rule.code
                and isinstance(judgement.verdict, Fail)
                and _severity(judgement) is severity
            ):
                yield judgement.address, judgement.place, judgement.verdict.message

    return find


def _severity(judgement: Judgement) -> Severity:
    rule, verdict = judgement.rule, judgement.verdict
    if isinstance(verdict, Fail) and verdict.severity in rule.milder:
        return verdict.severity
    return rule.severity


def _not_judged(judged: _Judged) -> Iterator[Finding]:
    for judgement in judged.judgements:
        if isinstance(judgement.verdict, Unknown):
            yield (
                judgement.address,
                judgement.place,
                f"{judgement.rule.code} could not be judged: {judgement.verdict.why}",
            )
    for gap in judged.gaps:
        yield gap.address, gap.place, f"could not be read: {gap.why}"


def _broken(judged: _Judged) -> Iterator[Finding]:
    if judged.failure:
        yield "restore-ready", Place(""), judged.failure
    for judgement in judged.judgements:
        if isinstance(judgement.verdict, Broken):
            yield judgement.address, judgement.place, f"rule {judgement.rule.code} broke: {judgement.verdict.error}"


def _judge_template(cfn: Template) -> Iterator[_Judged]:
    """Judge the template once for each set of parameters, whichever rule asks first."""
    for parameters in _parameter_sets(cfn):
        judged = _judge_set(cfn, parameters)
        if not judged.failure or _has_subjects(cfn):
            yield judged


def _judge_set(cfn: Template, parameters: Parameters) -> _Judged:
    try:
        requirements_file = RequirementsFinder().requirements_file(Path(cfn.filename or "."))
    except RequirementsError as error:
        return _Judged(failure=error.on_one_line)
    if cfn.filename is None:
        return _judge_text(json.dumps(cfn.template, default=str), parameters, requirements_file)
    stat = Path(cfn.filename).stat()
    return _judge_file(cfn.filename, (stat.st_mtime_ns, stat.st_size), parameters, requirements_file)


def _has_subjects(cfn: Template) -> bool:
    """Return whether the template has a resource that a rule could report on."""
    types = {resource_type for rule in all_rules() for resource_type in rule.cloudformation}
    return any(resource.get("Type") in types for resource in cfn.get_resources().values())


def _parameter_sets(cfn: Template) -> list[Parameters]:
    sets: Iterable[Any] = cfn.context.parameter_sets or []
    values = [tuple((str(name), str(value)) for name, value in given.parameters.items()) for given in sets]
    return list(dict.fromkeys(values)) or [()]


@lru_cache(maxsize=64)
def _judge_file(
    filename: str, _stamp: tuple[int, int], parameters: Parameters, requirements_file: RequirementsFile
) -> _Judged:
    path = Path(filename)
    return _judge_reading(path, lambda: read_template(path, dict(parameters)), requirements_file)


@lru_cache(maxsize=4)
def _judge_text(text: str, parameters: Parameters, requirements_file: RequirementsFile) -> _Judged:
    path = Path("stdin")
    return _judge_reading(path, lambda: read_template_text(text, path, dict(parameters)), requirements_file)


def _judge_reading(path: Path, read: Callable[[], Reading], requirements_file: RequirementsFile) -> _Judged:
    try:
        reading = read()
        judgements = judge(reading, all_rules(), requirements_file)
    except UnreadableError as error:
        return _Judged(failure=f"the template could not be read: {error}")
    except Exception as error:  # noqa: BLE001  # cfn-lint would report E0002 without naming the template's part
        return _Judged(failure=f"{type(error).__name__}: {error}")
    gaps = [*reading.gaps, *(gap for estate in reading.estates for gap in estate.gaps)]
    stale = [replace(gap, place=Place("")) for gap in expired(requirements_file)]
    stale += unsound([str(path)], requirements_file)
    return _Judged(tuple(judgements), tuple(dict.fromkeys([*gaps, *stale])))
