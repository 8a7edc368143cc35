"""Finds the rules: each file ``rrNNN_slug.py`` beside this one holds one, and so does each of one's own."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from restore_ready import catalog
from restore_ready._errors import OwnRulesError
from restore_ready.catalog._own_rules import OwnRule, installed_rules, rules_in
from restore_ready.model import Rule

VARIABLE: Final = "RESTORE_READY_RULES"
"""Names folders with rules of one's own, in every host alike. Nothing in what is scanned can: rules are programs."""


class _Found(Struct, frozen=True):
    """All rules, sorted by code, and the origins of those of one's own, by code."""

    rules: tuple[Rule, ...]
    origins: Mapping[str, str]


def all_rules() -> tuple[Rule, ...]:
    """Return the rules of the catalogue, of installed packages and of the folders that the environment names, by code.

    Raises:
        ImportError: if a rule can't be imported; hosts report that as RR000.
        OwnRulesError: if it is one's own; the command line takes that for wrong usage.
    """
    return _found(os.environ.get(VARIABLE, "")).rules


def rule_origins() -> Mapping[str, str]:
    """Return where each rule of one's own comes from, by its code: a file, or a package and its version.

    Raises:
        ImportError: as `all_rules` does.
        OwnRulesError: likewise.
    """
    return _found(os.environ.get(VARIABLE, "")).origins


@cache
def _found(folders: str) -> _Found:
    names = [path.stem for folder in catalog.__path__ for path in sorted(Path(folder).glob("rr[0-9]*.py"))]
    ours = [importlib.import_module(f"{catalog.__name__}.{name}").RULE for name in names]
    own = [*installed_rules()]
    own += [rule for folder in filter(None, folders.split(os.pathsep)) for rule in rules_in(Path(folder))]
    return _Found(tuple(sorted([*ours, *(found.rule for found in own)], key=lambda rule: rule.code)), _by_code(own))


def _by_code(own: list[OwnRule]) -> Mapping[str, str]:
    origins: dict[str, str] = {}
    for found in own:
        if found.rule.code in origins:
            both = f"{origins[found.rule.code]} and {found.origin}"
            msg = f"there are several rules {found.rule.code}, from {both}: give each a code of its own"
            raise OwnRulesError(msg)
        origins[found.rule.code] = found.origin
    return MappingProxyType(origins)
