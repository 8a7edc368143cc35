"""Says which module calls were not read, why, and whether backups may be hidden in them."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from restore_ready.model import Gap, Place
from restore_ready.readers.terraform._addresses import steps
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._files import configuration_files, module_folders, text_of
from restore_ready.readers.terraform._outline import OutlineError, outline

_FAILED_MODULE = re.compile(r'msg="Failed to load module[^"]*" .*? loc=(\S+?):(\d+)(?:-\d+)? err="?(.*?)"?$')
_QUIET = frozenset({"source", "version", "providers", "for_each", "count", "depends_on", "id"})
_PROBE = "restore_ready_"
_MOST_NAMED = 5

_OTHER_SERVICES = re.compile(
    r"(?:^|[^a-z0-9])"
    r"(?:acm|alb|api-?gateway|aurora|autoscaling|cloudfront|cloudtrail|cloudwatch|dynamodb|ec2|ecr|ecs|eks|elasticache|"
    r"elb|iam|key-pair|kms|labels?|lambda|nlb|opensearch|rds|redshift|route53|s3|s3-bucket|security-group|"
    r"secrets-?manager|sns|sqs|ssm|step-functions|vpc|waf|wafv2)"
    r"(?:$|[^a-z0-9])"
)
"""A word of a module's source that says that it is about something else than backups."""

_HOST = re.compile(r"^(?:[a-z0-9]+::)?(?:[a-z0-9+]+://)?(?:[\w.-]+@)?(?:[\w-]+\.)+[\w-]+(?::\d+)?[/:]")
_TELLING = re.compile(r"(?<![a-z0-9])efs(?![a-z0-9])|elasticfilesystem|elastic_file_system|backup|iam|vault")
_OF_OURS = re.compile(r"\b(?:aws|awscc)_(?:backup|efs|iam|ssoadmin)_")
_BACKUPS = re.compile(r"\b(?:aws|awscc)_backup_|\baws_efs_backup_policy\b|\bAWS::Backup::")
_ANY_BLOCK = re.compile(r"^[ \t]*(?:resource|data|module|output|variable|locals)\b", re.MULTILINE)


class Call(Struct, frozen=True):
    """A module call: its address, its source as far as it is text, the names of its arguments, and its place."""

    address: str
    source: str
    arguments: tuple[str, ...]
    place: Place

    @property
    def folder(self) -> Path | None:
        """The folder of a local module."""
        is_local = self.source.startswith(("./", "../", ".\\", "..\\"))
        return Path(os.path.normpath(Path(self.place.file).parent / self.source)) if is_local else None

    def may_matter(self) -> bool:
        """Tell whether the module may have to do with EFS, backups or permissions."""
        if self.folder is not None and self.folder.is_dir():
            return any(_OF_OURS.search(text) for text in _texts(self.folder))
        return not self._is_of_other_service() or _TELLING.search(self._words()) is not None

    def hides_backups(self) -> bool:
        """Tell whether plans, selections or backup policies may be in the module."""
        if self.folder is not None and self.folder.is_dir():
            return any(_BACKUPS.search(text) or "backup" in text.lower() for text in _texts(self.folder))
        if "backup" in self.source.lower():
            return True
        return not self._is_of_other_service() and "backup" in self._words()

    def _is_of_other_service(self) -> bool:
        path = _HOST.sub("", self.source.lower()).partition("?")[0]
        return _OTHER_SERVICES.search(path.replace("_", "-")) is not None

    def _words(self) -> str:
        return " ".join((self.address, self.source, *self.arguments)).lower()


def _texts(folder: Path) -> Iterator[str]:
    """Give the texts of a module and of those below it; nothing stands for a file that can't be read."""
    for one in module_folders(folder):
        for file in configuration_files(one):
            yield text_of(file) or "backup aws_backup_"


