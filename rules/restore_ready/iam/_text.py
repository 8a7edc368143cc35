"""What does policy text say of which parts are unknown: Terraform's ``${…}`` and `Text` values?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from restore_ready.model import Known, Ref, Str, Text, Unresolved, join_text, unresolved_reason

_POLICY_VARIABLE: Final = re.compile(r"[A-Za-z0-9-]+:[A-Za-z][^{}]*|[*?$]")
_BRACE: Final = re.compile(r"[{}]")
_QUOTE: Final = re.compile(r'\\.|"', re.DOTALL)
_HOLE: Final = re.compile("\ue000([0-9]+)\ue001")
_SHOWN: Final = 60

GIVEN_TWICE: Final = "is given twice"
"""How the reason ends why what stands under such a key of a policy is not known: IAM refuses the policy."""


def read_json(text: str | Text) -> object:
    """Decode JSON text to a tree whose leaves are open where the text is; `Unresolved` when it can't be decoded."""
    parts: list[str | Ref | Unresolved] = []
    for part in text.parts if isinstance(text, Text) else (text,):
        parts += split_interpolations(part) if isinstance(part, str) else [part]
    if any(isinstance(part, str) and "\ue000" in part for part in parts):
        return Unresolved("the policy holds characters of the private use area")
    source, holes = _with_placeholders(parts)
    try:
        return json.loads(source, object_pairs_hook=lambda pairs: _filled(pairs, holes))
    except (ValueError, RecursionError) as error:
        known = next((hole for hole in holes if isinstance(hole, Unresolved)), None)
        return known if known is not None else Unresolved(f"the policy is not JSON: {error}")


def read_json_object(value: object) -> Known[Mapping[str, object]]:
    """Return *value* if it is an object, else the object that it holds as JSON text, open parts and all."""
    tree = read_json(value) if isinstance(value, (str, Text)) else value
    if isinstance(tree, Mapping):
        return tree
    return Unresolved(
        unresolved_reason(tree) if isinstance(tree, (Ref, Text, Unresolved)) else "it is not a JSON object"
    )


def split_interpolations(text: str) -> list[str | Unresolved]:
    """Cut *text* at its ``${…}``, which are unknown; IAM's own variables, ``${aws:username}``, remain text."""
    parts: list[str | Unresolved] = []
    position = 0
    while (start := text.find("${", position)) >= 0:
        end = _closing_brace(text, start + 2)
        if end < 0:
            return [*parts, text[position:start], Unresolved("an interpolation in it is not closed")]
        name = text[start + 2 : end]
        if _POLICY_VARIABLE.fullmatch(name):
            parts.append(text[position : end + 1])
        else:
            shown = name.strip()[:_SHOWN]
            parts += [text[position:start], Unresolved(f"the value of {shown} is not known")]
        position = end + 1
    return [*parts, text[position:]]


def _closing_brace(text: str, start: int) -> int:
    depth = 1
    for found in _BRACE.finditer(text, start):
        depth += 1 if found[0] == "{" else -1
        if not depth:
            return found.start()
    return -1


def _with_placeholders(parts: Sequence[str | Ref | Unresolved]) -> tuple[str, list[Ref | Unresolved]]:
    """Put a numbered placeholder for each unknown part, in quotes where it stands outside of a JSON string."""
    source: list[str] = []
    holes: list[Ref | Unresolved] = []
    inside = False
    for part in parts:
        if isinstance(part, str):
            inside ^= sum(found[0] == '"' for found in _QUOTE.finditer(part)) % 2 == 1
            source.append(part)
        else:
            mark = f"\ue000{len(holes)}\ue001"
            source.append(mark if inside else f'"{mark}"')
            holes.append(part)
    return "".join(source), holes


def _filled(pairs: list[tuple[str, object]], holes: list[Ref | Unresolved]) -> dict[object, object]:
    """Return an object; what stands under a key that is given twice, which IAM refuses, is not known.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_policies.html
    """
    found: dict[object, object] = {}
    for key, value in pairs:
        name = _fill(key, holes) if holes else key
        twice = name in found
        found[name] = Unresolved(f"{key} {GIVEN_TWICE}") if twice else _fill_value(value, holes) if holes else value
    return found


def _fill_value(value: object, holes: list[Ref | Unresolved]) -> object:
    if isinstance(value, list):
        return [_fill(entry, holes) if isinstance(entry, str) else entry for entry in value]
    return _fill(value, holes) if isinstance(value, str) else value


def _fill(text: str, holes: list[Ref | Unresolved]) -> Str:
    pieces = _HOLE.split(text)
    return join_text(holes[int(piece)] if n % 2 else piece for n, piece in enumerate(pieces))
