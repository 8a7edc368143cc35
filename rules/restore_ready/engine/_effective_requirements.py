"""Judges the resources of an estate, each under the requirements it stands under.

A backup plan stands under its own requirements and under those of the file systems it covers that have others: it has
to meet them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.catalog._judged_estate import JudgedEstate
from restore_ready.coverage._coverage import candidates, covers
from restore_ready.model import (
    Broken,
    Estate,
    Fail,
    FileSystem,
    Pass,
    Plan,
    Ref,
    Rule,
    Selection,
    Subject,
    Unknown,
    Unresolved,
    Verdict,
    gravity,
)
from restore_ready.requirements._file import (
    EffectiveRequirements,
    RequirementsFile,
    ResourceNames,
    SubjectKey,
    open_overrides,
)

_Possible: TypeAlias = tuple[EffectiveRequirements, ...] | Unresolved


class _Demand(Struct, frozen=True):
    """Requirements that somebody makes of a resource.

    Attributes:
        standings: those possible: several where it is open which overrides match.
        by: the file system that makes them; ``None`` where the resource's own are meant.
        certain: false where it is open whether the file system is covered by the resource.
    """

    possible: _Possible
    by: FileSystem | None = None
    certain: bool = True


class RuleRunner:
    """An estate and the requirements that are made of what is in it."""

    def __init__(self, estate: Estate, requirements_file: RequirementsFile) -> None:
        """Take the estate and what the requirements file says."""
        self.estate = JudgedEstate.under(estate, requirements_file.base)
        self.requirements_file = requirements_file
        self._names = ResourceNames(estate)
        self._effective: dict[tuple[int, ...], EffectiveRequirements] = {}
        self._possible: dict[SubjectKey, _Possible] = {}

    def judge(self, rule: Rule) -> Iterator[tuple[Subject, Verdict]]:
        """Yield the verdict of *rule* on each of its subjects."""
        base, estate = self.requirements_file.base, self.estate
        if not self.requirements_file.overrides:
            yield from [(judged, rule(judged, estate, base)) for judged in rule.subjects(estate, base)]
            return
        case = _Case(rule, self)
        for key, subject in case.everybody().items():
            verdicts = [verdict for demand in self._demands(subject) if (verdict := case.verdict(key, demand))]
            if verdicts:
                yield subject, max(verdicts, key=gravity)

    def _demands(self, subject: Subject) -> Iterator[_Demand]:
        yield _Demand(self.possible(subject))
        if isinstance(subject, Plan):
            yield from self._of_file_systems.get(subject.address, ())

    def effective(self, overrides: tuple[int, ...]) -> EffectiveRequirements:
        """Return the requirements under the overrides with these numbers, worked out once."""
        if overrides not in self._effective:
            self._effective[overrides] = self.requirements_file.effective(overrides)
        return self._effective[overrides]

    def possible(self, subject: Subject) -> _Possible:
        """Return the requirements *subject* stands under, worked out once for all that overrides can't tell apart."""
        key = self._names.key(subject)
        if key not in self._possible:
            found = self.requirements_file.overrides_for(subject, self._names)
            self._possible[key] = found if isinstance(found, Unresolved) else tuple(map(self.effective, found))
        return self._possible[key]

    @cached_property
    def _of_file_systems(self) -> Mapping[str, tuple[_Demand, ...]]:
        """The demands of file systems that an override is for, by the address of each plan that may cover them.

        Of file systems under the same overrides one speaks for all, preferably one that is certainly covered.
        """
        found: dict[str, dict[object, _Demand]] = {}
        for file_system in self.estate.file_systems:
            possible = self.possible(file_system)
            if isinstance(possible, Unresolved) or any(demanded.overrides for demanded in possible):
                same = "" if isinstance(possible, Unresolved) else tuple(demanded.overrides for demanded in possible)
                for plan, certain in self._plans_over(file_system):
                    demands = found.setdefault(plan, {})
                    if same not in demands or (certain and not demands[same].certain):
                        demands[same] = _Demand(possible, file_system, certain)
        return {plan: tuple(demands.values()) for plan, demands in found.items()}

    def _plans_over(self, file_system: FileSystem) -> Iterator[tuple[str, bool]]:
        """Yield the plans that cover *file_system* or may, by address, and whether that is certain."""
        for selection in candidates(file_system, self.estate):
            answer = covers(selection, file_system)
            if answer is not False:
                certain = answer is True and not selection.organization
                yield from ((plan, certain) for plan in self._plans_of(selection))

    def _plans_of(self, selection: Selection) -> Iterable[str]:
        if isinstance(selection.plan, Ref):
            return (selection.plan.target,)
        return self.estate.plans_by_name.get(selection.plan, ()) if isinstance(selection.plan, str) else ()


