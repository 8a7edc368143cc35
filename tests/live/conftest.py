"""Fixtures for tests of audits of several accounts."""

import pytest
from tests.aws_server import seed
from tests.aws_server.server import ACCOUNT, AwsServer
from tests.support.audits import OTHERS, Audit, member


def three_accounts(server: AwsServer) -> None:
    seed.faulty(server, OTHERS[0])
    for account in (ACCOUNT, *OTHERS):
        member(server, account)


@pytest.fixture
def three(audit: Audit) -> Audit:
    """A server with three accounts: healthy, faulty and empty, each with the role."""
    audit.server.once(three_accounts)
    (audit.folder / "accounts.txt").write_text("\n".join((ACCOUNT, *OTHERS)) + "\n")
    return audit
