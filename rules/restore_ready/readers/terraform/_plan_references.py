"""Finds out what a value that is known only after apply will be: which resources its expression refers to.

A plan's configuration lists, for each expression, what it refers to but not how: ``references`` in
https://developer.hashicorp.com/terraform/internals/json-format#expression-representation. An unknown value must come
from something unknown, so references to what is known already don't count; locals are not in a plan at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.model import Ref
from restore_ready.readers.terraform._addresses import bare, index, steps
from restore_ready.readers.terraform._plan_tree import Planned, PlanTree, Tree, any_unknown, mapping

_KNOWN_AT_PLAN: Final = frozenset({"count", "path", "terraform", "self"})
_MOST_STEPS: Final = 2000
_DEEPEST: Final = 40
_IDENTIFYING: Final = frozenset(
    {"arn", "id", "json", "key_id", "minified_json", "name", "target_key_arn", "target_key_id"}
)


class Sources(Struct):
    """What an expression is made from.

    Attributes:
        refs: the resources that its unknown parts come from.
        origins: what these and the settled ones are named by; several instances of one resource count once.
        settled: the resources that it names too, their part being known already; of data sources it is a literal.
        literals: strings in lists that take part in it.
        opaque: what it depends on that a plan does not tell.
        chooses: whether something known takes part that can choose between the others.
    """

    refs: dict[Ref, None] = field(default_factory=dict)
    origins: set[tuple[str, str]] = field(default_factory=set)
    settled: dict[Ref, None] = field(default_factory=dict)
    literals: list[str] = field(default_factory=list)
    opaque: dict[str, None] = field(default_factory=dict)
    chooses: bool = False


class Scope(Struct, frozen=True):
    """Where an expression stands.

    Attributes:
        module: the module instance's address.
        key: the index, with brackets, of the resource or module call it belongs to.
        for_each: the expression its instances come from.
    """

    module: str
    key: str
    for_each: Tree


class _Walk(Struct, frozen=True):
    """One way from an expression to what it refers to.

    Attributes:
        attribute: the one wanted of resources that are named as a whole.
        by_key: whether the expression picks by the key of the resource it belongs to.
    """

    scope: Scope
    attribute: str
    found: Sources
    depth: int = 0
    by_key: bool = False

    def within(self, scope: Scope, *, attribute: str = "", found: Sources | None = None) -> _Walk:
        """Go on in another scope, or for another attribute, or gathering elsewhere."""
        gathered = self.found if found is None else found
        return _Walk(scope, attribute or self.attribute, gathered, self.depth + 1)

    @property
    def own_key(self) -> str:
        """The key by which the expression picks, empty where it picks by none."""
        return self.scope.key if self.by_key else ""


class References:
    """Resolves the references of one plan."""

    def __init__(self, plan: PlanTree) -> None:
        """Take *plan*."""
        self._plan = plan
        self._variables = mapping(plan.tree.get("variables"))
        self._steps_left = 0

    def of(self, expression: Tree, scope: Scope, attribute: str) -> Sources:
        """Return what *expression* is made from; *attribute* is the one wanted of resources it names as a whole."""
        found = Sources()
        self._steps_left = _MOST_STEPS
        self._collect(expression, _Walk(scope, attribute, found))
        return found

    def _collect(self, expression: Tree, walk: _Walk) -> None:
        if "constant_value" in expression:
            _take_known(expression["constant_value"], walk.found)
            return
        references = list(_longest(expression.get("references")))
        by_key = any(steps(one)[0] == "count" or one == "each.key" for one in references)
        for reference in references:
            self._steps_left -= 1
            if walk.depth > _DEEPEST or self._steps_left < 0:
                walk.found.opaque["an expression with too many references"] = None
                return
            self._follow(reference, replace(walk, by_key=by_key))

    def _follow(self, reference: str, walk: _Walk) -> None:
        parts = steps(reference)
        head = parts[0]
        if head == "var" and len(parts) > 1:
            self._variable(bare(parts[1]), walk)
        elif head == "each":
            self._each(parts, walk)
        elif head == "local":
            walk.found.opaque[reference] = None
        elif head == "module" and len(parts) > 1:
            self._output(parts, walk)
        elif head in _KNOWN_AT_PLAN:
            walk.found.chooses = True
        else:
            self._resource(parts, walk)

    def _each(self, parts: list[str], walk: _Walk) -> None:
        """Follow ``each.value``: over another resource's instances it is the one with the same key."""
        walk.found.chooses = True
        if parts[1:] == ["key"]:
            return
        every = Sources()
        own = bare(parts[2]) if len(parts) > 2 else ""  # noqa: PLR2004  # each.value.ATTRIBUTE
        self._collect(walk.scope.for_each, walk.within(walk.scope, attribute=own, found=every))
        key = walk.scope.key
        same = {ref: None for ref in every.refs if key and ref.target.endswith(key)}
        walk.found.refs.update(same if len(same) == 1 else every.refs)
        walk.found.settled.update(every.settled)
        walk.found.origins |= every.origins
        walk.found.opaque.update(every.opaque)

    def _variable(self, name: str, walk: _Walk) -> None:
        module = walk.scope.module
        if not module:
            _take_known(mapping(self._variables.get(name)).get("value"), walk.found)
            return
        call, outside = self._call_of(module)
        given = mapping(call.get("expressions")).get(name)
        if isinstance(given, Mapping):
            self._collect(given, walk.within(outside))
        else:
            declared = mapping(mapping(self._plan.configuration(module).get("variables")).get(name))
            _take_known(declared.get("default"), walk.found)

    def _call_of(self, module: str) -> tuple[Tree, Scope]:
        """Return the call of a module instance, and the scope that its arguments stand in."""
        parts = steps(module)
        caller = ".".join(parts[:-2])
        call = self._plan.call(self._plan.configuration(caller), bare(parts[-1]))
        return call, Scope(caller, index(parts[-1]), mapping(call.get("for_each_expression")))

    def _output(self, parts: list[str], walk: _Walk) -> None:
        name = bare(parts[1])
        module = walk.scope.module
        whole = f"{module}.module.{name}" if module else f"module.{name}"
        called = self._plan.modules.get((module, name), {})
        for instance in _chosen(called, whole, index(parts[1]), walk.own_key):
            outputs = mapping(self._plan.configuration(instance).get("outputs"))
            inside = walk.within(Scope(instance, "", {}))
            if len(parts) > 2:  # noqa: PLR2004  # module.NAME.OUTPUT
                self._collect(mapping(mapping(outputs.get(bare(parts[2]))).get("expression")), inside)
            else:
                self._whole_module(name, outputs, inside)

    def _whole_module(self, name: str, outputs: Tree, walk: _Walk) -> None:
        """Follow ``[for m in module.x : m.arn]``, of which a plan tells only ``module.x``: the output is not named."""
        every = Sources()
        for output in outputs.values():
            self._collect(mapping(mapping(output).get("expression")), walk.within(walk.scope, found=every))
        fitting = {ref: None for ref in every.refs if ref.attribute == walk.attribute}
        if len({_resource_of(ref) for ref in fitting}) != 1:
            walk.found.opaque[f"module.{name}"] = None
            return
        walk.found.refs.update(fitting)
        walk.found.origins.add(("", f"module.{name}"))

    def _resource(self, parts: list[str], walk: _Walk) -> None:
        at = 2 if parts[0] == "data" else 1
        if len(parts) <= at:
            return
        module = walk.scope.module
        base = ".".join([*parts[:at], bare(parts[at])])
        known = self._plan.instances.get((module, base), {})
        named = bare(parts[at + 1]) if len(parts) > at + 1 else ""
        for address in _chosen(known, f"{module}.{base}" if module else base, index(parts[at]), walk.own_key):
            resource = self._plan.resources[address]
            ref = Ref(address, named or walk.attribute)
            if _is_unknown(resource, named) and ref.attribute not in _IDENTIFYING:
                walk.found.opaque[f"{address}.{ref.attribute}"] = None
                continue
            _take(resource, ref, walk.found, unknown=_is_unknown(resource, named))
            walk.found.origins.add((module, base + index(parts[at])))


