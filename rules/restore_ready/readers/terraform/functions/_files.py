"""Files, within the repository that the root module is in.

https://developer.hashicorp.com/terraform/language/functions#filesystem-functions
"""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path
from typing import Final

from restore_ready._bounded_read import read_file
from restore_ready._errors import UnreadableError
from restore_ready.readers.terraform.functions._encoding import digest
from restore_ready.readers.terraform.functions._registry import function
from restore_ready.readers.terraform.functions._templates import rendered
from restore_ready.readers.terraform.language import EvalError, Obj, Scope, Unknown, Value, is_open, opened
from restore_ready.readers.terraform.language._sets import set_of

_LARGEST: Final = 1_000_000
_MOST_FILES: Final = 5000
_GLOB: Final = re.compile(r"\*\*/|\*\*|\[[^\]]*\]|\\.|.", re.DOTALL)
_STARS: Final = {"**/": "(?:[^/]+/)*", "**": "[^/]*", "*": "[^/]*", "?": "[^/]"}


def _path(scope: Scope, written: str) -> Path | Unknown:
    """Return the real path of a file that may be read."""
    if written.startswith("~") or "\0" in written:
        return Unknown(f"{written} lies outside the repository")
    found = Path(os.path.realpath(scope.names.root / written))
    refusal = scope.names.readable(found)
    return Unknown(f"{written}: {refusal}") if refusal else found


def _bytes(scope: Scope, written: str) -> bytes | Unknown:
    path = _path(scope, written)
    if isinstance(path, Unknown):
        return path
    try:
        if not path.is_file():
            raise EvalError(why=f"there is no file {written}")
        return read_file(path, _LARGEST)
    except UnreadableError as error:
        return Unknown(f"{written} {error.why}")


def _text(scope: Scope, written: str) -> str | Unknown:
    data = _bytes(scope, written)
    if isinstance(data, Unknown):
        return data
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise EvalError(why=f"{written} is not UTF-8") from None


@function("file", "s", scoped=True)
def _file(scope: Scope, written: str) -> Value:
    return _text(scope, written)


@function("templatefile", "sv", scoped=True)
def _templatefile(scope: Scope, written: str, names: Value) -> Value:
    code = _text(scope, written)
    if isinstance(code, Unknown):
        return code
    if is_open(names):
        names = Obj(rest=opened(names))
    if not isinstance(names, Obj):
        raise EvalError(why="a map is required")
    return rendered(scope, code, names, str(_path(scope, written)))


@function("fileexists", "s", scoped=True)
def _fileexists(scope: Scope, written: str) -> Value:
    path = _path(scope, written)
    return path if isinstance(path, Unknown) else path.is_file()


@function("filebase64", "s", scoped=True)
def _filebase64(scope: Scope, written: str) -> Value:
    data = _bytes(scope, written)
    return data if isinstance(data, Unknown) else base64.b64encode(data).decode()


def _hash(name: str, kind: str, *, encoded: bool) -> None:
    @function(name, "s", scoped=True)
    def call(scope: Scope, written: str) -> Value:
        data = _bytes(scope, written)
        if isinstance(data, Unknown):
            return data
        found = digest(kind, data)
        return base64.b64encode(found).decode() if encoded else found.hex()


for _kind in ("md5", "sha1", "sha256", "sha512"):
    _hash(f"file{_kind}", _kind, encoded=False)
    if _kind in ("sha256", "sha512"):
        _hash(f"filebase64{_kind}", _kind, encoded=True)


@function("fileset", "ss", scoped=True)
def _fileset(scope: Scope, folder: str, pattern: str) -> Value:
    base = _path(scope, folder)
    if isinstance(base, Unknown):
        return base
    matches = re.compile(_regular(pattern)).fullmatch
    found: list[Value] = []
    seen = 0
    for where, folders, files in os.walk(base):
        folders[:] = sorted(name for name in folders if name != ".git")
        seen += len(files) + len(folders)
        if seen > _MOST_FILES:
            return Unknown(f"{folder} has too many files")
        paths = [Path(where) / name for name in files]
        relative = [(path, path.relative_to(base).as_posix()) for path in paths]
        found += [name for path, name in relative if matches(name) and path.is_file()]
    return set_of(found)


def _regular(pattern: str) -> str:
    """Return a glob as a regular expression: ``**``, ``*``, ``?``, ``{a,b}``, ``[…]``."""
    code, depth = "", 0
    for piece in _GLOB.findall(pattern):
        if piece == "{":
            depth += 1
            code += "(?:"
        elif piece == "}" and depth:
            depth -= 1
            code += ")"
        elif piece == "," and depth:
            code += "|"
        else:
            code += _STARS.get(piece) or _plain(piece)
    return code + ")" * depth


def _plain(piece: str) -> str:
    if piece.startswith("[") and piece.endswith("]") and piece not in ("[]", "[^]"):
        return "[" + piece[1:-1].replace("[", "\\[").replace("\\\\", "\\") + "]"
    return re.escape(piece.removeprefix("\\") or piece)


@function("basename", "s")
def _basename(path: str) -> Value:
    return path.rstrip("/").rpartition("/")[2] or ("/" if path else ".")


@function("dirname", "s")
def _dirname(path: str) -> Value:
    folder = path.rpartition("/")[0]
    cleaned = os.path.normpath(folder or ("/" if path.startswith("/") else "."))
    return "/" + cleaned.lstrip("/") if cleaned.startswith("/") else cleaned


@function("abspath", "s", scoped=True)
def _abspath(scope: Scope, path: str) -> Value:
    return os.path.normpath(scope.names.root.absolute() / path)


@function("pathexpand", "s")
def _pathexpand(path: str) -> Value:
    return Unknown("it depends on the user") if path.startswith("~") else path
