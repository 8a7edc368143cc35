"""Make the recorded account of ``restore-ready demo-account`` and `make demo` anew: ``python -m tests.make_account``.

It is the account with one of each fault that tests use, read by an audit from the tests' own server, its id replaced.
Run it after changing `tests.aws_server.seed` or the fact plan. No AWS account is asked.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.aws_server import seed
from tests.aws_server.server import AwsServer, start
from tests.support.paths import DEMO_ACCOUNT

from restore_ready.live._audit import Settings, take_one
from restore_ready.live._sessions import SignIn
from restore_ready.live._targets import Target

REGIONS = ("us-east-1", seed.SECOND_REGION)


def make(server: AwsServer, file: Path) -> None:
    """Fill the faulty account at *server* and write what an audit reads of it to *file*."""
    seed.faulty(server)
    os.environ.update(server.environment())
    take_one(Target(None, SignIn()), Settings(file, REGIONS, redacted=True))
    file.chmod(0o644)


def main() -> None:
    """Start a server and make the file."""
    server, process = start()
    try:
        make(server, DEMO_ACCOUNT)
    finally:
        process.terminate()


if __name__ == "__main__":
    main()
