"""The outputs of a module instance, as expressions see them."""

from __future__ import annotations

from typing import Protocol

from restore_ready.model._why_open import UNREAD_OUTPUTS
from restore_ready.readers.terraform.configuration._declarations import Declarations
from restore_ready.readers.terraform.language import EvalError, Lazy, Obj, Unknown, Value
from restore_ready.readers.terraform.syntax import Span


class _Module(Protocol):
    address: str
    declared: Declarations | None

    def output(self, name: str, span: Span | None) -> Value: ...


class Outputs(Lazy):
    """The outputs of one instance of a module call."""

    __slots__ = ("_module",)

    def __init__(self, module: _Module) -> None:
        """Take the module."""
        self._module = module

    def attribute(self, name: str, span: Span | None) -> Value:
        """Return one output."""
        return self._module.output(name, span)

    def whole(self) -> Value:
        """Return all outputs as an object."""
        declared = self._module.declared
        if declared is None:
            return Obj(rest=Unknown(UNREAD_OUTPUTS.said(what=self._module.address), None))
        return Obj((name, self._output(name)) for name in declared.outputs)

    def _output(self, name: str) -> Value:
        try:
            return self._module.output(name, None)
        except EvalError as error:
            return Unknown(error.why, error.span)
