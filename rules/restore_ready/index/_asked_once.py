"""Questions about a principal of an estate that several rules and the way to restored files ask, each answered once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from restore_ready.index._estate_index import EstateIndex
from restore_ready.model import Principal

T = TypeVar("T")


def asked_once(question: Callable[[Principal, str, EstateIndex], T]) -> Callable[[Principal, str, EstateIndex], T]:
    """Return *question* with its answers kept as long as the estate that it is asked of.

    Principals are told apart by identity: one that was made from another, with other policies, is another.
    """

    @wraps(question)
    def answer(principal: Principal, action: str, estate: EstateIndex) -> T:
        kept = estate.kept_answers.setdefault(question, {})
        key = (id(principal), action)
        if key not in kept:
            kept[key] = (principal, question(principal, action, estate))
        found: T = kept[key][1]
        return found

    return answer
