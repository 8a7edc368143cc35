"""Instances of modules: what their names lead to, evaluated when asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from restore_ready.model._why_open import UNREAD_OUTPUTS
from restore_ready.readers.terraform.configuration._bounds import DEEPEST_MODULES
from restore_ready.readers.terraform.configuration._declarations import Declarations, ResourceKey
from restore_ready.readers.terraform.configuration._definitions import Definition, Definitions
from restore_ready.readers.terraform.configuration._existence import Conditions
from restore_ready.readers.terraform.configuration._instances import Instance, instances
from restore_ready.readers.terraform.configuration._memo import Memo
from restore_ready.readers.terraform.configuration._modules import Found
from restore_ready.readers.terraform.configuration._names import Named, Space, suffix, together
from restore_ready.readers.terraform.configuration._outputs import Outputs
from restore_ready.readers.terraform.configuration._resources import Resource
from restore_ready.readers.terraform.configuration._shared import Shared
from restore_ready.readers.terraform.configuration._typed import variable
from restore_ready.readers.terraform.functions import FUNCTIONS
from restore_ready.readers.terraform.language import (
    EvalError,
    Function,
    Ref,
    Scope,
    Unknown,
    Value,
    evaluate,
)
from restore_ready.readers.terraform.syntax import Span, Written

CALL_META: Final = frozenset({"source", "version", "count", "for_each", "depends_on", "providers"})
"""Arguments of a module call that are no variables of the module."""

_OF_INSTANCES: Final = frozenset({"each", "count", "self"})
"""Names that have a meaning within some blocks only."""


class Call(msgspec.Struct, frozen=True):
    """How a module instance is called.

    Attributes:
        block: the ``module`` block.
        parent: the module that calls.
        instance: which of the instances of the call this is.
        key: the names of the calls from the root: ``backup.vault``.
        source: the value of ``source``.
        found: where the module is.
    """

    block: Written
    parent: Module
    instance: Instance
    key: str
    source: Value
    found: Found


class Module(Definitions):
    """One instance of a module; the root module has no call, and an address only where a tool runs several.

    Attributes:
        declared: what its files declare; ``None`` for a module that is not here.
        given: what its variables are set to.
        address: ``module.backup["a"]``.
        maybe: on what its existence depends.
        children: the instances of each module call, by name, as far as they have been asked for.
    """

    def __init__(
        self,
        shared: Shared,
        declared: Declarations | None,
        given: Mapping[str, Definition],
        call: Call | None = None,
        address: str = "",
    ) -> None:
        """Take what it declares and what it is given, and the *address* of a root module that has one."""
        self.shared, self.declared, self.given, self.call = shared, declared, given, call
        self.address = address
        self.maybe: Conditions = ()
        if call is not None:
            name = f"module.{call.block.labels[0]}{suffix(call.instance.key)}"
            self.address = f"{call.parent.address}.{name}" if call.parent.address else name
            self.maybe = (*call.parent.maybe, *call.instance.maybe)
        self.root, self.budget = shared.root, shared.steps.budget
        self.functions: Mapping[str, Function] = FUNCTIONS
        self.children: dict[str, list[tuple[Value, Module]]] = {}
        self.scope = Scope(self)
        self._memo = Memo(shared.steps)
        self._resources: dict[ResourceKey, list[tuple[Value, Resource]]] = {}
        self._spaces: dict[str, Value] = {
            "var": Space("var", self._variable),
            "local": Space("local", self._local),
            "module": Space("module", self._called),
            "data": Space("data", lambda kind, _: self._of_type("data", kind)),
            "ephemeral": Space("ephemeral", _ephemeral),
            "path": Space("path", self._path),
            "terraform": Space("terraform", _terraform),
            "tofu": Space("tofu", _terraform),
        }

    def readable(self, path: Path) -> str:
        """Return why expressions may not read the file *path*, its links resolved; empty if they may."""
        return self.shared.confines.refusal(path)

    def lookup(self, name: str, span: Span | None) -> Value:
        """Return what the first part of a name stands for.

        Raises:
            EvalError: if it has no meaning here.
        """
        found = self._spaces.get(name)
        if found is None:
            if name in _OF_INSTANCES:
                msg = f"{name} has no meaning here"
                raise EvalError(msg, span)
            found = self._spaces[name] = self._of_type("managed", name)
        return found

    def definition(self, kind: str, name: str, output: str) -> Definition | None:
        """Return what ``var.name``, ``local.name`` or ``module.name.output`` is defined as, where one place says it."""
        if kind == "var":
            return self.given.get(name)
        if self.declared is None:
            return None
        if kind == "local":
            written = self.declared.locals.get(name)
            return Definition(written.expr, self.scope) if written is not None else None
        children = self.called(name) if name in self.declared.modules else []
        if len(children) != 1 or children[0][0] is not None or children[0][1].declared is None:
            return None
        child = children[0][1]
        block = child.declared.outputs.get(output) if child.declared is not None else None
        value = block.body.attributes.get("value") if block is not None else None
        return Definition(value.expr, child.scope) if value is not None else None

    def default(self, name: str) -> Definition | None:
        """Return the default of a variable that is not given."""
        block = None if self.declared is None or name in self.given else self.declared.variables.get(name)
        written = block.body.attributes.get("default") if block is not None else None
        return Definition(written.expr, self.scope) if written is not None else None

    def instances(self, key: ResourceKey) -> list[tuple[Value, Resource]]:
        """Return the instances of a resource that is declared here, with their numbers or keys."""
        if key not in self._resources:
            self._resources[key] = []  # while its count is evaluated, which may ask for itself
            block = self._declared().resources[key]
            address = f"{self.address}.{key.address}" if self.address else key.address
            for found in instances(block, self.scope, address, self.shared):
                instance = Instance(found.key, found.scope, (*self.maybe, *found.maybe))
                resource = Resource(address + suffix(found.key), key, block, instance, self.shared)
                self._resources[key].append((found.key, resource))
        return self._resources[key]

    def called(self, name: str) -> list[tuple[Value, Module]]:
        """Return the instances of a module call with their numbers or keys."""
        if name not in self.children:
            self.children[name] = []
            self.children[name] += self._calls(name)
        return self.children[name]

    def output(self, name: str, span: Span | None) -> Value:
        """Return what the module returns under a name.

        Raises:
            EvalError: if it has no such output.
        """
        if self.declared is None:
            return Ref(self.address, (name,), span)
        block = self.declared.outputs.get(name)
        if block is None:
            msg = f"{self.address} has no output {name}"
            raise EvalError(msg, span)
        value = block.body.attributes.get("value")
        if value is None:
            return None
        return self._memo.value(f"{self.address}.{name}", block.span, lambda: evaluate(value.expr, self.scope))

    def _calls(self, name: str) -> list[tuple[Value, Module]]:
        declared = self._declared()
        block = declared.modules[name]
        address = f"{self.address}.module.{name}" if self.address else f"module.{name}"
        key = f"{self.call.key}.{name}" if self.call is not None else name
        source = block.body.attributes.get("source")
        value = self.shared.value(source.expr, self.scope) if source is not None else None
        found = self._found(value, key, declared.folder)
        callee = self.shared.declarations(found.folder) if found.folder is not None else None
        if callee is not None and callee.is_empty:
            callee, found = None, Found(found.folder, f"the module {value} could not be read: it has no blocks")
        children: list[tuple[Value, Module]] = []
        for instance in instances(block, self.scope, address, self.shared):
            given = {
                argument: Definition(attribute.expr, instance.scope)
                for argument, attribute in block.body.attributes.items()
                if argument not in CALL_META
            }
            call = Call(block, self, instance, key, value, found)
            children.append((instance.key, Module(self.shared, callee, given, call)))
        return children

    def _found(self, source: Value, key: str, folder: Path) -> Found:
        found = self.shared.folders.find(source, key, folder)
        above = [self._declared().folder, *_folders_above(self)]
        if found.folder in above:
            return Found(None, f"the module {source} is not read: modules call each other in a circle")
        if len(above) > DEEPEST_MODULES:
            return Found(None, f"the module {source} is not read: modules are nested more than {DEEPEST_MODULES} deep")
        return found

    def _declared(self) -> Declarations:
        if self.declared is None:
            msg = (
                UNREAD_OUTPUTS.said(what=self.address)
                if self.address
                else "values of variables can't refer to anything"
            )
            raise EvalError(msg)
        return self.declared

    def _variable(self, name: str, span: Span | None) -> Value:
        block = self._declared().variables.get(name)
        if block is None:
            msg = f"var.{name} is not declared"
            raise EvalError(msg, span)
        return self._memo.value(
            f"var.{name}", block.span, lambda: variable(name, block, self.given.get(name), self.scope, self.address)
        )

    def _local(self, name: str, span: Span | None) -> Value:
        attribute = self._declared().locals.get(name)
        if attribute is None:
            msg = f"local.{name} is not declared"
            raise EvalError(msg, span)
        return self._memo.value(f"local.{name}", attribute.span, lambda: evaluate(attribute.expr, self.scope))

    def _of_type(self, mode: str, kind: str) -> Space:
        what = kind if mode == "managed" else f"{mode}.{kind}"
        return Space(what, lambda name, span: self._resource(ResourceKey(mode, kind, name), span))

    def _resource(self, key: ResourceKey, span: Span | None) -> Value:
        if key not in self._declared().resources:
            msg = f"{key.address} is not declared"
            raise EvalError(msg, span)
        found = self.instances(key)
        return together([Named(at, resource, resource.maybe) for at, resource in found], self.maybe)

    def _called(self, name: str, span: Span | None) -> Value:
        if name not in self._declared().modules:
            msg = f"module.{name} is not declared"
            raise EvalError(msg, span)
        found = self.called(name)
        return together([Named(key, Outputs(child), child.maybe) for key, child in found], self.maybe)

    def _path(self, name: str, span: Span | None) -> Value:
        if name == "module":
            return os.path.relpath(self._declared().folder, self.root).replace(os.sep, "/")
        return "." if name == "root" else Unknown(f"path.{name} depends on where Terraform runs", span)


def _folders_above(module: Module) -> list[Path]:
    found: list[Path] = []
    call = module.call
    while call is not None:
        if call.parent.declared is not None:
            found.append(call.parent.declared.folder)
        call = call.parent.call
    return found


def _ephemeral(_: str, span: Span | None) -> Value:
    return Unknown("ephemeral values are known only while Terraform runs", span)


def _terraform(name: str, span: Span | None) -> Value:
    return Unknown(f"terraform.{name} is chosen when Terraform runs", span)
