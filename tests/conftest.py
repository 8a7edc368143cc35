"""Fixtures for every test."""

from pathlib import Path

import pytest
from tests._audits import Audit
from tests.aws_server.server import AwsServer

pytest_plugins = ["tests.aws_server.fixtures"]


@pytest.fixture
def audit(aws: AwsServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Audit:
    """The audit command, with an empty server."""
    return Audit(aws, monkeypatch, capsys, tmp_path)
