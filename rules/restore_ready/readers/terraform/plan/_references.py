"""Follows the references of a plan's expressions: through modules, variables and ``each`` to resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from restore_ready.model._why_open import DEPLOYED, MIXED_IN_PLAN
from restore_ready.readers.terraform._addresses import bare, index, steps
from restore_ready.readers.terraform.language import Ref
from restore_ready.readers.terraform.plan._sources import Sources, instances, of_known, opaque, together
from restore_ready.readers.terraform.plan._tree import Planned, PlanTree, Tree, any_unknown, is_repeated, mapping

_KNOWN_AT_PLAN: Final = frozenset({"count", "path", "terraform", "self"})
_MOST_STEPS: Final = 1000
_DEEPEST: Final = 40
_TOO_MANY: Final = "it is made from too many references"
_IDENTIFYING: Final = frozenset(
    {"arn", "id", "json", "key_id", "minified_json", "name", "target_key_arn", "target_key_id"}
)
_MADE_BY_EFS: Final = ("aws_efs_replication_configuration", "destination")
"""What names the file system that EFS makes as a replica."""


class Scope(Struct, frozen=True):
    """Where an expression stands.

    Attributes:
        module: the module instance's address.
        key: the index, with brackets, of the resource or module call it belongs to.
        siblings: how many instances that has.
        for_each: the expression its instances come from.
    """

    module: str
    key: str = ""
    siblings: int = 1
    for_each: Tree = {}


class _Walk(Struct, frozen=True):
    """One way from an expression to what it refers to.

    Attributes:
        attribute: the one wanted of resources that are named as a whole.
        is_list: whether the value is a list, which may leave out some of what its expression refers to.
        by_key: whether the expression picks by the key of the resource it belongs to.
    """

    scope: Scope
    attribute: str
    is_list: bool
    depth: int = 0
    by_key: bool = False

    def within(self, scope: Scope, attribute: str = "") -> _Walk:
        """Go on in another scope, or for another attribute."""
        return _Walk(scope, attribute or self.attribute, self.is_list, self.depth + 1)

    def chosen(self, known: Mapping[str, None], whole: str, key: str) -> list[str]:
        """Return the instances meant of *known*: the one with *key*, else the one with the user's own key, else all.

        By number, resources belong together where there are as many of both.
        """
        if key:
            return [whole + key] if whole + key in known else []
        scope = self.scope
        own = whole + scope.key
        by_own = self.by_key and scope.key and own in known and not self.is_list
        is_paired = '"' in scope.key or scope.siblings == len(known)
        return [own] if by_own and is_paired else list(known)


class References:
    """Resolves the references of one plan."""

    def __init__(self, plan: PlanTree) -> None:
        """Take *plan*."""
        self._plan = plan
        self._variables = mapping(plan.tree.get("variables"))
        self._steps_left = 0

    def of(self, expression: Tree, scope: Scope, attribute: str, *, is_list: bool) -> Sources:
        """Return what *expression* is made from; *attribute* is the one wanted of resources it names as a whole."""
        self._steps_left = _MOST_STEPS
        if not any(written_out(expression.get("references"))):
            return opaque("it is known only after apply")
        return self._expression(expression, _Walk(scope, attribute, is_list))

    def _expression(self, expression: Tree, walk: _Walk) -> Sources:
        if "constant_value" in expression:
            return of_known(expression["constant_value"])
        references = list(written_out(expression.get("references")))
        self._steps_left -= len(references)
        if walk.depth > _DEEPEST or self._steps_left < 0:
            return opaque(_TOO_MANY)
        by_key = any(steps(reference)[0] == "count" or reference == "each.key" for reference in references)
        inner = _Walk(walk.scope, walk.attribute, walk.is_list, walk.depth, by_key)
        return together([(self._follow(reference, inner), _is_single(reference)) for reference in references])

    def _follow(self, reference: str, walk: _Walk) -> Sources:
        parts = steps(reference)
        head = parts[0]
        if head == "var" and len(parts) > 1:
            return self._variable(parts, walk)
        if head == "each":
            return self._each(parts, walk)
        if head == "local":
            return opaque(_not_told(parts))
        if head == "module" and len(parts) > 1:
            return self._output(parts, walk)
        return Sources() if head in _KNOWN_AT_PLAN else self._resource(parts, walk)

    def _each(self, parts: list[str], walk: _Walk) -> Sources:
        """Follow ``each.value``: over another resource's instances it is the one with the same key."""
        scope = walk.scope
        if parts[1:] == ["key"]:
            return Sources()
        if "references" not in scope.for_each:
            return of_known([]) if scope.for_each else opaque(_not_told(parts))
        every = self._expression(scope.for_each, walk.within(scope, _attribute(parts, 2)))
        over = list(written_out(scope.for_each.get("references")))
        same = [ref for ref in every.unknown if scope.key and _has_key(ref, scope.key)]
        if len(over) == 1 and "[" not in over[0] and len(same) == 1 and not every.opaque:
            return Sources((same[0],))
        return every

    def _variable(self, parts: list[str], walk: _Walk) -> Sources:
        name, module = bare(parts[1]), walk.scope.module
        if not module:
            return of_known(mapping(self._variables.get(name)).get("value"))
        call, outside = self._call_of(module)
        given = mapping(call.get("expressions")).get(name)
        if isinstance(given, Mapping):
            return self._expression(given, walk.within(outside, _attribute(parts, 2)))
        declared = mapping(mapping(self._plan.configuration(module).get("variables")).get(name))
        return of_known(declared.get("default"))

    def _call_of(self, module: str) -> tuple[Tree, Scope]:
        """Return the call of a module instance, and the scope that its arguments stand in."""
        parts = steps(module)
        caller, name = ".".join(parts[:-2]), bare(parts[-1])
        call = self._plan.call(self._plan.configuration(caller), name)
        siblings = len(self._plan.called(caller, name) or ())
        return call, Scope(caller, index(parts[-1]), siblings, mapping(call.get("for_each_expression")))

    def _output(self, parts: list[str], walk: _Walk) -> Sources:
        name = bare(parts[1])
        module = walk.scope.module
        whole = f"{module}.module.{name}" if module else f"module.{name}"
        called = self._plan.called(module, name)
        wanted = _attribute(parts, 2)
        if called is None or not wanted:
            return opaque(_not_told(parts))
        found: list[Sources] = []
        for instance in walk.chosen(called, whole, index(parts[1])):
            output = mapping(mapping(self._plan.configuration(instance).get("outputs")).get(wanted))
            inside = walk.within(Scope(instance), _attribute(parts, 3))
            found.append(self._expression(mapping(output.get("expression")), inside))
        return instances(found)

    def _resource(self, parts: list[str], walk: _Walk) -> Sources:
        at = 2 if parts[0] == "data" else 1
        if len(parts) <= at:
            return opaque(_not_told(parts))
        module = walk.scope.module
        base = ".".join([*parts[:at], bare(parts[at])])
        known = self._plan.instances.get((module, base), {})
        if not known and not is_repeated(self._plan.block(module, base)):
            return opaque(_not_told(parts))
        attribute = _attribute(parts, at + 1) or walk.attribute
        meant = walk.chosen(known, f"{module}.{base}" if module else base, index(parts[at]))
        self._steps_left -= len(meant)
        if self._steps_left < 0:
            return opaque(_TOO_MANY)
        return instances([_attribute_of(self._plan.resources[address], attribute) for address in meant])


