"""What does the JSON of a policy say? It becomes a `PolicyDocument`, with what is unknown and odd kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from restore_ready.iam._text import read_json, split_interpolations
from restore_ready.model import (
    Condition,
    Known,
    PolicyDocument,
    PrincipalEntry,
    Ref,
    Statement,
    StatementEntry,
    Str,
    Text,
    Unresolved,
    join_text,
    show,
    unresolved_reason,
)
from restore_ready.model._why_open import ODD_EFFECT

_ELEMENTS: Final = frozenset(
    ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"],
)
_UNKNOWN: Final = Unresolved("its value is not known")


def parse_document(tree: object) -> PolicyDocument | Unresolved:
    """Read a policy from decoded JSON, from JSON text, or from text that is partly unknown.

    Args:
        tree: objects, lists and scalars whose leaves may be `Unresolved`, `Ref`, `Text` or ``None``, which means
            unknown; or a `str` or `Text` of JSON, where ``${…}`` other than IAM's own variables is unknown.

    Returns:
        The document; a statement that can't be read stands in it as `Unresolved`. `Unresolved` when there are no
        statements to be had. Never raises, whatever the tree holds.
    """
    if isinstance(tree, (str, Text)):
        tree = read_json(tree)
    if isinstance(tree, Unresolved):
        return tree
    if tree is None or isinstance(tree, Ref):
        return Unresolved("the policy is not known" if tree is None else unresolved_reason(tree))
    if not isinstance(tree, Mapping):
        return Unresolved("the policy is not a JSON object")
    statements = _statements(tree.get("Statement", Unresolved("the policy has no Statement")))
    if isinstance(statements, Unresolved):
        return statements
    return PolicyDocument(statements, _version(tree["Version"])) if "Version" in tree else PolicyDocument(statements)


def _version(value: object) -> Known[str]:
    if isinstance(value, str):
        return value
    return Unresolved(
        unresolved_reason(value) if isinstance(value, (Ref, Text, Unresolved)) else "the Version is not known"
    )


def _statements(value: object) -> tuple[StatementEntry, ...] | Unresolved:
    if isinstance(value, (list, tuple)):
        return tuple(_statement(entry, index) for index, entry in enumerate(value))
    if isinstance(value, Mapping):
        return (_statement(value, 0),)
    if isinstance(value, (Ref, Text, Unresolved)):
        return Unresolved(unresolved_reason(value))
    return Unresolved("the policy's statements are not known" if value is None else "its Statement is not an object")


def _statement(entry: object, index: int) -> StatementEntry:
    if isinstance(entry, (Ref, Text, Unresolved)):
        return Unresolved(unresolved_reason(entry))
    if not isinstance(entry, Mapping):
        return Unresolved("a statement is not known" if entry is None else "a statement is not an object")
    odd = [key for key in entry if key not in _ELEMENTS]
    if odd:
        return Unresolved(f"a statement has an element that IAM does not know: {odd[0]!s:.40}")
    not_principals = "NotPrincipal" in entry
    return Statement(
        index=index,
        sid=show(_leaf(entry.get("Sid", ""))),
        effect=_effect(entry.get("Effect", Unresolved("a statement has no Effect"))),
        actions=_strings(_either(entry, "Action", Unresolved("a statement has no Action"))),
        not_actions="NotAction" in entry,
        resources=_strings(_either(entry, "Resource", "*")),
        not_resources="NotResource" in entry,
        principals=_principals(_either(entry, "Principal", None)) if {"Principal", "NotPrincipal"} & {*entry} else None,
        not_principals=not_principals,
        conditions=_conditions(entry.get("Condition", {})),
    )


def _either(entry: Mapping[object, object], name: str, otherwise: object) -> object:
    """Return the element *name* or its negation; IAM refuses both at once."""
    opposite = f"Not{name}"
    if name in entry and opposite in entry:
        return Unresolved(f"a statement has both {name} and {opposite}")
    return entry.get(name, entry.get(opposite, otherwise))


def _effect(value: object) -> Known[str]:
    leaf = _leaf(value)
    if leaf in ("Allow", "Deny"):
        return str(leaf)
    return Unresolved(unresolved_reason(leaf) or ODD_EFFECT.said(what=repr(show(leaf)[:40])))


def _strings(value: object) -> Known[tuple[Str, ...]]:
    if value is None or isinstance(value, Unresolved):
        return _leaf_reason(value)
    return tuple(_leaf(entry) for entry in value) if isinstance(value, (list, tuple)) else (_leaf(value),)


def _leaf_reason(value: Unresolved | None) -> Unresolved:
    return _UNKNOWN if value is None else value


def _leaf(value: object) -> Str:
    """Return one string of a policy; numbers and truth values become text, as IAM takes them in conditions."""
    if isinstance(value, str):
        return join_text(split_interpolations(value)) if "${" in value else value
    if isinstance(value, (Ref, Text, Unresolved)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    return _UNKNOWN if value is None else Unresolved("it is neither a string nor a list of strings")


def _number(value: float) -> Str:
    try:
        return str(value)
    except ValueError:  # Python writes no integers beyond 4,300 digits
        return Unresolved("it is a number of thousands of digits")


def _principals(value: object) -> Known[tuple[PrincipalEntry, ...]]:
    if value is None or isinstance(value, Unresolved):
        return _leaf_reason(value)
    if isinstance(value, Mapping):
        return tuple(
            PrincipalEntry(kind, entry) if isinstance(kind, str) else PrincipalEntry("AWS", _UNKNOWN)
            for kind, values in value.items()
            for entry in _entries(values)
        )
    return tuple(PrincipalEntry("*" if entry == "*" else "AWS", entry) for entry in _entries(value))


def _entries(value: object) -> tuple[Str, ...]:
    strings = _strings(value)
    return (strings,) if isinstance(strings, Unresolved) else strings


def _conditions(value: object) -> Known[tuple[Condition, ...]]:
    if isinstance(value, (Ref, Text, Unresolved)):
        return Unresolved(unresolved_reason(value))
    if not isinstance(value, Mapping):
        return Unresolved("a Condition is not known" if value is None else "a Condition is not an object")
    return tuple(condition for operator, tests in value.items() for condition in _tests(operator, tests))


def _tests(operator: object, tests: object) -> tuple[Condition, ...]:
    if not isinstance(operator, str):
        return (Condition("", _UNKNOWN, _UNKNOWN),)
    if isinstance(tests, Mapping):
        return tuple(Condition(operator, _leaf(key), _strings(values)) for key, values in tests.items())
    leaf = (
        tests if isinstance(tests, (Ref, Text, Unresolved)) else Unresolved(f"{operator:.40} does not hold an object")
    )
    why = Unresolved(unresolved_reason(leaf))
    return (Condition(operator, why, why),)
