"""The documentation site builds strictly, has every page, and its configuration is plain YAML."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.support.paths import ROOT


def test_the_configuration_needs_no_python_tags() -> None:
    assert yaml.safe_load((ROOT / "mkdocs.yml").read_text())["docs_dir"] == "docs"


def test_every_page_in_the_navigation_is_there() -> None:
    pages = [page for entry in yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"] for page in entry.values()]

    assert [page for page in pages if not (ROOT / "docs" / page).is_file()] == []


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("material") is None, reason="the extra docs is not installed")
def test_the_site_builds_strictly_with_a_page_for_every_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    sources = sorted(path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md"))
    built = [tmp_path / (one.parent if one.stem in ("README", "index") else one.with_suffix("")) for one in sources]
    assert [folder for folder in built if not (folder / "index.html").is_file()] == []
