"""What AWS's own policy simulator says beside our answers about an account."""

from __future__ import annotations

from msgspec import Struct


class Compared(Struct, frozen=True):
    """Our answer and that of AWS's simulator to the same request.

    Attributes:
        principal: its ARN; *resource* likewise.
        ours: ``allowed``, ``denied`` or ``open``, with why and by which statement, if one decided.
        theirs: ``allowed``, ``implicitDeny`` or ``explicitDeny``, with the policies of the statements that matched.
        note: why the two can't be compared; empty where they can.
    """

    principal: str
    action: str
    resource: str
    ours: str
    our_reason: str
    our_statement: str
    theirs: str
    their_statements: tuple[str, ...] = ()
    note: str = ""


class NotVerified(Struct, frozen=True):
    """A principal that the simulator did not answer about, why, and the IAM action to grant if that is missing."""

    principal: str
    why: str
    grant: str = ""


class Verification(Struct, frozen=True):
    """What came of asking AWS's policy simulator.

    Attributes:
        agreed: how many answers are alike.
        differences: those that are not, so that ours are in doubt.
        not_compared: those that a limit of the simulator, or what we don't know, keeps from being compared.
    """

    agreed: int = 0
    differences: tuple[Compared, ...] = ()
    not_compared: tuple[Compared, ...] = ()
    not_verified: tuple[NotVerified, ...] = ()

    def __add__(self, other: Verification) -> Verification:
        """Return what came of both."""
        return Verification(
            self.agreed + other.agreed,
            (*self.differences, *other.differences),
            (*self.not_compared, *other.not_compared),
            (*self.not_verified, *other.not_verified),
        )
