"""The instances of a resource or module call: number or key, names that each sees, what its existence depends on."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from restore_ready.readers.terraform.configuration._bounds import MOST_INSTANCES
from restore_ready.readers.terraform.configuration._canonical import canonical
from restore_ready.readers.terraform.configuration._existence import Condition, Conditions, conditions
from restore_ready.readers.terraform.configuration._expansion import Element, counted, repeated
from restore_ready.readers.terraform.configuration._shared import TOO_MUCH, Shared
from restore_ready.readers.terraform.language import EvalError, Obj, Scope, TooMuchError, Unknown, Value, is_open
from restore_ready.readers.terraform.syntax import Attribute, Expr, Written


class Instance(msgspec.Struct, frozen=True):
    """One instance of a block.

    Attributes:
        key: ``None`` for a block without count and for_each, its number, its key, or an `Unknown` for some key.
        scope: the names that it sees.
        maybe: on what its existence depends.
    """

    key: Value
    scope: Scope
    maybe: Conditions = ()


def instances(block: Written, scope: Scope, address: str, shared: Shared) -> list[Instance]:
    """Return the instances of *block*, which has that *address*, as far as there is room for them."""
    found: list[Instance] = []
    enabled = _enabled(block, scope, shared)
    for instance in _expanded(block, scope, address, shared) if enabled is not None else ():
        if not shared.room.take(id(block)):
            shared.block_gap(address, "not all of its instances are read: the configuration has too many", block)
            break
        found.append(Instance(instance.key, instance.scope, (*(enabled or ()), *instance.maybe)))
    return found


def _enabled(block: Written, scope: Scope, shared: Shared) -> Conditions | None:
    """Return what ``lifecycle { enabled = … }`` depends on; ``None`` if it says that the block is not there.

    https://opentofu.org/docs/language/meta-arguments/enabled/
    """
    for inner in block.body.blocks:
        written = inner.body.attributes.get("enabled") if inner.kind == "lifecycle" else None
        if written is not None:
            value = shared.value(written.expr, scope)
            if value is False:
                return None
            return _open_conditions(written.expr, scope, shared) if is_open(value) else ()
    return ()


def _open_conditions(test: Expr, scope: Scope, shared: Shared) -> Conditions:
    try:
        return shared.steps.share(lambda: conditions(test, scope))
    except (EvalError, TooMuchError, RecursionError):
        unknown = Unknown(TOO_MUCH, test.span)
        return (Condition(f"{unknown.why}: {test.span}", unknown),)


def _expanded(block: Written, scope: Scope, address: str, shared: Shared) -> Iterator[Instance]:
    attributes = block.body.attributes
    if "count" in attributes:
        yield from _by_number(attributes["count"], block, scope, address, shared)
    elif "for_each" in attributes:
        yield from _by_key(attributes["for_each"], block, scope, address, shared)
    else:
        yield Instance(None, scope)


def _by_number(attribute: Attribute, block: Written, scope: Scope, address: str, shared: Shared) -> Iterator[Instance]:
    try:
        count = shared.steps.share(lambda: counted(attribute.expr, scope))
    except (EvalError, TooMuchError, RecursionError) as error:
        yield Instance(0, scope.bind(count=Obj({"index": 0})), _refused(error, attribute, address))
        return
    if count.beyond:
        total = len(count.each) + count.beyond
        shared.block_gap(address, f"it has {total} instances, of which {MOST_INSTANCES} are read", block)
    for number, maybe in enumerate(count.each):
        yield Instance(number, scope.bind(count=Obj({"index": number})), maybe)


def _by_key(attribute: Attribute, block: Written, scope: Scope, address: str, shared: Shared) -> Iterator[Instance]:
    try:
        elements = shared.steps.share(lambda: repeated(attribute.expr, scope))
    except (EvalError, TooMuchError, RecursionError) as error:
        maybe = _refused(error, attribute, address)
        elements = [Element(maybe[0].unknown, maybe[0].unknown, maybe)]
    if len(elements) > MOST_INSTANCES:
        shared.block_gap(address, f"it has {len(elements)} instances, of which {MOST_INSTANCES} are read", block)
    for element in elements[:MOST_INSTANCES]:
        key = str(element.key) if isinstance(element.key, int) else element.key
        each = _each(element, key, attribute, scope, address)
        yield Instance(key, scope.repeat("each", each, attribute.expr, element.key), element.maybe)


def _each(element: Element, key: Value, attribute: Attribute, scope: Scope, address: str) -> Obj:
    """Return the object ``each``; where its key is open, it says on what it depends."""
    if not isinstance(key, Unknown):
        return Obj({"key": key, "value": element.value})
    if is_open(element.value) and not isinstance(element.value, Unknown):
        return Obj({"key": element.value, "value": element.value})
    only = f"of {address} is known only when {canonical(attribute.expr, scope)} is: {key.why}"
    each = {name: Unknown(f"each.{name} {only}", key.span, f"{address}.each.{name}") for name in ("key", "value")}
    return Obj(each)


def _refused(error: Exception, attribute: Attribute, address: str) -> Conditions:
    """Return what stands for a count or for_each that Terraform refuses, or that can't be evaluated."""
    why = error.why if isinstance(error, EvalError) else TOO_MUCH
    unknown = Unknown(f"the {attribute.name} of {address}: {why}", attribute.span)
    return (Condition(unknown.why, unknown),)
