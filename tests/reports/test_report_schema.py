"""Reports as JSON are as their published schema says, and have all that readers of schema 1 look for."""

from __future__ import annotations

import json
from collections.abc import Callable

import jsonschema
import pytest
from tests.support import reports
from tests.support.command import run
from tests.support.paths import DEMO_ACCOUNT, ROOT

from restore_ready.reports._report import Report

SCHEMA = json.loads((ROOT / "docs/report.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

REPORTS = [reports.full, reports.live, reports.founding, reports.audited]
SCHEMA_1 = {
    "findings": {
        *("code", "slug", "severity", "verdict", "address", "file", "line", "end_line", "message", "evidence"),
        "help_uri",
    },
    "not_judged": {"code", "address", "reason"},
}
"""The keys of schema 1, which are a contract."""


def problems(document: object) -> list[str]:
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in VALIDATOR.iter_errors(document)]


@pytest.mark.parametrize("make", REPORTS, ids=lambda make: make.__name__)
def test_reports_are_valid_and_keep_the_keys_of_before(make: Callable[[], Report]) -> None:
    document = json.loads(reports.written("json", make()))
    assert problems(document) == []
    assert {"version", *SCHEMA_1, "summary"} <= document.keys()
    for name, keys in SCHEMA_1.items():
        assert all(keys <= found.keys() for found in document[name])


@pytest.mark.parametrize(
    "words", [("scan", "fixtures/stories/founding", "--diff"), ("audit", "--from-snapshot", "SNAPSHOT")]
)
def test_what_commands_write_is_valid(words: tuple[str, ...]) -> None:
    snapshot = str(DEMO_ACCOUNT)
    given = [snapshot if word == "SNAPSHOT" else word for word in words]
    document = run(ROOT, *given, "-o", "json").document
    assert problems(document) == []
    assert document["file_systems"]
    assert document["scope"]["made"]


def test_the_schema_is_one_and_finds_what_is_wrong() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    document = json.loads(reports.written("json", reports.full()))
    document["findings"][0].pop("code")
    document["schema"] = 1
    assert len(problems(document)) == 2
