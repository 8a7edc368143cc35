"""Rules of one's own: in folders that the environment names, and in packages that are installed for that."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Final

from msgspec import Struct

from restore_ready._bounded_read import read_file
from restore_ready._errors import OwnRulesError
from restore_ready.model import Rule

GROUP: Final = "restore_ready.rules"
"""The entry points of packages that bring rules. Each names a package with files of rules, or one such file."""

_FILES: Final = "rr9[0-9][0-9]_*.py"
_LARGEST: Final = 1024 * 1024
"""Bytes of a file with a rule, which a person writes."""

_CODE: Final = re.compile(r"RR9[0-9]{2}")


class OwnRule(Struct, frozen=True):
    """A rule of one's own and where it comes from: its file, or the name and version of the package that brings it."""

    rule: Rule
    origin: str


def rules_in(folder: Path) -> Iterator[OwnRule]:
    """Yield the rules in the files of *folder*.

    Raises:
        OwnRulesError: if there are none, or one can't be used.
    """
    files = sorted(folder.glob(_FILES))
    if not files:
        msg = f"no rules in {folder}: name its files like rr901_plan_without_owner.py"
        raise OwnRulesError(msg)
    for file in files:
        yield OwnRule(_rule(partial(_execute, file), str(file)), str(file))


def installed_rules() -> Iterator[OwnRule]:
    """Yield the rules that installed packages declare as entry points of the group `GROUP`.

    Raises:
        OwnRulesError: if an entry point names none, or one can't be used.
    """
    if not _are_declared():
        return
    from importlib.metadata import entry_points  # noqa: PLC0415  # costs more than a small scan does

    for entry in entry_points(group=GROUP):
        package = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.name
        for name in _modules_of(entry.value, package):
            yield OwnRule(_rule(partial(importlib.import_module, name), f"{package}, {name}"), package)


def _are_declared() -> bool:
    """Return whether any package has the group: milliseconds, where asking `importlib.metadata` costs a scan."""
    files = (file for folder in dict.fromkeys(sys.path) for file in Path(folder).glob("*.*-info/entry_points.txt"))
    return any(map(_names_group, files))


def _names_group(entry_points: Path) -> bool:
    try:
        return GROUP.encode() in entry_points.read_bytes()
    except OSError:
        return False  # `importlib.metadata` leaves it out, too


def _modules_of(name: str, package: str) -> list[str]:
    """Return the names of the modules with rules in the package *name*, or *name* itself where it is no package."""
    folders = getattr(_load(partial(importlib.import_module, name), f"{package}, {name}"), "__path__", None)
    if folders is None:
        return [name]
    found = [f"{name}.{path.stem}" for folder in folders for path in sorted(Path(folder).glob(_FILES))]
    if not found:
        msg = f"{package}: no rules in {name}: name its modules like rr901_plan_without_owner"
        raise OwnRulesError(msg)
    return found


def _rule(load: Callable[[], ModuleType], where: str) -> Rule:
    rule = _load(lambda: load().RULE, where)
    if not isinstance(rule, Rule) or not rule.title:
        msg = f"{where}: RULE must be a restore_ready.Rule, and the file needs a docstring: its first line is the title"
        raise OwnRulesError(msg)
    if not _CODE.fullmatch(rule.code):
        msg = f"{where}: the rule has the code {rule.code}: those of your own are RR900 to RR999"
        raise OwnRulesError(msg)
    return rule


def _load(load: Callable[[], object], where: str) -> object:
    try:
        return load()
    except Exception as error:
        msg = f"{where}: {type(error).__name__}: {error}"
        raise OwnRulesError(msg) from error


def _execute(file: Path) -> ModuleType:
    import importlib.util  # noqa: PLC0415  # most scans have no rules but ours

    read_file(file, _LARGEST)
    name = f"restore_ready_own_rules.{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        msg = "this is no Python file"
        raise ImportError(msg)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # a rule's page is its module's docstring
    try:
        spec.loader.exec_module(module)
    except Exception:
        del sys.modules[name]
        raise
    return module
