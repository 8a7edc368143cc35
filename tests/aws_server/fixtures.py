"""The fixtures ``aws_process`` and ``aws``: one server per test session, empty for each test."""

from collections.abc import Iterator

import pytest
from tests.aws_server._client_shortcuts import quicken
from tests.aws_server.server import AwsServer, start


@pytest.fixture(scope="session")
def aws_process() -> Iterator[AwsServer]:
    """A server in a process of its own."""
    quicken()
    server, process = start()
    yield server
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture
def aws(aws_process: AwsServer) -> AwsServer:
    """The server, with nothing in it and nothing wrong with it."""
    aws_process.reset()
    return aws_process
