"""Evaluates the bodies of blocks: arguments, nested blocks, and dynamic blocks in their place.

https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from restore_ready.readers.terraform.configuration._blocks import (
    AttributeValue,
    BlockBody,
    NestedBlock,
    references_of,
)
from restore_ready.readers.terraform.configuration._bounds import DEEPEST_BLOCKS
from restore_ready.readers.terraform.configuration._existence import Condition
from restore_ready.readers.terraform.configuration._expansion import Element, repeated
from restore_ready.readers.terraform.configuration._resources import META, Resource
from restore_ready.readers.terraform.configuration._shared import TOO_MUCH, Shared
from restore_ready.readers.terraform.language import EvalError, Obj, Scope, Seq, TooMuchError, Unknown, Value
from restore_ready.readers.terraform.syntax import Attribute, Body, Expr, Written, nodes

_META_BLOCKS: Final = frozenset({"lifecycle", "provisioner", "connection"})
"""Blocks that every resource may have: they say nothing of what is deployed."""


class Bodies:
    """Evaluates the bodies in one instance, up to a number of nested blocks."""

    def __init__(self, shared: Shared, address: str) -> None:
        """Take what the block is called in gaps."""
        self._shared = shared
        self._address = address
        self._left = shared.room.nested()

    def resource(self, resource: Resource) -> BlockBody:
        """Return the body of a resource or data source, without what every resource may have."""
        written = resource.written
        attributes = {
            name: AttributeValue(resource.configured(name), attribute.span, attribute.expr, resource.scope)
            for name, attribute in written.body.attributes.items()
            if name not in META
        }
        nested = [block for block in written.body.blocks if block.kind not in _META_BLOCKS]
        return self._with_nested(written, attributes, nested, resource.scope, 0)

    def body(self, written: Written, scope: Scope, depth: int = 0) -> BlockBody:
        """Return the body of any other block, and of a nested one at that *depth*."""
        if depth > DEEPEST_BLOCKS:
            why = f"blocks are nested more than {DEEPEST_BLOCKS} deep"
            self._shared.block_gap(self._address, why, written)
            return BlockBody(written.span, {}, (), Unknown(why, written.span))
        attributes = self.attributes(written.body, scope)
        return self._with_nested(written, attributes, written.body.blocks, scope, depth)

    def attributes(self, body: Body, scope: Scope) -> dict[str, AttributeValue]:
        """Return the arguments of a body, evaluated."""
        return {
            name: AttributeValue(self._shared.value(attribute.expr, scope), attribute.span, attribute.expr, scope)
            for name, attribute in body.attributes.items()
        }

    def _with_nested(
        self,
        written: Written,
        attributes: dict[str, AttributeValue],
        blocks: Sequence[Written],
        scope: Scope,
        depth: int,
    ) -> BlockBody:
        nested: list[NestedBlock] = []
        rest = self._lost(written)
        for block in blocks:
            for inner in self._nested(block, scope, depth + 1):
                if isinstance(inner, Unknown):
                    rest = rest or inner
                    break
                nested.append(inner)
        repeated = {block.labels[0]: _made_from(block) for block in blocks if block.kind == "dynamic" and block.labels}
        return BlockBody(written.span, attributes, tuple(nested), rest, repeated)

    def _lost(self, written: Written) -> Unknown | None:
        """Return why a part of a body was lost: it is no Terraform syntax. Say which arguments are given twice."""
        for attribute in written.body.repeated:
            why = f"line {attribute.span.line}: {attribute.name} is given twice"
            self._shared.block_gap(self._address, why, written)
        for problem in written.body.problems:
            self._shared.block_gap(self._address, f"line {problem.span.line}: {problem.why}", written)
            return Unknown(problem.why, problem.span)
        return None

    def _nested(self, block: Written, scope: Scope, depth: int) -> Iterator[NestedBlock | Unknown]:
        """Give what *block* stands for, and at its end why there is more, if there is."""
        if block.kind == "dynamic" and block.labels:
            yield from self._dynamic(block, scope, depth)
        elif self._take():
            yield NestedBlock(block.kind, tuple(block.labels), self.body(block, scope, depth))
        else:
            yield self._full(block)

    def _dynamic(self, block: Written, scope: Scope, depth: int) -> Iterator[NestedBlock | Unknown]:
        name = block.labels[0]
        content = next((inner for inner in block.body.blocks if inner.kind == "content"), None)
        for_each = block.body.attributes.get("for_each")
        if content is None or for_each is None:
            why = f"dynamic {name} has no {'content' if content is None else 'for_each'}"
            self._shared.block_gap(self._address, why, block)
            yield Unknown(why, block.span)
            return
        iterator = _iterator(block.body.attributes.get("iterator")) or name
        for element in self._elements(for_each, scope, name):
            if not self._take():
                yield self._full(block)
                return
            is_open = isinstance(element.key, Unknown)
            item = Obj({"key": element.key, "value": element.value})
            inner = scope.repeat(iterator, item, for_each.expr, element.key)
            body = self.body(content, inner, depth)
            labels = tuple(self._labels(block.body.attributes.get("labels"), inner))
            yield NestedBlock(name, labels, body, element.maybe, many=is_open, dynamic=block.span)

    def _elements(self, for_each: Attribute, scope: Scope, name: str) -> list[Element]:
        try:
            return self._shared.steps.share(lambda: repeated(for_each.expr, scope))
        except EvalError as error:
            why, span = error.why, error.span
        except (TooMuchError, RecursionError):
            why, span = TOO_MUCH, for_each.span
        unknown = Unknown(f"the for_each of dynamic {name}: {why}", span or for_each.span)
        return [Element(unknown, unknown, (Condition(unknown.why, unknown),))]

    def _labels(self, attribute: Attribute | None, scope: Scope) -> Iterator[str]:
        value: Value = self._shared.value(attribute.expr, scope) if attribute is not None else None
        for label in value if isinstance(value, Seq) else ():
            yield label if isinstance(label, str) else "?"

    def _take(self) -> bool:
        self._left -= 1
        if self._left >= 0:
            self._shared.room.took(1)
        return self._left >= 0

    def _full(self, block: Written) -> Unknown:
        why = "not all of its nested blocks are read: there are too many"
        self._shared.block_gap(self._address, why, block)
        return Unknown(why, block.span)


def _made_from(dynamic: Written) -> tuple[str, ...]:
    for_each = dynamic.body.attributes.get("for_each")
    return () if for_each is None else tuple(references_of(for_each.expr))


def _iterator(attribute: Attribute | None) -> str:
    expr: Expr | None = attribute.expr if attribute is not None else None
    if isinstance(expr, nodes.Name):
        return expr.name
    return str(expr.value) if isinstance(expr, nodes.Literal) else ""
