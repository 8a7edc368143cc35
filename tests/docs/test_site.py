"""The documentation site builds strictly, has every page, and its configuration is plain YAML."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.support.paths import ROOT


def test_the_configuration_needs_no_python_tags() -> None:
    assert yaml.safe_load((ROOT / "mkdocs.yml").read_text())["docs_dir"] == "docs"


PAGES = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").glob("*.md")} | {"rules/README.md"}


def test_the_navigation_has_every_page() -> None:
    entries = yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"]

    assert sorted(page for entry in entries for page in entry.values()) == sorted(PAGES)


def test_the_first_page_leads_to_all_others() -> None:
    table = re.findall(r"^\| \[[^]]+\]\(([^)]+)\)", (ROOT / "docs" / "index.md").read_text(), re.MULTILINE)

    assert sorted(table) == sorted(PAGES - {"index.md"})


@pytest.mark.thorough
@pytest.mark.skipif(importlib.util.find_spec("zensical") is None, reason="the extra docs is not installed")
@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("", "No issues found"),
        ("[no page](nowhere.md)", "page does not exist"),
        ("[no heading](audit.md#no)", "anchor does not exist"),
    ],
)
def test_the_site_builds_strictly_with_a_page_for_every_file(tmp_path: Path, end: str, said: str) -> None:
    docs = tmp_path / "docs"
    shutil.copytree(ROOT / "docs", docs)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    with (docs / "index.md").open("a") as page:
        page.write(f"\n{end}\n")
    words = [sys.executable, "-m", "zensical", "build", "--strict"]

    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert said in done.stdout + done.stderr
    assert done.returncode == (1 if end else 0)
    sources = [path.relative_to(docs) for path in docs.rglob("*.md")]
    pages = [path.parent if path.stem in {"README", "index"} else path.with_suffix("") for path in sources]
    assert end or [page for page in pages if not (tmp_path / "site" / page / "index.html").is_file()] == []