def _take(resource: Planned, ref: Ref, found: Sources, *, unknown: bool) -> None:
    """Take a resource as what the unknown value comes from, or as one more part of it."""
    known = resource.values.get(ref.attribute)
    if unknown:
        found.refs[ref] = None
    elif resource.mode != "data" and ref.attribute in _IDENTIFYING:
        found.settled[ref] = None
    elif isinstance(known, str):
        found.literals.append(known)
    else:
        found.chooses = True


def _is_unknown(resource: Planned, attribute: str) -> bool:
    if not attribute or attribute not in resource.values:
        return True
    return any_unknown(resource.unknown.get(attribute))


def _resource_of(ref: Ref) -> str:
    return ref.target.removesuffix(index(steps(ref.target)[-1]))


def _take_known(value: object, found: Sources) -> None:
    if isinstance(value, list):
        found.literals.extend(one for one in value if isinstance(one, str))
    elif value is not None:
        found.chooses = True


def _longest(references: object) -> Iterator[str]:
    """Give each reference once: after ``a.b.arn`` a plan lists its beginnings, ``a.b``, too."""
    previous = ""
    for one in references if isinstance(references, list) else []:
        if isinstance(one, str) and not (previous.startswith(one) and previous[len(one) :][:1] in {".", "["}):
            previous = one
            yield one


def _chosen(instances: Mapping[str, None], whole: str, key: str, own_key: str) -> list[str]:
    """Return the instances meant: the one with *key*, else the one with the user's *own_key*, else all."""
    if key:
        return [whole + key] if whole + key in instances else []
    return [whole + own_key] if own_key and whole + own_key in instances else list(instances)
