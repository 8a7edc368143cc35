"""Templates as functions: ``templatestring``, and what ``templatefile`` does with a file's text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from restore_ready.readers.terraform.functions._registry import function
from restore_ready.readers.terraform.language import (
    STRING,
    Budget,
    EvalError,
    Function,
    Names,
    Obj,
    Scope,
    Unknown,
    Value,
    convert,
    evaluate,
    is_open,
    opened,
)
from restore_ready.readers.terraform.syntax import Span, parse_template


class _Only:
    """Nothing but what the template is given."""

    __slots__ = ("_names", "_rest", "functions")

    def __init__(self, names: Names, rest: Unknown | None) -> None:
        self._names, self._rest = names, rest
        self.functions: Mapping[str, Function] = names.functions

    @property
    def root(self) -> Path:
        return self._names.root

    def readable(self, path: Path) -> str:
        return self._names.readable(path)

    @property
    def budget(self) -> Budget:
        return self._names.budget

    def lookup(self, name: str, span: Span) -> Value:
        if self._rest is not None:
            return opened(self._rest)
        raise EvalError(why=f'the template has no variable "{name}"', span=span)


def rendered(scope: Scope, code: str, names: Obj, file: str) -> Value:
    """Return what a template gives with nothing but *names*.

    Raises:
        EvalError: if Terraform refuses it.
    """
    inner = Scope(_Only(scope.names, names.rest), dict(names), trying=scope.trying)
    found = evaluate(parse_template(code, file), inner)
    return found if is_open(found) else convert(found, STRING)


@function("templatestring", "sm", scoped=True)
def _templatestring(scope: Scope, code: str, names: Obj) -> Value:
    return rendered(scope, code, names, "templatestring()")
