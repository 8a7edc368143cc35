"""Instances of modules and resources: which there are, and what their names lead to, evaluated when asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from restore_ready.readers.terraform.configuration._folder import Config, load
from restore_ready.readers.terraform.functions import FUNCTIONS
from restore_ready.readers.terraform.language import (
    STRING,
    Budget,
    EvalError,
    Lazy,
    Obj,
    Ref,
    Rest,
    Scope,
    Seq,
    TooMuch,
    Unknown,
    Value,
    convert,
    elements,
    evaluate,
    first_open,
    is_open,
    opened,
    read_type,
    settled,
    walk,
)  # fmt: skip
from restore_ready.readers.terraform.syntax import Span
from restore_ready.readers.terraform.syntax import nodes as s

_CALL_META = frozenset(("source", "version", "count", "for_each", "depends_on", "providers"))
_MOST_NODES = 100_000
_MOST_INSTANCES = 2000
_DEEPEST_MODULES = 12


@dataclass(slots=True)
class World:
    """What all modules of one evaluation share."""

    root: Path
    confines: list[Path]
    """Real paths of the folders that files may be read from: the repository, and those of modules beside it."""
    installed: dict[str, Path]
    budget: Budget = field(default_factory=Budget)
    configs: dict[Path, Config] = field(default_factory=dict)
    gaps: dict[tuple[str, str], Span | None] = field(default_factory=dict)
    instances: int = 0

    def config(self, folder: Path) -> Config:
        if folder not in self.configs:
            found = self.configs[folder] = load(folder)
            if found.resources or found.modules or found.variables:
                self.confines.append(folder.resolve())
            for one in found.problems:
                self.gaps[(str(one.span), one.why)] = one.span
        return self.configs[folder]

    def gap(self, what: str, why: str, span: Span | None) -> None:
        self.gaps.setdefault((what, why), span)

    def count_instance(self) -> None:
        """Count an instance of a block, nested ones too."""
        self.instances += 1
        if self.instances > 50_000:  # noqa: PLR2004
            raise TooMuch


class Space(Lazy):
    """The names after ``var.``, ``local.``, ``aws_efs_file_system.`` …"""

    __slots__ = ("find",)

    def __init__(self, find: Callable[[str, Span | None], Value]) -> None:
        self.find = find

    def attribute(self, name: str, span: Span | None) -> Value:
        return self.find(name, span)

    def whole(self) -> Value:
        return Unknown("all of a kind of name is not a value")


class Instance(Lazy):
    """One instance of a resource or data source."""

    __slots__ = ("address", "type", "mode", "written", "scope", "maybe", "_done")

    def __init__(
        self, address: str, key: tuple[str, str, str], written: s.Written, scope: Scope, maybe: tuple[Unknown, ...]
    ) -> None:
        self.address, self.mode, self.type = address, key[0], key[1]
        self.written, self.scope, self.maybe = written, scope, maybe
        self._done: dict[str, Value] = {}

    def attribute(self, name: str, span: Span | None) -> Value:
        """Return a known value as it is configured; anything else is a reference to this instance's attribute."""
        if name in self.written.body.attributes and name not in ("count", "for_each", "provider", "depends_on"):
            value = self.configured(name)
            if value is not None and first_open(value) is None:
                return value
        return Ref(self.address, (name,), span)

    def configured(self, name: str) -> Value:
        """Return the value of an attribute of the block."""
        if name not in self._done:
            attribute = self.written.body.attributes[name]
            self._done[name] = Unknown(f"{self.address}.{name} depends on itself", attribute.span)
            self._done[name] = guarded(attribute, self.scope)
        return self._done[name]

    def whole(self) -> Value:
        return Obj(
            {}, rest=Unknown(f"the attributes of {self.address} are known only once it is deployed", self.written.span)
        )


