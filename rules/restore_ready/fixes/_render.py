"""How do HCL, JSON and YAML write a value?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from msgspec import Struct

from restore_ready.fixes._node import Form

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_PLAIN_WITH_COLONS: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?::[A-Za-z0-9_./-]+)*")
_WORDS: Final = frozenset({"yes", "no", "true", "false", "on", "off", "null", "y", "n"})
_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
STEP: Final = "  "
"""What a level is indented by."""


class Verbatim(Struct, frozen=True):
    """Source text that is no literal: a reference, a function."""

    text: str


Value: TypeAlias = "str | int | bool | Verbatim | Mapping[str, Value] | Sequence[Value]"


def below(value: Value, indent: str) -> str:
    """Return a value as it stands behind the colon of a YAML key."""
    if isinstance(value, Mapping):
        return f"\n{indent}{STEP}{block(value, indent + STEP)}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "".join(f"\n{indent}{STEP}- {block(item, indent + STEP * 2)}" for item in value)
    return f" {block(value, indent)}"


def block(value: Value, indent: str) -> str:
    """Return a value as YAML by indentation; its first line is indented already."""
    if isinstance(value, Mapping):
        return f"\n{indent}".join(f"{yaml_key(key)}:{below(member, indent)}" for key, member in value.items())
    return scalar(value, Form.BLOCK, "")


def rendered(value: Value, form: Form, indent: str, *, quote: str = "", wide: bool = False) -> str:
    """Return a value in brackets; *wide* puts the members of mappings on lines of their own."""
    if isinstance(value, Mapping):
        sign = " = " if form is Form.HCL else ": "
        inner = indent + STEP
        members = [
            member_key(key, form, quoted=False) + sign + rendered(member, form, inner, wide=wide)
            for key, member in value.items()
        ]
        if not wide:
            return f"{{ {', '.join(members)} }}" if form is Form.HCL else f"{{{', '.join(members)}}}"
        comma = "" if form is Form.HCL else ","
        return "{\n" + f"{comma}\n".join(inner + member for member in members) + f"\n{indent}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(rendered(item, form, indent, quote=quote) for item in value)}]"
    return scalar(value, form, quote)


def scalar(value: Value, form: Form, quote: str) -> str:
    """Return a value that has no members, as *form* writes it."""
    if isinstance(value, Verbatim):
        return value.text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{quote}{value}{quote}" if quote in ('"', "'") and form not in (Form.JSON, Form.HCL) else str(value)
    if form in (Form.JSON, Form.HCL):
        return json.dumps(value)
    return yaml_text(str(value), quote, block=form is Form.BLOCK)


def yaml_text(text: str, quote: str, *, block: bool) -> str:
    """Return a YAML string in the quotes of its neighbour, or plain where that is safe."""
    if quote == "'" and "'" not in text:
        return f"'{text}'"
    safe = (_PLAIN_WITH_COLONS if block else _PLAIN).fullmatch(text) and text.lower() not in _WORDS
    return text if safe and quote != '"' else json.dumps(text)


def yaml_key(key: str) -> str:
    """Return a key of YAML by indentation."""
    return yaml_text(key, "", block=True)


def member_key(key: str, form: Form, *, quoted: bool) -> str:
    """Return a key as it stands in brackets."""
    if form is Form.JSON or quoted or (form is Form.HCL and not _KEY.fullmatch(key)):
        return json.dumps(key)
    return key if form is Form.HCL else yaml_text(key, "", block=False)
