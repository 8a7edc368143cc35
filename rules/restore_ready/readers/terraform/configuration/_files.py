"""Which files Terraform and OpenTofu read in a folder, and what is in them.

https://developer.hashicorp.com/terraform/language/files, https://opentofu.org/docs/language/files/
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from restore_ready._bounded_read import read_file
from restore_ready._errors import UnreadableError
from restore_ready.readers.terraform.configuration._bounds import LARGEST_FILE, MOST_BYTES
from restore_ready.readers.terraform.configuration._confines import Confines
from restore_ready.readers.terraform.configuration._gap import Gap
from restore_ready.readers.terraform.syntax import Body, Problem, Span, parse, parse_json

_ENDINGS: Final = (".tf.json", ".tofu.json", ".tf", ".tofu")
_IN_PLACE_OF: Final = {".tofu": ".tf", ".tofu.json": ".tf.json"}
_AUTOMATIC: Final = (".auto.tfvars", ".auto.tfvars.json")
_NAMED: Final = ("terraform.tfvars", "terraform.tfvars.json")


class Contents(msgspec.Struct, frozen=True):
    """What a file holds, and what of it could not be read."""

    body: Body
    gaps: tuple[Gap, ...] = ()


def ending(name: str) -> str:
    """Return how the name of a configuration file ends: ``.tf.json``; empty for a file that is none.

    A name that begins with a dot, or that an editor gives to its copies, is none.
    """
    if name.startswith(".") or name.endswith("~") or (name.startswith("#") and name.endswith("#")):
        return ""
    return next((known for known in _ENDINGS if name.endswith(known)), "")


def configuration_files(folder: Path, generated: Iterable[str] = ()) -> tuple[list[Path], list[Path]]:
    """Return the configuration files of *folder* and its override files, each in the order in which they are read.

    The names of *generated* files are taken as if these were there.
    """
    names = {name: end for name in dict.fromkeys([*_names(folder), *generated]) if (end := ending(name))}
    replaced = {name.removesuffix(end) + _IN_PLACE_OF[end] for name, end in names.items() if end in _IN_PLACE_OF}
    files = sorted(name for name in names if name not in replaced)
    overriding = {name for name in files if _overrides(name.removesuffix(names[name]))}
    return [folder / name for name in files if name not in overriding], [folder / name for name in sorted(overriding)]


def variable_files(*folders: Path) -> list[Path]:
    """Return the variable files that are loaded without being named, in their order: a later one wins.

    Of files of the same name in several *folders*, that of the last is there.

    https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
    """
    files = {name: folder / name for folder in folders for name in _names(folder)}
    named = [name for name in _NAMED if name in files]
    return [files[name] for name in (*named, *sorted(name for name in files if name.endswith(_AUTOMATIC)))]


def _names(folder: Path) -> list[str]:
    """Return the names of what is in *folder* and is no folder; none if it can't be listed."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries if not entry.is_dir()]
    except OSError:
        return []


def _overrides(stem: str) -> bool:
    return stem == "override" or stem.endswith("_override")


class Reader:
    """Reads files within *confines*, up to a number of bytes in all."""

    def __init__(self, confines: Confines) -> None:
        self.confines = confines
        self._left = MOST_BYTES

    def read(self, file: Path, shown: str, *, is_given: bool = False) -> Contents:
        """Return what the configuration or variable file holds; *shown* is its name in places and reasons.

        One that the user has given by name *is_given*, and may lie anywhere.
        """
        try:
            code, why = self._bytes(file, is_given=is_given)
        except OSError as error:
            code, why = b"", f"the file can't be read: {error.strerror}"
        except UnreadableError as error:
            code, why = b"", f"the file {error.why}"
        if why:
            return Contents(Body(), (Gap(shown, why, Span.whole(shown), None),))
        parsed, problems = parse_json(code, shown) if file.name.endswith(".json") else parse(code, shown)
        return Contents(parsed, tuple(_gap(shown, code, problem) for problem in problems))

    def _bytes(self, file: Path, *, is_given: bool) -> tuple[bytes, str]:
        """Return what is in *file*, or why that may or can not be had."""
        real = Path(os.path.realpath(file))
        if not is_given and (refusal := self.confines.refusal(real)):
            return b"", f"the file is a link, and {refusal}" if file.is_symlink() else refusal
        if not real.is_file():
            return b"", "it is not a file" if real.exists() else "there is no such file"
        size = real.stat().st_size
        if size > LARGEST_FILE:
            return b"", f"the file is larger than {LARGEST_FILE // 1_000_000} MB"
        if size > self._left:
            return b"", f"the files of this configuration are larger than {MOST_BYTES // 1_000_000} MB"
        self._left -= size
        code = read_file(real, size)
        return code, "the file is binary, not Terraform" if b"\0" in code[:8192] else ""

    def text(self, span: Span) -> str | None:
        """Return the source text at *span*; ``None`` if the file can't be read."""
        real = Path(os.path.realpath(span.file))
        try:
            return None if self.confines.refusal(real) else _covered(read_file(real, LARGEST_FILE), span)
        except UnreadableError:
            return None


def _gap(shown: str, code: bytes, problem: Problem) -> Gap:
    line = f"line {problem.span.line}: " if problem.span.line else ""
    return Gap(shown, f"{line}{problem.why}", problem.span, _covered(code, problem.span))


def _covered(code: bytes, span: Span) -> str:
    """Return what *span* covers; the whole file where it is just a point."""
    covered = code[span.start : span.end] if span.end > span.start + 1 else code
    return covered.decode("utf-8", "replace")
