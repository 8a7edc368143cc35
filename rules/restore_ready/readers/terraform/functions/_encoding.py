"""JSON, YAML, CSV, Base64, URLs and hashes."""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import io
import json
import re
import urllib.parse
import uuid
from decimal import Decimal

import yaml

from restore_ready.readers.terraform.functions._registry import function
from restore_ready.readers.terraform.language._types import STRING, convert, plain, string_of
from restore_ready.readers.terraform.language._values import (
    Encoded,
    EvalError,
    Lazy,
    Obj,
    Seq,
    Unknown,
    Value,
    first_open,
    is_open,
    opened,
)

_DEEPEST = 100
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def json_text(value: Value) -> Value:
    """Return a value's JSON text as Terraform writes it; what is partly known stays a value."""
    try:
        if first_open(value) is not None:
            return Encoded(value)
        return _json(value, 0)
    except RecursionError:
        return Unknown("the value is nested too deep")


def _json(value: Value, depth: int) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return string_of(value)
    if isinstance(value, str):
        written = json.dumps(value, ensure_ascii=False)
        for one, escape in _ESCAPES.items():
            written = written.replace(one, escape)
        return written.replace("\x7f", "\x7f")
    if isinstance(value, Seq):
        return "[" + ",".join(_json(one, depth + 1) for one in value) + "]"
    if isinstance(value, Obj):
        return "{" + ",".join(f"{_json(key, 0)}:{_json(value[key], depth + 1)}" for key in sorted(value)) + "}"
    raise EvalError("the value can't be written as JSON")


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
    try:
        return plain_value(json.loads(convert(code, STRING), parse_float=Decimal, parse_constant=_refuse))
    except (ValueError, TypeError, RecursionError):
        raise EvalError("it is not valid JSON") from None


def _refuse(name):
    raise ValueError(name)


def plain_value(raw: object, depth: int = 0) -> Value:
    """Return what a decoder gave as a value."""
    if depth > _DEEPEST:
        raise EvalError("the value is nested too deep")
    if isinstance(raw, dict):
        return Obj({_key(key): plain_value(one, depth + 1) for key, one in raw.items()})
    if isinstance(raw, (list, tuple)):
        return Seq(plain_value(one, depth + 1) for one in raw)
    if isinstance(raw, float):
        return plain(Decimal(repr(raw)))
    if isinstance(raw, Decimal):
        return plain(raw)
    if raw is None or isinstance(raw, (bool, int, str)):
        return raw
    return str(raw)


def _key(raw: object) -> str:
    return raw if isinstance(raw, str) else {True: "true", False: "false", None: "null"}.get(raw, str(raw))


class _Loader(yaml.SafeLoader):
    """YAML as Terraform reads it: words like ``yes`` are strings, and so are dates."""

    def construct_object(self, node, deep=False):
        self.count = getattr(self, "count", 0) + 1
        if self.count > 100_000:  # noqa: PLR2004
            raise yaml.YAMLError("too many values")
        return super().construct_object(node, deep)


def _resolver(tag: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))


_Loader.yaml_implicit_resolvers = {}
_resolver("bool", "true|True|TRUE|on|On|ON|yes|Yes|YES|y|Y|n|N|no|No|NO|false|False|FALSE|off|Off|OFF", "tTfFyYnNoO")
_resolver("null", "~|null|Null|NULL|", "~nN\0")
_resolver("int", r"[-+]?0b[01]+|[-+]?0o[0-7]+|[-+]?0x[0-9a-fA-F]+|[-+]?[0-9]+", "-+0123456789")
_resolver("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789")
_resolver("merge", "<<", "<")
_Loader.yaml_implicit_resolvers.setdefault("", []).append(("tag:yaml.org,2002:null", re.compile("^$")))


def _int(loader, node):
    code = node.value.replace("+", "")
    base = {"0b": 2, "0o": 8, "0x": 16}.get(code.lstrip("-")[:2].lower(), 10)
    return int(code, base if base != 10 else 10)  # noqa: PLR2004


_Loader.add_constructor("tag:yaml.org,2002:int", _int)
_Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(node.value))
_Loader.add_constructor("tag:yaml.org,2002:bool", lambda loader, node: node.value.lower() in ("true", "on", "yes", "y"))


@function("yamldecode", "s")
def _yamldecode(code: str) -> Value:
    try:
        if any(isinstance(one, yaml.AliasEvent) for one in yaml.parse(code, Loader=_Loader)):
            return Unknown("yamldecode() of YAML with aliases can't be evaluated")
        return plain_value(yaml.load(code, Loader=_Loader))  # noqa: S506  # safe: derived from SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError):
        raise EvalError("it is not valid YAML") from None


@function("yamlencode", "k")
def _yamlencode(value: Value) -> Value:
    scalar = "" if isinstance(value, (Seq, Obj, str)) else "...\n"
    return "\n".join(_yaml(value, 0)) + "\n" + scalar


def _yaml(value, depth):
    pad = "  " * depth
    if isinstance(value, Seq) and value:
        for one in value:
            lines = list(_yaml(one, 0))
            yield pad + "- " + lines[0]
            yield from (pad + "  " + line if line else line for line in lines[1:])
    elif isinstance(value, Obj) and value:
        for key in sorted(value):
            one = value[key]
            lines = list(_yaml(one, 0))
            if isinstance(one, (Seq, Obj)) and one:
                yield f"{pad}{_json(key, 0)}:"
                inner = "" if isinstance(one, Seq) else "  "
                yield from (pad + inner + line for line in lines)
            else:
                yield f"{pad}{_json(key, 0)}: {lines[0]}"
                yield from (pad + line if line else line for line in lines[1:])
    elif isinstance(value, str) and "\n" in value:
        yield pad + ("|" if value.endswith("\n") else "|-")
        yield from (pad + "  " + line if line else line for line in value.rstrip("\n").split("\n"))
    else:
        yield pad + _json(value, 0)


@function("csvdecode", "s")
def _csvdecode(code: str) -> Value:
    rows = list(csv.reader(io.StringIO(code), strict=True))
    rows = [one for one in rows if one]
    if not rows or any(len(one) != len(rows[0]) for one in rows):
        raise EvalError("it is not valid CSV")
    return Seq([Obj(zip(rows[0], one)) for one in rows[1:]], "list")


@function("base64encode", "s")
def _base64encode(code: str) -> Value:
    return base64.b64encode(code.encode()).decode()


@function("base64decode", "s")
def _base64decode(code: str) -> Value:
    try:
        return base64.b64decode(code, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise EvalError("it is not Base64 of text") from None


@function("urlencode", "s")
def _urlencode(code: str) -> Value:
    return urllib.parse.quote_plus(code, safe="~")


def digest(name: str, data: bytes) -> bytes:
    return hashlib.new(name, data, usedforsecurity=False).digest()


for _hash in ("md5", "sha1", "sha256", "sha512"):
    function(_hash, "s")(lambda code, kind=_hash: digest(kind, code.encode()).hex())
    if _hash.startswith(("sha2", "sha5")):
        function(f"base64{_hash}", "s")(lambda code, kind=_hash: base64.b64encode(digest(kind, code.encode())).decode())

_SPACES = {"dns": uuid.NAMESPACE_DNS, "url": uuid.NAMESPACE_URL, "oid": uuid.NAMESPACE_OID, "x500": uuid.NAMESPACE_X500}


@function("uuidv5", "ss")
def _uuidv5(space: str, name: str) -> Value:
    try:
        return str(uuid.uuid5(_SPACES.get(space) or uuid.UUID(space), name))
    except ValueError:
        raise EvalError("the namespace is not a UUID") from None
