"""From the file system to its restored files: the stations on the way, and what holds or breaks each link."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from restore_ready.model import Place
from restore_ready.readiness._state import State

MOST_PEOPLE: Final = 12
"""Principals that are told of one file system."""


class Station(Struct, frozen=True):
    """What a restore passes through: what kind of thing it is, and what it is called."""

    kind: str
    name: str


class Link(Struct, frozen=True):
    """Whether one station leads to the next.

    Attributes:
        label: what must hold, such as ``may pass``.
        state: yes, no, unknown; none where it does not arise.
        why: what breaks it or leaves it open.
        code: of the rule that found it; empty where none did.
        statement: of a policy that decides; empty where none does.
        place: where that, or what is wrong, is written.
    """

    label: str
    state: State
    why: str = ""
    code: str = ""
    statement: str = ""
    place: Place | None = None


class PersonRow(Struct, frozen=True):
    """How far one principal gets.

    Attributes:
        steps: what each step is called, and how it stands.
        stopped: what stops it; empty where nothing does.
        suggestion: a name under which the role could be passed, where only its name is in the way.
    """

    name: str
    kind: str
    vault: str
    role: str
    state: State
    steps: tuple[tuple[str, State], ...]
    stopped: str = ""
    suggestion: str = ""


class RestorePath(Struct, frozen=True):
    """The way of one file system, and who could go it.

    Attributes:
        people: the first `MOST_PEOPLE` of them, those that get furthest first.
        more_people: how many there are besides.
    """

    stations: tuple[Station, ...]
    links: tuple[Link, ...]
    people: tuple[PersonRow, ...] = ()
    more_people: int = 0
