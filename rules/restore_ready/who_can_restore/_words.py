"""What is said of what is not there: an account was read whole, a source tells of itself only."""

from __future__ import annotations

from restore_ready.model import Estate, Source


def knows_everybody(estate: Estate) -> bool:
    """Return whether the estate holds every principal there is: of an account whose IAM was listed whole."""
    return estate.source is Source.ACCOUNT and not estate.hidden_people


def no_restore_role(estate: Estate) -> str:
    """Return how it is said that there is no role to restore with."""
    if knows_everybody(estate):
        return "no such role in this account: none lets backup.amazonaws.com assume it"
    return f"no restore role is in {estate.here}"
