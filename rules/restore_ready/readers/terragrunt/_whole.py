"""A file of Terragrunt's as a value: what ``local``, ``include`` and ``read_terragrunt_config`` stand for."""

from __future__ import annotations

from restore_ready.readers.terraform.language import EvalError, Lazy, Obj, Unknown, Value
from restore_ready.readers.terraform.syntax import Span
from restore_ready.readers.terragrunt._file import TerragruntFile


class Locals(Lazy):
    """The local values of a file."""

    __slots__ = ("_config",)

    def __init__(self, config: TerragruntFile) -> None:
        """Take the file."""
        self._config = config

    def attribute(self, name: str, span: Span | None) -> Value:
        """Return one of them."""
        return self._config.local(name, span)

    def whole(self) -> Value:
        """Return all of them as an object."""
        config = self._config
        return Obj({name: _settled(config, name) for name in config.locals})


class Whole(Lazy):
    """A file as ``include`` and ``read_terragrunt_config`` give it: its local values and inputs are known."""

    __slots__ = ("_config",)

    def __init__(self, config: TerragruntFile) -> None:
        """Take the file."""
        self._config = config

    def attribute(self, name: str, span: Span | None) -> Value:
        """Return what the file has under a name."""
        if name == "locals":
            return Locals(self._config)
        if name == "inputs":
            return self._config.inputs()
        if name == "dependency":
            return self._config.lookup(name, span)
        return Unknown(f"{name} of {self._config.context.shown(self._config.file)} is not read", span)

    def whole(self) -> Value:
        """Return local values and inputs; the rest is not known."""
        why = f"not all of {self._config.context.shown(self._config.file)} is read"
        return Obj({"locals": Locals(self._config).whole(), "inputs": self._config.inputs()}, rest=Unknown(why))


def _settled(config: TerragruntFile, name: str) -> Value:
    try:
        value = config.local(name, None)
    except EvalError as error:
        return Unknown(error.why, error.span)
    return value.whole() if isinstance(value, Lazy) else value
