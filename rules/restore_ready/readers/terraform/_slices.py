"""Splits the module calls of a root into waves that tfparse evaluates in full, each on top of the one before."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from uuid import NAMESPACE_URL, uuid5

from msgspec import Struct, field

from restore_ready.readers.terraform._addresses import bare, index, steps
from restore_ready.readers.terraform._outline import HclBlock, OutlineError, outline

MOST = 32
"""How often tfparse evaluates the modules that one module calls, all together, whether they are many or one again.

The ``maxContextIterations`` of Trivy's evaluator; what is not evaluated by then is passed over without a word.
"""

_PIN = "restore_ready_module_"
_CALL = re.compile(r"\bmodule\.([A-Za-z_][\w-]*)")
_DOTTED = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+")
_CHANGING = {
    "aws_launch_template": ("name",),
    "random_bytes": ("base64", "hex"),
    "random_id": ("hex", "dec", "b64_url", "b64_std"),
    "random_password": ("result", "bcrypt_hash"),
    "random_string": ("result",),
    "random_uuid": ("result",),
}
"""Attributes that tfparse makes up anew whenever it looks at them, so that modules given one never settle."""


class Uses(Struct):
    """The parts of one module and which of the others each one names.

    Attributes:
        of: names such as ``module.a``, ``local.b``, ``data.t.c``, ``t.d`` to what they name, in order.
    """

    of: dict[str, dict[str, None]] = field(default_factory=dict)

    def levels(self) -> dict[str, int]:
        """Return for each module call how many others must be evaluated before it, one on top of the other.

        Where calls depend on each other in a circle, one of them comes first.
        """
        found: dict[str, int] = {}
        entered: set[str] = set()
        for start in self.of:
            todo = [(start, False)]
            while todo:
                name, leaving = todo.pop()
                if leaving:
                    below = max((found[one] for one in self.of[name] if one in found), default=0)
                    found[name] = below + name.startswith("module.")
                elif name not in entered:
                    entered.add(name)
                    todo.append((name, True))
                    todo.extend((one, False) for one in self.of[name] if one in self.of)
        return {name: level for name, level in found.items() if name.startswith("module.")}


def uses_of(texts: Iterable[str]) -> Uses:
    """Look through the HCL texts of one module; a text that is not understood is passed over."""
    uses = Uses()
    for text in texts:
        for block in _blocks(text):
            for name, part in _parts(text, block):
                uses.of.setdefault(name, {}).update(dict.fromkeys(named_in(part)))
    return uses


def _blocks(text: str) -> list[HclBlock]:
    try:
        return outline(text).blocks
    except OutlineError:
        return []


def _parts(text: str, block: HclBlock) -> Iterator[tuple[str, str]]:
    if block.kind == "locals":
        for one in block.attributes:
            yield f"local.{one.name}", text[one.value_start : one.value_end]
    elif block.kind in ("resource", "data", "module"):
        labels = block.labels if block.kind == "resource" else (block.kind, *block.labels)
        yield ".".join(labels), text[block.body_start : block.body_end]


def named_in(code: str) -> Iterator[str]:
    """Give what *code* may refer to: ``module.a``, ``local.b``, ``data.t.c``, ``t.d``."""
    for found in _DOTTED.finditer(code):
        names = found[0].split(".")
        yield ".".join(names[: 3 if names[0] == "data" else 2])


def waves(uses: Uses, weights: Mapping[str, int]) -> list[set[str]]:
    """Return sets of module calls to evaluate one after the other: none needs another of its own set.

    Args:
        uses: the calls and what they depend on.
        weights: how many instances a call has; one, where that is not said.
    """
    found: list[set[str]] = []
    weight = last = 0
    for name, level in sorted(uses.levels().items(), key=lambda one: one[1]):
        weight += weights.get(name, 1)
        if not found or level != last or weight > MOST:
            found.append(set())
            weight = weights.get(name, 1)
        found[-1].add(name)
        last = level
    return found


def without_calls(text: str, kept: Collection[str]) -> str:
    """Return *text* without the module calls that are not *kept*; the lines of all else stay."""
    out = [
        one
        for one in _blocks(text)
        if one.kind == "module" and len(one.labels) == 1 and f"module.{one.labels[0]}" not in kept
    ]
    return without(text, out)


def steadied(text: str) -> str:
    """Return *text* with something steady for each attribute that changes all the time; the lines of all else stay."""
    changing = [
        one
        for one in _blocks(text)
        if one.kind == "resource" and len(one.labels) == 2 and one.labels[0] in _CHANGING  # noqa: PLR2004  # type and name
    ]
    if not changing:
        return text
    moved = (
        f"\n{text[one.start : one.body_start]}\n{_steady(one)}{text[one.body_start : one.body_end]}\n}}\n"
        for one in changing
    )
    return "".join((without(text, changing), *moved))


def _steady(block: HclBlock) -> str:
    return "".join(
        f'{name} = "{uuid5(NAMESPACE_URL, ".".join((*block.labels, name)))}"\n'
        for name in _CHANGING[block.labels[0]]
        if block.attribute(name) is None
    )


def without(text: str, blocks: Iterable[HclBlock]) -> str:
    """Return *text* without *blocks*, which come in order; the lines of all else stay."""
    parts: list[str] = []
    at = 0
    for one in blocks:
        parts += (text[at : one.start], "\n" * text.count("\n", one.start, one.body_end))
        at = one.body_end + 1
    return "".join((*parts, text[at:]))


def pinned(text: str, outputs: Mapping[str, object]) -> str:
    """Return *text* in which the outputs of the module calls in *outputs* (by name) are looked up in `pins`."""
    return _CALL.sub(lambda found: f"local.{_PIN}{found[1]}" if found[1] in outputs else found[0], text)


def pins(outputs: Mapping[str, object]) -> str:
    """Return JSON configuration with local values that hold *outputs*: per call its outputs, or those by instance."""
    return json.dumps({"locals": {_PIN + name: _escaped(value) for name, value in outputs.items()}})


def known_outputs(outputs: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """Return the known ones of *outputs* (by module address) of the root's own calls: per call, or call and instance.

    What is null may be unknown, so it is left out, and what is left out is unknown to those who ask for it.
    """
    found: dict[str, dict[str, object]] = {}
    lists: dict[str, dict[int, object]] = {}
    for address, values in outputs.items():
        names = steps(address)
        if len(names) != 2:  # noqa: PLR2004  # ``module`` and the name: a call of the root itself
            continue
        name, key = bare(names[1]), index(names[1])[1:-1]
        known = {one: value for one, value in values.items() if _is_known(value)}
        if key.isdecimal():
            lists.setdefault(name, {})[int(key)] = known
        elif key:
            found.setdefault(name, {})[key[1:-1]] = known
        else:
            found[name] = known
    return {**found, **{name: [known for _, known in sorted(ones.items())] for name, ones in lists.items()}}


def _is_known(value: object) -> bool:
    if isinstance(value, str):
        return "${" not in value and value != "(sensitive value)"
    if isinstance(value, list):
        return all(_is_known(one) for one in value)
    if isinstance(value, Mapping):
        return "__attribute__" not in value and all(_is_known(one) for one in value.values())
    return value is not None


def _escaped(value: object) -> object:
    """Return *value* so that it means itself in JSON configuration, where text is a template."""
    if isinstance(value, str):
        return value.replace("%{", "%%{")
    if isinstance(value, list):
        return [_escaped(one) for one in value]
    return {key: _escaped(one) for key, one in value.items()} if isinstance(value, Mapping) else value
