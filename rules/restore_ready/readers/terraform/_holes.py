"""Says what of a root module could not be read, and whether that may hide backups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from restore_ready.model import Gap, Place
from restore_ready.readers.terraform._addresses import SOME, bare, kind_of, steps
from restore_ready.readers.terraform._marks import place_of
from restore_ready.readers.terraform._relevant import RELEVANT
from restore_ready.readers.terraform._unread import unread_modules
from restore_ready.readers.terraform.configuration import Evaluation, ResourceInstance
from restore_ready.readers.terraform.configuration import Gap as Hole

_TELLING: Final = (
    "aws_backup_",
    "aws_efs_backup_policy",
    "aws_efs_file_system",
    "aws_iam_",
    "aws_ssoadmin_",
    "awscc_",
)
"""How the types begin that say something about file systems, backups and permissions."""


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
    """Yield the resources of which it is not known how many there are and what their keys are."""
    seen: set[str] = set()
    for resource in resources:
        before, some, _ = resource.address.partition(SOME)
        if some and before not in seen:
            seen.add(before)
            kind = kind_of(before)
            if kind == "module" or kind.startswith(_TELLING):
                why = "what its for_each iterates over is not known: all of its instances are judged as one"
                yield Gap(before, place_of(resource.body.span if kind != "module" else resource.calls[-1]), why)
