"""Conversion of types: https://developer.hashicorp.com/terraform/language/functions#type-conversion-functions."""

from __future__ import annotations

from restore_ready.readers.terraform.functions._registry import function
from restore_ready.readers.terraform.language import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    Ref,
    Rest,
    Type,
    Unknown,
    Value,
    convert,
    first_open,
    is_null,
)


def _to(name: str, kind: Type) -> None:
    @function(name, "v", typed=True)
    def call(value: Value) -> Value:
        return value if isinstance(value, Rest) else convert(value, kind)


for _name, _kind in (
    ("tostring", STRING),
    ("tonumber", NUMBER),
    ("tobool", BOOL),
    ("tolist", Type("list", ANY)),
    ("toset", Type("set", ANY)),
    ("tomap", Type("map", ANY)),
):
    _to(_name, _kind)


def _same(value: Value) -> Value:
    return value


for _name in ("nonsensitive", "ephemeralasnull"):
    function(_name, "v", typed=True)(_same)


@function("sensitive", "v", typed=True)
def _sensitive(value: Value) -> Value:
    """Return an open value, so that no report shows what it is."""
    return value if is_null(value) or isinstance(value, (Ref, Unknown)) else Unknown("it is sensitive")


@function("issensitive", "v")
def _issensitive(value: Value) -> Value:
    unknown = None if is_null(value) else first_open(value)
    return False if unknown is None else unknown
