"""How is it written as one HTML page who can restore, without scripts and nothing loaded from elsewhere?"""

from __future__ import annotations

from typing import Any, Final

from restore_ready.cli._who_can_restore_words import (
    ANSWERS,
    YES_NO_OPEN,
    answered,
    because,
    called,
    circumstances,
    links,
    not_read,
    outcome,
    principal_name,
)
from restore_ready.reports._locations import shown
from restore_ready.reports._who_can_restore import FileSystemAnswer, WhoCanRestore, by_success, yes_no_or_open
from restore_ready.who_can_restore._chain import Chain

_LOOKS: Final = {True: "ready", None: "unknown", False: "not"}
"""How an answer is coloured: as verdicts on file systems are. The word says the same."""

_STATES: Final = {YES_NO_OPEN[True]: "yes", YES_NO_OPEN[None]: "unknown", YES_NO_OPEN[False]: "no"}
_NOTHING_AGAINST_IT: Final = "nothing stands against it"


def write_html(who: WhoCanRestore) -> str:
    """Return the page: all file systems in one table, then each with its principals, then what could not be read."""
    from restore_ready.reports.html._environment import rendered  # noqa: PLC0415  # templates are for this format only

    answers = [_answer(answer) for answer in who.file_systems]
    context = {"answers": answers, "not_read": list(not_read(who)), "states": _STATES}
    return rendered("who_can_restore.html.jinja", context, "restore_ready.cli")


def _answer(answer: FileSystemAnswer) -> dict[str, Any]:
    return {
        "name": called(answer),
        "place": str(shown(answer.found.file_system.place)),
        "css": _LOOKS[answered(answer)],
        "word": ANSWERS[answered(answer)],
        "why": answer.found.why,
        "circumstances": list(circumstances(answer)),
        "steps": [step.value for step in links(answer)],
        "people": [_person(chain) for chain in by_success(answer.found.chains)],
        "nobody": answer.found.nobody,
    }


def _person(chain: Chain) -> dict[str, Any]:
    holds = [yes_no_or_open(result.holds) for result in chain.steps]
    told = [
        {
            "step": result.step.value,
            "word": YES_NO_OPEN[yes_no_or_open(result.holds)],
            "why": because(result) or _NOTHING_AGAINST_IT,
        }
        for result in chain.steps
    ]
    return {
        "name": principal_name(chain),
        "words": [YES_NO_OPEN[answer] for answer in (yes_no_or_open(chain.can_restore), *holds)],
        "outcome": "; ".join(outcome(chain)),
        "links": told,
    }
