"""What would settle what could not be judged?"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from restore_ready.model import Place
from restore_ready.model._why_open import Cause, Settling, settled_by
from restore_ready.reports._locations import is_live

_CONFIGURATION: Final = (".tf", ".tf.json")
_PLAN: Final = Settling(Cause.OTHER, "Scan the plan (terraform show -json), or audit the account once it is deployed.")
_ACCOUNT: Final = Settling(Cause.OTHER, "Audit the account once it is deployed.")
_TRIAL: Final = Settling(Cause.OTHER, "An audit reads nothing that would tell: restore a recovery point as a test.")


def what_settles(why: str, place: Place) -> tuple[Settling, ...]:
    """Return what would settle *why*; where the reason alone does not tell, what knows more than the source does."""
    return _known(why) or (_fuller_source(place),)


@lru_cache(maxsize=4096)
def _known(why: str) -> tuple[Settling, ...]:
    return settled_by(why)


def _fuller_source(place: Place) -> Settling:
    if is_live(place):
        return _TRIAL
    return _PLAN if place.file.endswith(_CONFIGURATION) else _ACCOUNT
