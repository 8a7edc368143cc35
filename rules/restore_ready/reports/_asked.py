"""What do requirements ask, in a few words each?"""

from __future__ import annotations

from collections.abc import Iterator

from restore_ready._words import show_minutes
from restore_ready.model import Requirements
from restore_ready.timing._windows import show_hours


def asks(requirements: Requirements) -> Iterator[str]:
    """Yield what is required, phrase by phrase."""
    yield f"start within {show_minutes(requirements.start_within)}"
    yield f"complete within {show_minutes(requirements.complete_within)}"
    yield f"a recovery point every {show_minutes(requirements.objective)}"
    if requirements.allowed_hours is not None:
        yield f"only {show_hours(requirements.allowed_hours)}"
    if requirements.blackouts:
        yield f"not during {', '.join(blackout.name for blackout in requirements.blackouts)}"
    if requirements.keep_at_least is not None:
        yield f"keep {requirements.keep_at_least} days or more"
    if requirements.keep_at_most is not None:
        yield f"keep {requirements.keep_at_most} days at most"
    if requirements.within is not None:
        yield f"restore within {show_minutes(requirements.within)}"
    if requirements.rehearse_every is not None:
        yield f"rehearse every {requirements.rehearse_every} days"
    yield "automatic backups are allowed" if requirements.automatic_allowed else "not by automatic backups"
