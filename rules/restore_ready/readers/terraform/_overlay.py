"""Makes the copy of a root that is evaluated a second time, so that less of it stays unknown.

tfparse loses whole values where a part is unknown, drops blocks whose ``for_each`` is, and shows an explicit ``null``
like an undecidable expression. In the copy, account, Region and partition have recognisable stand-ins, ``jsonencode``
is left out so that its argument arrives as an object, and probes beside attributes and dynamic blocks tell more. Of
that evaluation only what these tell is taken over (`_merge`): names, places and structure come from the original.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TypeAlias

from restore_ready.model import THIS_ACCOUNT, THIS_REGION
from restore_ready.readers.terraform._outline import HclBlock, outline

THIS_PARTITION = "restore-ready-partition"
THIS_SUFFIX = "restore-ready-dns-suffix"
OPEN_PART = "restore-ready-open-part"
"""Stands in a string for an interpolated value that is not known: inside a module, tfparse writes nothing for it."""

STAND_INS = {
    "aws_caller_identity": {"account_id": THIS_ACCOUNT, "id": THIS_ACCOUNT},
    "aws_region": {"name": THIS_REGION, "region": THIS_REGION, "id": THIS_REGION},
    "aws_partition": {"partition": THIS_PARTITION, "id": THIS_PARTITION, "dns_suffix": THIS_SUFFIX},
}
"""What stands for an attribute of these data sources, whose values only AWS knows."""

ATTRIBUTE_PROBE = "restore_ready_probe_"
"""``restore_ready_probe_x`` describes attribute ``x`` of the same block: ``is_null``, which is itself null where nobody
can tell; ``parts``, each part of a ``merge`` compared with null; ``uses``, the variables and local values that it is
made of; ``keys``, what it picks out of them, if it does nothing else with them; ``weighs``, whether it has another
answer for null; ``names``, the attribute of a resource, without index, that it is and nothing else."""

DYNAMIC_PROBE = "restore_ready_dynamic_"
"""``restore_ready_dynamic_1_rule`` is what the block's second dynamic block, for ``rule``, iterates over."""

STATIC_PROBE = "restore_ready_static_"
"""``restore_ready_static_rule`` is how many ordinary ``rule`` blocks stand beside dynamic ones."""

EACH_PROBE = "restore_ready_each_"
"""A local value of that beginning describes a block with ``for_each``: its address in its module as ``block``, its
``line``, whether its words speak of backups as ``backup``, the resources whose attributes its own are by the names of
these as ``named``, and what it iterates over as ``each``."""

COUNT_PROBE = "restore_ready_count_"
"""A local value of that beginning describes a block with ``count``: what is told of every such block as
above, the ``count`` itself, as ``written`` its expression, and as ``uses`` the variables that it is made of."""

_STAND_IN = re.compile(
    r"\bdata\.(aws_caller_identity|aws_region|aws_partition)\.[\w-]+(?:\[[^\]\n]{0,80}\])?"
    r"\.(account_id|dns_suffix|name|partition|region|id)\b"
)
_SILENT = re.compile(r"\bfor_each\b|\bmerge\(")
_POLICY_VARIABLE = re.compile(r"polic|json|document|statement", re.IGNORECASE)
_WORTH_IT = re.compile(r"jsonencode\(|\bfor_each\b|\bnull\b|\b(?:data|each|local|module|var)\.|\blookup\(")
_PROBED = ("aws", "awscc_")
_NAME = re.compile(r"[A-Za-z_]")
_TEXT = re.compile(r'"[^"$\\]*"')
_WEIGHING = re.compile(
    r"[=!]=\s*null\b|\b(?:can|coalesce|coalescelist|compact)\(|\btry\((?![^(),]{0,200},\s*null\s*\))"
)
_PICKED = re.compile(
    r'\blookup\(\s*[A-Za-z_][\w-]*\.value\s*,\s*"([\w-]+)"'
    r"|\b(?!(?:var|local|module|data)\.)[A-Za-z_][\w-]*\.value\.([A-Za-z_][\w-]*)(?:\.[A-Za-z_][\w-]*)*"
)
"""``lookup(rule.value, "start_window"``, ``rule.value.start_window``."""

_ONE_ATTRIBUTE = re.compile(r"\s*(aws[a-z0-9_]*\.[A-Za-z_][\w-]*)(?:\[[^\[\]]{1,80}\])?\.([A-Za-z_][\w-]*)\s*")
_ANY_NAME = re.compile(r"\b[A-Za-z_][\w-]*\.")
_VARIABLE = re.compile(r"\s*var\.[A-Za-z_][\w-]*\s*")
_REFERENCE = re.compile(r"\b(?:var|local|module|each)(?:\.[A-Za-z_][\w-]*)+")

