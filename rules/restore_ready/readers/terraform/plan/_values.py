"""Puts a planned resource's values together: what is known, and for the rest what its expressions refer to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from restore_ready.model import Str, Unresolved
from restore_ready.model._why_open import BLOCKS_AFTER_APPLY, MIXED_IN_PLAN, SENSITIVE
from restore_ready.readers._backup_tables import COMPLETION_WINDOW, START_WINDOW
from restore_ready.readers.terraform._addresses import kind_of
from restore_ready.readers.terraform._values import Converter
from restore_ready.readers.terraform.language import Ref, opened
from restore_ready.readers.terraform.plan._references import References, Scope
from restore_ready.readers.terraform.plan._sources import Sources
from restore_ready.readers.terraform.plan._tree import Planned, PlanTree, Tree, mapping
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


_HANDED: Final = frozenset({"parameter_overrides", "parameters", "template_body"})
"""Attributes of CloudFormation stacks, of which it matters what is handed over by them, not in which place."""

_UNKNOWN: Final = object()
"""Stands for a value that is known only after apply."""


class Evaluator:
    """Evaluates the resources of one plan as far as it goes."""

    def __init__(self, plan: PlanTree, stands_for: Callable[[Ref], Str | None]) -> None:
        """Take *plan*, and what gives that which a reference to where a provider works comes to."""
        self._plan = plan
        self._references = References(plan)
        self._converter = Converter(str(plan.path.parent), {}, stands_for)

    def values(self, resource: Planned) -> dict[str, object]:
        """Return the values of *resource* in the shape of `Block.values`, with its key of ``provider_config``."""
        configured = self._plan.block(resource.module, resource.base)
        siblings = len(self._plan.instances[resource.module, resource.base])
        scope = Scope(resource.module, resource.key, siblings, mapping(configured.get("for_each_expression")))
        expressions = mapping(configured.get("expressions")) if configured else None
        planned = mapping(_marked("", resource.values, resource.unknown, resource.sensitive, 0))
        values = _Level(self._references, scope, self._converter).block(planned, expressions, is_top=True)
        provider = configured.get("provider_config_key")
        return {**values, "provider": provider} if isinstance(provider, str) else values

    def written(self, expressions: Tree) -> dict[str, object]:
        """Return the values of a block of the root module of which a plan tells just the expressions."""
        return _Level(self._references, Scope(""), self._converter).written(expressions, 0)


def _marked(name: str, value: object, unknown: object, sensitive: object, depth: int) -> object:
    """Return a planned value with what is unknown, or must not be shown, marked in its place."""
    if depth > _DEEPEST:
        return Unresolved(f"{name} is nested too deeply")
    if sensitive is True and (value is not None or unknown):
        return Unresolved(SENSITIVE.said(what=name))
    if unknown is True:
        return _UNKNOWN
    if isinstance(value, list):
        parts = zip(value, _padded(unknown, len(value)), _padded(sensitive, len(value)), strict=False)
        return [_marked(name, item, mark, hidden, depth + 1) for item, mark, hidden in parts]
    if not isinstance(value, Mapping):
        return value
    marks, hiding = mapping(unknown), mapping(sensitive)
    names = dict.fromkeys((*value, *marks))
    found = {key: _marked(key, value.get(key), marks.get(key), hiding.get(key), depth + 1) for key in names}
    return _without_nulls(found)


def _padded(marks: object, length: int) -> list[object]:
    known = marks if isinstance(marks, list) else []
    return [*known, *[None] * (length - len(known))]


def _without_nulls(values: Tree) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


class _Level:
    """Evaluates the blocks of one resource."""

    def __init__(self, references: References, scope: Scope, converter: Converter) -> None:
        self._references = references
        self._scope = scope
        self._converter = converter

    def block(self, values: Tree, expressions: Tree | None, *, is_top: bool = False) -> dict[str, object]:
        """Evaluate a block; *expressions* is ``None`` where its configuration can't be told.

        What is unknown and not configured is computed by the provider: as if it were not given.
        """
        found: dict[str, object] = {}
        for name, value in values.items():
            expression = None if expressions is None else expressions.get(name)
            if expression is None and name in _FILLED_IN and value == _FILLED_IN[name]:
                continue
            is_computed = name not in _NEVER_COMPUTED or (name == "condition" and is_top)
            if value is _UNKNOWN and expression is None and expressions is not None and is_computed:
                continue
            found[name] = self._value(name, value, expression)
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

    def _value(self, name: str, value: object, expression: object) -> object:
        if name in _HANDED and not isinstance(value, str):
            return self._handed(name, mapping(value), expression)
        if value is _UNKNOWN:
            return self._unknown(name, expression)
        if isinstance(value, list):
            return self._list(name, value, expression)
        if not isinstance(value, Mapping):
            return value
        if expression is not None and not _is_expression(expression):
            return [self.block(value, mapping(expression))]
        why = Unresolved(self._sources(name, expression, is_list=False).why())
        return {key: why if item is _UNKNOWN else self._value(name, item, expression) for key, item in value.items()}

    def _list(self, name: str, values: Sequence[object], expression: object) -> object:
        if any(isinstance(item, Mapping) for item in values) and not _is_expression(expression):
            expressions = expression if isinstance(expression, list) else [expression]
            configured = [block for block in expressions if isinstance(block, Mapping)]
            planned = [mapping(item) for item in values]
            return [self.block(*pair) for pair in zip(planned, written_for(name, planned, configured), strict=True)]
        filling = iter(self._elements(name, expression, sum(item is _UNKNOWN for item in values)))
        return [next(filling) if item is _UNKNOWN else self._value(name, item, expression) for item in values]

    def _elements(self, name: str, expression: object, wanted: int) -> list[object]:
        """Return the unknown elements of a list whose other elements are known."""
        if not wanted:
            return []
        sources = self._sources(name, expression, is_list=True)
        why = Unresolved(sources.why())
        return [why if ref is None else self._reference(name, ref) for ref in sources.elements(wanted)]

    def _unknown(self, name: str, expression: object) -> object:
        """Return what is unknown as a whole; beside the blocks that are written there may be dynamic ones."""
        if isinstance(expression, list):
            rest = Unresolved(BLOCKS_AFTER_APPLY.said(what=name))
            return [*(self.written(mapping(block), 0) for block in expression), rest]
        if expression is None and name in _NEVER_COMPUTED:
            return Unresolved(BLOCKS_AFTER_APPLY.said(what=name))
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
        rest = [Unresolved(f"it may hold more: {MIXED_IN_PLAN.words} how it is made")] if sources.is_more else []
        return [*(member if isinstance(member, str) else self._reference(name, member) for member in members), *rest]

    def _reference(self, name: str, ref: Ref) -> object:
        return self._converter.value(ref if _can_be(name, ref) else opened(ref), frozenset())

    def _handed(self, name: str, values: Tree, expression: object) -> dict[str, object]:
        """Return what is known of a map, and under no name what the rest of it is made from."""
        sources = self._sources(name, expression, is_list=True)
        why = Unresolved(sources.why())
        known = {key: why if value is _UNKNOWN else value for key, value in values.items()}
        return {**known, "": [self._converter.value(ref, frozenset()) for ref in sources.unknown]}

    def _sources(self, name: str, expression: object, *, is_list: bool) -> Sources:
        return self._references.of(mapping(expression), self._scope, _wanted(name), is_list=is_list)


def _is_expression(value: object) -> bool:
    return isinstance(value, Mapping) and set(value) <= _EXPRESSION


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
