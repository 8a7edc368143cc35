"""What does the report's page show? Its parts, put into the template."""

from __future__ import annotations

from itertools import islice
from typing import Final

from restore_ready.catalog._finder import all_rules
from restore_ready.readiness._answers import Question
from restore_ready.reports._file_systems import MARKS, TITLES
from restore_ready.reports._finding import EXCEPTED, Finding, in_words
from restore_ready.reports._overview import Overview, tells_of_accounts
from restore_ready.reports._records import records
from restore_ready.reports._report import Report
from restore_ready.reports._safe_text import clean, plural
from restore_ready.reports.html._environment import rendered
from restore_ready.reports.html._evidence import control_evidence, evidence, opposites
from restore_ready.reports.html._file_system_table import STATE_WORDS, grouped
from restore_ready.reports.html._findings import MANY, rule_groups
from restore_ready.reports.html._not_judged import doubts
from restore_ready.reports.html._permalinks import Permalinks
from restore_ready.reports.html._scope_facts import scope_facts
from restore_ready.reports.html._times import shown_lines
from restore_ready.reports.html._ways import cards, shared

_FOR_A_FILTER: Final = 5
"""Findings beyond which the page can filter them."""

_ORDER: Final = {"no": 0, "unknown": 1, "advice": 2, "none": 3, "yes": 4}


def report_page(report: Report) -> str:
    """Return the page of *report*."""
    head, labels = Overview(), {}
    for row in report.file_systems:
        head.add(row)
        labels[clean(row.address)] = row.label
    live = tells_of_accounts(report)
    questions = tuple(question for question in Question if live or question is not Question.NEWEST)
    defects = (finding for finding in records(report) if finding.kind != EXCEPTED and finding.severity is not None)
    groups = rule_groups(defects, report.summary.defects, labels)
    shown_cards, other_ways = cards(shared(report.file_systems))
    lines, more_lines = shown_lines(report.time_lines)
    reasons, more_reasons = doubts(report.not_judged)
    checked, unchecked = evidence(report)
    rules = tuple(all_rules())
    return rendered(
        "report.html.jinja",
        {
            "head": head,
            "links": Permalinks(None if report.scope is None else report.scope.repository),
            "scope": scope_facts(report.scope),
            "subjects": {rule.code: in_words(rule.slug) for rule in rules},
            "live": live,
            "questions": [(question, TITLES[question]) for question in questions],
            "fs_groups": grouped(report.file_systems, head.total, questions, _accounts(report)),
            "lines": lines,
            "more_lines": more_lines,
            "cards": shown_cards,
            "other_ways": other_ways,
            "groups": groups,
            "with_filter": sum(group.count for group in groups) > _FOR_A_FILTER,
            "labels": sorted(set(labels.values())),
            "accepted": _accepted(report),
            "all_accepted": report.summary.excepted + report.summary.known,
            "doubts": reasons,
            "more_doubts": more_reasons,
            "checked": checked,
            "unchecked": unchecked,
            "controls": control_evidence(checked),
            "opposites": opposites(checked),
            "summary": report.summary,
            "counts": _counts(report),
            "marks": MARKS,
            "state_words": STATE_WORDS,
            "order": _ORDER,
        },
    )


def _accounts(report: Report) -> dict[str, str]:
    """Return what the accounts of *report* are called, by their numbers."""
    accounts = () if report.scope is None else report.scope.accounts
    return {account.account: f"{account.name} ({account.account})" for account in accounts if account.name}


def _accepted(report: Report) -> list[Finding]:
    """Return what exceptions or the baseline accept, the first `MANY` of it."""
    return list(islice((finding for finding in records(report) if finding.kind == EXCEPTED), MANY))


def _counts(report: Report) -> str:
    """Return how many findings there are of each severity, in words."""
    summary = report.summary
    kinds = ((summary.errors, "error"), (summary.warnings, "warning"), (summary.infos, "note"))
    return ", ".join(plural(number, noun) for number, noun in kinds if number)