class Outputs(Lazy):
    """The outputs of one instance of a module call."""

    __slots__ = ("module",)

    def __init__(self, module: Module) -> None:
        self.module = module

    def attribute(self, name: str, span: Span | None) -> Value:
        return self.module.output(name, span)

    def whole(self) -> Value:
        config = self.module.config
        if config is None:
            return Obj(rest=Unknown(f"{self.module.address} is not here", None))
        found = Obj()
        for name in config.outputs:
            try:
                found[name] = self.module.output(name, None)
            except EvalError as error:
                found[name] = Unknown(error.why, error.span)
        return found


def guarded(attribute: s.Attribute, scope: Scope) -> Value:
    """Evaluate an attribute, whatever happens."""
    try:
        return settled(attribute.expr, scope)
    except TooMuch:
        return Unknown("it takes too much to evaluate it", attribute.span)
    except RecursionError:
        return Unknown("it is nested too deep", attribute.span)


class Module:
    """One instance of a module; the root module has no address.

    Attributes:
        config: what its files declare; ``None`` for a module that is not here.
        given: what its variables are set to, evaluated when asked for.
    """

    def __init__(
        self,
        world: World,
        config: Config | None,
        given: dict[str, Callable[[], Value]],
        *,
        address: str = "",
        key: str = "",
        call: s.Written | None = None,
        maybe: tuple[Unknown, ...] = (),
        above: tuple[Path, ...] = (),
    ) -> None:
        self.world, self.config, self.given, self.address, self.key = world, config, given, address, key
        self.call, self.maybe = call, maybe
        self.above = above if config is None else (*above, config.folder)
        self.functions = FUNCTIONS
        self.budget, self.root, self.confines = world.budget, world.root, world.confines
        self._done: dict[str, Value | EvalError] = {}
        self._spaces: dict[str, Value] = {
            "var": Space(self._variable), "local": Space(self._local), "module": Space(self._call),
            "data": Space(lambda kind, _: Space(lambda name, span: self.resource(("data", kind, name), span))),
            "path": Space(self._path), "terraform": Space(self._terraform),
        }  # fmt: skip

    def lookup(self, name: str, span: Span | None) -> Value:
        found = self._spaces.get(name)
        if found is None:
            if name in ("each", "count", "self"):
                raise EvalError(f"{name} has no meaning here", span)
            if name == "ephemeral":
                return Unknown("ephemeral values are never known", span)
            found = self._spaces[name] = Space(lambda label, at: self.resource(("managed", name, label), at))
        return found

    def _memo(self, what: str, span: Span | None, make: Callable[[], Value]) -> Value:
        if what in self._done:
            found = self._done[what]
            if isinstance(found, EvalError):
                raise found
            return found
        self._done[what] = Unknown(f"{what} depends on itself", span)
        try:
            value = make()
            self._measured(value)
        except EvalError as error:
            self._done[what] = error
            raise
        except TooMuch:
            value = Unknown(f"{what} is too large or takes too much to evaluate", span)
        self._done[what] = value
        return value

    def _measured(self, value: Value) -> None:
        if isinstance(value, (Seq, Obj)):
            for count, _ in enumerate(walk(value)):
                if count > _MOST_NODES:
                    self.budget.spend(count // 2)
                    raise TooMuch

    def _variable(self, name: str, span: Span | None) -> Value:
        block = self.config.variables.get(name) if self.config else None
        if block is None:
            raise EvalError(f"var.{name} is not declared", span)
        return self._memo(f"var.{name}", block.span, lambda: self._given(name, block))

    def _given(self, name: str, block: s.Written) -> Value:
        attributes = block.body.attributes
        kind = (
            read_type(attributes["type"].expr, self._constant)
            if "type" in attributes
            else read_type(s.Name(block.span, "any"))
        )
        nullable = self._constant(attributes["nullable"].expr) is not False if "nullable" in attributes else True
        if name in self.given:
            value = self.given[name]()
            if value is not None or nullable or "default" not in attributes:
                try:
                    return convert(value, kind)
                except EvalError as error:
                    raise EvalError(f"var.{name}: {error.why}", error.span or block.span) from None
        if "default" in attributes:
            return convert(self._constant(attributes["default"].expr), kind)
        return Unknown(f"var.{name} has no default and is not set", block.span)

    def _constant(self, expr: s.Expr) -> Value:
        return settled(expr, Scope(self))

    def _local(self, name: str, span: Span | None) -> Value:
        attribute = self.config.locals.get(name) if self.config else None
        if attribute is None:
            raise EvalError(f"local.{name} is not declared", span)
        return self._memo(f"local.{name}", attribute.span, lambda: evaluate(attribute.expr, Scope(self)))

    def output(self, name: str, span: Span | None) -> Value:
        """Return what the module returns under a name."""
        if self.config is None:
            return Ref(self.address, (name,), span)
        block = self.config.outputs.get(name)
        if block is None:
            raise EvalError(f"{self.address} has no output {name}", span)
        value = block.body.attributes.get("value")
        if value is None:
            return None
        return self._memo(f"{self.address}.{name}", block.span, lambda: evaluate(value.expr, Scope(self)))

    def _path(self, name: str, span: Span | None) -> Value:
        if name == "module" and self.config is not None:
            return os.path.relpath(self.config.folder, self.world.root).replace(os.sep, "/")
        return "." if name == "root" else Unknown(f"path.{name} depends on where Terraform runs", span)

    def _terraform(self, name: str, span: Span | None) -> Value:
        return Unknown(f"terraform.{name} is chosen when Terraform runs", span)

    def resource(self, key: tuple[str, str, str], span: Span | None) -> Value:
        """Return what a resource's name stands for: one instance, or all by number or key."""
        block = self.config.resources.get(key) if self.config else None
        if block is None:
            raise EvalError(f"{'data.' if key[0] == 'data' else ''}{key[1]}.{key[2]} is not declared", span)
        found = self.instances(key)
        return _shape(list(found), next((one.maybe[-1] for _, one in found if len(one.maybe) > len(self.maybe)), None))

    def instances(self, key: tuple[str, str, str]) -> list[tuple[Value, Instance]]:
        """Return the instances of a resource with their numbers or keys."""
        what = ".".join((("data",) if key[0] == "data" else ()) + key[1:])
        if what not in self._cache:
            block = self.config.resources[key]
            self._cache[what] = []
            address = f"{self.address}.{what}" if self.address else what
            for at, scope, maybe in self._expanded(block, address):
                self._cache[what].append(
                    (at, Instance(address + _suffix(at), key, block, scope, (*self.maybe, *maybe)))
                )
        return self._cache[what]

    @property
    def _cache(self) -> dict[str, list]:
        if "#" not in self.__dict__:
            self.__dict__["#"] = {}
        return self.__dict__["#"]

    def _expanded(self, block: s.Written, address: str) -> Iterator[tuple[Value, Scope, tuple[Unknown, ...]]]:
        """Give number or key, scope and what the existence depends on for each instance of a block."""
        attributes = block.body.attributes
        scope = Scope(self)
        if "count" in attributes:
            count = guarded(attributes["count"], scope)
            count = Unknown(f"the count of {address} is null", attributes["count"].span) if count is None else count
            if is_open(count) or not isinstance(count, (int, str)):
                unknown = (
                    opened(count) if is_open(count) else Unknown("the count is not a number", attributes["count"].span)
                )
                yield 0, scope.bind(count=Obj({"index": 0})), (unknown,)
                return
            for at in range(min(int(count), _MOST_INSTANCES)):
                self.world.count_instance()
                yield at, scope.bind(count=Obj({"index": at})), ()
            if int(count) > _MOST_INSTANCES:
                self.world.gap(address, f"it has {count} instances, of which {_MOST_INSTANCES} are read", block.span)
        elif "for_each" in attributes:
            over = guarded(attributes["for_each"], scope)
            try:
                pairs = list(elements(over, attributes["for_each"].span))
            except EvalError as error:
                pairs = [(None, Rest(Unknown(f"the for_each of {address}: {error.why}", error.span)))]
            if len(pairs) > _MOST_INSTANCES:
                self.world.gap(
                    address, f"it has {len(pairs)} instances, of which {_MOST_INSTANCES} are read", block.span
                )
            for key, value in pairs[:_MOST_INSTANCES]:
                self.world.count_instance()
                of_set = isinstance(over, Seq)
                open_key = opened(value) if isinstance(value, Rest) or (of_set and is_open(value)) else None
                if open_key is not None:
                    each = Obj(
                        {
                            "key": open_key if isinstance(value, Rest) else value,
                            "value": open_key if isinstance(value, Rest) else value,
                        }
                    )
                    yield open_key, scope.bind(each=each), (open_key,)
                else:
                    name = convert(value if of_set else key, STRING)
                    yield name, scope.bind(each=Obj({"key": name, "value": value})), ()
        else:
            self.world.count_instance()
            yield None, scope, ()

    def calls(self) -> Iterator[list[tuple[Value, Module]]]:
        """Give the instances of each module call."""
        for name in self.config.modules if self.config else ():
            yield self.called(name)

    def called(self, name: str) -> list[tuple[Value, Module]]:
        """Return the instances of a module call with their numbers or keys."""
        what = f"module.{name}"
        if what not in self._cache:
            self._cache[what] = []
            block = self.config.modules[name]
            address = f"{self.address}.{what}" if self.address else what
            key = f"{self.key}.{name}" if self.key else name
            config = self._callee(block, address, key)
            for at, scope, maybe in self._expanded(block, address):
                given = {
                    one: (lambda attribute=attribute, scope=scope: guarded(attribute, scope))
                    for one, attribute in block.body.attributes.items()
                    if one not in _CALL_META
                }
                child = Module(
                    self.world, config, given, address=address + _suffix(at), key=key, call=block,
                    maybe=(*self.maybe, *maybe), above=self.above,
                )  # fmt: skip
                self._cache[what].append((at, child))
        return self._cache[what]

    def _callee(self, block: s.Written, address: str, key: str) -> Config | None:
        source = guarded(block.body.attributes["source"], Scope(self)) if "source" in block.body.attributes else None
        if isinstance(source, str) and source.startswith(("./", "../")) or source in (".", ".."):
            folder = Path(os.path.normpath(self.config.folder / str(source)))
        else:
            folder = self.world.installed.get(key)
        if folder is None or not folder.is_dir():
            self.world.gap(address, f"the module {source if isinstance(source, str) else ''} is not here", block.span)
            return None
        if folder in self.above or len(self.above) > _DEEPEST_MODULES:
            self.world.gap(address, "its modules call each other in a circle", block.span)
            return None
        return self.world.config(folder)

    def _call(self, name: str, span: Span | None) -> Value:
        if self.config is None or name not in self.config.modules:
            raise EvalError(f"module.{name} is not declared", span)
        found = self.called(name)
        maybe = next((one.maybe[-1] for _, one in found if len(one.maybe) > len(self.maybe)), None)
        return _shape([(at, Outputs(one)) for at, one in found], maybe)


def _suffix(at: Value) -> str:
    if at is None:
        return ""
    if isinstance(at, int):
        return f"[{at}]"
    if isinstance(at, str):
        return '["' + at.replace("\\", "\\\\").replace('"', '\\"') + '"]'
    return '["?"]'


def _shape(found: list[tuple[Value, Lazy]], maybe: Unknown | None) -> Value:
    if len(found) == 1 and found[0][0] is None:
        return found[0][1]
    if found and not isinstance(found[0][0], int):
        shape = Obj((at, one) for at, one in found if isinstance(at, str))
        shape.rest = next((opened(at) for at, _ in found if is_open(at)), None)
        return shape
    return Seq([one for _, one in found], maybe=maybe)
