"""A requirements file is used, or refused with its file and line and exit code 2."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any, Final

import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.judged import examples
from tests.fuzz.test_mutations import VALUES, mutated, retyped
from tests.support.command import PLAN, run
from tests.support.requirements import FULL

TREES: Final = VALUES | retyped(st.just(yaml.safe_load(FULL.replace("2027-03-31", '"2027-03-31"'))))


def used(text: str) -> None:
    """Scan with a requirements file, which is used or refused."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "main.tf").write_text(PLAN)
        Path(folder, "restore-ready.yaml").write_text(text, encoding="utf-8")
        done = run(Path(folder), "scan", "-q", "main.tf")
    assert done.code in {0, 1, 2}, done
    assert "RR000" not in done.out, done.out
    assert "Traceback" not in done.out + done.err, done
    if done.code == 2:
        assert re.search(r"restore-ready\.yaml:\d+", done.err + done.out), done


@examples(20)
@given(TREES)
def test_requirements_of_other_types_are_used_or_refused(tree: Any) -> None:  # noqa: ANN401  # any YAML
    used(yaml.safe_dump(tree, allow_unicode=True))


@examples(20)
@given(mutated(st.just(FULL)))
def test_requirements_with_other_tokens_are_used_or_refused(text: str) -> None:
    used(text)
