"""What does a requirements file say? It becomes a `RequirementsFile`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from restore_ready._words import did_you_mean
from restore_ready.catalog._finder import all_rules
from restore_ready.model import Place, Requirements
from restore_ready.requirements._errors import RequirementsError
from restore_ready.requirements._fields import (
    EXCEPTION,
    EXCEPTIONS_FROM,
    INLINE_FIELD,
    MATCH,
    SECTIONS,
    VERSION_FIELD,
    ZONE_FIELD,
    Field,
    object_kind,
    object_schema,
    overridable,
    read_fields,
)
from restore_ready.requirements._file import AcceptedException, Match, Override, RequirementsFile
from restore_ready.requirements._kinds import Kind, Reader, list_of
from restore_ready.requirements._nodes import Mapping, Node, read_nodes
from restore_ready.requirements._scan_fields import SCAN
from restore_ready.requirements._scan_settings import settings_of

SHORTEST_START_WINDOW: Final = 60
"""Minutes; AWS accepts no shorter one (https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html)."""


def load_requirements_file(file: Path, *, forced: bool = False) -> RequirementsFile:
    """Return what the requirements file *file* says; one that is *forced* must itself let exceptions in sources in.

    Raises:
        RequirementsError: with everything that is wrong in it.
    """
    reader = Reader(file, _shown(file))
    values = read_fields(reader, read_nodes(file, reader.shown), "", FILE)
    if reader.problems:
        raise RequirementsError(sorted(reader.problems))
    today = datetime.now(ZoneInfo(values.get("time_zone", ZONE_FIELD.default))).date()
    base = Requirements(**_settings(values), today=today)
    inline = values.get("inline", "forbid" if forced else "allow") == "allow"
    return RequirementsFile(
        base,
        values.get("overrides", ()),
        values.get("exceptions", ()),
        str(file),
        inline=inline,
        scan=settings_of(values.get("scan", {}), file.parent, globs_from=Path() if forced else file.parent),
        takes_exceptions="exceptions_from" in values,
    )


def _shown(file: Path) -> str:
    """Write the file's name relative to the current folder when it is below it."""
    absolute = Path(os.path.abspath(file))  # noqa: PTH100  # resolve() would follow links to names nobody typed
    return (absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else file).as_posix()


def _section(name: str, fields: tuple[Field, ...]) -> Field:
    """Return the field of a section; its value is settings: fields of `Requirements` to values."""

    def read(reader: Reader, node: Node, key: str) -> dict[str, Any]:
        values = read_fields(reader, node, key, fields)
        if values.get("start_within", SHORTEST_START_WINDOW) < SHORTEST_START_WINDOW:
            reader.wrong(
                _line(node, "start_within"),
                f"{key}.start_within",
                "can't be met: AWS accepts no start window under 60m",
            )
        if values.get("keep_at_most") and values.get("keep_at_least", 0) > values["keep_at_most"]:
            reader.wrong(_line(node, "keep_at_least"), f"{key}.keep_at_least", "is longer than keep_at_most")
        if "automatic" in values:
            values["automatic_allowed"] = values.pop("automatic") == "allow"
        return values

    docs = {
        "backup": "What backups must meet.",
        "restore": "What restores must meet, and who and what they are done with.",
        "vaults": "What vaults are for.",
    }
    return Field(name, Kind(read, object_schema(fields), "a mapping; see below"), docs[name])


def _settings(values: dict[str, Any]) -> dict[str, Any]:
    """Put the settings of all sections together."""
    settings = {name: value for section in SECTIONS for name, value in values.get(section, {}).items()}
    return {**settings, "time_zone": values["time_zone"]} if "time_zone" in values else settings


def _match(tags: dict[str, str] | None = None, name: tuple[str, ...] = (), address: tuple[str, ...] = ()) -> Match:
    if not (tags or name or address):
        msg = "matches nothing: write tags, name or address"
        raise ValueError(msg)
    return Match(tags or {}, name, address)


_OVERRIDE: Final = (
    Field(
        "match",
        object_kind(MATCH, "`tags`, `name`, `address`: all that are given must match", _match),
        "What it is for.",
        required=True,
    ),
    ZONE_FIELD,
    *(_section(name, overridable(name)) for name in SECTIONS if overridable(name)),
)


def _read_override(reader: Reader, node: Node, key: str) -> Override | None:
    before = len(reader.problems)
    values = read_fields(reader, node, key, _OVERRIDE)
    settings = _settings(values)
    if len(reader.problems) == before and not settings:
        reader.wrong(node.line, key, "requires nothing: write what differs, such as backup: {every: 4h}")
    if len(reader.problems) > before:
        return None
    return Override(values["match"], settings, Place(str(reader.file), node.line, node.line))


def _read_exception(reader: Reader, node: Node, key: str) -> AcceptedException | None:
    before = len(reader.problems)
    values = read_fields(reader, node, key, EXCEPTION)
    codes = [rule.code for rule in all_rules()]
    if "rule" in values and values["rule"] not in codes:
        hint = did_you_mean(values["rule"], codes)
        what = f"no rule '{values['rule'][:20]}': see `restore-ready rules`.{hint}"
        reader.wrong(_line(node, "rule"), f"{key}.rule", what)
    if len(reader.problems) > before:
        return None
    return AcceptedException(**values, place=Place(str(reader.file), node.line, node.line))


def _read_scan(reader: Reader, node: Node, key: str) -> dict[str, Any]:
    return read_fields(reader, node, key, SCAN)


def _line(node: Node, key: str) -> int:
    """Return the line of a key of a mapping that has it."""
    return node.lines.get(key, node.line) if isinstance(node, Mapping) else node.line


def _kind(read: Callable[[Reader, Node, str], Any], fields: Iterable[Field]) -> Kind:
    return Kind(read, object_schema(tuple(fields)), "")


FILE: Final = (
    VERSION_FIELD,
    ZONE_FIELD,
    *(_section(name, fields) for name, fields in SECTIONS.items()),
    Field(
        "overrides",
        list_of(_kind(_read_override, _OVERRIDE), "a list; see below"),
        "Requirements that differ for some resources; for each of them, the first override that matches wins.",
    ),
    Field("scan", Kind(_read_scan, object_schema(SCAN), "a mapping; see below"), "How `restore-ready scan` runs."),
    INLINE_FIELD,
    EXCEPTIONS_FROM,
    Field(
        "exceptions",
        list_of(_kind(_read_exception, EXCEPTION), "a list; see below"),
        "Findings that somebody answers for, until a day.",
    ),
)
"""The keys of the file."""
