"""Resolves a template's values, with every intrinsic function, as far as the template alone allows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from restore_ready.iam import GIVEN_TWICE
from restore_ready.model import THIS_ACCOUNT, THIS_REGION, Handed, Ref, Str, Text, Unresolved, unresolved_reason
from restore_ready.model._why_open import IMPORTED, STACK_DEPLOYED
from restore_ready.readers.cloudformation._scope import (
    NO_VALUE,
    TOO_MUCH,
    Scope,
    joined,
    literal,
    size_of,
    text_of,
)
from restore_ready.readers.cloudformation._tree import TWICE

_INDEX: Final = re.compile(r"[0-9]{1,9}")

Function: TypeAlias = Callable[[object, Scope], object]


def evaluate(node: object, scope: Scope) -> object:
    """Resolve a tree: functions give way to values, leaves may be `Unresolved`, `Ref` or `Text`.

    Gives `NO_VALUE` where the tree as a whole is removed.
    """
    if isinstance(node, dict):
        return _mapping(node, scope)
    if isinstance(node, list):
        values = [evaluate(item, scope) for item in node]
        return [value for value in values if value is not NO_VALUE]
    return literal(node) if isinstance(node, str) else node


def _mapping(node: Mapping[str, object], scope: Scope) -> object:
    for key in node:
        if key == "Ref" or key.startswith("Fn::"):
            if len(node) == 1:
                return _call(key, node[key], scope)
            if key != "Ref":
                return Unresolved(f"what {key} adds beside other keys is not known")
    pairs = ((key, evaluate(value, scope)) for key, value in node.items())
    return {key: value for key, value in pairs if value is not NO_VALUE}


def _call(name: str, argument: object, scope: Scope) -> object:
    function = _FUNCTIONS.get(name)
    if function is None:
        return Unresolved(f"{name} is no function that CloudFormation knows here")
    return function(argument, scope) if scope.budget.left >= 0 else TOO_MUCH


def sub_parts(text: str) -> Iterator[tuple[str, bool]]:
    """Split the text of ``Fn::Sub`` into pieces, each with whether it is a name to look up."""
    at = 0
    while (start := text.find("${", at)) >= 0 and (end := text.find("}", start)) >= 0:
        yield text[at:start], False
        name = text[start + 2 : end].strip()
        yield (f"${{{name[1:]}}}", False) if name.startswith("!") else (name, True)
        at = end + 1
    yield text[at:], False


def _ref(argument: object, scope: Scope) -> object:
    name = evaluate(argument, scope)
    return scope.named(name) if isinstance(name, str) else _wrong("Ref", name)


def _get_att(argument: object, scope: Scope) -> object:
    value = evaluate(argument, scope)
    match value:
        case str():
            name, _, attribute = value.partition(".")
            return scope.resource(name, attribute)
        case [str(name), str(attribute), *more] if all(isinstance(step, str) for step in more):
            return scope.resource(name, ".".join([attribute, *map(str, more)]))
        case _:
            return _wrong("Fn::GetAtt", value)


def _sub(argument: object, scope: Scope) -> object:
    match argument:
        case str(text):
            own: dict[str, Str] = {}
        case [str(text), dict(names)]:
            own = {name: text_of(evaluate(value, scope), f"{name} in Fn::Sub") for name, value in names.items()}
        case _:
            return _wrong("Fn::Sub", argument)
    return joined((_sub_name(piece, own, scope) if named else piece for piece, named in sub_parts(text)), scope)


def _sub_name(name: str, own: Mapping[str, Str], scope: Scope) -> Str:
    if name in own:
        return own[name]
    resource, dot, attribute = name.partition(".")
    return scope.resource(resource, attribute) if dot else text_of(scope.named(name), f"{name} in Fn::Sub")


def _join(argument: object, scope: Scope) -> object:
    delimiter, items = _pair(argument, scope)
    if not isinstance(delimiter, str) or not isinstance(items, list):
        return _wrong("Fn::Join", items if isinstance(delimiter, str) else delimiter)
    if not scope.budget.take(len(delimiter) * len(items)):
        return TOO_MUCH
    pieces: list[Str] = []
    for item in items:
        pieces += (delimiter, text_of(item, "an item of Fn::Join"))
    return joined(pieces[1:], scope)


def _select(argument: object, scope: Scope) -> object:
    position, items = _pair(argument, scope)
    index = text_of(position, "the index")
    if not isinstance(items, list) or not isinstance(index, str):
        return _wrong("Fn::Select", index if isinstance(items, list) else items)
    if not (_INDEX.fullmatch(index) and int(index) < len(items)):
        return Unresolved(f"Fn::Select has no item {index[:20]}")
    return items[int(index)]


def _split(argument: object, scope: Scope) -> object:
    delimiter, text = _pair(argument, scope)
    if not isinstance(delimiter, str) or not delimiter or not isinstance(text, str):
        return _wrong("Fn::Split", text)
    return text.split(delimiter) if scope.budget.take(len(text)) else TOO_MUCH


def _pair(argument: object, scope: Scope) -> tuple[object, object]:
    match argument:
        case [first, second]:
            return evaluate(first, scope), evaluate(second, scope)
        case _:
            return None, None


def _find_in_map(argument: object, scope: Scope) -> object:
    match argument:
        case [table, first, second]:
            default: object = Unresolved("Fn::FindInMap finds nothing under its keys")
        case [table, first, second, {"DefaultValue": default}]:
            default = evaluate(default, scope)
        case _:
            return _wrong("Fn::FindInMap", argument)
    name = evaluate(table, scope)
    if not isinstance(name, str):
        return _wrong("Fn::FindInMap", name)
    keys = evaluate(first, scope), evaluate(second, scope)
    rows = _entries([scope.mappings.get(name)], keys[0])
    found = _entries(rows, keys[1])
    if not scope.budget.take(len(rows) + sum(map(size_of, found))):
        return TOO_MUCH
    if not found:
        return default
    if all(_is_cell(cell) and cell == found[0] for cell in found):
        return evaluate(found[0], scope)
    return Unresolved(f"Fn::FindInMap in {name} depends on {_named_key(next(filter(_is_open, keys), None))}")


def _entries(tables: list[object], key: object) -> list[object]:
    """Return what a key selects in each table; every row for a key that is open."""
    rows = [table for table in tables if isinstance(table, dict)]
    if _is_open(key):
        return [value for table in rows for value in table.values()]
    return [table[text_of(key)] for table in rows if text_of(key) in table]


def _is_cell(value: object) -> bool:
    if isinstance(value, list):
        return not any(isinstance(item, (list, dict)) for item in value)
    return not isinstance(value, dict)


def _is_open(key: object) -> bool:
    return not isinstance(text_of(key), str) or key in (THIS_REGION, THIS_ACCOUNT)


def _named_key(key: object) -> str:
    names = {THIS_REGION: "the Region", THIS_ACCOUNT: "the account"}
    return names[key] if isinstance(key, str) and key in names else f"an open key: {unresolved_reason(text_of(key))}"


def _if(argument: object, scope: Scope) -> object:
    match argument:
        case [str(name), when_true, when_false] if name in scope.conditions:
            return evaluate(when_true if scope.conditions[name] else when_false, scope)
        case _:
            return _wrong("Fn::If", argument)


def _to_json_string(argument: object, scope: Scope) -> object:
    return evaluate(argument, scope)


def _length(argument: object, scope: Scope) -> object:
    value = evaluate(argument, scope)
    return len(value) if isinstance(value, list) else _wrong("Fn::Length", value)


def _import_value(argument: object, scope: Scope) -> object:
    name = evaluate(argument, scope)
    if isinstance(name, str):
        return Handed(IMPORTED.said(what=name), export=name)
    return Unresolved(IMPORTED.said(what="a value"))


def _undecided(name: str) -> Function:
    def give_up(_argument: object, _scope: Scope) -> object:
        return Unresolved(STACK_DEPLOYED.said(what=name))

    return give_up


def _wrong(name: str, argument: object) -> Unresolved:
    """Return why a function can't be resolved: its argument is open, or has the wrong shape."""
    if isinstance(argument, (Unresolved, Text, Ref)):
        return Unresolved(f"{name}: {unresolved_reason(argument)}")
    return Unresolved(f"{name} is not written as CloudFormation expects it")


def _twice(argument: object, _scope: Scope) -> object:
    return Unresolved(f"{argument} {GIVEN_TWICE}")


_FUNCTIONS: Final[Mapping[str, Function]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::FindInMap": _find_in_map,
    "Fn::If": _if,
    "Fn::ToJsonString": _to_json_string,
    "Fn::Length": _length,
    "Fn::ImportValue": _import_value,
    "Fn::Base64": _undecided("Fn::Base64"),
    "Fn::Cidr": _undecided("Fn::Cidr"),
    "Fn::GetAZs": _undecided("Fn::GetAZs"),
    TWICE: _twice,
    "Fn::Transform": _undecided("what Fn::Transform gives"),
}
