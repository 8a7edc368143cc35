"""The changelog and the versions that the code names."""

from __future__ import annotations

import re

from tests.support.paths import ROOT

from restore_ready import __version__, all_rules

HEADINGS = re.findall(r"^## (\d+\.\d+\.\d+)( \(unreleased\))?$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def test_one_version_is_unreleased_and_it_is_the_newest() -> None:
    assert [bool(unreleased) for _, unreleased in HEADINGS] == [True] + [False] * (len(HEADINGS) - 1)


def test_the_package_has_the_version_that_is_being_prepared() -> None:
    stated = re.search(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert stated is not None
    assert __version__ == stated[1] == HEADINGS[0][0]


def test_each_rule_is_there_since_a_version_of_the_changelog() -> None:
    versions = {version for version, _ in HEADINGS}
    assert {rule.code: rule.since for rule in all_rules() if rule.since not in versions} == {}
