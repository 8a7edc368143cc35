"""How far apart the backups of a file system are, over all the rules and plans that make them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from msgspec import Struct, field

from restore_ready.coverage._automatic import automatic_rules, has_automatic_backups
from restore_ready.coverage._coverage import covers, hidden_in
from restore_ready.coverage._plans_and_file_systems import choose_the_same, reached, selecting
from restore_ready.index import EstateIndex
from restore_ready.model import FileSystem, Plan, Ref, Requirements, Selection, Truth, Unresolved, all_true
from restore_ready.model._why_open import NOT_IN_SIGHT, OTHER_CONFIGURATION
from restore_ready.timing._overlaps import RunningRule, without_displaced
from restore_ready.timing._time_zones import DAY, Days
from restore_ready.timing._windows import Runs, days_ahead, runs_of

TWO_YEARS: Final = 2 * 366
"""Days that are looked at, so that a yearly schedule is seen to repeat."""


class Timetable(Struct, frozen=True):
    """When some plans back up.

    Attributes:
        runs: of each rule whose schedule is known, without those that a rule which is kept longer may displace.
        possible: the same, with those of which it is not known whether they are displaced.
        unknown: why other rules' are not known.
        doubt: why it is not known which runs are displaced; empty where it is.
    """

    runs: tuple[Runs, ...] = ()
    possible: tuple[Runs, ...] = ()
    unknown: tuple[str, ...] = ()
    doubt: str = ""


def timetable(plan: Plan, days: Days) -> Timetable:
    """Return when a plan backs up."""
    if isinstance(plan.rules, Unresolved):
        return Timetable(unknown=(f"the plan's rules are not known: {plan.rules.why}",))
    found = [(rule, runs_of(rule.schedule, rule.time_zone, days)) for rule in plan.rules]
    kept = without_displaced([RunningRule(rule, runs) for rule, runs in found if isinstance(runs, Runs)])
    unknown = tuple(runs.why for _, runs in found if isinstance(runs, Unresolved))
    return Timetable(kept.certain, kept.possible, unknown, kept.why)


def widest_gap(runs: Iterable[Runs], days: Days) -> int:
    """Return the longest time in minutes between two backups, or up to either end of the days."""
    begin, end = (days.first + 1) * DAY, (days.first + days.count - 1) * DAY
    moments = sorted({at for series in runs for at in series.at if begin < at < end})
    return max(later - earlier for earlier, later in pairwise([begin, *moments, end]))


def is_dense(runs: tuple[Runs, ...], days: Days, every: int) -> bool:
    """Return whether backups are never further apart than *every* minutes, not counting that clocks are put back."""
    put_back = max((series.zone.put_back for series in runs), default=0)
    return widest_gap(runs, days) <= every + put_back


class Neighbours(Struct):
    """The plans beside a plan that is too sparse alone."""

    plan: Plan
    estate: EstateIndex
    requirements: Requirements
    _answers: dict[tuple[str, ...], Truth] = field(default_factory=dict)

    def fill_the_gaps(self) -> Truth:
        """Return whether everything the plan covers is backed up often enough all the same."""
        found = list(reached(self.plan, self.estate))
        if found:
            return all_true(self._filled(file_system) for file_system, _ in found)
        selections = self.estate.selections_by_plan.get(self.plan.address, ())
        return all_true(self._same_choice(selection) for selection in selections) if selections else self._hidden(None)

    def _filled(self, file_system: FileSystem) -> Truth:
        """Return whether a file system is backed up often enough by all the plans that cover it."""
        others = list(selecting(file_system, self.estate))
        certain = [selection for selection, answer in others if answer is True]
        automatic = has_automatic_backups(file_system, self.estate)
        if (dense := self._dense_with(certain, automatic=automatic is True)) is not False:
            return dense
        for selection, answer in others:
            if isinstance(answer, Unresolved):
                return Unresolved(f"whether {selection.address} covers {file_system.address}: {answer.why}")
        if isinstance(automatic, Unresolved):
            return automatic
        unknown = self._unknown_among(certain)
        return self._hidden(file_system) if unknown is None else unknown

    def _same_choice(self, selection: Selection) -> Truth:
        """Return whether what a selection covers, none of it in sight, is backed up often enough by plans like it."""
        others = [other for other in self.estate.selections if other.plan != selection.plan]
        answers = [(other, choose_the_same(selection, other)) for other in others]
        alike = [other for other, answer in answers if answer is True]
        if (dense := self._dense_with(alike, automatic=False)) is not False:
            return dense
        for other, answer in answers:
            if isinstance(answer, Unresolved):
                return Unresolved(f"whether {other.address} chooses the same: {answer.why}")
        if any(choose_the_same(selection, other) is not False for other in self.estate.elsewhere):
            return Unresolved("a selection of another configuration of this scan may choose the same")
        unknown = self._unknown_among(alike)
        return self._hidden(None) if unknown is None else unknown

    def _hidden(self, file_system: FileSystem | None) -> Truth:
        """Return why another plan may be out of sight; ``False`` where none can be."""
        gap = hidden_in(file_system, self.estate) if file_system else self.estate.hiding
        if gap is not None:
            return Unresolved(f"{gap.address} may hold a plan that runs more often: {gap.why}")
        for selection in self.estate.elsewhere if file_system else ():
            if file_system and covers(selection, file_system) is not False:
                return Unresolved(
                    OTHER_CONFIGURATION.said(
                        what=file_system.address, chooser=selection.address, file=selection.place.file
                    )
                )
        return False

    def _dense_with(self, selections: Iterable[Selection], *, automatic: bool) -> Truth:
        addresses = tuple(
            sorted({selection.plan.target for selection in selections if isinstance(selection.plan, Ref)})
        )
        key = (*addresses, "automatic") if automatic else addresses
        if key not in self._answers:
            self._answers[key] = self._dense_together(addresses, automatic=automatic)
        return self._answers[key]

    def _dense_together(self, addresses: Iterable[str], *, automatic: bool) -> Truth:
        """Return whether the plan, and those at *addresses*, back up often enough together."""
        days, every = days_ahead(self.requirements, TWO_YEARS), self.requirements.objective
        tables = [timetable(plan, days) for plan in (self.plan, *self._plans(addresses))]
        automatically = [runs_of(rule.schedule, rule.time_zone, days) for rule in automatic_rules(self.estate)]
        others = tuple(runs for runs in automatically if automatic and isinstance(runs, Runs))
        if is_dense((*others, *(runs for table in tables for runs in table.runs)), days, every):
            return True
        dense = is_dense((*others, *(runs for table in tables for runs in table.possible)), days, every)
        return Unresolved(next(filter(None, (table.doubt for table in tables)))) if dense else False

    def _plans(self, addresses: Iterable[str]) -> Iterator[Plan]:
        wanted = set(addresses) - {self.plan.address}
        return (plan for plan in self.estate.plans if plan.address in wanted)

    def _unknown_among(self, selections: Iterable[Selection]) -> Unresolved | None:
        """Return why the schedules of other plans are not all known."""
        days = days_ahead(self.requirements, TWO_YEARS)
        for selection in selections:
            plan = self.estate.plans_by_address.get(selection.plan.target) if isinstance(selection.plan, Ref) else None
            if plan is None:
                return Unresolved(NOT_IN_SIGHT.said(what=f"the plan of {selection.address}"))
            for why in timetable(plan, days).unknown:
                return Unresolved(f"{plan.address}: {why}")
        return None
