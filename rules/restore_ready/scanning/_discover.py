"""What can be read under the given paths: which Terraform, plans and CloudFormation templates?"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path

from msgspec import Struct, field

from restore_ready._bounded_read import read_file, read_start
from restore_ready._errors import UnreadableError, UsageError
from restore_ready._left_out import LeftOut
from restore_ready.scanning._git_ignored import ignored_folders
from restore_ready.scanning._other_tools import UNREAD_UNITS, is_other_tools

_TERRAFORM = (".tf", ".tf.json", ".tofu", ".tofu.json")
_CANDIDATES = (".json", ".yaml", ".yml", ".template")
_WORDS = (b"Resources", b"AWS::")
"""What every template holds, letters perhaps written as escapes."""

_ESCAPED = re.compile(rb"\\(?:u00|U000000|x)(?:3[aA]|41|5[237]|6[35fF]|7[235])|[ResoucAWS:]\\\r?\n")
"""An escape that may stand for a letter of those words, or break one of them into two lines."""

_RESOURCES = re.compile(rb"""\bResources["']?\s*:""")
_RESOURCE_TYPE = re.compile(rb"""\bType["']?\s*:\s*["']?AWS::""")
_GRANT = re.compile(rb"""(?i)["'](?:backup:|iam:PassRole["'])""")
_LETTER = re.compile(rb"\\u00(3[0-9aA]|[46][1-9a-fA-F]|5[0-9aAfF]|7[0-9aA])")
"""A letter, digit, colon or low line of JSON that is written as an escape, as which Go and others write signs only."""

_HEAD = 4096
_SEARCHED = 16 << 20
"""Bytes in which a file must show what it is. Policies and templates are far smaller, plans show it at once."""

_PARSED_WHOLE = 1 << 20


class Kind(Enum):
    """What a file holds."""

    TERRAFORM = "terraform"
    UNIT = "terragrunt unit"
    STACK = "terragrunt stack"
    PLAN = "plan"
    TEMPLATE = "template"
    PERHAPS_TEMPLATE = "perhaps a template"
    POLICY = "policy"
    OTHER = "other"


_TERRAGRUNT = {"terragrunt.hcl": Kind.UNIT, "terragrunt.stack.hcl": Kind.STACK}


class Found(Struct):
    """What there is to read.

    Attributes:
        terraform: the folders and files, as given, at or under which there is Terraform.
        folders: those that were given.
        units: files of Terragrunt's that may be those of units.
        stacks: those of stacks.
        unread_units: files that say what Terragrunt deploys and are not read.
        plans: files that look like ``terraform show -json``.
        templates: files that look like CloudFormation templates.
        terraform_files: those that were met in folders.
        policies: JSON files that look like a policy about backups or restores.
        doubtful: those of the templates that do not look like one, and may be something else.
        named: the plans and templates that were given by name, not met in a folder.
        left_out: what was left out, whatever lies in it.
        other_tools: files of tools whose sources are not read.
        unreadable: files and folders that could not be looked at, with the reason.
    """

    terraform: list[Path] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    units: list[Path] = field(default_factory=list)
    stacks: list[Path] = field(default_factory=list)
    unread_units: list[Path] = field(default_factory=list)
    plans: list[Path] = field(default_factory=list)
    templates: list[Path] = field(default_factory=list)
    terraform_files: list[Path] = field(default_factory=list)
    policies: list[Path] = field(default_factory=list)
    doubtful: set[Path] = field(default_factory=set)
    named: set[Path] = field(default_factory=set)
    other_tools: list[Path] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=LeftOut)
    unreadable: list[UnreadableError] = field(default_factory=list)


def discover(paths: Sequence[Path], exclude: Sequence[str] = ()) -> Found:
    """Return what can be read under *paths*, each a folder to walk or a file to read whatever its name.

    What is met in a folder is left out where a glob of *exclude* matches it, and in folders that git ignores.

    Raises:
        UsageError: if one of them does not exist.
    """
    ignored = (ignored_folders(path) for path in dict.fromkeys(paths) if path.is_dir())
    found = Found(left_out=LeftOut(tuple(exclude), frozenset().union(*ignored)))
    seen: set[tuple[int, int]] = set()
    for path in dict.fromkeys(paths):
        if path.is_dir():
            found.folders.append(path)
            _walk_folder(path, found, seen)
        elif os.path.lexists(path):
            found.named.add(path)
            _add(path, found, seen, named=True)
        else:
            msg = f"no such file or folder ({path}): check the path"
            raise UsageError(msg)
    return found


def _walk_folder(folder: Path, found: Found, seen: set[tuple[int, int]]) -> None:
    has_terraform = False
    for path in _files(folder, found):
        if path.name.endswith(_TERRAFORM):
            has_terraform = True
            found.terraform_files.append(path)
        elif path.name in UNREAD_UNITS:
            found.unread_units.append(path)
        elif path.name in _TERRAGRUNT or path.name.lower().endswith(_CANDIDATES):
            _add(path, found, seen, named=False)
        if is_other_tools(path.name):
            found.other_tools.append(path)
    if has_terraform:
        found.terraform.append(folder)


