"""Says which module calls were not read, why, and whether backups may be hidden in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.model import Gap, Place
from restore_ready.model._why_open import MODULE_NOT_HERE, MODULES_NOT_HERE
from restore_ready.readers.terraform._addresses import SOME, bare, steps
from restore_ready.readers.terraform._files import files_of, module_folders, text_of
from restore_ready.readers.terraform._handed import handed_in
from restore_ready.readers.terraform._marks import place_of
from restore_ready.readers.terraform.configuration import UnreadModule
from restore_ready.readers.terraform.language import Obj
from restore_ready.readers.terraform.syntax import Span

_MOST_NAMED: Final = 5

_OTHER_SERVICES: Final = re.compile(
    r"(?:^|[^a-z0-9])"
    r"(?:acm|alb|api-?gateway|aurora|autoscaling|cloudfront|cloudtrail|cloudwatch|dynamodb|ec2|ecr|ecs|eks|elasticache|"
    r"elb|iam|key-pair|kms|labels?|lambda|nlb|opensearch|rds|redshift|route53|s3|s3-bucket|security-group|"
    r"secrets-?manager|sns|sqs|ssm|step-functions|vpc|waf|wafv2)"
    r"(?:$|[^a-z0-9])"
)
"""A word of a module's source that says that it is about something else than backups."""

_HOST: Final = re.compile(r"^(?:[a-z0-9]+::)?(?:[a-z0-9+]+://)?(?:[\w.-]+@)?(?:[\w-]+\.)+[\w-]+(?::\d+)?[/:]")
_TELLING: Final = re.compile(r"(?<![a-z0-9])efs(?![a-z0-9])|elasticfilesystem|elastic_file_system|backup|iam|vault")
_OF_OURS: Final = re.compile(r"\b(?:aws|awscc)_(?:backup|efs|iam|ssoadmin)_")
_BACKUPS: Final = re.compile(r"\b(?:aws|awscc)_backup_|\baws_efs_backup_policy\b|\bAWS::Backup::")


class Call(Struct, frozen=True):
    """A module call.

    Attributes:
        source: as far as it is text.
        folder: the folder of a local module, if it is there.
        why: why it was not read.
        arguments: the names of its arguments.
        handed: the file systems that it is handed.
    """

    address: str
    source: str
    folder: Path | None
    why: str
    arguments: tuple[str, ...]
    place: Place
    handed: tuple[str, ...] = ()

    def may_matter(self) -> bool:
        """Tell whether the module may have to do with EFS, backups or permissions."""
        if self.folder is not None:
            return any(_OF_OURS.search(text) for text in _texts(self.folder))
        return not self._is_of_other_service() or _TELLING.search(self._words()) is not None

    def hides_backups(self) -> bool:
        """Tell whether plans, selections or backup policies may be in the module."""
        if self.folder is not None:
            return any(_BACKUPS.search(text) or "backup" in text.lower() for text in _texts(self.folder))
        if "backup" in self.source.lower():
            return True
        return not self._is_of_other_service() and "backup" in self._words()

    @property
    def is_local(self) -> bool:
        """Whether the module lies in a folder beside the one that calls it."""
        return self.source.startswith((".", "/"))

    def _is_of_other_service(self) -> bool:
        path = _HOST.sub("", self.source.lower()).partition("?")[0]
        return _OTHER_SERVICES.search(path.replace("_", "-")) is not None

    def _words(self) -> str:
        return " ".join((self.address, self.source, *self.arguments)).lower()


def _texts(folder: Path) -> Iterator[str]:
    """Give the texts of a module and of those below it; nothing stands for a file that can't be read."""
    for inner in module_folders(folder):
        for file in files_of(inner):
            yield text_of(file) or "backup aws_backup_"


def unread_modules(modules: Sequence[UnreadModule]) -> Iterator[Gap]:
    """Yield what to report of the module calls of which no block was read.

    Remote modules that are about something else, and are handed no file system, are reported together; local ones are
    here to show that they are.
    """
    apart: list[Call] = []
    for call in _calls(modules):
        if call.handed or call.may_matter():
            hides = call.hides_backups()
            yield Gap(call.address, call.place, call.why, hides_backups=hides, handed=call.handed)
        elif not call.is_local:
            apart.append(call)
    yield from _together(apart)


def _calls(modules: Sequence[UnreadModule]) -> Iterator[Call]:
    """Yield each call once, however many instances it has."""
    instances: dict[tuple[Span, ...], list[UnreadModule]] = {}
    for module in modules:
        instances.setdefault(module.calls, []).append(module)
    for found in instances.values():
        call = _call(found[0])
        if len(found) > 1 or SOME in call.address:
            call = replace(call, address=_without_keys(call.address), handed=_handed(found))
        yield call


def _handed(modules: Iterable[UnreadModule]) -> tuple[str, ...]:
    given = (Obj({name: argument.value for name, argument in module.arguments.items()}) for module in modules)
    return tuple(dict.fromkeys(handed_in(given)))


def _without_keys(address: str) -> str:
    return ".".join(bare(step) for step in steps(address))


def _call(module: UnreadModule) -> Call:
    source = module.source if isinstance(module.source, str) else "unknown"
    place = place_of(module.span)
    folder = Path(os.path.normpath(Path(place.file).parent / source)) if source.startswith(".") else module.folder
    is_there = folder is not None and folder.is_dir()
    arguments, known = tuple(module.arguments), folder if is_there else None
    return Call(module.address, source, known, module.why, arguments, place, _handed([module]))


def _together(calls: Sequence[Call]) -> Iterator[Gap]:
    if not calls:
        return
    if len(calls) == 1:
        why = MODULE_NOT_HERE.said(what=calls[0].source)
    else:
        names = list(dict.fromkeys(_short(call.source) for call in calls))
        listed = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
        why = f"{len(calls)} {MODULES_NOT_HERE.said(what=listed)}"
    yield Gap(calls[0].address, calls[0].place, why)


def _short(source: str) -> str:
    """Return what a remote module is about: ``s3-bucket`` for ``terraform-aws-modules/s3-bucket/aws``."""
    path = _HOST.sub("", source.partition("?")[0])
    words = [word.removesuffix(".git") for word in path.partition("//")[0].split("/") if word]
    named = words[1:2] or words[:1] or [source]
    return named[0].removeprefix("terraform-aws-").removeprefix("terraform-")
