"""Does every verdict land on a resource that a host asks its rule about? One that does not is lost in Checkov."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from restore_ready import Judgement
from restore_ready.hosts._store import without_indices

_TYPE = re.compile(r'\s+"?Type"?: "?([\w:]+)')


def astray(judgements: Iterable[Judgement]) -> set[tuple[str, str]]:
    """Return the rules and the types they landed on and don't name, in Terraform, plans and templates."""
    landed = {(one.rule, *_landing(one)) for one in judgements}
    return {(rule.code, kind) for rule, named, kind in landed if kind not in getattr(rule, named)}


def _landing(judgement: Judgement) -> tuple[str, str]:
    """Return the attribute of a rule that lists the types of the language, and the type landed on."""
    place = judgement.place
    if Path(place.file).suffix != ".yaml":
        return "terraform", without_indices(judgement.address).split(".")[-2]
    lines = Path(place.file).read_text().splitlines()[max(place.line - 1, 0) :]
    return "cloudformation", next(match[1] for match in map(_TYPE.match, lines) if match)
