"""Which provider configuration a resource uses.

https://developer.hashicorp.com/terraform/language/modules/develop/providers
"""

from __future__ import annotations

from collections.abc import Iterator

from restore_ready.model._why_open import NOT_CONFIGURED
from restore_ready.readers.terraform._addresses import SOME
from restore_ready.readers.terraform.configuration._blocks import BlockBody, ProviderConfiguration
from restore_ready.readers.terraform.configuration._bodies import Bodies
from restore_ready.readers.terraform.configuration._instances import Instance, instances
from restore_ready.readers.terraform.configuration._module import Module
from restore_ready.readers.terraform.configuration._names import suffix
from restore_ready.readers.terraform.configuration._resources import Resource
from restore_ready.readers.terraform.language import Scope, Value
from restore_ready.readers.terraform.syntax import Expr, Written, nodes


class Providers:
    """The provider configurations of all modules, each evaluated once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._found: dict[str, ProviderConfiguration] = {}

    def all(self) -> tuple[ProviderConfiguration, ...]:
        """Return those that are known by now."""
        return tuple(self._found.values())

    def declared(self, module: Module) -> None:
        """Evaluate the provider configurations that *module* declares."""
        for name, alias in module.declared.providers if module.declared is not None else ():
            for instance in _instances(module, name, alias):
                self._configured(module, name, alias, instance)

    def of_resource(self, module: Module, resource: Resource) -> ProviderConfiguration:
        """Return the configuration that a resource of *module* uses: the one it names, or the default by its type."""
        written = resource.written.body.attributes.get("provider")
        if written is None:
            return self._find(module, resource.key.type.partition("_")[0], "", None)
        name, alias, key = _named(written.expr, resource.scope, module)
        return self._find(module, name, alias, key)

    def _find(self, module: Module, name: str, alias: str, key: Value) -> ProviderConfiguration:
        """Return the configuration of that local name and alias: the module's own, or what it is handed."""
        while True:
            if module.declared is not None and (name, alias) in module.declared.providers:
                return self._own(module, name, alias, key)
            if module.call is None:
                break
            handed = _handed(module, name, alias)
            if handed is None and alias:
                break
            module = module.call.parent
            name, alias, key = handed or (name, alias, key)
        written = f"provider.{name}.{alias}" if alias else f"provider.{name}"
        address = f"{module.address}.{written}" if module.address else written
        why = NOT_CONFIGURED.said(what=address) if alias else ""
        return self._found.setdefault(address, ProviderConfiguration(address, name, alias, None, why))

    def _own(self, module: Module, name: str, alias: str, key: Value) -> ProviderConfiguration:
        known = _instances(module, name, alias)
        for instance in known:
            if instance.key == key or (instance.key is None and key is None):
                return self._configured(module, name, alias, instance)
        address = f"{_address(module, name, alias)}{SOME}"
        why = f"which instance of {_address(module, name, alias)} is used is not known"
        return self._found.setdefault(address, ProviderConfiguration(address, name, alias, None, why))

    def _configured(self, module: Module, name: str, alias: str, instance: Instance) -> ProviderConfiguration:
        address = _address(module, name, alias) + suffix(instance.key)
        if address not in self._found:
            body = _body(module, _block(module, name, alias), instance.scope, address)
            self._found[address] = ProviderConfiguration(address, name, alias, body)
        return self._found[address]


def _body(module: Module, written: Written, scope: Scope, address: str) -> BlockBody:
    return Bodies(module.shared, address).body(written, scope)


def _block(module: Module, name: str, alias: str) -> Written:
    declared = module.declared
    if declared is None:
        raise KeyError(name)
    return declared.providers[name, alias]


def _instances(module: Module, name: str, alias: str) -> Iterator[Instance]:
    yield from instances(_block(module, name, alias), module.scope, _address(module, name, alias), module.shared)


def _address(module: Module, name: str, alias: str) -> str:
    return ".".join(part for part in (module.address, "provider", name, alias) if part)


def _handed(module: Module, name: str, alias: str) -> tuple[str, str, Value] | None:
    """Return which configuration of the caller *module* is given under that name."""
    call = module.call
    written = call.block.body.attributes.get("providers") if call is not None else None
    if call is None or written is None or not isinstance(written.expr, nodes.ObjectOf):
        return None
    wanted = f"{name}.{alias}" if alias else name
    for key, value in written.expr.items:
        if _dotted(key) == wanted:
            return _named(value, call.instance.scope, call.parent)
    return None


def _named(expr: Expr, scope: Scope, module: Module) -> tuple[str, str, Value]:
    """Return local name, alias and key of the configuration that ``aws.west["x"]`` names."""
    if isinstance(expr, nodes.Index):
        name, _, alias = _dotted(expr.of).partition(".")
        return name, alias, module.shared.value(expr.key, scope)
    name, _, alias = _dotted(expr).partition(".")
    return name, alias, None


def _dotted(expr: Expr) -> str:
    """Return a name as it is written, in quotes or without."""
    if isinstance(expr, nodes.GetAttr):
        return f"{_dotted(expr.of)}.{expr.name}"
    if isinstance(expr, nodes.Name):
        return expr.name
    if isinstance(expr, nodes.Paren):
        return _dotted(expr.of)
    return str(expr.value) if isinstance(expr, nodes.Literal) else ""
