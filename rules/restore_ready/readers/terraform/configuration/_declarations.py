"""What the files of one module's folder declare, override files merged in."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from restore_ready.readers.terraform.configuration._files import Contents, Reader, configuration_files
from restore_ready.readers.terraform.configuration._gap import Gap
from restore_ready.readers.terraform.configuration._overrides import overridden
from restore_ready.readers.terraform.syntax import Attribute, Body, Written, nodes

_LABELS: Final = {
    "resource": 2, "data": 2, "ephemeral": 2, "variable": 1, "output": 1, "module": 1, "provider": 1, "locals": 0,
}  # fmt: skip
"""Blocks that declare something that names lead to, and how many labels they have."""

_OTHERS: Final = frozenset({"terraform", "moved", "removed", "import", "check", "action"})
"""Blocks that declare nothing that is deployed."""

_NOTHING_GENERATED: Final[Mapping[str, Contents]] = {}
_TWICE: Final = "it is declared twice"
_MOST_NAMED: Final = 3

K = TypeVar("K", bound=Hashable)


class ResourceKey(msgspec.Struct, frozen=True):
    """What a resource is declared under; *mode* is ``managed``, ``data`` or ``ephemeral``."""

    mode: str
    type: str
    name: str

    @property
    def address(self) -> str:
        """The address within its module: ``data.aws_iam_role.app``."""
        return ".".join((*(() if self.mode == "managed" else (self.mode,)), self.type, self.name))


class Declarations(msgspec.Struct):
    """Blocks by name, as written.

    Attributes:
        providers: provider configurations by local name and alias.
        gaps: what could not be read.
    """

    folder: Path
    variables: dict[str, Written] = {}
    locals: dict[str, Attribute] = {}
    outputs: dict[str, Written] = {}
    resources: dict[ResourceKey, Written] = {}
    modules: dict[str, Written] = {}
    providers: dict[tuple[str, str], Written] = {}
    gaps: list[Gap] = []

    @property
    def is_empty(self) -> bool:
        """Whether the folder has nothing that makes it a module."""
        return not (self.variables or self.locals or self.outputs or self.resources or self.modules or self.gaps)


def declarations(folder: Path, reader: Reader, generated: Mapping[str, Contents] = _NOTHING_GENERATED) -> Declarations:
    """Read the configuration files of *folder*, those *generated* in place of what is there by the same names."""
    found = Declarations(folder)
    files, overriding = configuration_files(folder, generated)
    for override, group in ((False, files), (True, overriding)):
        for file in group:
            contents = generated.get(file.name) or reader.read(file, str(file))
            found.gaps += contents.gaps
            _declare_all(found, contents.body, str(file), override=override)
    twice = [gap for gap in found.gaps if gap.why.startswith(_TWICE)]
    if len(twice) > 1:
        found.gaps = [gap for gap in found.gaps if gap not in twice] + [_together(twice, folder, reader)]
    return found


def _together(twice: list[Gap], folder: Path, reader: Reader) -> Gap:
    """Return what is declared twice as one gap."""
    names = list(dict.fromkeys(gap.what for gap in twice))
    listed = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
    text = "\n".join(reader.text(gap.span) or "" for gap in twice if gap.span is not None)
    return Gap(str(folder), f"{len(twice)} blocks are declared again: {listed}", twice[0].span, text)


def _declare_all(found: Declarations, body: Body, file: str, *, override: bool) -> None:
    for block in body.blocks:
        if block.kind not in _OTHERS and (why := _declare(found, block, override=override)):
            found.gaps.append(Gap(" ".join((block.kind, *block.labels)), why, block.span, None))
    if not file.endswith(".json"):
        found.gaps += [Gap(file, _why_stray(stray), stray.span, None) for stray in body.attributes.values()]


def _why_stray(attribute: Attribute) -> str:
    return attribute.expr.why if isinstance(attribute.expr, nodes.Bad) else "an argument stands outside of all blocks"


def _declare(found: Declarations, block: Written, *, override: bool) -> str:
    """Add what *block* declares; return why Terraform would refuse it, if it would."""
    wrong = _why_no_block(block)
    if wrong:
        return wrong
    if block.kind == "locals":
        return _put_locals(found, block.body.attributes.values(), override=override)
    if _LABELS[block.kind] > 1:
        mode = "managed" if block.kind == "resource" else block.kind
        return _put(found.resources, ResourceKey(mode, *block.labels), block, override=override)
    if block.kind == "provider":
        alias = _constant(block.body.attributes.get("alias"))
        return _put(found.providers, (block.labels[0], alias), block, override=override, optional=not alias)
    named = {"variable": found.variables, "output": found.outputs, "module": found.modules}[block.kind]
    return _put(named, block.labels[0], block, override=override)


def _why_no_block(block: Written) -> str:
    """Return why the kind and labels of *block* are refused; empty where they are not."""
    wanted = _LABELS.get(block.kind)
    if wanted is None:
        return f"Terraform has no block {block.kind}"
    if len(block.labels) != wanted:
        return f"a {block.kind} block has {wanted} labels, not {len(block.labels)}"
    odd = next((label for label in block.labels if not _is_identifier(label)), None)
    return "" if odd is None else f'Terraform refuses the name "{odd}": it takes letters, digits, _ and -'


def _is_identifier(label: str) -> bool:
    return (label[:1] + label[1:].replace("-", "_")).isidentifier()


def _put_locals(found: Declarations, attributes: Iterable[Attribute], *, override: bool) -> str:
    why = ""
    for attribute in attributes:
        known = found.locals.get(attribute.name)
        if known is not None and not override:
            why = why or f"local.{attribute.name} is declared twice, first in {known.span}"
        else:
            found.locals[attribute.name] = attribute
    return why


def _put(table: dict[K, Written], key: K, block: Written, *, override: bool, optional: bool = False) -> str:
    known = table.get(key)
    if known is None:
        table[key] = block
        return "" if optional or not override else "it overrides a block that is not there"
    if not override:
        return f"{_TWICE}, first in {known.span}"
    table[key] = overridden(known, block)
    return ""


def _constant(attribute: Attribute | None) -> str:
    if attribute is None:
        return ""
    return str(attribute.expr.value) if isinstance(attribute.expr, nodes.Literal) else str(attribute.span)
