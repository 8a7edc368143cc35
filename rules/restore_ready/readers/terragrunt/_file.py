"""What Terragrunt's functions ask of the file that they are called in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from restore_ready.readers.terraform.language import Value
from restore_ready.readers.terragrunt._context import Context
from restore_ready.readers.terragrunt._includes import Include


class TerragruntFile(ABC):
    """A file of Terragrunt's.

    Attributes:
        context: what the reading of the unit shares.
        reader: the file that includes it; the file itself where it is not included.
        through: the ``include`` that it is read by; ``None`` where it is not included.
    """

    context: Context
    reader: Path
    through: Include | None

    @property
    @abstractmethod
    def includes(self) -> Sequence[Include]:
        """The files that it includes."""

    @abstractmethod
    def other(self, path: str) -> Value:
        """Return what ``read_terragrunt_config`` gives of a file; ``None`` if that may or can not be read."""
