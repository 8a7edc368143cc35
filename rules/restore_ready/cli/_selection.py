"""Which rules do ``--select`` and ``--ignore`` choose, and which findings count by ``--fail-on``?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from restore_ready._errors import UsageError
from restore_ready._words import did_you_mean
from restore_ready.catalog._codes import NOT_JUDGED, PACK_BROKEN
from restore_ready.model import Rule, Severity
from restore_ready.reports._report import Report


class Choice(Struct, frozen=True):
    """The rules to put, and whether what can't be read is shown (RR001)."""

    rules: tuple[Rule, ...]
    with_gaps: bool


def choose(rules: Sequence[Rule], select: Iterable[str], ignore: Iterable[str]) -> Choice:
    """Return those of *rules* that are chosen by selectors such as ``RR2,RR301``.

    A selector is a code, the beginning of one, a slug, or a code as cfn-lint has it. RR000 always stays.
    RR001 stays unless it is ignored by its full code.

    Raises:
        UsageError: for a selector that selects nothing, for ignoring RR000, and if no rule is left.
    """
    selected = _selectors(select, rules)
    ignored = _selectors(ignore, rules)
    if PACK_BROKEN.code in ignored:
        msg = f"{PACK_BROKEN.code} can't be ignored (--ignore): it says that the pack itself is broken"
        raise UsageError(msg)
    chosen = tuple(
        rule for rule in rules if (not selected or rule.code.startswith(selected)) and not rule.code.startswith(ignored)
    )
    if not chosen:
        msg = "no rule is left (--select, --ignore): see `restore-ready rules`"
        raise UsageError(msg)
    return Choice(chosen, NOT_JUDGED.code not in ignored)


def find_code(word: str, known: Iterable[str]) -> str | None:
    """Return the code meant by *word*: ``rr301`` and cfn-lint's ``ERR301`` mean ``RR301``."""
    code = _without_letter(word)
    return code if code in known else None


def _without_letter(word: str) -> str:
    upper = word.strip().upper()
    return upper[1:] if upper.startswith(("ERR", "WRR", "IRR")) else upper


def _selectors(lists: Iterable[str], rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return what stands in comma-separated *lists*, each as a code or the beginning of one."""
    words = [word.strip() for words in lists for word in words.split(",")]
    return tuple(_normalise(word, rules) for word in words if word)


def _normalise(word: str, rules: Sequence[Rule]) -> str:
    bare = _without_letter(word)
    codes = [rule.code for rule in rules] + [PACK_BROKEN.code, NOT_JUDGED.code]
    if any(code.startswith(bare) for code in codes):
        return bare
    by_slug = {rule.slug: rule.code for rule in rules}
    if word.lower() in by_slug:
        return by_slug[word.lower()]
    msg = f"no rule begins with '{word}' (--select, --ignore): see `restore-ready rules`."
    raise UsageError(msg + did_you_mean(word, [*codes, *by_slug]))


def fails(report: Report, fail_on: str) -> bool:
    """Return whether *report* has a finding as grave as ``--fail-on`` says, or a broken rule, which counts always."""
    lowest = None if fail_on == "never" else Severity(fail_on).rank
    counted = any(
        lowest is not None and finding.severity is not None and finding.severity.rank >= lowest
        for finding in report.defects
    )
    return counted or bool(report.summary.broken)
