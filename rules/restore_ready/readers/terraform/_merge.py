"""Takes over from the evaluation of the overlay what only it can tell; all else stays as the original gave it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec.structs import replace

from restore_ready.model import THIS_ACCOUNT, THIS_REGION, Ref, Str, Text, Unresolved, join_text
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._normalise import GENERATED, PartlyKnown, scope_of
from restore_ready.readers.terraform._overlay import (
    ATTRIBUTE_PROBE,
    DYNAMIC_PROBE,
    OPEN_PART,
    STATIC_PROBE,
    THIS_PARTITION,
    THIS_SUFFIX,
    settled,
)

_PROBES = (ATTRIBUTE_PROBE, DYNAMIC_PROBE, STATIC_PROBE)
_SIGNS = (THIS_ACCOUNT, THIS_REGION, THIS_PARTITION, THIS_SUFFIX, OPEN_PART)
_OPEN = Unresolved("it has a part that is not known")

OpenArguments: TypeAlias = Mapping[str, frozenset[str]]
"""The arguments of a module call that are not fully known, each with the keys of its elements that are not."""

WHOLE = ""
"""Stands among such keys for the argument as a whole."""

_WHOLE_ELEMENT = "*"


def merged(original: Block, overlaid: Block, open_arguments: OpenArguments) -> Block:
    """Return *original* with its open parts filled from *overlaid*, the same block in the overlay.

    *open_arguments* are those of its module call: inside the module, tfparse takes what is not known for null.
    """
    values = _body(original.values, overlaid.values, open_arguments)
    for name, value in values.items():
        if isinstance(value, Unresolved):
            values[name] = _named(original, overlaid.values.get(ATTRIBUTE_PROBE + name)) or value
    return replace(original, values=values)


def _named(block: Block, probe: object) -> Ref | None:
    """Return a reference to the one resource that an attribute names, where it is nothing but that."""
    names = probe.get("names") if isinstance(probe, Mapping) else None
    if not isinstance(names, str) or not names:
        return None
    named, _, attribute = names.rpartition(".")
    address = ".".join(filter(None, (scope_of(block.address), named)))
    found = [one for one in block.references if one == address or one.startswith(f"{address}[")]
    return Ref(found[0], attribute) if len(found) == 1 else None


def open_arguments(blocks: Iterable[Block]) -> dict[str, OpenArguments]:
    """Return for each module call among the blocks of the overlay which of its arguments are not fully known."""
    found: dict[str, OpenArguments] = {}
    calls = [block for block in blocks if block.type == "module"]
    for call in sorted(calls, key=lambda one: len(one.address)):
        around = found.get(scope_of(call.address), {})
        found[call.address] = {
            name: frozenset(_open_keys(value))
            for name, value in call.values.items()
            if not name.startswith(_PROBES)
            and _is_open(value)
            and not _is_null(call.values.get(ATTRIBUTE_PROBE + name), around)
        }
    return found


def _open_keys(value: object) -> Iterator[str]:
    """Give the keys of a collection's elements whose values are open; the open value itself may be no collection."""
    if not isinstance(value, (list, Mapping)):
        yield WHOLE
        return
    for element in value.values() if isinstance(value, Mapping) else value:
        if isinstance(element, Mapping):
            yield from (str(key) for key, one in element.items() if _is_open(one))
        elif _is_open(element):
            yield _WHOLE_ELEMENT


def _is_null(probe: object, open_args: OpenArguments) -> bool:
    """Tell whether an attribute is certainly null."""
    return isinstance(probe, Mapping) and probe.get("is_null") is True and not _uses_open(probe, open_args)


def _uses_open(probe: Mapping[str, object], open_args: OpenArguments) -> bool:
    """Tell whether an attribute is made of an argument that is not known; local values may be made of any."""
    uses = probe.get("uses")
    if not open_args or not isinstance(uses, list):
        return bool(open_args)
    listed = probe.get("keys")
    keys = frozenset(str(one) for one in listed) if isinstance(listed, list) else frozenset()
    return any(_is_among(str(one), keys, open_args) for one in uses)


def _is_among(name: str, keys: frozenset[str], open_args: OpenArguments) -> bool:
    """Tell whether a local value or variable is open, of a variable only *keys* being used if there are any."""
    if name.startswith("local."):
        return True
    opened = open_args.get(name.split(".")[1], frozenset())
    return bool(opened) and (not keys or not opened.isdisjoint({WHOLE, _WHOLE_ELEMENT, *keys}))


def _is_misjudged(probe: object, value: object, open_args: OpenArguments) -> bool:
    """Tell whether a value that looks known is not: it lacks an unknown part, or took something unknown for null."""
    if not isinstance(probe, Mapping):
        return False
    if isinstance(value, Mapping) and (
        _is_open(probe.get("parts")) or (probe.get("parts") and _uses_open(probe, open_args))
    ):
        return True
    return probe.get("weighs") is True and _uses_open(probe, open_args)


