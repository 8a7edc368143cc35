"""Finds the rules of the catalogue: each file ``rrNNN_slug.py`` beside this one holds one."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from restore_ready import catalog
from restore_ready.model import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return the catalogue's rules, sorted by code.

    Raises:
        ImportError: if a rule file can't be imported; hosts report that as RR000.
    """
    names = [info.name for info in pkgutil.iter_modules(catalog.__path__) if info.name.startswith("rr")]
    rules = [importlib.import_module(f"{catalog.__name__}.{name}").RULE for name in names]
    return tuple(sorted(rules, key=lambda rule: rule.code))
