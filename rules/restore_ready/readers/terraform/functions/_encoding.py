"""CSV, Base64, URLs, hashes: https://developer.hashicorp.com/terraform/language/functions#encoding-functions."""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import io
import re
import urllib.parse
import uuid
import zlib
from typing import Final

from restore_ready.readers.terraform.functions._registry import function
from restore_ready.readers.terraform.language import (
    EvalError,
    LimitError,
    Obj,
    Seq,
    Value,
)

_CODECS: Final = {
    "UTF-8": "utf-8",
    "UTF-16": "utf-16-be",
    "UTF-16LE": "utf-16-le",
    "UTF-16BE": "utf-16-be",
    "UTF-32LE": "utf-32-le",
    "UTF-32BE": "utf-32-be",
    "ISO-8859-1": "iso-8859-1",
    "WINDOWS-1252": "cp1252",
    "US-ASCII": "ascii",
    "SHIFT_JIS": "shift_jis",
    "EUC-JP": "euc_jp",
    "GB18030": "gb18030",
}
_CSV: Final = re.compile(r'(?:(?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,|\r?\n|\Z))*')
_LARGEST: Final = 1_000_000
_NAMESPACES: Final = {
    "dns": uuid.NAMESPACE_DNS, "url": uuid.NAMESPACE_URL, "oid": uuid.NAMESPACE_OID, "x500": uuid.NAMESPACE_X500,
}  # fmt: skip


@function("csvdecode", "s")
def _csvdecode(code: str) -> Value:
    if not _CSV.fullmatch(code):
        raise EvalError(why="it is not valid CSV")
    try:
        rows = [row for row in csv.reader(io.StringIO(code), strict=True) if row]
    except csv.Error:
        raise EvalError(why="it is not valid CSV") from None
    if not rows or any(len(row) != len(rows[0]) for row in rows) or len(set(rows[0])) != len(rows[0]):
        raise EvalError(why="it is not valid CSV")
    return Seq([Obj(zip(rows[0], row, strict=True)) for row in rows[1:]], "list")


@function("base64encode", "s")
def _base64encode(code: str) -> Value:
    return base64.b64encode(code.encode()).decode()


def _base64(code: str) -> bytes:
    try:
        return base64.b64decode(code.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        raise EvalError(why="it is not Base64") from None


@function("base64decode", "s")
def _base64decode(code: str) -> Value:
    try:
        return _base64(code).decode()
    except UnicodeDecodeError:
        raise EvalError(why="it is not Base64 of text") from None


@function("base64gunzip", "s")
def _base64gunzip(code: str) -> Value:
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        data = reader.decompress(_base64(code), _LARGEST)
        if reader.unconsumed_tail:
            raise LimitError(why="the text is too long")
        return data.decode()
    except (zlib.error, UnicodeDecodeError):
        raise EvalError(why="it is not Base64 of packed text") from None


def _codec(name: str) -> str:
    codec = _CODECS.get(name.upper())
    if codec is None:
        raise LimitError(why=f"the encoding {name} can't be evaluated")
    return codec


@function("textencodebase64", "ss")
def _textencodebase64(code: str, encoding: str) -> Value:
    try:
        return base64.b64encode(code.encode(_codec(encoding))).decode()
    except UnicodeEncodeError:
        raise EvalError(why=f"the text can't be written in {encoding}") from None


@function("textdecodebase64", "ss")
def _textdecodebase64(code: str, encoding: str) -> Value:
    try:
        return _base64(code).decode(_codec(encoding))
    except UnicodeDecodeError:
        raise EvalError(why=f"the text is not in {encoding}") from None


@function("urlencode", "s")
def _urlencode(code: str) -> Value:
    return urllib.parse.quote_plus(code, safe="~")


@function("urldecode", "s")
def _urldecode(code: str) -> Value:
    try:
        return urllib.parse.unquote_plus(code, errors="strict")
    except UnicodeDecodeError:
        raise EvalError(why="it is not an encoded text") from None


def digest(name: str, data: bytes) -> bytes:
    """Return a hash of *data*."""
    return hashlib.new(name, data, usedforsecurity=False).digest()


def _hash(kind: str) -> None:
    function(kind, "s")(lambda code: digest(kind, code.encode()).hex())
    if kind in ("sha256", "sha512"):
        function(f"base64{kind}", "s")(lambda code: base64.b64encode(digest(kind, code.encode())).decode())


for _kind in ("md5", "sha1", "sha256", "sha512"):
    _hash(_kind)


@function("uuidv5", "ss")
def _uuidv5(space: str, name: str) -> Value:
    try:
        return str(uuid.uuid5(_NAMESPACES.get(space) or uuid.UUID(space), name))
    except ValueError:
        raise EvalError(why="the namespace is not a UUID") from None
