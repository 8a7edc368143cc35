"""JSON: https://developer.hashicorp.com/terraform/language/functions/jsonencode, and jsondecode."""

from __future__ import annotations

from restore_ready.readers.terraform.functions._json_text import decoded, json_text
from restore_ready.readers.terraform.functions._registry import function
from restore_ready.readers.terraform.language import (
    STRING,
    Encoded,
    EvalError,
    Lazy,
    Unknown,
    Value,
    convert,
    is_null,
    is_open,
    opened,
)


@function("jsonencode", "v")
def _jsonencode(value: Value) -> Value:
    if isinstance(value, Lazy):
        value = value.whole()
    return value if isinstance(value, Unknown) else json_text(value)


@function("jsondecode", "v")
def _jsondecode(code: Value) -> Value:
    if isinstance(code, Encoded):
        return code.value
    if is_open(code):
        return opened(code)
    if is_null(code):
        raise EvalError(why="an argument is null")
    return decoded(str(convert(code, STRING)))
