"""What passed which rule?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct

from restore_ready.engine._judge import Judgement
from restore_ready.model import Pass
from restore_ready.reports._safe_text import clean

MOST_NAMES: Final = 12
"""Resources that are named of those that passed a rule."""


class Passes(Struct, frozen=True):
    """How often a rule was passed, and by what: the names or addresses of the first `MOST_NAMES`."""

    number: int
    names: tuple[str, ...]


def passes_of(judgements: Iterable[Judgement]) -> dict[str, Passes]:
    """Return what passed, by the codes of the rules."""
    names: dict[str, list[str]] = {}
    for judgement in judgements:
        if isinstance(judgement.verdict, Pass):
            names.setdefault(judgement.rule.code, []).append(judgement.name or judgement.address)
    return {code: Passes(len(found), _first(map(clean, found))) for code, found in names.items()}


def added(some: Mapping[str, Passes], more: Mapping[str, Passes]) -> dict[str, Passes]:
    """Return both together."""
    none = Passes(0, ())
    pairs = ((code, some.get(code, none), more.get(code, none)) for code in {**some, **more})
    return {
        code: Passes(first.number + second.number, _first((*first.names, *second.names)))
        for code, first, second in pairs
    }


def _first(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(list(dict.fromkeys(names))[:MOST_NAMES])
