"""How are account ids replaced, so that a snapshot can be shown to others?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_ACCOUNT_ID: Final = re.compile(r"(?<!\d)\d{12}(?!\d)", re.ASCII)


class Redactor:
    """Gives every account id another number, always the same: 000000000001, 000000000002 and so on.

    Whatever looks like an id is replaced, in ARNs, policies, names and keys: twelve digits and no more. Numbers that
    are no text, such as sizes, stay.
    """

    def __init__(self) -> None:
        """Know no account yet."""
        self._given: dict[str, str] = {}

    def redacted(self, value: Any) -> Any:  # noqa: ANN401  # any JSON value
        """Return *value* with other account ids."""
        if isinstance(value, str):
            return _ACCOUNT_ID.sub(self._other, value)
        if isinstance(value, Mapping):
            return {self.redacted(key): self.redacted(member) for key, member in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.redacted(entry) for entry in value]
        return value

    def _other(self, found: re.Match[str]) -> str:
        return self._given.setdefault(found[0], f"{len(self._given) + 1:012d}")
