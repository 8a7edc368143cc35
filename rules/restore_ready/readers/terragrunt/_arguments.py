"""What ``extra_arguments`` add to the command line and environment of ``plan``.

https://terragrunt.gruntwork.io/docs/features/units/extra-arguments/
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from restore_ready.readers.terraform.configuration import Gap
from restore_ready.readers.terraform.language import Obj, Seq, Value, first_open
from restore_ready.readers.terragrunt._blocks import Placed, blocks_of
from restore_ready.readers.terragrunt._config import Config


class ExtraArguments(Struct, frozen=True):
    """What is added.

    Attributes:
        arguments: variable files and ``name=value``, in their order.
        environment: variables of the environment.
        why: why it is not known which variables these set; empty if it is.
    """

    arguments: tuple[str | Path, ...] = ()
    environment: dict[str, str] = {}
    why: str = ""


def extra_arguments(config: Config, folder: Path) -> ExtraArguments:
    """Return what is added when Terraform plans in *folder*."""
    arguments: list[str | Path] = []
    environment: dict[str, str] = {}
    why = ""
    for label, placed in blocks_of(config, "extra_arguments", within="terraform").items():
        commands = placed.argument("commands")
        if isinstance(commands, Seq) and first_open(commands) is None and "plan" not in commands:
            continue
        try:
            arguments += _arguments(placed, folder)
            environment.update(_environment(placed.argument("env_vars")))
        except _OpenError as error:
            why = f"extra_arguments {label} may set it: {error}"
            config.context.shared.add(Gap(f"extra_arguments {label}", str(error), placed.block.span, None))
    return ExtraArguments(tuple(arguments), environment, why)


class _OpenError(Exception):
    """A part of what is added is not known."""


def _arguments(placed: Placed, folder: Path) -> Iterator[str | Path]:
    for argument in _texts(placed, "arguments"):
        option, _, value = argument.partition("=")
        if option == "-var-file":
            yield folder / value
        elif option == "-var":
            yield value
    for name in _texts(placed, "required_var_files"):
        yield folder / name
    for name in _texts(placed, "optional_var_files"):
        if (folder / name).is_file():
            yield folder / name


def _texts(placed: Placed, name: str) -> list[str]:
    value = placed.argument(name)
    if value is None:
        return []
    unknown = first_open(value)
    if unknown is not None:
        raise _OpenError(unknown.why)
    texts = [text for text in value if isinstance(text, str)] if isinstance(value, Seq) else []
    split = [text.split(" ", 1)[0] in ("-var", "-var-file") and " " in text for text in texts]
    return [text.replace(" ", "=", 1) if is_split else text for text, is_split in zip(texts, split, strict=True)]


def _environment(value: Value) -> dict[str, str]:
    if value is None:
        return {}
    unknown = first_open(value)
    if unknown is not None:
        raise _OpenError(unknown.why)
    return {name: str(text) for name, text in value.items()} if isinstance(value, Obj) else {}
