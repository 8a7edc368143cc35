"""How are the file systems shown: one row each, or where there are many, one for all that stand alike?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct, field

from restore_ready.model import Place
from restore_ready.readiness._answers import Answer, FileSystemReadiness, Level, Question, Reason
from restore_ready.readiness._state import State
from restore_ready.reports._file_systems import FileSystemRow
from restore_ready.reports._locations import account_of
from restore_ready.reports._overview import LEVEL_CLASSES
from restore_ready.reports.html._path_picture import strip_picture
from restore_ready.reports.html._shapes import Picture

MOST_ROWS: Final = 40
"""File systems that are listed one by one; of several accounts, `MOST_OF_ACCOUNTS`."""

MOST_OF_ACCOUNTS: Final = 200
_MOST_PLACES: Final = 8
_MOST_POOLS: Final = {Level.NOT_READY: 60, Level.NOT_KNOWN: 10, Level.READY: 20}
"""Rows for file systems that stand alike; what is left shares one."""

_ORDER: Final = tuple(Level)
STATE_WORDS: Final = {
    State.YES: "yes",
    State.NO: "no",
    State.UNKNOWN: "not known",
    State.ADVICE: "advice",
    State.NONE: "does not apply",
}


class ShownRow(Struct, frozen=True):
    """A row of the table.

    Attributes:
        css: the class of the verdict.
        ident: its id in the page; empty for several.
        where: the places of the first few file systems, and how many more there are.
        beside: what stands beside the name: the id and the Region.
    """

    level: Level
    css: str
    label: str
    reason: Reason
    answers: tuple[Answer, ...]
    ident: str = ""
    where: tuple[Place, ...] = ()
    more: int = 0
    beside: str = ""
    strip: Picture | None = None


class Group(Struct, frozen=True):
    """Rows under a heading, which is empty where there is one group only."""

    title: str
    rows: tuple[ShownRow, ...]


class _Pool(Struct):
    """File systems that stand alike: how many, the first of them, and what they all answer."""

    rows: list[FileSystemRow] = field(default_factory=list)
    count: int = 0

    def add(self, row: FileSystemRow, count: int = 1) -> None:
        self.count += count
        if len(self.rows) < _MOST_PLACES:
            self.rows.append(row)


def grouped(
    rows: Iterable[FileSystemRow], total: int, questions: tuple[Question, ...], called: Mapping[str, str]
) -> list[Group]:
    """Return *total* file systems in groups: by account where there are several, pooled where they are many.

    Accounts go by what they are *called*, where that is known.
    """
    accounts = _by_account(rows) if total <= MOST_OF_ACCOUNTS else None
    if accounts is not None and len(accounts) > 1:
        numbered = ((title, list(own)) for title, own in accounts.items())
        return [_of_account(called.get(title, title), own, questions) for title, own in numbered]
    if total <= MOST_ROWS:
        return [Group("", tuple(_single(row, number, questions) for number, row in enumerate(rows)))]
    return [Group("", tuple(_pooled(rows, questions)))]


def _by_account(rows: Iterable[FileSystemRow]) -> dict[str, list[tuple[int, FileSystemRow]]]:
    found: dict[str, list[tuple[int, FileSystemRow]]] = {}
    for number, row in enumerate(rows):
        account = account_of(row.place)
        found.setdefault("" if account is None else account.number, []).append((number, row))
    return found


def _of_account(title: str, rows: list[tuple[int, FileSystemRow]], questions: tuple[Question, ...]) -> Group:
    ready = sum(row.readiness.level is Level.READY for _, row in rows)
    shown = tuple(_single(row, number, questions) for number, row in rows)
    return Group(f"Account {title} · {ready} of {len(rows)} restore-ready", shown)


def _single(row: FileSystemRow, number: int, questions: tuple[Question, ...]) -> ShownRow:
    found, account = row.readiness, account_of(row.place)
    tail = row.address.rpartition("/")[2] if row.address.startswith("arn:") else row.address
    beside = "" if tail == row.label else tail
    return ShownRow(
        found.level,
        LEVEL_CLASSES[found.level],
        row.label,
        found.reason,
        _answers(found, questions),
        f"fs{number}",
        (row.place,) if account is None else (),
        beside=beside if account is None else f"{beside} {account.region}".strip(),
        strip=None if found.path is None else strip_picture(found.path.links),
    )


def _answers(found: FileSystemReadiness, questions: tuple[Question, ...]) -> tuple[Answer, ...]:
    return tuple(found.answers[question] for question in questions)


def _pooled(rows: Iterable[FileSystemRow], questions: tuple[Question, ...]) -> Iterator[ShownRow]:
    pools: dict[tuple[object, ...], _Pool] = {}
    for row in rows:
        found = row.readiness
        states = tuple(answer.state for answer in _answers(found, questions))
        pools.setdefault((found.level, found.reason, states), _Pool()).add(row)
    for level in _ORDER:
        own = sorted(
            (pool for key, pool in pools.items() if key[0] is level), key=lambda pool: pool.count, reverse=True
        )
        most = _MOST_POOLS[level]
        yield from (_of_pool(pool, questions) for pool in own[:most])
        if len(own) > most:
            yield _of_rest(level, own[most:], questions)


def _of_pool(pool: _Pool, questions: tuple[Question, ...]) -> ShownRow:
    first = pool.rows[0].readiness
    several = [_answers(row.readiness, questions) for row in pool.rows]
    answers = tuple(
        mine[0] if len({answer.text for answer in mine}) == 1 else Answer(mine[0].state, STATE_WORDS[mine[0].state])
        for mine in zip(*several, strict=True)
    )
    label = pool.rows[0].label if pool.count == 1 else f"{pool.count} file systems"
    where = tuple(dict.fromkeys(row.place for row in pool.rows))
    return ShownRow(
        first.level,
        LEVEL_CLASSES[first.level],
        label,
        first.reason,
        answers,
        where=where,
        more=pool.count - len(pool.rows),
    )


def _of_rest(level: Level, pools: list[_Pool], questions: tuple[Question, ...]) -> ShownRow:
    """Return one row for all whose reasons few share."""
    count = sum(pool.count for pool in pools)
    where = tuple(dict.fromkeys(row.place for pool in pools for row in pool.rows))[:_MOST_PLACES]
    text = f"For {len(pools)} reasons of their own, which stand below."
    answers = tuple(Answer(State.UNKNOWN, "see below") for _ in questions)
    label, css = f"{count} file systems", LEVEL_CLASSES[level]
    return ShownRow(level, css, label, Reason("", text), answers, where=where, more=count - len(where))
