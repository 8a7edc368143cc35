"""Puts a planned resource's values together: what is known, and for the rest what its expressions refer to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from restore_ready.model import Ref, Unresolved
from restore_ready.readers._backup_tables import COMPLETION_WINDOW, START_WINDOW
from restore_ready.readers.terraform._addresses import bare, steps
from restore_ready.readers.terraform._plan_references import References, Scope, Sources
from restore_ready.readers.terraform._plan_tree import Planned, PlanTree, Tree, any_unknown, mapping

_DEEPEST: Final = 32
_ORDERED: Final = frozenset({"statement"})
_MOST_COMPARED: Final = 100
_EXPRESSION: Final = frozenset({"constant_value", "references"})
_POLICIES: Final = frozenset({"assume_role_policy", "inline_policy", "policy"})
_DOCUMENTS: Final = frozenset({"aws_iam_policy", "aws_iam_policy_document"})
_JOINS: Final = frozenset({"arn", "function_name", "group", "permissions_boundary", "role", "rule", "user"})
_ARNS: Final = frozenset({"exclude_vaults", "identifiers", "include_vaults", "not_resources", "resources"})
_FILLED_IN: Final = {"start_window": START_WINDOW.terraform, "completion_window": COMPLETION_WINDOW.terraform}
_LISTS: Final = frozenset(
    {
        "actions",
        "exclude_vaults",
        "groups",
        "identifiers",
        "include_vaults",
        "managed_policy_arns",
        "not_actions",
        "not_resources",
        "override_policy_documents",
        "protected_resource_arns",
        "resources",
        "roles",
        "source_policy_documents",
        "subnet_ids",
        "users",
        "values",
    }
)
"""Attributes that hold a list, which ``after_unknown`` doesn't tell where a whole one is unknown."""


class Evaluator:
    """Evaluates the resources of one plan as far as it goes."""

    def __init__(self, plan: PlanTree) -> None:
        """Take *plan*."""
        self._plan = plan
        self._references = References(plan)
        self._configured: dict[str, dict[str, Tree]] = {}

    def values(self, resource: Planned) -> dict[str, object]:
        """Return the values of *resource* in the shape of `Block.values`."""
        configured = self._configuration(resource)
        scope = Scope(resource.module, resource.key, mapping(configured.get("for_each_expression")))
        expressions = mapping(configured.get("expressions")) if configured else None
        provider = configured.get("provider_config_key")
        values = _Level(self._references, scope).block(resource.values, resource.unknown, expressions, 0)
        return {**values, "provider": provider} if isinstance(provider, str) else values

    def _configuration(self, resource: Planned) -> Tree:
        module = resource.module
        if module not in self._configured:
            listed = self._plan.configuration(module).get("resources")
            found = listed if isinstance(listed, list) else []
            self._configured[module] = {str(mapping(one).get("address")): mapping(one) for one in found}
        prefix = "data." if resource.mode == "data" else ""
        return self._configured[module].get(f"{prefix}{resource.type}.{resource.name}", {})


