"""The scaffold of a rule is a rule: it loads, it judges, it has a page, and it passes the linter."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from tests.support.paths import ROOT
from tests.support.stories import LANGUAGES, Source

from restore_ready import Rule, Unknown, scan


def load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


NEW_RULE = load("restore_ready_tools_new_rule", ROOT / "tools" / "new_rule.py")
MAKE_DOCS = load("restore_ready_tools_make_docs", ROOT / "tools" / "make_docs.py")


@pytest.fixture
def written(tmp_path: Path) -> list[Path]:
    return list(NEW_RULE.scaffold(tmp_path, "RR298", "window-too-odd", since="0.3.0"))


@pytest.fixture
def rule(written: list[Path]) -> Iterator[Rule]:
    name = "restore_ready_scaffolded_rule"
    made = load(name, written[0]).RULE
    yield made
    del sys.modules[name]


def test_the_scaffolded_rule_loads(rule: Rule, written: list[Path]) -> None:
    assert (rule.code, rule.slug, rule.since) == ("RR298", "window-too-odd", "0.3.0")
    assert written[0].name == "rr298_window_too_odd.py"


def test_its_page_and_its_row_of_the_table_generate(rule: Rule) -> None:
    page = MAKE_DOCS.page(rule)

    assert page.startswith("# RR298: window-too-odd\n")
    assert all(heading in page for heading in MAKE_DOCS.HEADINGS)
    row = "| [RR298](RR298.md) | warning | Say in one sentence what is required, positively. |"
    assert f"{row} Terraform, plan, CloudFormation | 0.3.0 |" in MAKE_DOCS.index((rule,))


def test_its_stories_are_read_and_the_rule_says_that_it_is_not_written(rule: Rule, written: list[Path]) -> None:
    stories = [Source(path) for path in written if path.name in LANGUAGES]

    assert sorted({one.verdict for one in stories}) == ["fail", "pass", "unknown"]
    for story in stories:
        done = scan([story.path], rules=[rule])
        assert done.gaps == ()
        assert [type(one.verdict) for one in done.judgements] == [Unknown]
        assert {told.verdict for told in story.promised()} == {story.verdict}


def test_what_is_written_passes_the_linter(written: list[Path]) -> None:
    pytest.importorskip("ruff")
    for command in (["check", "--ignore", "INP001"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--config", str(ROOT / "pyproject.toml"), str(written[0])],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("code", "slug", "why"),
    [
        ("205", "slug", "is no code of a rule"),
        ("RR2055", "slug", "is no code of a rule"),
        ("RR205", "Two Words", "is no slug"),
        ("RR205", "../up", "is no slug"),
        ("RR298", "other", "RR298 is taken by rr298_window_too_odd.py"),
    ],
)
@pytest.mark.usefixtures("written")
def test_what_cannot_be_a_rule_is_refused_with_the_reason(code: str, slug: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=why):
        NEW_RULE.scaffold(tmp_path, code, slug, since="0.3.0")


def test_the_script_explains_itself_when_called_without_a_slug() -> None:
    done = subprocess.run(
        [sys.executable, "tools/new_rule.py", "RR298"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "python tools/new_rule.py RR205" in done.stderr
