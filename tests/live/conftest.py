"""Fixtures for tests of audits of several accounts."""

import pytest
from tests.aws_server import seed
from tests.aws_server.server import ACCOUNT
from tests.support.audits import OTHERS, Audit, member


@pytest.fixture
def three(audit: Audit) -> Audit:
    """A server with three accounts: healthy, faulty and empty, each with the role."""
    seed.faulty(audit.server, OTHERS[0])
    for account in (ACCOUNT, *OTHERS):
        member(audit.server, account)
    (audit.folder / "accounts.txt").write_text("\n".join((ACCOUNT, *OTHERS)) + "\n")
    return audit
