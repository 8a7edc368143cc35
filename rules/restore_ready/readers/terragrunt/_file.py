"""What Terragrunt's functions ask of the file that they are called in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

from restore_ready.readers.terraform.language import Value
from restore_ready.readers.terraform.syntax import Attribute, Span
from restore_ready.readers.terragrunt._context import Context
from restore_ready.readers.terragrunt._includes import Include


class TerragruntFile(ABC):
    """A file of Terragrunt's.

    Attributes:
        file: where it is.
        context: what the reading of the unit shares.
        reader: the file that includes it; the file itself where it is not included.
        through: the ``include`` that it is read by; ``None`` where it is not included.
    """

    file: Path
    context: Context
    reader: Path
    through: Include | None

    @property
    @abstractmethod
    def locals(self) -> Mapping[str, Attribute]:
        """The local values as they are written."""

    @abstractmethod
    def local(self, name: str, span: Span | None) -> Value:
        """Return a local value; raise `EvalError` if there is none of that name."""

    @abstractmethod
    def inputs(self) -> Value:
        """Return its inputs with those of the files that it includes; ``None`` where there are none."""

    @abstractmethod
    def lookup(self, name: str, span: Span | None) -> Value:
        """Return what the first part of a name stands for."""

    @property
    @abstractmethod
    def includes(self) -> Sequence[Include]:
        """The files that it includes."""

    @abstractmethod
    def other(self, path: str) -> Value:
        """Return what ``read_terragrunt_config`` gives of a file; ``None`` if that may or can not be read."""