def _files(top: Path, found: Found) -> Iterator[Path]:
    """Return the regular files under *top*, each folder once, hidden and vendored folders left out, sorted."""

    def note(error: OSError) -> None:
        found.unreadable.append(UnreadableError(Path(error.filename), error.strerror or "can't be listed"))

    for folder, subfolders, names in os.walk(top, onerror=note):
        subfolders[:] = found.left_out.walked(folder, subfolders)
        for name in sorted(names):
            path = Path(folder, name)
            if not found.left_out.has(path):
                yield path


def _add(path: Path, found: Found, seen: set[tuple[int, int]], *, named: bool) -> None:
    try:
        kind = _kind(path, seen, named=named)
    except UnreadableError as error:
        found.unreadable.append(error)
        return
    except OSError as error:
        found.unreadable.append(UnreadableError(path, error.strerror or type(error).__name__))
        return
    if kind is Kind.PERHAPS_TEMPLATE:
        found.doubtful.add(path)
        kind = Kind.TEMPLATE
    wanted = {Kind.TERRAFORM: found.terraform, Kind.PLAN: found.plans, Kind.TEMPLATE: found.templates}
    wanted |= {Kind.POLICY: found.policies, Kind.UNIT: found.units, Kind.STACK: found.stacks}
    if kind in wanted:
        wanted[kind].append(path)


def _kind(path: Path, seen: set[tuple[int, int]], *, named: bool) -> Kind:
    """Return what *path* is; a file met before, through whatever link, is `Kind.OTHER`."""
    stat = path.stat()
    identity = (stat.st_dev, stat.st_ino)
    if identity in seen:
        return Kind.OTHER
    seen.add(identity)
    if not path.is_file():
        if named:
            raise UnreadableError(path, "is neither a regular file nor a folder")
        return Kind.OTHER
    if named and path.name.endswith(_TERRAFORM):
        return Kind.TERRAFORM
    if path.name in _TERRAGRUNT:
        return _TERRAGRUNT[path.name]
    return _kind_of_content(path, named=named) if stat.st_size else _nothing(path, "is empty", report=named)


def _nothing(path: Path, why: str, *, report: bool) -> Kind:
    if report:
        raise UnreadableError(path, why)
    return Kind.OTHER


def _kind_of_content(path: Path, *, named: bool) -> Kind:
    """Return what a file is by its bytes alone, at the cost of one search: parsing is the readers' work."""
    content = read_start(path, _SEARCHED)
    head = content[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError(path, "is UTF-16: save it as UTF-8 (PowerShell: … | Out-File -Encoding utf8)")
    if head.startswith(b"PK\x03\x04"):
        return _nothing(path, "is a binary plan or archive: give the output of `terraform show -json`", report=named)
    if b"\0" in head:
        raise UnreadableError(path, "is a binary file")
    kind = _kind_of_text(content, is_json=path.name.lower().endswith(".json"))
    if kind is Kind.OTHER and (named or _is_named_as_ours(path.name)):
        _explain_other(path, named=named)
    return kind


def _kind_of_text(content: bytes, *, is_json: bool) -> Kind:
    if is_json and _LETTER.search(content):
        content = _LETTER.sub(lambda found: bytes.fromhex(found[1].decode()), content)
    if _has(content, b'"format_version"') and _has(content, b'"planned_values"', b'"resource_changes"'):
        return Kind.PLAN
    if all(_has(content, word) or _ESCAPED.search(content) for word in _WORDS):
        is_plain = _RESOURCES.search(content) and _RESOURCE_TYPE.search(content)
        return Kind.TEMPLATE if is_plain else Kind.PERHAPS_TEMPLATE
    return Kind.POLICY if is_json and _is_policy(content) else Kind.OTHER


def _is_policy(content: bytes) -> bool:
    if _has(content, b'"plans"') and _has(content, b'"@@'):
        return True
    return _has(content, b'"Statement"') and _GRANT.search(content) is not None


def _has(content: bytes, *needles: bytes) -> bool:
    return any(needle in content for needle in needles)


def _is_named_as_ours(name: str) -> bool:
    stem, _, suffix = name.rpartition(".")
    return suffix == "template" or (suffix == "json" and stem.endswith(("template", "plan")))


def _explain_other(path: Path, *, named: bool) -> None:
    """Raise the reason why a file that was meant for us can't be read.

    Raises:
        UnreadableError: with the reason; none where the file was only met and is sound JSON of another kind.
    """
    if path.suffix == ".json" and path.stat().st_size <= _PARSED_WHOLE:
        try:
            json.loads(read_file(path, _PARSED_WHOLE))
        except json.JSONDecodeError as error:
            raise UnreadableError(path, f"is not JSON: {error.msg}", error.lineno) from error
        except (UnicodeDecodeError, RecursionError) as error:
            raise UnreadableError(path, f"is not readable JSON: {error}") from error
    if named:
        raise UnreadableError(path, "is neither Terraform, a Terraform plan in JSON, a template nor a policy")
