"""JSON as Terraform writes and reads it."""

from __future__ import annotations

import json
import re
from typing import Final

from restore_ready.readers.terraform.language import (
    Encoded,
    EvalError,
    LimitError,
    Obj,
    Seq,
    Unknown,
    Value,
    first_open,
    is_null,
)
from restore_ready.readers.terraform.syntax import Real, normal
from restore_ready.readers.terraform.syntax._numbers import number, written

_DEEPEST: Final = 100
_ESCAPES: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_ESCAPED: Final = re.compile("[<>&\u2028\u2029]")


def json_text(value: Value) -> Value:
    """Return a value's JSON text; what is partly known stays a value.

    Raises:
        EvalError: if it can't be written.
    """
    try:
        return _json(value, 0) if first_open(value) is None else Encoded(value)
    except RecursionError:
        return Unknown("the value is nested too deep")


def json_string(value: str) -> str:
    """Return a string in quotes."""
    written_ = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], written_)


def _json(value: Value, depth: int) -> str:
    if isinstance(value, Seq):
        return "[" + ",".join(_json(item, depth + 1) for item in value) + "]"
    if isinstance(value, Obj):
        return "{" + ",".join(f"{json_string(key)}:{_json(value[key], depth + 1)}" for key in sorted(value)) + "}"
    return json_scalar(value)


def json_scalar(value: Value) -> str:
    """Return the JSON text of a value that has no parts.

    Raises:
        EvalError: if it can't be written.
    """
    if is_null(value):
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Real)):
        return written(value)
    if isinstance(value, str):
        return json_string(value)
    raise EvalError(why="the value can't be written as JSON")


def decoded(code: str) -> Value:
    """Return the value of a JSON text.

    Raises:
        EvalError: if it is none.
        LimitError: if it is nested too deep.
    """
    try:
        return plain_value(json.loads(code, parse_float=number, parse_int=number, parse_constant=_refuse))
    except RecursionError:
        raise LimitError(why="the JSON is nested too deep") from None
    except ValueError:
        raise EvalError(why="it is not valid JSON") from None


def _refuse(name: str) -> None:
    raise ValueError(name)


def plain_value(raw: object, depth: int = 0) -> Value:
    """Return what a decoder gave as a value.

    Raises:
        LimitError: if it is nested too deep.
        EvalError: if it is nothing that Terraform knows.
    """
    if depth > _DEEPEST:
        raise LimitError(why="the value is nested too deep")
    if isinstance(raw, dict):
        return Obj({_key(key): plain_value(item, depth + 1) for key, item in raw.items()})
    if isinstance(raw, (list, tuple)):
        return Seq(plain_value(item, depth + 1) for item in raw)
    if isinstance(raw, str):
        return normal(raw)
    if raw is None or isinstance(raw, (bool, int, Real)):
        return raw
    raise EvalError(why="a value is of no type that Terraform knows")


def _key(raw: object) -> str:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool) or raw is None:
        return {True: "true", False: "false", None: "null"}[raw]
    return written(raw) if isinstance(raw, (int, Real)) else str(raw)
