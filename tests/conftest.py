"""Fixtures for every test."""

from pathlib import Path

import pytest
from hypothesis import settings
from tests.aws_server.server import AwsServer
from tests.support.audits import Audit
from tests.support.paths import FIXTURES
from tests.support.stories import Source

LONGEST_ID = 40

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")  # the same examples in every run; --hypothesis-profile=default looks for others

pytest_plugins = ["tests.aws_server.fixtures"]


@pytest.fixture
def audit(aws: AwsServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Audit:
    """The audit command, with an empty server."""
    return Audit(aws, monkeypatch, capsys, tmp_path)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one story in one worker, which then scans it once."""
    for item in items:
        source = getattr(getattr(item, "callspec", None), "params", {}).get("source")
        if isinstance(source, Source):
            item.add_marker(pytest.mark.xdist_group(source.story.relative_to(FIXTURES).as_posix()))


def pytest_make_parametrize_id(val: object) -> str | None:
    """Shorten what would make a test's name longer than a line."""
    if isinstance(val, (str, bytes)) and len(val) > LONGEST_ID:
        return f"{val[:LONGEST_ID]!a}..{len(val)}"
    return None
