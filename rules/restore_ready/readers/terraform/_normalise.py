"""Turns what tfparse returns into blocks, in which every unknown part has a reason and every id an address."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct, field

from restore_ready.model import THIS_REGION, Place, Ref, Str, Unresolved, join_text
from restore_ready.readers.terraform._addresses import module_of, steps
from restore_ready.readers.terraform._block import Block
from restore_ready.readers.terraform._overlay import STAND_INS, settled
from restore_ready.readers.terraform._templates import split_template

Raw: TypeAlias = Mapping[str, object]

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_OWN_REGION = "current-region"
"""What tfparse itself puts for the name of ``data.aws_region``."""

_KEY = re.compile(r"\.\[([^\]\"]*)\]")
"""How tfparse writes an index in a reference that it could not evaluate: ``aws_iam_role.r.[a].name``."""

_REFERENCE = re.compile(r'[A-Za-z_][\w-]*(?:\.[\w-]+|\.?\[(?:\d+|"[^"\\\]]*")\])+')
_META = frozenset({"count", "for_each", "depends_on", "lifecycle", "connection", "provisioner"})
_BLOCKS = frozenset(
    {
        "advanced_backup_setting",
        "assume_role",
        "authorization_config",
        "backup_policy",
        "condition",
        "copy_action",
        "default_tags",
        "ec2_config",
        "efs_volume_configuration",
        "environment",
        "file_system_config",
        "inline_policy",
        "lifecycle",
        "lifecycle_policy",
        "not_principals",
        "posix_user",
        "principals",
        "protected_resource_conditions",
        "protection",
        "recovery_point_selection",
        "root_directory",
        "rule",
        "selection_tag",
        "statement",
        "string_equals",
        "string_like",
        "string_not_equals",
        "string_not_like",
        "volume",
        "vpc_config",
    }
)
"""Nested blocks by name: JSON configuration writes them like maps."""

_HIDDEN = "(sensitive value)"
_DEEPEST = 100

NOT_EVALUATED = Unresolved("the expression could not be evaluated")
"""Stands for null, which tfparse gives for what it can't decide and for an explicit null alike."""

GENERATED = Unresolved("it is generated, and known only once it exists")
"""Stands for the random id that tfparse makes up, a new one for each use, for what a provider or function generates."""


class Given(Struct, frozen=True):
    """A value as tfparse gave it, and the module instance whose names it uses."""

    raw: object
    scope: str


class PartlyKnown(dict[str, object]):
    """A map or object, found by its name, of which some parts are open."""


class Reader(Struct):
    """Reads the blocks of one evaluation.

    Attributes:
        root: the folder that the file names are relative to.
        ids: generated ids to the addresses of their blocks; to an empty one what only looks like such an id.
        givens: what local values and module arguments stand for, by module instance and name:
            ``("module.a", "var.x")``. tfparse gives only the name where a part of such a value is unknown. Safe to look
            at in an overlay only, which keeps incomplete merges out of them.
    """

    root: Path
    ids: Mapping[str, str]
    givens: Mapping[tuple[str, str], Given] = field(default_factory=dict)
    addresses: frozenset[str] = frozenset()
    files: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Collect the addresses that a reference can lead to."""
        self.addresses = frozenset(self.ids.values())

    def block(self, kind: str, raw: Raw) -> Block:
        """Read one block of type *kind*."""
        meta = _meta(raw)
        address = str(meta.get("path"))
        mode = {"data": "data", "resource": "managed"}.get(str(meta.get("type")), kind)
        places: dict[str, tuple[Place, ...]] = {}
        for name, value in raw.items():
            if found := _nested(value):
                places[name] = tuple(self._place(_meta(one)) for one in found)
        if kind == "provider" and isinstance(raw.get("alias"), str):
            address = f"{address}.{raw['alias']}"
        scope = scope_of(address)
        json = str(meta.get("filename")).endswith(".json")
        values = self._values(raw, scope, top=mode in ("data", "managed"), json=json)
        counted = mode in ("data", "managed", "module") and _is_open_count(raw.get("count", 1))
        maybe = (f"the count of {address} could not be evaluated",) if counted else ()
        return Block(address, kind, mode, values, self._place(meta), places, maybe, self._references(meta))

    def _references(self, meta: Raw) -> tuple[str, ...]:
        """Return what a block's own attributes refer to, empty for what has no id, such as a local value."""
        listed = meta.get("references")
        found = listed if isinstance(listed, list) else []
        return tuple(dict.fromkeys(self.ids.get(str(_mapping(one).get("id")), "") for one in found))

    def _place(self, meta: Raw) -> Place:
        name = str(meta.get("filename"))
        if name not in self.files:
            self.files[name] = os.path.normpath(self.root / name)
        start, end = meta.get("line_start"), meta.get("line_end")
        return Place(self.files[name], start if isinstance(start, int) else 0, end if isinstance(end, int) else 0)

    def _values(
        self, raw: Raw, scope: str, *, top: bool = False, json: bool = False, depth: int = 0
    ) -> dict[str, object]:
        values: dict[str, object] = {}
        for name, value in raw.items():
            if name.startswith("__") or (top and name in _META) or (name == "id" and _is_generated(value)):
                continue
            if top and name == "provider" and isinstance(value, dict):
                values[name] = str(value.get("__attribute__", ""))
            elif found := _nested(value, name if json else ""):
                values[name] = [self._values(one, scope, json=json, depth=depth + 1) for one in found]
            else:
                values[name] = self.value(value, scope, name, depth)
        return values

    def value(self, raw: object, scope: str, name: str, depth: int = 0) -> object:
        """Read one value of the attribute *name* in the module instance *scope*."""
        if depth > _DEEPEST:
            return Unresolved("the value is nested too deep")
        if isinstance(raw, str):
            return self.text(raw, scope, name)
        if isinstance(raw, list):
            return [self.value(one, scope, name, depth + 1) for one in raw]
        if isinstance(raw, dict):
            if "__attribute__" in raw:
                return self._given(str(raw["__attribute__"]), scope, name, depth)
            return {key: self.value(one, scope, name, depth + 1) for key, one in raw.items()}
        return NOT_EVALUATED if raw is None else raw

    def _given(self, written: str, scope: str, name: str, depth: int) -> object:
        given = self.givens.get((scope, written))
        if given is None:
            return self.reference(written, scope)
        found = self.value(given.raw, given.scope, name, depth + 1)
        return PartlyKnown(found) if isinstance(found, dict) else found

    def text(self, raw: str, scope: str, name: str) -> Str:
        """Read a string: ids in it become references, and ``${…}`` left in it is open."""
        if raw == _HIDDEN:
            return Unresolved("the value is marked sensitive")
        if "-" not in raw and "$" not in raw:
            return raw
        parts: list[Str] = []
        for is_code, part in split_template(raw.replace(_OWN_REGION, THIS_REGION)):
            if is_code:
                parts.append(self.reference(part, scope))
            else:
                parts.extend(self._with_references(part, name))
        return join_text(parts)

    def _with_references(self, raw: str, name: str) -> list[Str]:
        parts: list[Str] = []
        at = 0
        for found in _ID.finditer(raw):
            address = self.ids.get(found[0])
            if address != "":
                parts += (raw[at : found.start()], GENERATED if address is None else _of_block(address, name))
                at = found.end()
        return [*parts, raw[at:]]

    def reference(self, written: str, scope: str) -> Str:
        """Read an expression that was not evaluated: a reference to a block of this evaluation, or something open."""
        code = _KEY.sub(lambda key: f"[{key[1]}]" if key[1].isdigit() else f'["{key[1]}"]', written.strip())
        if _REFERENCE.fullmatch(code) is None:
            return Unresolved(f"{code} could not be evaluated" if len(code) <= _DEEPEST else NOT_EVALUATED.why)
        found = steps(code)
        if found[0] == "data":
            known = STAND_INS.get(found[1], {}).get(found[-1])
            if known is not None:
                return settled(known)
        prefix = f"{scope}." if scope else ""
        length = 3 if found[0] == "data" else 2
        target = prefix + ".".join(found[:length])
        if target in self.addresses and len(found) == length + 1 and found[0] not in ("module", "var", "local"):
            return Ref(target, found[-1])
        if target in self.addresses and found[length - 2] == "aws_organizations_organization":
            return Ref(target, ".".join(found[length:]))
        if found[0] == "module":
            return Unresolved(f"{code} is not known: what the module returns could not be read")
        return Unresolved(f"{code} has no value")