_Key = tuple[str, int]
"""An address, and which of the subjects with that address."""


class _Case:
    """One rule on one estate under each of the requirements that occur."""

    def __init__(self, rule: Rule, runner: RuleRunner) -> None:
        self._rule = rule
        self._runner = runner
        self._overrides = runner.requirements_file.overrides
        self._subjects: dict[tuple[int, ...], Mapping[_Key, Any]] = {}

    def everybody(self) -> Mapping[_Key, Any]:
        """Return what the rule judges, under the base requirements or under an override alone."""
        found = dict(self._under(self._runner.effective(())))
        for number in range(len(self._overrides)):
            for key, subject in self._under(self._runner.effective((number,))).items():
                found.setdefault(key, subject)
        return found

    def verdict(self, key: _Key, demand: _Demand) -> Verdict | None:
        """Return the verdict on the subject *key* as *demand* says; ``None`` if the rule says nothing about it then."""
        if isinstance(demand.possible, Unresolved):
            return Unknown(demand.possible.why)
        answers = [self._judge(key, effective) for effective in demand.possible]
        verdicts = [verdict for verdict in answers if verdict is not None]
        if not verdicts:
            return None
        gravest = max(verdicts, key=gravity)
        if len({type(answer) for answer in answers}) > 1 and not isinstance(gravest, Broken):
            gravest = self._depends(gravest, open_overrides(demand.possible))
        return _told_of(gravest, demand)

    def _judge(self, key: _Key, effective: EffectiveRequirements) -> Verdict | None:
        subject = self._under(effective).get(key)
        return None if subject is None else self._rule(subject, self._runner.estate, effective.requirements)

    def _under(self, effective: EffectiveRequirements) -> Mapping[_Key, Any]:
        if effective.overrides not in self._subjects:
            subjects = self._rule.subjects(self._runner.estate, effective.requirements)
            self._subjects[effective.overrides] = _by_key(subjects)
        return self._subjects[effective.overrides]

    def _depends(self, gravest: Verdict, overrides: Iterable[int]) -> Verdict:
        if isinstance(gravest, Pass):
            return gravest
        lines = ", ".join(str(self._overrides[number].place.line) for number in overrides)
        said = gravest.message if isinstance(gravest, Fail) else "then it could not be judged"
        return Unknown(f"it is open whether the override in line {lines} of the requirements applies: {said}")


def _by_key(subjects: Iterable[Any]) -> dict[_Key, Any]:
    counts: dict[str, int] = {}
    found: dict[_Key, Any] = {}
    for subject in subjects:
        number = counts[subject.address] = counts.get(subject.address, -1) + 1
        found[subject.address, number] = subject
    return found


def _told_of(verdict: Verdict, demand: _Demand) -> Verdict:
    """Return the verdict with which file system makes the demand."""
    if demand.by is None or isinstance(verdict, (Pass, Broken)):
        return verdict
    if isinstance(verdict, Unknown):
        return Unknown(f"for {demand.by.address}: {verdict.why}")
    if not demand.certain:
        return Unknown(f"it is open whether {demand.by.address} is covered, for which {verdict.message}")
    return replace(verdict, message=f"for {demand.by.address}, which has requirements of its own: {verdict.message}")
