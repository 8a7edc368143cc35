"""Reads a root module: every block that is wanted, evaluated as far as it goes, and what could not be read."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from restore_ready.readers.terraform.configuration._folder import installed, read_file, variable_files
from restore_ready.readers.terraform.configuration._instances import Instance, Module, World, guarded
from restore_ready.readers.terraform.language import EvalError, Obj, Rest, Scope, TooMuch, Unknown, Value, elements
from restore_ready.readers.terraform.syntax import Span
from restore_ready.readers.terraform.syntax import nodes as s

_META = frozenset(("count", "for_each", "depends_on", "provider"))
_META_BLOCKS = frozenset(("lifecycle", "provisioner", "connection"))
_MOST_BLOCKS = 2000
_DEEPEST_BLOCKS = 50


@dataclass(slots=True)
class AttributeValue:
    """An attribute, evaluated; ``expr`` tells what it refers to."""

    value: Value
    span: Span
    expr: s.Expr

    def references(self) -> list[str]:
        return list(dict.fromkeys(".".join(one) for one in s.names(self.expr)))


@dataclass(slots=True)
class BodyValue:
    """Attributes by name and nested blocks by name and in order; *maybe* says why a nested block may not exist."""

    span: Span
    attributes: dict[str, AttributeValue] = field(default_factory=dict)
    blocks: dict[str, list[BodyValue]] = field(default_factory=dict)
    maybe: Unknown | None = None


@dataclass(slots=True)
class BlockValue:
    """One instance of a resource or data source, or a module call that is not here."""

    address: str
    type: str
    mode: str
    body: BodyValue
    maybe: tuple[Unknown, ...] = ()


@dataclass(slots=True)
class Gap:
    what: str
    why: str
    span: Span | None


@dataclass(slots=True)
class Evaluation:
    blocks: list[BlockValue]
    gaps: list[Gap]


def read_root(root: Path, *, var_files: Sequence[Path] = (), wanted: tuple[str, ...] = ("",)) -> Evaluation:
    """Evaluate a root module; *wanted* are beginnings of the types to give."""
    limit, collects = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(limit, 6000))
    gc.disable()  # what is built here stays: looking for rubbish in it takes half of the time
    try:
        return _read(root, var_files, wanted)
    finally:
        sys.setrecursionlimit(limit)
        if collects:
            gc.enable()


def _read(root: Path, var_files: Sequence[Path], wanted: tuple[str, ...]) -> Evaluation:
    world = World(root, [_repository(root)], installed(root))
    given: dict[str, Callable[[], Value]] = {}
    module = Module(world, world.config(root), given)
    for file in [*variable_files(root), *var_files]:
        body, problems = read_file(file)
        for one in problems:
            world.gap(str(one.span), one.why, one.span)
        for name, attribute in body.attributes.items():
            given[name] = lambda attribute=attribute: guarded(attribute, Scope(module))
    blocks: list[BlockValue] = []
    try:
        _module(module, wanted, blocks)
    except TooMuch:
        world.gap(str(root), "it takes too much to evaluate it: not all of it was read", None)
    return Evaluation(blocks, [Gap(*key, span) for key, span in world.gaps.items()])


def _repository(root: Path) -> Path:
    real = root.resolve()
    return next((one for one in (real, *real.parents) if (one / ".git").exists()), real)


def _module(module: Module, wanted: tuple[str, ...], blocks: list[BlockValue]) -> None:
    if module.config is None:
        if module.call is not None and "module".startswith(wanted):
            blocks.append(_unread(module, module.call))
        return
    if "provider".startswith(wanted):
        blocks.extend(_provider(module, one) for one in module.config.providers)
    for key in module.config.resources:
        if key[1].startswith(wanted):
            blocks.extend(_block(one) for _, one in module.instances(key))
    for instances in module.calls():
        for _, one in instances:
            _module(one, wanted, blocks)


def _unread(module: Module, call: s.Written) -> BlockValue:
    found = BodyValue(call.span)
    for name, attribute in call.body.attributes.items():
        if name == "source" or name in module.given:
            value = module.given[name]() if name in module.given else guarded(attribute, Scope(module))
            found.attributes[name] = AttributeValue(value, attribute.span, attribute.expr)
    return BlockValue(module.address, "module", "module", found, module.maybe)


def _provider(module: Module, one: s.Written) -> BlockValue:
    found = _body(one, Scope(module))
    alias = found.attributes.get("alias")
    steps = [module.address, "provider", *one.labels, alias.value if alias and isinstance(alias.value, str) else ""]
    return BlockValue(".".join(filter(None, steps)), "provider", "provider", found)


def _block(one: Instance) -> BlockValue:
    body = one.written.body
    found = BodyValue(one.written.span)
    for name, attribute in body.attributes.items():
        if name == "provider":
            found.attributes[name] = AttributeValue(
                ".".join(next(s.names(attribute.expr), [])), attribute.span, attribute.expr
            )
        elif name not in _META:
            found.attributes[name] = AttributeValue(one.configured(name), attribute.span, attribute.expr)
    _nested(found, [inner for inner in body.blocks if inner.kind not in _META_BLOCKS], one.scope)
    return BlockValue(one.address, one.type, one.mode, found, one.maybe)


def _body(written: s.Written, scope: Scope, maybe: Unknown | None = None, depth: int = 0) -> BodyValue:
    found = BodyValue(written.span, maybe=maybe)
    if depth > _DEEPEST_BLOCKS:
        return found
    body = written.body
    scope.names.world.count_instance()
    for name, attribute in body.attributes.items():
        found.attributes[name] = AttributeValue(guarded(attribute, scope), attribute.span, attribute.expr)
    _nested(found, body.blocks, scope, depth + 1)
    return found


def _nested(found: BodyValue, blocks: Sequence[s.Written], scope: Scope, depth: int = 0) -> None:
    for one in blocks:
        if one.kind == "dynamic" and one.labels:
            found.blocks.setdefault(one.labels[0], []).extend(_dynamic(one, scope, depth))
        else:
            found.blocks.setdefault(one.kind, []).append(_body(one, scope, None, depth))


def _dynamic(written: s.Written, scope: Scope, depth: int) -> Iterator[BodyValue]:
    attributes = written.body.attributes
    content = next((one for one in written.body.blocks if one.kind == "content"), None)
    if "for_each" not in attributes or content is None:
        return
    iterator = attributes["iterator"].expr if "iterator" in attributes else None
    name = iterator.name if isinstance(iterator, s.Name) else written.labels[0]
    if isinstance(iterator, s.Literal):
        name = str(iterator.value)
    over = guarded(attributes["for_each"], scope)
    try:
        pairs = list(elements(over, attributes["for_each"].span))
    except EvalError as error:
        unknown = Unknown(f"the for_each of a dynamic block: {error.why}", error.span)
        pairs = [(unknown, Rest(unknown))]
    for key, value in pairs[:_MOST_BLOCKS]:
        unknown = value.unknown if isinstance(value, Rest) else None
        bound = Obj({"key": unknown or key, "value": unknown or value})
        yield _body(content, scope.bind(**{name: bound}), unknown, depth)
