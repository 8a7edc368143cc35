"""Which keys may a requirements file have? One table for the loader, the JSON Schema and the reference page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec import Struct

from restore_ready._words import did_you_mean
from restore_ready.model import Blackout, ExternalSelection, Hours
from restore_ready.requirements._kinds import (
    CRON,
    DATE,
    DAY_COUNT,
    MINUTES,
    PATTERN,
    PATTERN_OR_LIST,
    PATTERNS,
    SIZE,
    TEXT,
    VALUE,
    WEEKDAYS,
    ZONE,
    Kind,
    Reader,
    Schema,
    checked,
    list_of,
    mapping_of,
    one_of,
)
from restore_ready.requirements._nodes import Mapping, Node


class Field(Struct, frozen=True):
    """A key of a mapping.

    Attributes:
        doc: what it requires, in one sentence.
        default: what holds without it, for the reference page.
        overridable: whether an override may set it.
    """

    key: str
    kind: Kind
    doc: str
    default: str = ""
    overridable: bool = True
    required: bool = False


def read_fields(reader: Reader, node: Node, key: str, fields: Sequence[Field]) -> dict[str, Any]:
    """Return the values of a mapping by key; what is wrong or unknown is noted and left out."""
    if not isinstance(node, Mapping):
        reader.wrong(node.line, key, f"is no mapping: write {', '.join(f'{field.key}: …' for field in fields[:3])}")
        return {}
    known = {field.key: field for field in fields}
    prefix = f"{key}." if key else ""
    for name, line in node.lines.items():
        if name not in known:
            reader.wrong(line, f"{prefix}{name}", f"{_unknown(name, key, known)}")
    for field in fields:
        if field.required and field.key not in node.members:
            reader.wrong(node.line, f"{prefix}{field.key}", f"is missing: {field.doc}")
    values = {
        name: known[name].kind.read(reader, value, f"{prefix}{name}")
        for name, value in node.members.items()
        if name in known
    }
    return {name: value for name, value in values.items() if value is not None}


def _unknown(name: str, key: str, known: dict[str, Field]) -> str:
    """Suggest the key that was meant, or the section that a right key belongs to."""
    home = next((section for section, fields in SECTIONS.items() if name in {field.key for field in fields}), "")
    if home and key.endswith(f".{home}"):
        return f"can't differ by resource: write it under '{home}' outside the overrides"
    if home:
        return f"no such key. It belongs under '{home}'."
    return "no such key." + (did_you_mean(name, known) or f" There is {', '.join(known)}.")


def object_kind(fields: Sequence[Field], says: str, make: Callable[..., Any]) -> Kind:
    """Return the kind of a mapping with fixed keys; *make* is given their values, and may raise a ValueError."""

    def read(reader: Reader, node: Node, key: str) -> object:
        before = len(reader.problems)
        values = read_fields(reader, node, key, fields)
        if len(reader.problems) > before:
            return None
        try:
            return make(**values)
        except ValueError as error:
            reader.wrong(node.line, key, str(error))
            return None

    return Kind(read, object_schema(fields), says)


def object_schema(fields: Sequence[Field]) -> Schema:
    """Return the JSON Schema of a mapping with these keys and no others."""
    schema: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {field.key: {**field.kind.schema, "description": field.doc} for field in fields},
    }
    required = [field.key for field in fields if field.required]
    return {**schema, "required": required} if required else schema


_HOURS: Final = re.compile(r"([0-9]{1,2}):([0-9]{2}) ?- ?([0-9]{1,2}):([0-9]{2})")
_LAST: Final = 24 * 60


def _parse_hours(text: str) -> Hours | None:
    found = _HOURS.fullmatch(text)
    if found is None:
        return None
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if max(int(found[2]), int(found[4])) > 59 or start >= _LAST or end > _LAST:  # noqa: PLR2004  # minutes of an hour
        msg = "is no time of the day: write from 00:00 to 24:00"
        raise ValueError(msg)
    if start == end:
        msg = "begins and ends at the same time: write 00:00-24:00 for the whole day"
        raise ValueError(msg)
    return Hours(start, end % _LAST)


HOURS: Final = checked(
    'hours such as "22:00-05:00"',
    _parse_hours,
    {"type": "string", "pattern": "^[0-9]{1,2}:[0-9]{2} ?- ?[0-9]{1,2}:[0-9]{2}$"},
    'hours such as `"22:00-05:00"`; past midnight is the next day',
)


def _parse_version(text: str) -> int:
    if text != "1":
        msg = "is no version that this release reads: write 1"
        raise ValueError(msg)
    return 1


def _blackout(
    name: str,
    days: frozenset[int] | None = None,
    hours: Hours | None = None,
    schedule: str = "",
    lasts: int = 0,
) -> Blackout:
    if bool(schedule) != bool(lasts):
        msg = "a schedule and how long it lasts go together: write both"
        raise ValueError(msg)
    if schedule and (days is not None or hours is not None):
        msg = "takes days and hours, or a schedule, not both: write two blackouts"
        raise ValueError(msg)
    if not schedule and days is None and hours is None:
        msg = "says no time: write days, hours, or a schedule and how long it lasts"
        raise ValueError(msg)
    whole_day = None if schedule else Hours(0, 0)
    return Blackout(name, frozenset(range(7)) if days is None else days, hours or whole_day, schedule, lasts)


def _external(tags: dict[str, str] | None = None, resources: tuple[str, ...] = ()) -> ExternalSelection:
    if not tags and not resources:
        msg = "selects nothing: write tags or resources"
        raise ValueError(msg)
    return ExternalSelection(tags or {}, resources)


BLACKOUT: Final = (
    Field("name", TEXT, "What is going on then.", required=True),
    Field("days", WEEKDAYS, "Weekdays on which it begins; every day without."),
    Field("hours", HOURS, "Hours of the day in local time; the whole day without."),
    Field("schedule", CRON, "When it begins, instead of days and hours."),
    Field("lasts", MINUTES, "How long it lasts from then."),
)
EXTERNAL: Final = (
    Field("tags", mapping_of(VALUE, "tags"), "Tags to patterns of their values; a file system carries them all."),
    Field("resources", PATTERNS, "ARNs of file systems, or patterns of ARNs."),
)

_BACKUP: Final = (
    Field("automatic", one_of(["forbid", "allow"]), "Whether AWS's automatic backups may be relied on.", "forbid"),
    Field("start_within", MINUTES, "The widest start window allowed.", "60m"),
    Field("complete_within", MINUTES, "The widest completion window allowed.", "24h"),
    Field("allowed_hours", HOURS, "The only hours in which backups may run.", "any"),
    Field(
        "blackouts",
        list_of(object_kind(BLACKOUT, "a blackout", _blackout), "a list; see below"),
        "Times in which no backup may run.",
        "none",
    ),
    Field("every", MINUTES, "The longest time between two backups: the recovery point objective.", "24h"),
    Field("keep_at_least", DAY_COUNT, "The shortest retention.", "none"),
    Field("keep_at_most", DAY_COUNT, "The longest retention.", "none"),
    Field(
        "external_selections",
        list_of(object_kind(EXTERNAL, "a selection", _external), "a list; see below"),
        "What plans that live in another stack or account cover.",
        "none",
        overridable=False,
    ),
    Field(
        "sizes",
        mapping_of(SIZE, "a mapping from patterns of names to sizes such as `500GiB`"),
        "How big file systems are, where only the account could tell.",
        "none",
        overridable=False,
    ),
)
_RESTORE: Final = (
    Field(
        "operators",
        PATTERNS,
        "Names of principals that must be able to restore.",
        '["*restore*", "*backup*operator*"]',
        overridable=False,
    ),
    Field("roles", PATTERNS, "Names of restore roles.", '["*AWSBackup*", "*restore*"]', overridable=False),
    Field(
        "mover",
        PATTERNS,
        "Names of functions and tasks that move restored files.",
        '["*restore*mover*"]',
        overridable=False,
    ),
    Field("within", MINUTES, "The longest time a restore may take.", "none"),
    Field(
        "rehearse_every", DAY_COUNT, "The longest time between two restores; restore tests are held against it.", "none"
    ),
)
_VAULTS: Final = (
    Field(
        "copy_only",
        PATTERNS,
        "Names of vaults that only receive copies and are never restored from.",
        "none",
        overridable=False,
    ),
    Field(
        "protect",
        one_of(["none", "deny", "lock"]),
        "What must keep recovery points from deletion: a vault policy that denies it to all but named roles, or a "
        "vault lock or logically air-gapped vault, which is enough for `deny` too.",
        "none",
        overridable=False,
    ),
)
SECTIONS: Final = {"backup": _BACKUP, "restore": _RESTORE, "vaults": _VAULTS}
"""The sections of the file, and the keys in each."""

ZONE_FIELD: Final = Field("time_zone", ZONE, "The zone in which hours and blackouts are meant.", "UTC")
VERSION_FIELD: Final = Field(
    "version",
    checked("1", _parse_version, {"const": 1}, "`1`"),
    "The version of the format: 1.",
    required=True,
)

INLINE_FIELD: Final = Field(
    "inline",
    one_of(["allow", "forbid"]),
    "Whether exceptions count that are written in the sources. Of a file that is forced: only if it says `allow`.",
    "allow",
)

MATCH: Final = (
    Field("tags", mapping_of(VALUE, "tags"), "Tags of the file system to patterns of their values; all must match."),
    Field("name", PATTERN_OR_LIST, "Names of plans, vaults, roles; of a file system its tag Name."),
    Field("address", PATTERN_OR_LIST, "Addresses, or `file:address`."),
)
EXCEPTION: Final = (
    Field("rule", TEXT, "The code of the rule, such as RR101.", required=True),
    Field("match", PATTERN, "The address of the resource, or `file:address`, with `*` and `?`.", required=True),
    Field("reason", TEXT, "Why the finding is accepted.", required=True),
    Field("owner", TEXT, "Who answers for it.", required=True),
    Field("expires", DATE, "The last day on which it holds.", required=True),
)


EXCEPTIONS_FROM: Final = Field(
    "exceptions_from",
    one_of(["repository"]),
    "In a file that is forced: the exceptions of the nearest file in the repository hold too.",
    "none",
)


def overridable(section: str) -> tuple[Field, ...]:
    """Return the keys of *section* that an override may set."""
    return tuple(field for field in SECTIONS[section] if field.overridable)
