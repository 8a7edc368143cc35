"""The files that a unit's ``generate`` blocks write beside its module.

https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#generate
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from restore_ready.readers.terraform.configuration import Gap, ending
from restore_ready.readers.terraform.configuration._files import Contents
from restore_ready.readers.terraform.language import Text, Unknown, Value, first_open, opened
from restore_ready.readers.terraform.syntax import (
    Attribute,
    Body,
    Source,
    Span,
    Written,
    nodes,
    parse_json,
    parse_source,
)
from restore_ready.readers.terragrunt._blocks import Placed, blocks_of
from restore_ready.readers.terragrunt._config import Config

_OPEN: Final = "terragrunt_open_"
"""How the local values are named that stand in a generated file for what is not known of its text."""

_HEREDOC: Final = "<<"


def generated_files(config: Config, folder: Path) -> Mapping[str, Contents]:
    """Return the configuration files that are generated into *folder* by name; what can't be told is a gap."""
    found: dict[str, Contents] = {}
    for label, placed in blocks_of(config, "generate").items():
        if placed.argument("disable") is True:
            continue
        path = placed.argument("path")
        name = Path(path).name if isinstance(path, str) else ""
        if isinstance(path, str) and (not ending(name) or _is_kept(placed, folder / name)):
            continue
        contents = _contents(placed, name)
        if isinstance(contents, str):
            config.context.shared.add(Gap(f"generate {label}", contents, placed.block.span, None))
        else:
            found[name] = contents
    return found


def _is_kept(placed: Placed, file: Path) -> bool:
    """Return whether a file that is there stays."""
    return placed.argument("if_exists") == "skip" and file.is_file()


def _contents(placed: Placed, name: str) -> Contents | str:
    """Return what a block generates, or why that can't be told."""
    written, value = placed.written("contents"), placed.argument("contents")
    parts = value.parts if isinstance(value, Text) else (value,)
    if not name or written is None or not all(isinstance(part, (str, Unknown)) for part in parts):
        unknown = first_open(value)
        return f"what it generates is not known: {'its path is' if unknown is None else unknown.why}"
    if isinstance(value, Unknown):
        return f"what it generates is not known: {value.why}"
    text, unknown_parts = _text(parts)
    shown = placed.config.context.shown(placed.config.file)
    if name.endswith(".json"):
        body, problems = parse_json(text.encode(), shown)
    else:
        body, problems = parse_source(_source(placed, text, shown, written))
    if unknown_parts:
        body.blocks.append(_locals(unknown_parts, written.span))
    return Contents(body, tuple(Gap(shown, problem.why, problem.span, text) for problem in problems))


def _text(parts: tuple[Value, ...]) -> tuple[str, dict[str, Unknown]]:
    """Return the text with a local value in the place of each part that is not known."""
    text = ""
    unknown: dict[str, Unknown] = {}
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        name = f"{_OPEN}{len(unknown)}"
        unknown[name] = opened(part)
        in_quotes = text.rpartition("\n")[2].replace('\\"', "").count('"') % 2 == 1
        text += f"${{local.{name}}}" if in_quotes else f"local.{name}"
    return text, unknown


def _source(placed: Placed, text: str, shown: str, written: Attribute) -> Source:
    """Return the text as it stands in its file where it is a heredoc, so that its lines are those of the file."""
    span = written.expr.span
    code = placed.config.context.shared.reader.text(span) or ""
    if not code.startswith(_HEREDOC):
        return Source(text, shown, within=span)
    first = code.partition("\n")[0] + "\n"
    return Source(text, shown, first_line=span.line + 1, first_byte=span.start + len(first.encode()))


def _locals(unknown: Mapping[str, Unknown], span: Span) -> Written:
    attributes = {name: _attribute(name, part.why, part.span or span) for name, part in unknown.items()}
    return Written("locals", [], span, span, lambda: Body(attributes))


def _attribute(name: str, why: str, span: Span) -> Attribute:
    return Attribute(name, span, lambda: nodes.Bad(span, why))
