"""What may be the name of a role?"""

from __future__ import annotations

import re
from typing import Final

from restore_ready._errors import UsageError

_ROLE_NAME: Final = re.compile(r"[\w+=,.@/-]{1,512}\Z", re.ASCII)


def check_role_name(name: str) -> None:
    """Check the name of a role, with its path.

    Raises:
        UsageError: if it can be none.
    """
    if not _ROLE_NAME.match(name):
        msg = f"'{name}' is no role's name"
        raise UsageError(msg)
