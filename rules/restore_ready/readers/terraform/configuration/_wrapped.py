"""What a tool around Terraform, such as Terragrunt, adds to a root module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field

from restore_ready.readers.terraform.configuration._definitions import Definition
from restore_ready.readers.terraform.configuration._files import Contents
from restore_ready.readers.terraform.syntax import Written

Inputs = Callable[[str, Written], "Definition | None"]
"""Returns what a variable is set to before the environment is, by its name and declaration; ``None`` if it is not."""


def _no_inputs(_name: str, _declared: Written) -> Definition | None:
    return None


class Wrapped(Struct, frozen=True):
    """What is added to a root module.

    Attributes:
        address: what the addresses in it begin with, such as ``unit["prod/efs"]``.
        inputs: what its variables are set to, before the environment, files and arguments.
        environment: further variables of the environment, which win over that of the caller.
        folder: a folder whose files lie beside the module's when Terraform runs, and replace those of the same names.
        arguments: variable files and ``name=value``, before those of the caller.
        generated: further configuration files by name, in place of those that are there.
        instead: what every variable comes to, where it is not known which the tool sets.
    """

    address: str = ""
    inputs: Inputs = _no_inputs
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    arguments: tuple[str | Path, ...] = ()
    generated: Mapping[str, Contents] = field(default_factory=dict)
    instead: Definition | None = None
