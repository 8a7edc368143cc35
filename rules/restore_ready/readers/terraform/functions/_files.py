"""Files, within the repository that the root module is in."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path

from restore_ready.readers.terraform.functions._encoding import digest
from restore_ready.readers.terraform.functions._registry import Scoped, function
from restore_ready.readers.terraform.functions._strings import rendered
from restore_ready.readers.terraform.language._types import set_of
from restore_ready.readers.terraform.language._values import EvalError, Obj, Unknown, Value, is_open, opened

_LARGEST = 1_000_000
_MOST_FILES = 5000


def _path(scope, written: str) -> Path | Unknown:
    """Return the real path of a file that may be read."""
    if written.startswith("~") or "\0" in written:
        return Unknown(f"{written} lies outside the repository")
    found = Path(os.path.realpath(scope.names.root / written))
    if not any(found.is_relative_to(one) for one in scope.names.confines):
        return Unknown(f"{written} lies outside the repository")
    return found


def _bytes(scope, written: str) -> bytes | Unknown:
    path = _path(scope, written)
    if isinstance(path, Unknown):
        return path
    try:
        if not path.is_file():
            raise EvalError(f"there is no file {written}")
        if path.stat().st_size > _LARGEST:
            return Unknown(f"{written} is larger than a megabyte")
        return path.read_bytes()
    except OSError as error:
        return Unknown(f"{written} can't be read: {error.strerror}")


def _text(scope, written: str) -> str | Unknown:
    data = _bytes(scope, written)
    if isinstance(data, Unknown):
        return data
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise EvalError(f"{written} is not UTF-8") from None


@function("file", "s", scoped=True)
def _file(scope: Scoped, written: str) -> Value:
    return _text(scope, written)


@function("templatefile", "sv", scoped=True)
def _templatefile(scope: Scoped, written: str, names: Value) -> Value:
    code = _text(scope, written)
    if isinstance(code, Unknown):
        return code
    if is_open(names):
        names = Obj(rest=opened(names))
    if not isinstance(names, Obj):
        raise EvalError("a map is required")
    path = _path(scope, written)
    return rendered(scope, code, names, str(path))


@function("fileexists", "s", scoped=True)
def _fileexists(scope: Scoped, written: str) -> Value:
    path = _path(scope, written)
    return path if isinstance(path, Unknown) else path.is_file()


@function("filebase64", "s", scoped=True)
def _filebase64(scope: Scoped, written: str) -> Value:
    data = _bytes(scope, written)
    return data if isinstance(data, Unknown) else base64.b64encode(data).decode()


def _hashes(name: str, kind: str, *, encoded: bool) -> None:
    @function(name, "s", scoped=True)
    def call(scope, written):
        data = _bytes(scope, written)
        if isinstance(data, Unknown):
            return data
        found = digest(kind, data)
        return base64.b64encode(found).decode() if encoded else found.hex()


for _kind in ("md5", "sha1", "sha256", "sha512"):
    _hashes(f"file{_kind}", _kind, encoded=False)
    if _kind in ("sha256", "sha512"):
        _hashes(f"filebase64{_kind}", _kind, encoded=True)


@function("fileset", "ss", scoped=True)
def _fileset(scope: Scoped, folder: str, pattern: str) -> Value:
    base = _path(scope, folder)
    if isinstance(base, Unknown):
        return base
    matches = re.compile(_glob(pattern)).fullmatch
    found: list[Value] = []
    seen = 0
    for where, folders, files in os.walk(base):
        folders.sort()
        for name in files:
            seen += 1
            if seen > _MOST_FILES:
                return Unknown(f"{folder} has too many files")
            full = Path(where) / name
            relative = full.relative_to(base).as_posix()
            if matches(relative) and full.is_file():
                found.append(relative)
    return set_of(found)


def _glob(pattern: str) -> str:
    """Return a glob as a regular expression: ``**``, ``*``, ``?``, ``{a,b}``, ``[…]``."""
    code, depth = "", 0
    for one in re.findall(r"\*\*/|\*\*|\[[^\]]*\]|\\.|.", pattern):
        if one == "**/":
            code += "(?:[^/]+/)*"
        elif one in ("**", "*"):
            code += "[^/]*"
        elif one == "?":
            code += "[^/]"
        elif one == "{":
            code, depth = code + "(?:", depth + 1
        elif one == "}" and depth:
            code, depth = code + ")", depth - 1
        elif one == "," and depth:
            code += "|"
        else:
            code += one if one.startswith("[") and len(one) > 2 else re.escape(one.removeprefix("\\") or one)
    return code + ")" * depth


@function("basename", "s")
def _basename(path: str) -> Value:
    return os.path.basename(path.rstrip("/")) or ("/" if path else ".")


@function("dirname", "s")
def _dirname(path: str) -> Value:
    return os.path.normpath(os.path.dirname(path) or ".")


@function("abspath", "s", scoped=True)
def _abspath(scope: Scoped, path: str) -> Value:
    return os.path.normpath(scope.names.root.absolute() / path)


@function("pathexpand", "s")
def _pathexpand(path: str) -> Value:
    return Unknown("pathexpand() depends on the user") if path.startswith("~") else path
