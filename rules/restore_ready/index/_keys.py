"""Which customer managed key a reference, an ARN, a key id or an alias means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from restore_ready.model import Key, Ref, Str, Text, Unresolved, unresolved_reason

_AWS_MANAGED: Final = "alias/aws/"
_RESOURCE: Final = 5
"""Where the resource stands in an ARN."""


class Keys:
    """Customer managed keys by whatever names them."""

    def __init__(self, keys: Iterable[Key]) -> None:
        """Sort *keys*."""
        self._by_address: dict[str, Key] = {}
        self._by_name: dict[str, Key] = {}
        aliases: dict[str, Key] = {}
        for key in keys:
            self._by_address[key.address] = key
            if isinstance(key.arn, str):
                self._by_name[_last(key.arn)] = key
            for alias in key.aliases:
                if isinstance(alias, Ref):
                    aliases[alias.target] = key
                elif isinstance(alias, str):
                    self._by_name[alias] = key
        self._by_address |= aliases

    def find(self, value: Str) -> Key | Unresolved | None:
        """Return the key that *value* means: ``None`` for one of AWS's own; one that is not in sight is unresolved."""
        if isinstance(value, Ref) and value.target in self._by_address:
            return self._by_address[value.target]
        if isinstance(value, Text) and isinstance(value.parts[-1], Ref) and str(value.parts[0]).startswith("arn:"):
            return self.find(value.parts[-1])
        if not isinstance(value, str):
            return Unresolved(f"which key is meant is not known: {unresolved_reason(value)}")
        name = _last(value)
        if name.startswith(_AWS_MANAGED):
            return None
        return self._by_name.get(name, Unresolved(f"the key {value} is not in this configuration"))


def _last(name: str) -> str:
    """Return the alias, or the key id, that an ARN ends in; what is no ARN stays."""
    last = name.split(":", _RESOURCE)[-1] if name.startswith("arn:") else name
    return last.removeprefix("key/")
