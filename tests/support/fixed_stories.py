"""Stories copied into repositories of their own, so that their fixes can be made and looked at."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.stories import FIXTURES

from restore_ready import Scan, scan
from restore_ready.fixes._offer import Offer, offer_fixes

FILES = {"terraform": "main.tf", "cloudformation": "template.yaml"}


def lay_out(story: str, language: str, folder: Path) -> Path:
    """Copy a story, in one language, into a folder and return the file that tells it."""
    source = FIXTURES / story
    others = {"plan.json", "expect.yaml", *FILES.values()} - {FILES[language]}
    shutil.copytree(source, folder, ignore=lambda where, _: others if Path(where) == source else set())
    return folder / FILES[language]


def told(result: Scan) -> set[tuple[str, str, str]]:
    """Return code, address and verdict of all that is not a Pass."""
    verdicts = ((one.rule.code, one.address, type(one.verdict).__name__) for one in result.judgements)
    return {one for one in verdicts if one[2] != "Pass"}


def fixes(file: Path, result: Scan) -> Offer:
    """Return what is offered for the findings of *result*, in a repository: all that is around one is copied, else."""
    ((file if file.is_dir() else file.parent) / ".git").mkdir(exist_ok=True)
    return offer_fixes(result, [file], scan, clean_only=False)