class _Level:
    """Evaluates the blocks of one resource."""

    def __init__(self, references: References, scope: Scope) -> None:
        self._references = references
        self._scope = scope

    def block(self, values: Tree, unknown: Tree, expressions: Tree | None, depth: int) -> dict[str, object]:
        """Evaluate a block; *expressions* is ``None`` where its configuration can't be told (dynamic blocks).

        What is unknown and not configured is computed by the provider: as if it were not given.
        """
        found: dict[str, object] = {}
        for name in dict.fromkeys((*values, *unknown)):
            value, mark = values.get(name), unknown.get(name)
            expression = None if expressions is None else expressions.get(name)
            if expression is None and name in _FILLED_IN and value == _FILLED_IN[name]:
                continue
            if expression is None and mark is True and expressions is not None:
                continue
            if value is not None or any_unknown(mark):
                found[name] = self._value(name, value, mark, expression, depth + 1)
        return found

    def _value(self, name: str, value: object, mark: object, expression: object, depth: int) -> object:
        if depth > _DEEPEST:
            return Unresolved(f"{name} is nested too deeply")
        if mark is True:
            return self._unknown(name, expression)
        if isinstance(value, Mapping):
            if _is_expression(expression) or expression is None:
                return self._map(name, value, mapping(mark), expression, depth)
            return [self.block(value, mapping(mark), mapping(expression), depth)]
        if isinstance(value, list):
            return self._list(name, value, mark if isinstance(mark, list) else [], expression, depth)
        return value

    def _map(self, name: str, value: Tree, mark: Tree, expression: object, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        for key in dict.fromkeys((*value, *mark)):
            if mark.get(key) is True:
                found[key] = _unresolved(self._sources(name, expression))
            elif value.get(key) is not None:
                found[key] = self._value(name, value[key], mark.get(key), expression, depth + 1)
        return found

    def _list(self, name: str, value: Sequence[object], marks: list[object], expression: object, depth: int) -> object:
        padded = [*marks, *[None] * (len(value) - len(marks))]
        if any(isinstance(one, Mapping) for one in value) and not _is_expression(expression):
            written = expression if isinstance(expression, list) else [expression]
            configured = [one for one in written if isinstance(one, Mapping)]
            known = [one if isinstance(one, Mapping) else {} for one in value]
            written_for = _matched(name, known, configured)
            return [
                self.block(one, mapping(mark), written, depth)
                for one, mark, written in zip(known, padded, written_for, strict=False)
            ]
        filling = iter(self._elements(name, expression, sum(mark is True for mark in padded)))
        pairs = zip(value, padded, strict=False)
        return [
            next(filling) if mark is True else self._value(name, one, mark, expression, depth + 1)
            for one, mark in pairs
        ]

    def _elements(self, name: str, expression: object, wanted: int) -> list[object]:
        """Return the unknown elements of a list whose other elements are known."""
        if not wanted:
            return []
        sources = self._sources(name, expression)
        if len(sources.refs) == wanted and not sources.opaque:
            return list(sources.refs)
        return [_unresolved(sources)] * wanted

    def _unknown(self, name: str, expression: object) -> object:
        if isinstance(expression, list):
            return Unresolved("known after apply")
        sources = self._sources(name, expression)
        if name in _LISTS:
            return _whole_list(sources)
        only = next(iter(sources.refs)) if len(sources.refs) == 1 and not sources.opaque else None
        return only if only is not None and _can_be(name, only) else _unresolved(sources)

    def _sources(self, name: str, expression: object) -> Sources:
        return self._references.of(mapping(expression), self._scope, _wanted(name))


def _is_expression(value: object) -> bool:
    return isinstance(value, Mapping) and set(value) <= _EXPRESSION


def _can_be(name: str, ref: Ref) -> bool:
    """Tell whether attribute *name* holds a reference as it is; names and tags are rather put together from it."""
    if name in _POLICIES:
        return _is_document(ref)
    return name in _JOINS or name.endswith(("_arn", "_id", "plan_name", "vault_name"))


def _is_document(ref: Ref) -> bool:
    parts = [bare(step) for step in steps(ref.target)]
    return len(parts) > 1 and parts[-2] in _DOCUMENTS


def _wanted(name: str) -> str:
    """Return the attribute that an argument called *name* takes of a resource."""
    if name in _POLICIES or name.endswith("policy_documents"):
        return "json"
    if name in _ARNS or name.endswith(("arn", "arns")):
        return "arn"
    return "name" if name.rstrip("s") in {"role", "user", "group"} or name.endswith("_name") else "id"


def _whole_list(sources: Sources) -> list[object] | Unresolved:
    """Return the elements of a list of which a plan shows none.

    Each resource that its expression names is in it, unless something known chooses between several.
    """
    if sources.opaque or not sources.refs or (sources.chooses and len(sources.origins) > 1):
        return _unresolved(sources)
    return [*sources.refs, *sources.settled, *sources.literals]


def _unresolved(sources: Sources) -> Unresolved:
    named = [*(f"{ref.target}.{ref.attribute}" for ref in list(sources.refs)[:3]), *list(sources.opaque)[:3]]
    return Unresolved(f"known after apply; made from {', '.join(named)}" if named else "known after apply")


def _matched(name: str, planned: list[Tree], configured: list[Tree]) -> list[Tree | None]:
    """Return the written block of each planned one: by position where their order is kept, else by their constants."""
    if name in _ORDERED and len(planned) == len(configured):
        return list(configured)
    if len(configured) > _MOST_COMPARED:
        return [None] * len(planned)
    return [_written_for(one, configured, len(planned)) for one in planned]


def _written_for(value: Tree, configured: list[Tree], total: int) -> Tree | None:
    """Return the written block that a planned block comes from, by its constants; ``None`` if that can't be told."""
    fitting = [one for one in configured if _fits(value, one)]
    if len(fitting) == 1 and (len(configured) == total or _has_constants(fitting[0])):
        return fitting[0]
    return None


def _constants(written: Tree) -> dict[str, object]:
    pairs = ((name, mapping(one)) for name, one in written.items())
    return {name: one["constant_value"] for name, one in pairs if "constant_value" in one}


def _has_constants(written: Tree) -> bool:
    return bool(_constants(written))


def _fits(value: Tree, written: Tree) -> bool:
    """Tell whether a planned block can come from *written*: every constant that can be compared is the same."""
    return all(_same(value.get(name), constant) for name, constant in _constants(written).items())


def _same(planned: object, constant: object) -> bool:
    if isinstance(planned, list) and isinstance(constant, list):
        return {str(one).lower() for one in planned} == {str(one).lower() for one in constant}
    return planned == constant or str(planned).lower() == str(constant).lower()
