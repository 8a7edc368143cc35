"""How is it written as Markdown who can restore: a section for each file system, the gravest first?

GitHub refuses long comments: sections that do not fit are left out from the end, and counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from restore_ready.cli._who_can_restore_words import (
    ANSWERS,
    COLUMNS,
    YES_NO_OPEN,
    answered,
    called,
    circumstances,
    links,
    not_read,
    outcome,
    principal_name,
)
from restore_ready.reports._locations import shown
from restore_ready.reports._markdown_text import MOST_CHARACTERS, literal, prose, table_line
from restore_ready.reports._safe_text import clean, plural
from restore_ready.reports._who_can_restore import FileSystemAnswer, WhoCanRestore, by_success, yes_no_or_open

_GRAVEST_FIRST = {False: 0, None: 1, True: 2}


def write_markdown(who: WhoCanRestore) -> str:
    """Return the sections, and what could not be read."""
    sections = sorted(who.file_systems, key=lambda answer: _GRAVEST_FIRST[answered(answer)])
    parts = ["\n".join(_section(answer)) for answer in sections]
    missing = [f"- {prose(line)}" for line in not_read(who)]
    parts += ["\n".join(["### Not read", "", *missing, ""])] if missing else []
    lines, room = ["## Who can restore", ""], MOST_CHARACTERS
    for number, part in enumerate(parts):
        room -= len(part) + 1
        if room < 0:
            left = plural(len(parts) - number, "section")
            lines.append(f"**Left out for want of room: {left}.** Every other format has all.")
            break
        lines.append(part)
    return "\n".join(lines).rstrip()


def _section(answer: FileSystemAnswer) -> Iterator[str]:
    place = clean(str(shown(answer.found.file_system.place)))
    yield f"### {ANSWERS[answered(answer)].capitalize()}: {literal(called(answer))}"
    yield ""
    yield f"- {literal(place)}"
    yield from (f"- {prose(line)}" for line in circumstances(answer))
    yield ""
    listed, steps = by_success(answer.found.chains), links(answer)
    if not listed:
        yield prose(answer.found.nobody)
        yield ""
        return
    names = ["Principal", "Can restore", *(COLUMNS[step] for step in steps), "Why"]
    yield table_line(names)
    yield table_line(["---"] * len(names))
    for chain in listed:
        signs = (_word(yes_no_or_open(result.holds)) for result in chain.steps)
        told = "<br>".join(map(prose, outcome(chain)))
        yield table_line([literal(principal_name(chain)), _word(yes_no_or_open(chain.can_restore)), *signs, told])
    yield ""


def _word(answer: bool | None) -> str:  # noqa: FBT001  # the answer itself
    return "**no**" if answer is False else YES_NO_OPEN[answer]
