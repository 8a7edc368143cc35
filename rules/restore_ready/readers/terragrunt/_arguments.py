"""What ``extra_arguments`` add to the command line and environment of ``plan``.

https://terragrunt.gruntwork.io/docs/features/units/extra-arguments/
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from restore_ready.readers.terraform.configuration import Gap
from restore_ready.readers.terraform.language import Obj, Seq, Text, Value, first_open
from restore_ready.readers.terragrunt._blocks import Placed, blocks_of
from restore_ready.readers.terragrunt._config import Config

_OPTION: Final = re.compile(r"(?P<option>--?[a-z-]+)(?:[= ](?P<value>.*))?$", re.DOTALL)
_SETTING: Final = ("-var", "-var-file")
_TAKING: Final = ("-out", "-target", "-replace", "-parallelism", "-lock-timeout", "-state", "-backend-config")
"""Options that take a value and set no variable."""


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
    for option, value in _options(_items(placed, "arguments")):
        yield value if option == "-var" else _file(placed, folder / value)
    for name in _texts(placed, "required_var_files"):
        yield _file(placed, folder / name)
    for name in _texts(placed, "optional_var_files"):
        if (folder / name).is_file():
            yield _file(placed, folder / name)


def _file(placed: Placed, file: Path) -> Path:
    """Return a variable file that may be read; whether one that a unit names is there, its reader says."""
    refusal = placed.config.context.readable(Path(os.path.realpath(file)))
    if refusal:
        msg = f"{file.name} is not read: {refusal}"
        raise _OpenError(msg)
    return file


def _options(items: Sequence[Value]) -> Iterator[tuple[str, str]]:
    """Yield the options that set variables with their values, which follow on ``=``, on a space, or as the next item.

    Raises:
        _OpenError: if one of them, or what may be one, is not known.
    """
    before = ""
    for item in items:
        text = item.parts[0] if isinstance(item, Text) else item
        found = _OPTION.match(text) if isinstance(text, str) else None
        if found is None and before in _SETTING:
            yield before, _known(item)
        elif found is None and not isinstance(text, str) and before not in _TAKING:
            _known(item)
        elif found is not None and found["value"] is not None and found["option"] in _SETTING:
            yield found["option"], _known(item)[found.start("value") :]
        before = found["option"] if found is not None and found["value"] is None else ""


def _known(item: Value) -> str:
    unknown = first_open(item)
    if unknown is not None:
        raise _OpenError(unknown.why)
    return str(item)


def _items(placed: Placed, name: str) -> Sequence[Value]:
    value = placed.argument(name)
    if value is None:
        return []
    if isinstance(value, Seq) and value.maybe is None:
        return value
    unknown = first_open(value)
    raise _OpenError(f"{name} is no list" if unknown is None else unknown.why)


def _texts(placed: Placed, name: str) -> list[str]:
    return [_known(item) for item in _items(placed, name)]


def _environment(value: Value) -> dict[str, str]:
    if value is None:
        return {}
    unknown = first_open(value)
    if unknown is not None:
        raise _OpenError(unknown.why)
    return {name: str(text) for name, text in value.items()} if isinstance(value, Obj) else {}