def _attribute_of(resource: Planned, attribute: str) -> Sources:
    """Return an attribute as what the unknown value comes from, or as one more part of it."""
    ref = Ref(resource.address, (attribute,))
    known = resource.values.get(attribute)
    if attribute not in resource.values or any_unknown(resource.unknown.get(attribute)):
        if attribute not in _IDENTIFYING and (resource.type, attribute) != _MADE_BY_EFS:
            return opaque(DEPLOYED.said(what=ref))
        return Sources((ref,))
    if resource.mode != "data" and attribute in _IDENTIFYING:
        return Sources(settled=(ref,))
    return Sources(settled=(known,)) if isinstance(known, str) else of_known(known)


def _not_told(parts: list[str]) -> str:
    return f"{MIXED_IN_PLAN.words} what {'.'.join(parts)} is"


def _attribute(parts: list[str], at: int) -> str:
    """Return the attribute that a reference names at that step, empty where it ends before."""
    return bare(parts[at]) if len(parts) > at else ""


def _is_single(reference: str) -> bool:
    """Tell whether a reference is written out to an attribute of what exists exactly once."""
    parts = steps(reference)
    is_one = "[" not in reference and parts[0] != "each"
    return is_one and len(parts) >= {"var": 2, "data": 4}.get(parts[0], 3)


def _has_key(ref: Ref, key: str) -> bool:
    return any(index(step) == key for step in steps(ref.target))


def written_out(references: object) -> Iterator[str]:
    """Yield each reference once for each time that it is written: after ``a.b.arn`` a plan lists ``a.b``, too."""
    previous = ""
    for reference in references if isinstance(references, list) else []:
        if not isinstance(reference, str):
            continue
        if (
            len(previous) <= len(reference)
            or not previous.startswith(reference)
            or previous[len(reference)] not in ".["
        ):
            yield reference
        previous = reference
