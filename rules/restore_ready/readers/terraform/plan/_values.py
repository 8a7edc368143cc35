"""Puts a planned resource's values together: what is known, and for the rest what its expressions refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from restore_ready.model import Unresolved
from restore_ready.readers._backup_tables import COMPLETION_WINDOW, START_WINDOW
from restore_ready.readers.terraform._addresses import kind_of
from restore_ready.readers.terraform._values import Converter
from restore_ready.readers.terraform.language import Ref, opened
from restore_ready.readers.terraform.plan._references import References, Scope
from restore_ready.readers.terraform.plan._sources import Sources
from restore_ready.readers.terraform.plan._tree import Planned, PlanTree, Tree, any_unknown, mapping
from restore_ready.readers.terraform.plan._written import written_for

_DEEPEST: Final = 32
_EXPRESSION: Final = frozenset({"constant_value", "references"})
_POLICIES: Final = frozenset({"assume_role_policy", "inline_policy", "policy"})
_DOCUMENTS: Final = frozenset({"aws_iam_policy", "aws_iam_policy_document"})
_JOINS: Final = frozenset({"arn", "function_name", "group", "permissions_boundary", "role", "rule", "user"})
_ARNS: Final = frozenset({"exclude_vaults", "identifiers", "include_vaults", "not_resources", "resources"})
_FILLED_IN: Final = {"start_window": START_WINDOW.terraform, "completion_window": COMPLETION_WINDOW.terraform}
_LISTS: Final = frozenset((
    "actions", "exclude_vaults", "groups", "identifiers", "include_vaults", "managed_policy_arns", "not_actions",
    "not_resources", "override_policy_documents", "protected_resource_arns", "resources", "roles",
    "source_policy_documents", "subnet_ids", "users", "values",
))  # fmt: skip
"""Attributes that hold a list, which ``after_unknown`` doesn't tell where a whole one is unknown."""

_NEVER_COMPUTED: Final = frozenset((
    "backup_policy", "condition", "copy_action", "lifecycle", "not_principals", "principals", "rule", "selection_tag",
    "statement", "string_equals", "string_like", "string_not_equals", "string_not_like", "volume",
))  # fmt: skip
"""Nested blocks that no provider fills in: unknown without an expression, they come from a ``dynamic`` block.

``inline_policy`` of a role and ``condition`` of a selection are filled in, so there the two can't be told apart.
"""


class Evaluator:
    """Evaluates the resources of one plan as far as it goes."""

    def __init__(self, plan: PlanTree) -> None:
        """Take *plan*."""
        self._plan = plan
        self._references = References(plan)
        self._converter = Converter(str(plan.path.parent), {})

    def values(self, resource: Planned) -> dict[str, object]:
        """Return the values of *resource* in the shape of `Block.values`, with its key of ``provider_config``."""
        configured = self._plan.block(resource.module, resource.base)
        siblings = len(self._plan.instances[resource.module, resource.base])
        scope = Scope(resource.module, resource.key, siblings, mapping(configured.get("for_each_expression")))
        expressions = mapping(configured.get("expressions")) if configured else None
        part = _Part(resource.values, resource.unknown, resource.sensitive, expressions)
        values = _Level(self._references, scope, self._converter).block(part, 0)
        provider = configured.get("provider_config_key")
        return {**values, "provider": provider} if isinstance(provider, str) else values

    def written(self, expressions: Tree) -> dict[str, object]:
        """Return the values of a block of the root module of which a plan tells just the expressions."""
        return _Level(self._references, Scope(""), self._converter).written(expressions, 0)


class _Part(Struct, frozen=True):
    """A part of a planned resource.

    Attributes:
        value: as planned.
        unknown: what of it is known only after apply.
        sensitive: what of it must not be shown.
        expression: of an attribute, of a block those of its attributes; ``None`` where there is none, or for a block
            where it can't be told.
    """

    value: object
    unknown: object
    sensitive: object
    expression: object

    def names(self) -> Iterable[str]:
        """Return the names or keys of a block or map."""
        return dict.fromkeys((*mapping(self.value), *mapping(self.unknown)))

    def inner(self, name: str, expression: object) -> _Part:
        """Return the attribute or block of a name."""
        values, unknown, sensitive = mapping(self.value), mapping(self.unknown), mapping(self.sensitive)
        return _Part(values.get(name), unknown.get(name), sensitive.get(name), expression)

    def items(self) -> list[_Part]:
        """Return the elements of a list, each with the expression of the whole."""
        values = self.value if isinstance(self.value, list) else []
        unknown, sensitive = _padded(self.unknown, len(values)), _padded(self.sensitive, len(values))
        return [_Part(*parts, self.expression) for parts in zip(values, unknown, sensitive, strict=False)]


