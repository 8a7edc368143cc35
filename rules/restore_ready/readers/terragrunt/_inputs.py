"""What the variables of a unit's module are set to by its inputs.

Terragrunt hands them to Terraform in the environment, as ``TF_VAR_name``: variable files win over them.
https://terragrunt.gruntwork.io/docs/features/units/
"""

from __future__ import annotations

from restore_ready.readers.terraform.configuration._definitions import Definition
from restore_ready.readers.terraform.configuration._module import Module
from restore_ready.readers.terraform.configuration._variables import takes_text
from restore_ready.readers.terraform.language import EvalError, Obj, Scope, Seq, Value, is_open
from restore_ready.readers.terraform.syntax import Expr, Span, Written, nodes, parse_expression
from restore_ready.readers.terragrunt._config import Config
from restore_ready.readers.terragrunt._merge import deeply


class UnitInputs:
    """The inputs of a unit with those of the files that it includes."""

    def __init__(self, config: Config) -> None:
        """Take the unit's file."""
        self._config = config
        self._nothing = Scope(Module(config.context.shared, None, {}))

    def __call__(self, name: str, declared: Written) -> Definition | None:
        """Return what the variable *name* is set to; ``None`` where nothing gives it a value."""
        found = self._merged(name)
        return None if found is None else self._handed(found, declared)

    def _merged(self, name: str) -> Definition | None:
        found = _own(self._config, name)
        for include, config in self._config.merged:
            if config is None:
                below: Definition | None = Definition(nodes.Bad(include.span, include.unknown.why), self._config.scope)
            else:
                below = _own(config, name)
            if found is None or below is None:
                found = found or below
            elif include.is_deep:
                found = self._constant(deeply(self._value(below), self._value(found)), found.expr.span)
        return found

    def _handed(self, given: Definition, declared: Written) -> Definition:
        """Return what Terraform makes of it: it gets JSON text, which a variable of a plain type keeps as it is."""
        value = self._value(given)
        if isinstance(value, (Obj, Seq)) and takes_text(declared):
            return Definition(nodes.Call(given.expr.span, "jsonencode", [given.expr], spread=False), given.scope)
        if isinstance(value, str) and not takes_text(declared):
            span = given.expr.span
            return Definition(parse_expression(value, span.file, span), self._nothing)
        return given

    def _value(self, given: Definition) -> Value:
        return self._config.context.shared.value(given.expr, given.scope)

    def _constant(self, value: Value, span: Span) -> Definition:
        return Definition(nodes.Name(span, "merged"), self._config.scope.bind(merged=value))


def _own(config: Config, name: str) -> Definition | None:
    """Return what a file itself sets the variable to, as near as it can be told where that is written."""
    attribute = config.body.attributes.get("inputs")
    if attribute is None:
        return None
    members = _members(attribute.expr)
    if members is not None:
        return Definition(members[name], config.scope) if name in members else None
    try:
        value = config.own_inputs()
    except EvalError as error:
        return Definition(nodes.Bad(attribute.span, error.why), config.scope)
    may_have = is_open(value) or (isinstance(value, Obj) and (name in value or value.rest is not None))
    return Definition(nodes.GetAttr(attribute.expr.span, attribute.expr, name), config.scope) if may_have else None


def _members(expr: Expr) -> dict[str, Expr] | None:
    """Return the members of an object that is written out with plain keys; ``None`` for any other expression."""
    while isinstance(expr, nodes.Paren):
        expr = expr.of
    if not isinstance(expr, nodes.ObjectOf):
        return None
    keys = [key.name if isinstance(key, nodes.Name) else getattr(key, "value", None) for key, _ in expr.items]
    plain = [key for key in keys if isinstance(key, str)]
    return dict(zip(plain, (value for _, value in expr.items), strict=True)) if len(plain) == len(keys) else None