_INTERPOLATED = re.compile(r"(?<!\$)\$\{~?\s*((?:var|local|module)(?:\.[A-Za-z_][\w-]*)+)\s*~?\}")

Edits: TypeAlias = list[tuple[int, int, str]]
"""From offset, to offset, new text."""


def settled(text: str) -> str:
    """Replace the stand-ins of partition and DNS suffix, which served to be recognised, by the usual values."""
    return text.replace(THIS_PARTITION, "aws").replace(THIS_SUFFIX, "amazonaws.com")


def is_worth_it(text: str) -> bool:
    """Tell whether an evaluation of the copy could say more than one of *text* itself."""
    return _WORTH_IT.search(text) is not None


def is_needed(text: str) -> bool:
    """Tell whether *text* has what tfparse drops without a trace when a part of it is unknown."""
    return _SILENT.search(text) is not None


def overlaid(text: str, *, in_module: bool = False) -> str:
    """Return *text* with stand-ins and probes. Line numbers change.

    Args:
        text: of a configuration file.
        in_module: whether it belongs to a module that another calls, where open values are taken for null.

    Raises:
        OutlineError: if the text is not understood.
    """
    edits: Edits = []
    each: list[str] = []
    for block in outline(text).blocks:
        wanted = block.kind in ("resource", "data", "provider") and "".join(block.labels[:1]).startswith(_PROBED)
        if wanted or block.kind == "module":
            _probe_body(text, block, edits)
            each += (*_each_probe(text, block), *_count_probe(text, block))
        if block.kind in ("locals", "module"):
            _guard_merges(text, block, edits)
        if block.kind == "variable" and _POLICY_VARIABLE.search("".join(block.labels)):
            _loosen_type(block, edits)
    changed = _edited(text, edits) + "".join(f"\nlocals {{\n{one}\n}}\n" for one in each)
    if in_module:
        changed = _INTERPOLATED.sub(_open_part, changed)
    return _STAND_IN.sub(_stand_in, changed.replace("jsonencode(", "("))


def _open_part(found: re.Match[str]) -> str:
    """Write an interpolation that shows an open value; one that is the whole string may give what is no text."""
    text, value = found.string, found[1]
    if text[found.start() - 1 : found.start()] == '"' and text[found.end() : found.end() + 1] == '"':
        return found[0]
    return f'${{{value} == null ? "{OPEN_PART}" : {value}}}'


def _stand_in(found: re.Match[str]) -> str:
    value = STAND_INS[found[1]].get(found[2])
    return found[0] if value is None else f'"{value}"'


def _probe_body(text: str, block: HclBlock, edits: Edits, around: str = "") -> None:
    """Put probes beside the attributes and dynamic blocks of *block* and of the blocks in it.

    *around* is what the blocks around it iterate over, which its iterators stand for.
    """
    count = len(edits)
    around += _each_of(text, block)
    for attribute in block.attributes:
        value = text[attribute.value_start : attribute.value_end]
        if _can_be_open(value):
            edits.append((attribute.start, attribute.start, _attribute_probe(attribute.name, value, around)))
    _probe_dynamic(text, block, edits)
    if len(edits) > count and "\n" not in text[block.body_start : block.body_end]:
        edits.extend((at, at, "\n") for at in (block.body_start, block.body_end))
    for one in block.blocks:
        if one.kind == "dynamic":
            for content in one.blocks:
                _probe_body(text, content, edits, around + _each_of(text, one))
        else:
            _probe_body(text, one, edits, around)


def _probe_dynamic(text: str, block: HclBlock, edits: Edits) -> None:
    dynamic = [one for one in block.blocks if one.kind == "dynamic" and one.labels]
    for number, one in enumerate(dynamic):
        edits.append((one.start, one.start, f"{DYNAMIC_PROBE}{number}_{one.labels[0]} = (\n{_each_of(text, one)}\n)\n"))
    for label in sorted({one.labels[0] for one in dynamic}):
        static = sum(one.kind == label for one in block.blocks)
        edits.append((dynamic[0].start, dynamic[0].start, f"{STATIC_PROBE}{label} = {static}\n"))


def _each_of(text: str, block: HclBlock) -> str:
    each = block.attribute("for_each")
    return "" if each is None else text[each.value_start : each.value_end] + "\n"


def _can_be_open(value: str) -> bool:
    """Tell whether an expression is worth a probe: no literal, and no heredoc, which can't be moved."""
    plain = value.strip()
    literal = plain in ("true", "false") or _TEXT.fullmatch(plain) or plain.startswith(("{", "[", "jsonencode("))
    return not literal and "<<" not in plain and _NAME.search(plain) is not None


