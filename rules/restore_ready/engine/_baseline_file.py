"""What does a baseline look like? JSON with one finding a line, sorted, so that changes can be reviewed and merged.

It is read by `json`, not msgspec, because people edit and merge it: `json` tells of keys that stand in an object twice,
and on which line a finding begins.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field

from restore_ready._bounded_read import read_file
from restore_ready._errors import UnreadableError, UsageError
from restore_ready._json_text import json_text
from restore_ready._new_file import new_file, refuse_way_out
from restore_ready.catalog._codes import NOT_JUDGED, PACK_BROKEN
from restore_ready.engine._baseline import Key, Parts, most

VERSION: Final = 1
MAX_BYTES: Final = 64 * 1024 * 1024
_CODE: Final = re.compile(r"RR\d{3}", re.ASCII)
_NEVER: Final = (PACK_BROKEN.code, NOT_JUDGED.code)
_SHAPE: Final = '{"code": "RR201", "file": "main.tf", "address": "aws_backup_plan.night"}'
_FIX: Final = "correct it, or write the file anew with --write-baseline under another name"


class _Entry(Struct, frozen=True, omit_defaults=True):
    """One finding as the file has it."""

    code: str
    file: str
    address: str
    parts: Parts = field(default_factory=dict)


def read_baseline(path: Path) -> dict[Key, Parts]:
    """Return what the baseline *path* has. What stands there twice, as after a merge, is taken once.

    Raises:
        UsageError: if it is none; with file, line and what to do.
    """
    text = _text(path)
    try:
        document = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise _error(path, error.lineno, f"is not JSON ({error.msg})") from error
    except (ValueError, RecursionError) as error:
        what = str(error) if isinstance(error, _TwiceError) else "is nested too deep, or has a number too long"
        raise _error(path, 0, what) from error
    found: dict[Key, Parts] = {}
    for number, entry in enumerate(_entries(document, path)):
        try:
            key, parts = _entry(entry)
        except ValueError as error:
            raise _error(path, _line(text, number), str(error)) from error
        found[key] = _merged(found[key], parts) if key in found else parts
    return found


def write_baseline(path: Path, known: Mapping[Key, Parts]) -> None:
    """Write *known* to *path*, in the place of what was there; a link stays one, if it does not leave this folder.

    Raises:
        UsageError: if it can't be written.
    """
    lines = ",\n".join(f"    {_line_of(key, known[key])}" for key in sorted(known))
    findings = f"[\n{lines}\n  ]" if lines else "[]"
    text = f'{{\n  "version": {VERSION},\n  "findings": {findings}\n}}\n'
    try:
        refuse_way_out(path)
        with new_file(Path(os.path.realpath(path))) as file:
            file.write(text.encode())
    except OSError as error:
        msg = f"can't write the baseline ({path}): {error.strerror}"
        raise UsageError(msg) from error


def _line_of(key: Key, parts: Parts) -> str:
    """Return one finding. What is not printable is escaped: it could hide the rest from whoever reviews it."""
    text = json_text(_Entry(key.code, key.file, key.address, dict(sorted(parts.items()))), ascii_only=False)
    return "".join(character if character.isprintable() else json_text(character)[1:-1] for character in text)


def _merged(parts: Parts, others: Parts) -> Parts:
    """Return two entries of one finding together; one without parts stands for all of them."""
    return most(parts, others) if parts and others else {}


def _text(path: Path) -> str:
    try:
        return read_file(path, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _error(path, 0, "is not text in UTF-8") from error
    except UnreadableError as error:
        raise _error(path, 0, error.why, "write it with --write-baseline") from error


class _TwiceError(ValueError):
    """A key that stands in an object twice."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            msg = f"has the key {_shown(key)} twice in one object"
            raise _TwiceError(msg)
        found[key] = value
    return found


def _entries(document: object, path: Path) -> list[object]:
    if not isinstance(document, dict) or not isinstance(document.get("findings"), list):
        raise _error(path, 0, 'is no baseline: it has no "version" and "findings"')
    version = document.get("version")
    if "summary" in document:
        raise _error(path, 0, "is a report, no baseline", "write a baseline with --write-baseline")
    if type(version) is not int or version != VERSION:
        what = f"has the version {_shown(version)}, this restore-ready reads {VERSION}"
        raise _error(path, 0, what, "use the restore-ready that wrote it")
    if extra := sorted(document.keys() - {"version", "findings"}):
        raise _error(path, 0, f"has the unknown key {_shown(extra[0])}")
    entries: list[object] = document["findings"]
    return entries


def _entry(entry: object) -> tuple[Key, Parts]:
    """Return one finding.

    Raises:
        ValueError: if it is none, saying why.
    """
    if not isinstance(entry, dict):
        msg = f"{_shown(entry)} is no finding: it looks like {_SHAPE}"
        raise ValueError(msg)  # noqa: TRY004  # all that is wrong with an entry is told in one way
    if extra := sorted(entry.keys() - {"code", "file", "address", "parts"}):
        msg = f"the finding has the unknown key {_shown(extra[0])}"
        raise ValueError(msg)
    key = Key(*(_string(entry, name) for name in Key.__struct_fields__))
    if not _CODE.fullmatch(key.code):
        msg = f"{_shown(key.code)} is no rule: see `restore-ready rules`"
        raise ValueError(msg)
    if key.code in _NEVER:
        msg = f"{key.code} can't be in a baseline: what broke or could not be judged is always told"
        raise ValueError(msg)
    return key, _read_parts(entry.get("parts", {}))


def _string(entry: Mapping[str, object], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not value:
        what = "is missing" if name not in entry else f"can't be {_shown(value)}"
        msg = f"the finding's {name} {what}: it looks like {_SHAPE}"
        raise ValueError(msg)
    return value


def _read_parts(value: object) -> Parts:
    if not isinstance(value, dict) or not all(type(number) is int and number > 0 for number in value.values()):
        msg = f"the finding's parts can't be {_shown(value)}: they are names, each with its number"
        raise ValueError(msg)
    return value


def _line(text: str, number: int) -> int:
    """Return the line on which the finding *number*, from 0, of a sound document begins."""
    start = text.find('"findings"')
    if start < 0:  # the key is written with escapes
        return 0
    decoder = json.JSONDecoder()
    at = _after_blanks(text, text.index("[", start) + 1)
    for _ in range(number):
        _, at = decoder.raw_decode(text, at)
        at = _after_blanks(text, at)
    return text.count("\n", 0, at) + 1


_BLANKS: Final = re.compile(r"[\s,]*")


def _after_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


_LONGEST = 60


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _error(path: Path, line: int, what: str, fix: str = _FIX) -> UsageError:
    where = f"{path}:{line}" if line else str(path)
    return UsageError(f"can't use the baseline: {where}: {what}: {fix}")
