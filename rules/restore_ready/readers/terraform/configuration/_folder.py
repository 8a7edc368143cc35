"""What the files of one module's folder declare, override files merged in."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from restore_ready.readers.terraform.syntax import Span
from restore_ready.readers.terraform.syntax import Problem, parse, parse_json
from restore_ready.readers.terraform.syntax import nodes as s

LARGEST: Final = 10_000_000
_ENDINGS: Final = (".tf", ".tofu", ".tf.json", ".tofu.json")


@dataclass(slots=True)
class Config:
    """Declarations by name; blocks as written."""

    folder: Path
    variables: dict[str, s.Written] = field(default_factory=dict)
    locals: dict[str, s.Attribute] = field(default_factory=dict)
    outputs: dict[str, s.Written] = field(default_factory=dict)
    resources: dict[tuple[str, str, str], s.Written] = field(default_factory=dict)
    modules: dict[str, s.Written] = field(default_factory=dict)
    providers: list[s.Written] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def load(folder: Path) -> Config:
    """Read the configuration files of *folder*."""
    config = Config(folder)
    files = [one for one in _listed(folder) if one.name.endswith(_ENDINGS) and not one.name.startswith(".")]
    names = {one.name for one in files}
    files = [one for one in files if not (".tf" in one.suffixes and one.name.replace(".tf", ".tofu") in names)]
    for file in sorted(files, key=lambda one: (_is_override(one), one.name)):
        body, problems = read_file(file)
        config.problems += problems
        for block in body.blocks:
            _declare(config, block, override=_is_override(file))
    return config


def read_file(file: Path) -> tuple[s.Body, list[Problem]]:
    """Read a configuration or variable file."""
    name = str(file)
    try:
        if file.stat().st_size > LARGEST:
            return s.Body(), [Problem(Span(name, 0, 0), f"the file is larger than {LARGEST // 1_000_000} MB")]
        code = file.read_bytes()
    except OSError as error:
        return s.Body(), [Problem(Span(name, 0, 0), f"the file can't be read: {error.strerror}")]
    if b"\0" in code[:8192]:
        return s.Body(), [Problem(Span(name, 0, 0), "the file is binary, not Terraform")]
    return parse_json(code, name) if name.endswith(".json") else parse(code.removeprefix(b"\xef\xbb\xbf"), name)


def variable_files(folder: Path) -> list[Path]:
    """Return the variable files that Terraform loads by itself, in its order: a later one wins."""
    named = [folder / "terraform.tfvars", folder / "terraform.tfvars.json"]
    automatic = [one for one in _listed(folder) if one.name.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    return [*(one for one in named if one.is_file()), *sorted(automatic)]


def installed(root: Path) -> dict[str, Path]:
    """Return where ``terraform init`` put modules, by key: ``backup.vault``."""
    try:
        listed = json.loads((root / ".terraform" / "modules" / "modules.json").read_bytes())
        return {str(one["Key"]): Path(os.path.normpath(root / one["Dir"])) for one in listed["Modules"]}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}


def _listed(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [folder / one.name for one in entries if one.is_file()]
    except OSError:
        return []


def _is_override(file: Path) -> bool:
    stem = file.name.partition(".")[0]
    return stem == "override" or stem.endswith("_override")


def _declare(config: Config, block: s.Written, *, override: bool) -> None:
    labels = block.labels
    if block.kind in ("resource", "data") and len(labels) == 2:  # noqa: PLR2004
        _put(
            config.resources, ("managed" if block.kind == "resource" else "data", labels[0], labels[1]), block, override
        )
    elif block.kind == "locals":
        config.locals.update(block.body.attributes)
    elif block.kind in ("variable", "output", "module") and len(labels) == 1:
        table = {"variable": config.variables, "output": config.outputs, "module": config.modules}[block.kind]
        _put(table, labels[0], block, override)
    elif block.kind == "provider":
        config.providers.append(block)


def _put(table: dict, key: object, block: s.Written, override: bool) -> None:
    base = table.get(key)
    if base is not None and override:
        table[key] = s.Written(base.kind, base.labels, base.span, lambda: _overridden(base.body, block.body))
    else:
        table[key] = block


def _overridden(base: s.Body, override: s.Body) -> s.Body:
    kinds = {one.labels[0] if one.kind == "dynamic" and one.labels else one.kind for one in override.blocks}
    kept = [
        one for one in base.blocks if (one.labels[0] if one.kind == "dynamic" and one.labels else one.kind) not in kinds
    ]
    return s.Body({**base.attributes, **override.attributes}, [*kept, *override.blocks])
