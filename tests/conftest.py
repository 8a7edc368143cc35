"""Fixtures for every test."""

from pathlib import Path

import pytest
from hypothesis import settings
from tests.aws_server.server import AwsServer
from tests.support.audits import Audit

LONGEST_ID = 40

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")  # the same examples in every run; --hypothesis-profile=default looks for others

pytest_plugins = ["tests.aws_server.fixtures"]


@pytest.fixture
def audit(aws: AwsServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Audit:
    """The audit command, with an empty server."""
    return Audit(aws, monkeypatch, capsys, tmp_path)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Shorten what would make a test's name longer than a line."""
    if isinstance(val, (str, bytes)) and len(val) > LONGEST_ID:
        return f"{val[:LONGEST_ID]!a}..{len(val)}"
    return None