def unread_modules(
    blocks: Sequence[Block], addresses: Collection[str], log: Sequence[str]
) -> tuple[set[str], list[Gap]]:
    """Return the module calls of which no block was read, and what to report of them.

    Remote modules that are about something else are reported together; local ones are here to show that they are.
    """
    calls = [one for one in blocks if one.type == "module"]
    read = {scope for address in addresses for scope in _scopes(address)} if calls else set()
    unread = [_call(one) for one in calls if one.address not in read]
    if not unread:
        return set(), []
    reasons = _reasons(log)
    of_use = {one.address: one.may_matter() for one in unread}
    gaps = [_unread(one, reasons) for one in unread if of_use[one.address]]
    return set(of_use), [*gaps, *_together([one for one in unread if one.folder is None and not of_use[one.address]])]


def _call(block: Block) -> Call:
    source = block.values.get("source")
    arguments = tuple(name for name in block.values if name not in _QUIET and not name.startswith(_PROBE))
    return Call(block.address, source if isinstance(source, str) else "unknown", arguments, block.place)


def call_at(address: str, place: Place) -> Call | None:
    """Return the module call of that address, which stands at *place*, by the file's text; none if it isn't found."""
    text = text_of(Path(place.file))
    name = steps(address)[-1]
    try:
        blocks = outline(text or "").blocks
    except OutlineError:
        return None
    for block in blocks:
        if block.kind == "module" and block.labels == (name,):
            source = block.attribute("source")
            written = "" if source is None or text is None else text[source.value_start : source.value_end]
            arguments = tuple(one.name for one in block.attributes if one.name not in _QUIET)
            return Call(address, written.partition("#")[0].strip().strip('"') or "unknown", arguments, place)
    return None


def _together(calls: Sequence[Call]) -> Iterator[Gap]:
    if not calls:
        return
    init = "run terraform init so that .terraform/modules has"
    if len(calls) == 1:
        why = f"the module {calls[0].source} is not here: {init} it"
    else:
        names = list(dict.fromkeys(_short(one.source) for one in calls))
        listed = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
        why = f"{len(calls)} modules are not here ({listed}): {init} them"
    yield Gap(calls[0].address, calls[0].place, why)


def _short(source: str) -> str:
    """Return what a remote module is about: ``s3-bucket`` for ``terraform-aws-modules/s3-bucket/aws``."""
    path = _HOST.sub("", source.partition("?")[0])
    words = [one.removesuffix(".git") for one in path.partition("//")[0].split("/") if one]
    named = words[1:2] or words[:1] or [source]
    return named[0].removeprefix("terraform-aws-").removeprefix("terraform-")


def _reasons(log: Sequence[str]) -> dict[tuple[str, int], str]:
    reasons: dict[tuple[str, int], str] = {}
    for line in log:
        if found := _FAILED_MODULE.search(line.rstrip()):
            reasons[found[1], int(found[2])] = found[3].replace('\\"', '"').replace("\\n", " ")
    return reasons


def _unread(call: Call, reasons: Mapping[tuple[str, int], str]) -> Gap:
    if call.folder is None:
        why = f"the module {call.source} is not here: run terraform init so that .terraform/modules has it"
    else:
        logged = (why for (name, line), why in reasons.items() if _is_at(call.place, name, line))
        why = f"the module {call.source} could not be read: {next(logged, _why_empty(call.folder))}"
    return Gap(call.address, call.place, why, hides_backups=call.hides_backups())


def _why_empty(folder: Path) -> str:
    if any(_ANY_BLOCK.search(text_of(file) or "") for file in configuration_files(folder)):
        return "it is called beside, or within, more modules than can be evaluated at once"
    return "it has no blocks"


def _is_at(place: Place, name: str, line: int) -> bool:
    return place.line == line and place.file.endswith(os.path.normpath(name))


def _scopes(address: str) -> Iterator[str]:
    """Give the module instances that the block of that address lies in."""
    if address.startswith("module."):
        found = steps(address)
        depth = 2
        while found[depth - 2] == "module" and len(found) > depth:
            yield ".".join(found[:depth])
            depth += 2
