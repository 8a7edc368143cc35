"""Finds the rules: each file ``rrNNN_slug.py`` beside this one holds one, and so does each in folders of one's own."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from restore_ready import catalog
from restore_ready._bounded_read import read_file
from restore_ready._errors import UnreadableError
from restore_ready.model import Rule

VARIABLE: Final = "RESTORE_READY_RULES"
"""Names folders with rules of one's own, in every host alike. Nothing in what is scanned can: rules are programs."""

_OWN_FILES: Final = "rr9[0-9][0-9]_*.py"
_LARGEST: Final = 1024 * 1024
"""Bytes of a file with a rule, which a person writes."""

_OWN_CODE: Final = re.compile(r"RR9[0-9]{2}")


def all_rules() -> tuple[Rule, ...]:
    """Return the rules of the catalogue and of the folders that the environment names, sorted by code.

    Raises:
        ImportError: if a rule file can't be imported; hosts report that as RR000.
    """
    return _rules(os.environ.get(VARIABLE, ""))


@cache
def _rules(folders: str) -> tuple[Rule, ...]:
    names = [path.stem for folder in catalog.__path__ for path in sorted(Path(folder).glob("rr[0-9]*.py"))]
    rules = [importlib.import_module(f"{catalog.__name__}.{name}").RULE for name in names]
    rules += [rule for folder in filter(None, folders.split(os.pathsep)) for rule in _own_rules(Path(folder))]
    codes = [rule.code for rule in rules]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        msg = f"there are several rules {', '.join(twice)}: give each a code of its own"
        raise ImportError(msg)
    return tuple(sorted(rules, key=lambda rule: rule.code))


def _own_rules(folder: Path) -> Iterator[Rule]:
    files = sorted(folder.glob(_OWN_FILES))
    if not files:
        msg = f"no rules in {folder}: name its files like rr901_plan_without_owner.py"
        raise ImportError(msg)
    for file in files:
        rule = _rule_in(file)
        if not _OWN_CODE.fullmatch(rule.code):
            msg = f"{file}: the rule has the code {rule.code}: those of your own are RR900 to RR999"
            raise ImportError(msg)
        yield rule


def _rule_in(file: Path) -> Rule:
    name = f"restore_ready_own_rules.{file.stem}"
    try:
        read_file(file, _LARGEST)
    except UnreadableError as error:
        raise ImportError(str(error)) from error
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        msg = f"{file}: this is no Python file"
        raise ImportError(msg)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # a rule's page is its module's docstring
    try:
        spec.loader.exec_module(module)
        rule = module.RULE
    except Exception as error:
        del sys.modules[name]
        msg = f"{file}: {type(error).__name__}: {error}"
        raise ImportError(msg) from error
    if not isinstance(rule, Rule) or not rule.title:
        msg = f"{file}: RULE must be a restore_ready.Rule, and the file needs a docstring: its first line is the title"
        raise ImportError(msg)
    return rule