def _attribute_probe(name: str, value: str, around: str) -> str:
    """Write the probe of an attribute.

    Of a ``merge`` with an unknown part, tfparse gives the rest as if it were the whole.
    """
    is_merge = value.strip().startswith("merge(")
    parts = ", ".join(f"{one} == null" for one in _references(value)) if is_merge else ""
    uses = ", ".join(f'"{one}"' for one in _references(value + around) if one.startswith(("var.", "local.")))
    weighs = str(_WEIGHING.search(value) is not None).lower()
    is_null = "false" if is_merge else f"(\n{value}\n) == null"
    picked = ", ".join(f'"{one}"' for one in _keys(value, around))
    one = _ONE_ATTRIBUTE.fullmatch(value)
    names = "" if one is None else f"{one[1]}.{one[2]}"
    told = f"is_null = {is_null}, parts = [{parts}], uses = [{uses}], keys = [{picked}], weighs = {weighs}"
    return f'{ATTRIBUTE_PROBE}{name} = {{ {told}, names = "{names}" }}\n'


def _keys(value: str, around: str) -> list[str]:
    """Return the keys that an expression picks out of the elements of what it iterates over, *around*.

    None if it uses them, or anything else, in another way.
    """
    for written, is_source in ((value, False), *((one, True) for one in around.splitlines())):
        rest = _TEXT.sub("", _PICKED.sub("", written))
        if _ANY_NAME.search(rest) and not (is_source and _VARIABLE.fullmatch(rest)):
            return []
    return list(dict.fromkeys(found[1] or found[2] for found in _PICKED.finditer(value + around)))


def _references(value: str) -> list[str]:
    return list(dict.fromkeys(found[0] for found in _REFERENCE.finditer(value)))


def _guard_merges(text: str, block: HclBlock, edits: Edits) -> None:
    """Make each value that merges something null as a whole, not lacking a part, where a part is unknown."""
    for attribute in block.attributes:
        value = text[attribute.value_start : attribute.value_end]
        parts = _references(value)
        if parts and "merge(" in value and "<<" not in value:
            known = " && ".join(f"({one} == null ? true : true)" for one in parts)
            edits.append((attribute.value_start, attribute.value_end, f" ({known}) ? (\n{value}\n) : null"))


def _each_probe(text: str, block: HclBlock) -> Iterator[str]:
    each = block.attribute("for_each")
    if each is not None:
        value = text[each.value_start : each.value_end]
        yield f"{EACH_PROBE}{_name_of(block)} = {{ {_described(text, block)}, each = (\n{value}\n) }}"


def _count_probe(text: str, block: HclBlock) -> Iterator[str]:
    count = block.attribute("count")
    if count is not None and not (value := text[count.value_start : count.value_end].strip()).isdigit():
        written = json.dumps(" ".join(value.split())).replace("${", "{").replace("%{", "{")
        uses = ", ".join(f'"{one}"' for one in _references(value) if one.startswith("var."))
        told = f"written = {written}, uses = [{uses}], count = (\n{value}\n)"
        yield f"{COUNT_PROBE}{_name_of(block)} = {{ {_described(text, block)}, {told} }}"


def _name_of(block: HclBlock) -> str:
    return "_".join((block.kind, *block.labels))


def _described(text: str, block: HclBlock) -> str:
    """Write what the probe of a whole block says of it, but for what decides its instances."""
    address = ".".join((*(() if block.kind == "resource" else (block.kind,)), *block.labels))
    source = block.attribute("source") if block.kind == "module" else None
    words = [address, *(one.name for one in block.attributes if block.kind == "module")]
    words += [text[source.value_start : source.value_end]] if source else []
    backup = str("backup" in " ".join(words).lower()).lower()
    values = {one.name: text[one.value_start : one.value_end] for one in block.attributes}
    found = {name: one[1] for name, value in values.items() if (one := _ONE_ATTRIBUTE.fullmatch(value))}
    named = ", ".join(f'{name} = "{one}"' for name, one in found.items())
    line = text.count("\n", 0, block.start) + 1
    return f'block = "{address}", line = {line}, backup = {backup}, named = {{ {named} }}'


def _loosen_type(block: HclBlock, edits: Edits) -> None:
    """Let a variable meant for a policy's text take the policy as an object."""
    of_type = block.attribute("type")
    if of_type is not None:
        edits.append((of_type.value_start, of_type.value_end, " any "))


def _edited(text: str, edits: Edits) -> str:
    """Return *text* with all edits made; of several insertions at one offset the earlier comes first."""
    parts: list[str] = []
    at = 0
    for start, end, new in sorted(edits, key=lambda one: one[0]):
        parts += (text[at:start], new)
        at = end
    return "".join((*parts, text[at:]))