def scope_of(address: str) -> str:
    """Return the module instance whose names the block of that address uses: for a module call, the caller."""
    scope = module_of(address) if address.startswith("module.") else ""
    return scope if scope != address else ".".join(steps(scope)[:-2])


def givens_of(blocks: Iterable[tuple[str, Raw]]) -> dict[tuple[str, str], Given]:
    """Return what the local values and module arguments among *blocks* (type and block) stand for."""
    givens: dict[tuple[str, str], Given] = {}
    for kind, raw in blocks:
        if kind in ("locals", "module"):
            address = str(_meta(raw).get("path"))
            scope = scope_of(address)
            inner, prefix = (scope, "local.") if kind == "locals" else (address, "var.")
            givens.update({(inner, prefix + name): Given(value, scope) for name, value in raw.items()})
    return givens


def _of_block(address: str, name: str) -> Str:
    """Return what a generated id means that stands in attribute *name*: tfparse has one for ``id`` and ``arn``."""
    scope = scope_of(address)
    found = steps(address[len(scope) :].lstrip("."))
    if found[0] == "module":
        return Unresolved(f"{address} is not known: what the module returns could not be read")
    if found[0] == "data" and found[1] in STAND_INS:
        return (
            settled(STAND_INS[found[1]]["id"]) if name.endswith("id") else Unresolved(f"{address} is known only to AWS")
        )
    if found[0] == "data" and found[1] == "aws_iam_policy_document":
        return Ref(address, "json")
    return Ref(address, "arn" if "arn" in name or name in ("resources", "not_resources", "Resource") else "id")


def written_ids(texts: Iterable[str]) -> dict[str, str]:
    """Return what looks like a generated id but stands in the text of files, each with no address."""
    return {found: "" for text in texts for found in _ID.findall(text)}


def _meta(raw: Raw) -> Raw:
    return _mapping(raw.get("__tfmeta"))


def _mapping(value: object) -> Raw:
    return value if isinstance(value, Mapping) else {}


def _is_open_count(value: object) -> bool:
    return value is None or isinstance(value, dict) or (isinstance(value, str) and "${" in value)


def _nested(value: object, name: str = "") -> Sequence[Raw]:
    """Return the nested blocks that *value* stands for; none if it is an attribute's value.

    *name* is given for JSON configuration, where only the name tells.
    """
    if not isinstance(value, (dict, list)):
        return []
    listed = value if isinstance(value, list) else [value]
    found = [one for one in listed if isinstance(one, dict) and ("__tfmeta" in one or name in _BLOCKS)]
    return found if len(found) == len(listed) else []


def _is_generated(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None
