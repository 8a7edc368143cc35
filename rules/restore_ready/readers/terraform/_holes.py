"""Says what of a root module could not be read, and whether that may hide backups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready.model import Gap, Place
from restore_ready.readers.terraform._addresses import SOME, bare, kind_of, steps
from restore_ready.readers.terraform._marks import place_of
from restore_ready.readers.terraform._relevant import RELEVANT
from restore_ready.readers.terraform._unread import unread_modules
from restore_ready.readers.terraform.configuration import BlockBody, Evaluation, ResourceInstance
from restore_ready.readers.terraform.configuration import Gap as Hole

_TELLING: Final = (
    "aws_backup_",
    "aws_efs_backup_policy",
    "aws_efs_file_system",
    "aws_iam_",
    "aws_ssoadmin_customer_managed_policy_attachment",
    "aws_ssoadmin_managed_policy_attachment",
    "aws_ssoadmin_permission",
    "awscc_",
)
"""How the types begin that say something about file systems, backups and permissions."""

_MORE: Final = "has more elements"
"""How the condition ends under which a block has instances whose keys are not known."""

_LABELS: Final = frozenset({"creation_token", "description", "name", "name_prefix"})
"""Arguments in which instances differ whatever they are."""


def gaps_of(root: str, found: Evaluation) -> tuple[Gap, ...]:
    """Return what could not be read, each once."""
    holes = (gap for hole in found.gaps if (gap := _gap(root, hole)) is not None)
    return tuple(dict.fromkeys((*holes, *_unnamed(found.resources), *unread_modules(found.modules))))


def _gap(root: str, hole: Hole) -> Gap | None:
    place = place_of(hole.span) if hole.span is not None else Place(root)
    words = "" if hole.text is None else hole.text.lower()
    hides = hole.text is None or "backup" in words
    if not hides and _is_of_no_interest(hole.what, words):
        return None
    is_file = hole.span is not None and hole.what == hole.span.file
    return Gap(place.file if is_file else hole.what, place, hole.why, hides)


def _is_of_no_interest(what: str, words: str) -> bool:
    """Tell whether a hole is a block of a type that no rule looks at."""
    kinds = [bare(step).strip('"') for step in (*steps(what), *what.split())]
    known = [kind for kind in kinds if kind.startswith(("aws_", "awscc_"))]
    return any(not kind.startswith(RELEVANT) for kind in known) and not any(kind in words for kind in RELEVANT)


def _unnamed(resources: Iterable[ResourceInstance]) -> Iterator[Gap]:
    """Yield the resources of which it is not known how many there are, and of which not all need be alike."""
    seen: set[str] = set()
    for resource in resources:
        before, some, _ = resource.address.partition(SOME)
        if not some or before in seen or resource.mode != "managed" or not resource.type.startswith(_TELLING):
            continue
        is_module = kind_of(before) == "module"
        if is_module or _depends_on_key(resource.body):
            seen.add(before)
            place = place_of(resource.calls[-1] if is_module else resource.body.span)
            yield Gap(before, place, _judged_as_one(resource))


def _depends_on_key(body: BlockBody) -> bool:
    """Tell whether instances may differ in more than what they are called, or in a block that one may lack."""
    telling = (given for label, given in body.attributes.items() if label not in _LABELS)
    names = (name for given in telling for name in given.references())
    if body.rest is not None or any(name.partition(".")[0] == "each" for name in names):
        return True
    return any(block.maybe or _depends_on_key(block.body) for block in body.blocks)


def _judged_as_one(resource: ResourceInstance) -> str:
    reasons = [condition.unknown.why for condition in resource.maybe if condition.key.endswith(_MORE)]
    why = f" ({reasons[0]})" if reasons else ""
    return f"what its for_each iterates over is not known{why}: all of its instances are judged as one"
