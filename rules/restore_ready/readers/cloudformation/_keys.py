"""Builds KMS keys with the aliases that a template gives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from restore_ready.model import Key
from restore_ready.readers._fields import Entry
from restore_ready.readers._key_tables import KEY, aliases


def keys(entries: Sequence[Entry]) -> Iterator[Key]:
    """Yield every customer managed key with its policy and aliases."""
    for entry in entries:
        if KEY.tells(entry):
            yield KEY.read(entry, aliases=aliases(entries, {entry.address}))
