"""Which registry serves packages is the machine's matter: no file of the repository names one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.support.paths import ROOT

HOSTS = (
    r"pypi\.(org|io)",
    r"pythonhosted\.",
    r"npmjs\.(org|com)",
    r"yarnpkg\.",
    r"crates\.io",
    r"proxy\.golang\.",
    r"rubygems\.",
    r"conda\.anaconda\.",
    r"repo\.maven\.",
    r"deb\.debian\.",
    r"archive\.ubuntu\.",
    r"docker\.io",
    r"\bghcr\.io",
    r"\bquay\.io",
    r"registry\.terraform\.io(?!\W+hashicorp\W+aws\b|/[a-z]+/[a-z]+/aws\b)",
    r"(index-url|find-links|registry)\s*[=:]\s*\S*[:/]{2}",
    r"file:///",
)
ADDRESS = re.compile("|".join(HOSTS))
"""In a plan, a provider or module for AWS is called by its address: that is its name, and fetches nothing."""


def text_files() -> list[Path]:
    skipped = {".git", ".venv", ".venv-latest", "build", "dist", "site", "node_modules", "__pycache__", ".hypothesis"}
    files = (path for path in ROOT.rglob("*") if skipped.isdisjoint(path.relative_to(ROOT).parts))
    return [path for path in files if path.is_file() and not any(part.endswith("_cache") for part in path.parts)]


def test_no_file_names_a_registry() -> None:
    named = []
    for path in text_files():
        if path != Path(__file__):
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            named += [f"{path.relative_to(ROOT)}:{n}" for n, line in enumerate(lines, 1) if ADDRESS.search(line)]

    assert not named


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("--extra-index-url " + "https://" + "pypi.org/simple", True),
        ("--find-links=https://example.org/wheels", True),
        ("registry = https://registry.example.org/", True),
        ("registry.terraform.io/v1/providers", True),
        ('"provider_name": "registry.terraform.io/hashicorp/aws"', False),
        ("pip install restore-ready", False),
    ],
)
def test_an_address_is_told_from_a_name(line: str, found: bool) -> None:  # noqa: FBT001  # a row of the table
    assert bool(ADDRESS.search(line)) == found
