"""Takes a plan's JSON apart: resources as planned, what of them is unknown, and their configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from restore_ready._errors import UnreadableError
from restore_ready.readers.terraform._addresses import bare, index, module_of, steps

Tree = Mapping[str, object]
_DEEPEST_MODULE = 64


class Planned(Struct, frozen=True):
    """A resource as it will be, or a data source.

    Attributes:
        key: its index with brackets: ``["a"]``, ``[0]``, or empty.
        unknown: what is known only after apply, as ``after_unknown`` has it: ``true`` in place of each such value.
        sensitive: what must not be shown, in the same shape.
    """

    address: str
    type: str
    name: str
    mode: str
    key: str
    values: Tree
    unknown: Tree
    sensitive: Tree

    @property
    def module(self) -> str:
        """The address of its module instance; empty for the root module."""
        return module_of(self.address)

    @property
    def base(self) -> str:
        """Its address in its module, without index."""
        return f"data.{self.type}.{self.name}" if self.mode == "data" else f"{self.type}.{self.name}"


class PlanTree(Struct):
    """A plan.

    Attributes:
        resources: by address.
        instances: the addresses of each resource's instances, by module instance and resource without index.
        modules: the addresses of each module call's instances, by calling module instance and name.
    """

    path: Path
    tree: Tree
    resources: dict[str, Planned] = field(default_factory=dict)
    instances: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    modules: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    _configurations: dict[str, Tree] = field(default_factory=dict)
    _blocks: dict[str, dict[str, Tree]] = field(default_factory=dict)

    def configuration(self, module: str) -> Tree:
        """Return the configuration of a module instance; empty where the plan has none."""
        if module not in self._configurations:
            *outer, name = steps(module)
            call = self.call(self.configuration(".".join(outer[:-1])), bare(name)) if module else None
            inner = mapping(self.tree.get("configuration")).get("root_module") if call is None else call.get("module")
            self._configurations[module] = mapping(inner)
        return self._configurations[module]

    @staticmethod
    def call(configuration: Tree, name: str) -> Tree:
        """Return the call of module *name* in a module's configuration."""
        return mapping(mapping(configuration.get("module_calls")).get(name))

    def called(self, module: str, name: str) -> Mapping[str, None] | None:
        """Return the addresses of the instances of a module call; ``None`` where a plan does not tell them.

        Those that hold resources are in sight. One that just hands values on exists once if nothing repeats it.
        """
        listed = self.modules.get((module, name))
        call = self.call(self.configuration(module), name)
        if listed is not None or not call:
            return listed
        if not is_repeated(call):
            return {f"{module}.module.{name}" if module else f"module.{name}": None}
        return {} if mapping(call.get("module")).get("resources") else None

    def block(self, module: str, base: str) -> Tree:
        """Return the configuration of the resource *base* of a module instance; empty where the plan has none."""
        if module not in self._blocks:
            listed = self.configuration(module).get("resources")
            found = [mapping(block) for block in listed] if isinstance(listed, list) else []
            self._blocks[module] = {str(block.get("address")): block for block in found}
        return self._blocks[module].get(base, {})


def is_repeated(block: Tree) -> bool:
    """Return whether the configuration of a resource or module call has count or for_each."""
    return "count_expression" in block or "for_each_expression" in block


def mapping(value: object) -> Tree:
    """Return *value* if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def any_unknown(mark: object) -> bool:
    """Return whether a part of ``after_unknown`` marks anything unknown."""
    waiting = [mark]
    while waiting:
        part = waiting.pop()
        if part is True:
            return True
        if isinstance(part, Mapping):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return False


def plan_tree(path: Path, tree: object) -> PlanTree:
    """Index the plan in *tree*.

    Raises:
        UnreadableError: if it does not have the shape of ``terraform show -json PLAN``.
    """
    if not isinstance(tree, Mapping) or not isinstance(tree.get("planned_values"), Mapping):
        raise UnreadableError(path, "is not a Terraform plan in JSON: it has no planned_values")
    plan = PlanTree(path, tree)
    unknown = dict(_unknown(plan))
    for resource in _resources(plan, tree["planned_values"].get("root_module", {}), "planned_values"):
        _add(plan, resource, unknown)
    before = mapping(mapping(tree.get("prior_state")).get("values"))
    for resource in _resources(plan, before.get("root_module", {}), "prior_state"):
        if resource.get("mode") == "data":
            _add(plan, resource, unknown)
    return plan


def _add(plan: PlanTree, resource: Tree, unknown: Mapping[str, Tree]) -> None:
    address, kind, name, mode = (resource.get(key) for key in ("address", "type", "name", "mode"))
    if not isinstance(address, str) or not isinstance(kind, str) or not isinstance(name, str):
        raise UnreadableError(plan.path, "is not a Terraform plan in JSON: a resource has no address, type or name")
    if address in plan.resources:
        return
    key, values, hidden = index(steps(address)[-1]), mapping(resource.get("values")), resource.get("sensitive_values")
    found = Planned(address, kind, name, str(mode), key, values, unknown.get(address, {}), mapping(hidden))
    plan.resources[address] = found
    plan.instances.setdefault((found.module, found.base), {})[address] = None
    module = found.module
    while module:
        *caller, _, called = steps(module)
        outer = ".".join(caller)
        plan.modules.setdefault((outer, bare(called)), {})[module] = None
        module = outer


def _resources(plan: PlanTree, module: object, where: str, depth: int = 0) -> Iterator[Tree]:
    """Yield the resources of a module and of those that it calls."""
    if not isinstance(module, Mapping) or depth > _DEEPEST_MODULE:
        why = "modules are nested too deeply" if depth > _DEEPEST_MODULE else "a module is not an object"
        raise UnreadableError(plan.path, f"is not a Terraform plan in JSON: {why} in {where}")
    for name in ("resources", "child_modules"):
        listed = module.get(name, [])
        if not isinstance(listed, list) or not all(isinstance(entry, Mapping) for entry in listed):
            why = f"{name} in {where} is not a list of objects"
            raise UnreadableError(plan.path, f"is not a Terraform plan in JSON: {why}")
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from _resources(plan, child, where, depth + 1)


def changes(plan: PlanTree) -> Iterator[Tree]:
    """Return what the plan does to each resource.

    Raises:
        UnreadableError: if it does not list it.
    """
    listed = plan.tree.get("resource_changes", [])
    if not isinstance(listed, list):
        raise UnreadableError(plan.path, "is not a Terraform plan in JSON: resource_changes is not a list")
    return map(mapping, listed)


def _unknown(plan: PlanTree) -> Iterator[tuple[str, Tree]]:
    for change in changes(plan):
        address = change.get("address")
        if isinstance(address, str) and "deposed" not in change:
            yield address, mapping(mapping(change.get("change")).get("after_unknown"))
