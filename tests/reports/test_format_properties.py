"""Whatever a source says: every format stays well-formed and loses no record."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import reports

from restore_ready.reports import source_formats

RECORDS = 5
TEXT = st.text(st.characters(), max_size=30) | st.text("|`\\*_[]<>&\"'%:,=\n\r\t]]>-#@$!~/.\0\udc80", max_size=30)


def _json(text: str) -> int:
    document = json.loads(text)
    return len(document["findings"]) + len(document["not_judged"])


def _sarif(text: str) -> int:
    (run,) = json.loads(text)["runs"]
    told = run["invocations"][0]["toolExecutionNotifications"]
    return len(run["results"]) + sum(one["descriptor"]["id"] == "RR001" for one in told)


def _markdown(text: str) -> int:
    """Count the places of findings, and the rules of what is accepted and not judged."""
    _, *tables = text.split("<details>")
    return sum(map(_records, tables))


def _records(table: str) -> int:
    rows = [line for line in table.split("\n") if line.startswith("| ")][2:]
    assert {line.replace("\\|", "").count("|") for line in rows} <= {3, 4, 5}
    codes = [line.partition(" | ")[0].count("](") for line in rows]
    return sum(code or 1 for code in codes)


def _html(text: str) -> int:
    root = html5lib.HTMLParser(strict=True).parse(text)
    rows = root.iter("{http://www.w3.org/1999/xhtml}tr")
    return sum("data-c" in row.attrib or row.get("class") == "excepted" or int(row.get("data-n", "0")) for row in rows)


COUNTS: dict[str, Callable[[str], int]] = {
    "csv": lambda text: len(list(csv.reader(io.StringIO(text + "\n", newline=""), strict=True))) - 1,
    "github": lambda text: sum(line.startswith("::") for line in text.splitlines()),
    "gitlab": lambda text: len(json.loads(text)),
    "html": _html,
    "json": _json,
    "junit": lambda text: len(list(ET.fromstring(text).iter("testcase"))) - 1,  # noqa: S314  # our own
    "markdown": _markdown,
    "ocsf": lambda text: len([json.loads(line) for line in text.split("\n")]),
    "sarif": _sarif,
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", sorted(COUNTS))
@settings(max_examples=60, deadline=None)
@given(text=TEXT)
def test_a_report_of_any_names_is_whole(name: str, text: str) -> None:
    written = reports.written(name, reports.hostile(text))
    written.encode("utf-8")
    assert COUNTS[name](written) == RECORDS


def test_every_format_of_sources_is_put_to_the_test() -> None:
    assert {*COUNTS, "text"} == set(source_formats())