class _Level:
    """Evaluates the blocks of one resource."""

    def __init__(self, references: References, scope: Scope, converter: Converter) -> None:
        self._references = references
        self._scope = scope
        self._converter = converter

    def block(self, part: _Part, depth: int) -> dict[str, object]:
        """Evaluate a block.

        What is unknown and not configured is computed by the provider: as if it were not given.
        """
        found: dict[str, object] = {}
        for name in part.names():
            expression = None if part.expression is None else mapping(part.expression).get(name)
            inner = part.inner(name, expression)
            if expression is None and name in _FILLED_IN and inner.value == _FILLED_IN[name]:
                continue
            if inner.unknown is True and _is_computed(name, part.expression, depth):
                continue
            if inner.value is not None or any_unknown(inner.unknown):
                found[name] = self._value(name, inner, depth + 1)
        return _without_nulls(found)

    def written(self, expressions: Tree, depth: int) -> dict[str, object]:
        """Evaluate a block of which a plan tells just the expressions."""
        found: dict[str, object] = {}
        for name, expression in expressions.items():
            if depth > _DEEPEST:
                found[name] = Unresolved(f"{name} is nested too deeply")
            elif isinstance(expression, list):
                found[name] = [self.written(mapping(block), depth + 1) for block in expression]
            else:
                found[name] = self._attribute(name, mapping(expression))
        return _without_nulls(found)

    def _value(self, name: str, part: _Part, depth: int) -> object:
        if depth > _DEEPEST:
            return Unresolved(f"{name} is nested too deeply")
        if part.sensitive is True:
            return Unresolved(f"{name} is sensitive")
        if part.unknown is True:
            return self._unknown(name, part.expression, depth)
        if isinstance(part.value, Mapping):
            if _is_expression(part.expression) or part.expression is None:
                return self._map(name, part, depth)
            return [self.block(part, depth)]
        return self._list(name, part, depth) if isinstance(part.value, list) else part.value

    def _map(self, name: str, part: _Part, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        for key in part.names():
            inner = part.inner(key, part.expression)
            if inner.unknown is True:
                found[key] = Unresolved(self._sources(name, part.expression, is_list=False).why())
            elif inner.value is not None:
                found[key] = self._value(name, inner, depth + 1)
        return found

    def _list(self, name: str, part: _Part, depth: int) -> object:
        items = part.items()
        if any(isinstance(item.value, Mapping) for item in items) and not _is_expression(part.expression):
            expressions = part.expression if isinstance(part.expression, list) else [part.expression]
            configured = [block for block in expressions if isinstance(block, Mapping)]
            written = written_for(name, [mapping(item.value) for item in items], configured)
            return [self.block(replace(item, expression=own), depth) for item, own in zip(items, written, strict=True)]
        filling = iter(self._elements(name, part.expression, sum(item.unknown is True for item in items)))
        return [next(filling) if item.unknown is True else self._value(name, item, depth + 1) for item in items]

    def _elements(self, name: str, expression: object, wanted: int) -> list[object]:
        """Return the unknown elements of a list whose other elements are known."""
        if not wanted:
            return []
        sources = self._sources(name, expression, is_list=True)
        why = Unresolved(sources.why())
        return [why if ref is None else self._reference(name, ref) for ref in sources.elements(wanted)]

    def _unknown(self, name: str, expression: object, depth: int) -> object:
        """Return what is unknown as a whole; beside the blocks that are written there may be dynamic ones."""
        if isinstance(expression, list):
            rest = Unresolved(f"not every {name} block is known before apply")
            return [*(self.written(mapping(block), depth) for block in expression), rest]
        if expression is None and name in _NEVER_COMPUTED:
            return Unresolved(f"not every {name} block is known before apply")
        return self._attribute(name, mapping(expression), is_planned=expression is not None)

    def _attribute(self, name: str, expression: Tree, *, is_planned: bool = False) -> object:
        """Return an attribute by its expression; a constant is known, whatever the provider adds to it.

        A list that *is_planned* as unknown though its expression is known is empty, and the provider fills it in.
        """
        if "constant_value" in expression:
            return expression["constant_value"]
        sources = self._sources(name, expression, is_list=name in _LISTS)
        if name in _LISTS:
            return None if is_planned and sources.are_known else self._whole_list(name, sources)
        return Unresolved(sources.why()) if sources.only is None else self._reference(name, sources.only)

    def _whole_list(self, name: str, sources: Sources) -> list[object] | Unresolved:
        members = sources.members()
        if members is None:
            return Unresolved(sources.why())
        rest = [Unresolved("it may hold more: a plan does not tell how it is made")] if sources.is_more else []
        return [*(member if isinstance(member, str) else self._reference(name, member) for member in members), *rest]

    def _reference(self, name: str, ref: Ref) -> object:
        return self._converter.value(ref if _can_be(name, ref) else opened(ref), frozenset())

    def _sources(self, name: str, expression: object, *, is_list: bool) -> Sources:
        return self._references.of(mapping(expression), self._scope, _wanted(name), is_list=is_list)


def _padded(marks: object, length: int) -> list[object]:
    known = marks if isinstance(marks, list) else []
    return [*known, *[None] * (length - len(known))]


def _without_nulls(values: Tree) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def _is_expression(value: object) -> bool:
    return isinstance(value, Mapping) and set(value) <= _EXPRESSION


def _is_computed(name: str, expressions: object, depth: int) -> bool:
    """Tell whether the provider computes an unknown part of the block that has these *expressions*."""
    is_filled_in = name not in _NEVER_COMPUTED or (name == "condition" and depth == 0)
    return is_filled_in and expressions is not None and name not in mapping(expressions)


def _can_be(name: str, ref: Ref) -> bool:
    """Tell whether attribute *name* holds a reference as it is, not a text put together from it.

    An ARN of something is never a text around another one, as it may be around an id or a name.
    """
    wanted = _wanted(name)
    if wanted == "json":
        return kind_of(ref.target) in _DOCUMENTS
    if wanted == "arn" or name == "values":
        return str(ref.path[-1]).endswith("arn")
    return name in _LISTS or name in _JOINS or name.endswith(("_id", "plan_name", "vault_name"))


def _wanted(name: str) -> str:
    """Return the attribute that an argument called *name* takes of a resource."""
    if name in _POLICIES or name.endswith("policy_documents"):
        return "json"
    if name in _ARNS or name.endswith(("arn", "arns")):
        return "arn"
    return "name" if name.rstrip("s") in {"role", "user", "group"} or name.endswith("_name") else "id"
