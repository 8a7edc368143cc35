"""How is a record or value written as JSON?"""

from __future__ import annotations

import json
import re
from typing import Final

import msgspec

_NOT_PRINTED: Final = re.compile(r"[^\x00-\x7e]+")
"""What is not ASCII, and DEL; other control characters are always escaped."""
_COMMAND: Final = re.compile(r"##(?=\w*\[)", re.ASCII)
"""What GitHub, Azure and TeamCity take for a command wherever it stands in a log."""


def json_text(value: object, *, indent: int = 0, ascii_only: bool = True) -> str:
    """Return *value*, made of records and what JSON can hold, as JSON.

    Args:
        value: what is written.
        indent: columns by which each level is indented; 0 for all on one line.
        ascii_only: whether all that is not printable ASCII is escaped, so that no encoding can spoil it.
    """
    try:
        text = msgspec.json.format(msgspec.json.encode(value), indent=indent).decode()
    except UnicodeEncodeError:  # half a surrogate pair, as in names of files that are not UTF-8: msgspec has no form
        text = json.dumps(msgspec.to_builtins(value), indent=indent or None, ensure_ascii=ascii_only)
    text = _COMMAND.sub(r"#\\u0023", text) if "##" in text else text
    return _NOT_PRINTED.sub(_escaped, text) if ascii_only else text


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found.group())[1:-1]
