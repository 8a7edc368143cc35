"""The stored cases with Terraform's answers, and our own answers to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from restore_ready.readers.terraform.functions import FUNCTIONS
from restore_ready.readers.terraform.language import (
    Budget,
    Encoded,
    EvalError,
    Function,
    Scope,
    Seq,
    TooMuchError,
    Unknown,
    Value,
    convert,
    evaluate,
    read_type,
    settled,
)
from restore_ready.readers.terraform.syntax import Span, parse, parse_expression

DATA = Path(__file__).parent / "data"
REFUSED = "refused"
UNKNOWN = "unknown"
_NEAR = Decimal("1e-14")


class Nothing:
    """A module that declares nothing but *known*."""

    def __init__(self, known: Mapping[str, Value] | None = None, folder: Path = Path()) -> None:
        self.known = dict(known or {})
        self.root = folder
        self.budget = Budget()
        self.functions: Mapping[str, Function] = FUNCTIONS

    def readable(self, path: Path) -> str:
        return "" if path.is_relative_to(self.root.resolve()) else "it lies outside the repository"

    def lookup(self, name: str, span: Span) -> Value:
        if name in self.known:
            return self.known[name]
        raise EvalError(why=f"{name} is not declared", span=span)


def value_of(code: str, **known: Value) -> Value:
    """Return what an expression gives where *known* is declared."""
    return evaluate(parse_expression(code, "main.tf"), Scope(Nothing(known)))


def kept(code: str, **known: Value) -> Value:
    """Return what an attribute with that expression has as its value."""
    return settled(parse_expression(code, "main.tf"), Scope(Nothing(known)))


@lru_cache(maxsize=1)
def cases() -> tuple[tuple[str, str, str], ...]:
    """Return what each case is about, its expression and Terraform's answer."""
    files = sorted(DATA.glob("cases-*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return tuple((about, code, answer) for about, code, answer in map(json.loads, lines))


def answer(about: str, code: str) -> str:
    """Return our answer in the form of Terraform's."""
    try:
        value = _typed(code) if about == "type" else _value(f'try(jsonencode([{code}]), "{REFUSED}")')
    except EvalError:
        return REFUSED
    except TooMuchError:
        return UNKNOWN
    return value if isinstance(value, str) else UNKNOWN


def _value(code: str) -> Value:
    body, problems = parse(f"_ = {code}\n".encode(), "main.tf")
    if problems or body.problems:
        return REFUSED
    found = settled(body.attributes["_"].expr, Scope(Nothing()))
    return REFUSED if isinstance(found, Unknown) and found.span and _is_refusal(found) else found


def _is_refusal(found: Unknown) -> bool:
    """Tell whether Terraform refuses the whole file: what can't be read, what can't be found, also inside try()."""
    return "syntax" in found.why or "expected" in found.why


def _typed(code: str) -> Value:
    type_, _, default = code.partition(" <- ")
    scope = Scope(Nothing())

    def constant(expr: object) -> Value:
        return settled(expr, scope)  # type: ignore[arg-type]

    kind = read_type(parse_expression(type_, "main.tf"), constant)
    value = convert(evaluate(parse_expression(default, "main.tf"), scope), kind)
    return FUNCTIONS["jsonencode"](scope, [Seq([value])], Span.whole("main.tf"))


def verdict(theirs: str, ours: str) -> str:
    """Return how two answers compare."""
    if theirs == ours:
        return "identical"
    if ours == UNKNOWN:
        return "unknown"
    if ours == REFUSED:
        return "only we refuse"
    if theirs == REFUSED:
        return "only Terraform refuses"
    return "near" if _near(theirs, ours) else "different"


def _near(theirs: str, ours: str) -> bool:
    return _alike(json.loads(theirs, parse_float=Decimal), json.loads(ours, parse_float=Decimal))


def _alike(one: object, other: object) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, (int, Decimal)) and isinstance(other, (int, Decimal)) and type(one) is not bool:
        return abs(one - other) <= abs(one) * _NEAR
    return one == other and type(one) is type(other)


__all__ = ["DATA", "Encoded", "Nothing", "answer", "cases", "kept", "value_of", "verdict"]
