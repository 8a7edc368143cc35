"""The values of variables: given or default, converted to their types.

https://developer.hashicorp.com/terraform/language/block/variable
"""

from __future__ import annotations

from restore_ready.model._why_open import NO_VALUE, SENSITIVE
from restore_ready.readers.terraform.configuration._definitions import Definition
from restore_ready.readers.terraform.language import (
    ANY,
    EvalError,
    Scope,
    Type,
    Unknown,
    Value,
    convert,
    is_null,
    read_type,
    settled,
)
from restore_ready.readers.terraform.syntax import Attribute, Written


def variable(name: str, block: Written, given: Definition | None, scope: Scope, module: str) -> Value:
    """Return the value of a variable as `typed` does; one that is sensitive is open, so that no report shows it.

    Raises:
        EvalError: as `typed` does.
    """
    value = typed(name, block, given, scope, module)
    mark = block.body.attributes.get("sensitive")
    if mark is None or is_null(value) or settled(mark.expr, scope) is False:
        return value
    kind = _type(block.body.attributes.get("type"), scope)
    return Unknown(SENSITIVE.said(what=f"var.{name}"), block.span, _address(name, module), kind)


def typed(name: str, block: Written, given: Definition | None, scope: Scope, module: str) -> Value:
    """Return the value of the variable that *block* declares; *scope* is that of the *module*, an address.

    Raises:
        EvalError: if the value is not of the variable's type.
    """
    attributes = block.body.attributes
    kind = _type(attributes.get("type"), scope)
    default = attributes.get("default")
    if given is not None:
        value = settled(given.expr, given.scope)
        if not is_null(value) or default is None or _is_nullable(attributes.get("nullable"), scope):
            return _converted(name, value, kind, block)
    if default is not None:
        return _converted(name, settled(default.expr, scope), kind, block)
    return Unknown(NO_VALUE.said(name=name), block.span, _address(name, module), kind)


def _address(name: str, module: str) -> str:
    return f"{module}.var.{name}".removeprefix(".")


def _type(attribute: Attribute | None, scope: Scope) -> Type:
    return ANY if attribute is None else read_type(attribute.expr, lambda expr: settled(expr, scope))


def _is_nullable(attribute: Attribute | None, scope: Scope) -> bool:
    return attribute is None or settled(attribute.expr, scope) is not False


def _converted(name: str, value: Value, kind: Type, block: Written) -> Value:
    try:
        return convert(value, kind)
    except EvalError as error:
        msg = f"var.{name}: {error.why}"
        raise EvalError(msg, error.span or block.span) from None