def _body(
    original: Mapping[str, object], overlaid: Mapping[str, object], open_args: OpenArguments
) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, value in original.items():
        probe = overlaid.get(ATTRIBUTE_PROBE + name)
        if isinstance(value, Unresolved) and _is_null(probe, open_args):
            continue
        if _is_misjudged(probe, value, open_args):
            values[name] = Unresolved("it depends on a value that is not known")
        else:
            values[name] = _value(value, overlaid[name], open_args) if name in overlaid else value
    for label in _uncertain_labels(original, overlaid):
        unread = Unresolved(
            f"not every {label} block could be evaluated: what a dynamic block iterates over is not known"
        )
        present = values.get(label)
        values[label] = [*present, unread] if isinstance(present, list) else unread
    return values


def _uncertain_labels(original: Mapping[str, object], overlaid: Mapping[str, object]) -> list[str]:
    """Return the names of nested blocks of which tfparse dropped some or all, not knowing what to iterate over."""
    expected: dict[str, int] = {}
    uncertain: dict[str, None] = {}
    for name, value in overlaid.items():
        if name.startswith(STATIC_PROBE):
            label = name[len(STATIC_PROBE) :]
            expected[label] = expected.get(label, 0) + (value if isinstance(value, int) else 0)
        elif name.startswith(DYNAMIC_PROBE):
            label = name[len(DYNAMIC_PROBE) :].partition("_")[2]
            if isinstance(value, (list, Mapping)):
                expected[label] = expected.get(label, 0) + len(value)
            else:
                uncertain[label] = None
    for label, count in expected.items():
        present = original.get(label)
        if count > (len(present) if isinstance(present, list) else 0):
            uncertain[label] = None
    return list(uncertain)


def _value(original: object, overlaid: object, open_args: OpenArguments) -> object:
    if isinstance(overlaid, Unresolved) or isinstance(original, Ref):
        return original
    if isinstance(original, Mapping) and isinstance(overlaid, Mapping):
        return _body(original, overlaid, open_args)
    if isinstance(original, list) and isinstance(overlaid, list) and len(original) == len(overlaid):
        return [_value(one, other, open_args) for one, other in zip(original, overlaid, strict=True)]
    return _settled(overlaid) if _says_more(original, overlaid) else original


def _says_more(original: object, overlaid: object) -> bool:
    """Tell whether a value of the overlay is to be taken instead of the original's."""
    if isinstance(original, str):
        return _lacks_part(overlaid) or (isinstance(overlaid, (list, Mapping)) and "null" in original)
    return _is_open(original) and _tells(overlaid)


def _lacks_part(value: object) -> bool:
    """Tell whether a value of the overlay shows parts that are not known, which the original lacks."""
    if isinstance(value, str):
        return OPEN_PART in value
    if isinstance(value, Text):
        return any(_lacks_part(one) for one in value.parts)
    if isinstance(value, (list, Mapping)):
        return any(_lacks_part(one) for one in (value.values() if isinstance(value, Mapping) else value))
    return False


def _is_open(value: object) -> bool:
    if isinstance(value, str):
        return OPEN_PART in value
    if isinstance(value, Mapping):
        return any(_is_open(one) for one in value.values())
    if isinstance(value, list):
        return any(_is_open(one) for one in value)
    if isinstance(value, Ref):
        return value.attribute not in ("arn", "id", "json")
    if isinstance(value, Text):
        return any(_is_open(one) for one in value.parts if one is not GENERATED)
    return isinstance(value, Unresolved) and value is not GENERATED


def _tells(value: object) -> bool:
    """Tell whether a value shows what only the overlay can give: a stand-in, a policy as an object, parts of a map.

    Anything else may come from a comparison with a stand-in, and be wrong.
    """
    if isinstance(value, str):
        return any(sign in value for sign in _SIGNS)
    if isinstance(value, Text):
        return any(_tells(part) for part in value.parts)
    if isinstance(value, list):
        return any(_tells(one) for one in value)
    if isinstance(value, PartlyKnown):
        return True
    return isinstance(value, Mapping) and ("Statement" in value or any(_tells(one) for one in value.values()))


def _settled(value: object) -> object:
    if isinstance(value, str):
        return _opened(settled(value))
    if isinstance(value, Text):
        return join_text(_opened(settled(part)) if isinstance(part, str) else part for part in value.parts)
    if isinstance(value, list):
        return [_settled(one) for one in value]
    return {key: _settled(one) for key, one in value.items()} if isinstance(value, Mapping) else value


def _opened(text: str) -> Str:
    """Turn the stand-ins for open parts of a string into open parts."""
    known = text.split(OPEN_PART)
    return join_text([known[0], *(part for one in known[1:] for part in (_OPEN, one))])
