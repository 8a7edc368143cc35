"""May a call be made? None but those of the fact plan, and none in another account than the one meant."""

from __future__ import annotations

from typing import Final

from restore_ready.live._plan import PLAN, ROWS
from restore_ready.live._verification_rows import VERIFICATION_ROWS

ALLOWED_TO_VERIFY: Final = frozenset((row.service, row.operation) for row in PLAN)
"""Every call of the fact plan, as service and operation. All of them only read."""

ALLOWED: Final = ALLOWED_TO_VERIFY - {(row.service, row.operation) for row in VERIFICATION_ROWS}
"""Those without the calls that have AWS check our answers, which are made only where that is wanted."""

_IDENTITY: Final = (ROWS["identity"].service, ROWS["identity"].operation)


class RefusedCallError(Exception):
    """A call that the audit must not make. Nothing was sent."""


class WrongAccountError(Exception):
    """The credentials are of another account than the one that was to be read."""


class Guard:
    """Refuses what is not in the fact plan; until the account is known, everything but asking for it."""

    def __init__(self, account: str | None = None, allowed: frozenset[tuple[str, str]] = ALLOWED) -> None:
        """Expect *account*, or take the one that is confirmed first; *allowed* names services and operations."""
        self.expected = account
        self.account: str | None = None
        self._allowed = allowed

    def confirm(self, account: str) -> None:
        """Take *account* as the one that the credentials are of.

        Raises:
            WrongAccountError: if another one was expected, or confirmed before.
        """
        wanted = self.account or self.expected
        if wanted is not None and account != wanted:
            msg = f"the credentials are of account {account}, not {wanted}"
            raise WrongAccountError(msg)
        self.account = account

    def check(self, service: str, operation: str) -> None:
        """Let a call pass.

        Raises:
            RefusedCallError: if it must not be made.
        """
        call = (service, operation)
        if call not in self._allowed:
            msg = f"{service}:{operation} is not in the fact plan"
            raise RefusedCallError(msg)
        if self.account is None and call != _IDENTITY:
            msg = f"{service}:{operation} before it is known whose account this is"
            raise RefusedCallError(msg)
