"""Verdicts on sources that were made up, in this process."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from hypothesis import HealthCheck, settings
from tests.support.accounts import NOW

from restore_ready import Broken, Estate, Fact, Requirements, RequirementsFile, Scan, all_rules, judge, scan
from restore_ready.readers.account import read_account
from restore_ready.scanning._sources import read_estates

Key: TypeAlias = tuple[str, str]
Verdicts: TypeAlias = Mapping[Key, str]
"""The name of the verdict by the rule's code and the resource's address."""

LONG: Final = int(os.environ.get("FUZZ_EXAMPLES", "0"))
"""How many examples each property is tried on; 0 for few, which are the same in every run."""


def examples(few: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return the settings of a property that `make test` tries on *few* examples."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(max_examples=LONG or few, derandomize=not LONG, deadline=None, suppress_health_check=slow)


def scanned(name: str, text: str, requirements: Requirements | None = None) -> Scan:
    """Return what a scan of one file gives."""
    with written(name, text) as path:
        return scan([path], requirements=requirements or Requirements(), file_systems=False)


def estate_of(name: str, text: str) -> Estate:
    """Return what a source says."""
    with written(name, text) as path:
        (source,) = read_estates([path]).readings
    return source.reading.estates[0]


@contextmanager
def written(name: str, text: str) -> Iterator[Path]:
    """Write a file, for a while."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text(text)
        yield path


def sound(found: Scan) -> Scan:
    """Return *found*, on which the pack itself must not have failed: that would be RR000."""
    assert not found.crashes, found.crashes
    broken = [judgement.verdict for judgement in found.judgements if isinstance(judgement.verdict, Broken)]
    assert not broken, broken
    return found


def verdicts(name: str, text: str, requirements: Requirements | None = None) -> Verdicts:
    """Return the verdicts on a source that can be read."""
    found = sound(scanned(name, text, requirements))
    assert not found.unread, found.gaps
    return {(one.rule.code, one.address): type(one.verdict).__name__ for one in found.judgements}


def account_verdicts(facts: Sequence[Fact], requirements: Requirements | None = None) -> Verdicts:
    """Return the verdicts on a live account."""
    found = judge(read_account(facts, NOW), all_rules(), RequirementsFile(requirements or Requirements()))
    broken = [judgement.verdict for judgement in found if isinstance(judgement.verdict, Broken)]
    assert not broken, broken
    return {(one.rule.code, one.address): type(one.verdict).__name__ for one in found}
