"""Says which key a block means, by reference or through a data source that looks AWS's own keys up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from restore_ready.model import Ref, Str
from restore_ready.readers.terraform._attributes import Values, text
from restore_ready.readers.terraform._block import Block

_FOUND: Final = ("arn", "id", "key_id", "target_key_arn", "target_key_id")
"""Attributes of data sources that name the key they find."""

_AWS_MANAGED: Final = "alias/aws/"


class KeyNames:
    """What the estate's blocks call keys."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        """Take *blocks*, among them data sources that look AWS's own keys up."""
        self._names: dict[str, str] = {}
        for block in blocks:
            name = _looked_up(block)
            if name.startswith(_AWS_MANAGED):
                values = (block.values.get(attribute) for attribute in _FOUND)
                self._names |= {key: name for key in (block.address, *values) if isinstance(key, str)}

    def read(self, values: Values, name: str) -> Str | None:
        """Return the key that attribute *name* means; its alias instead where that is one of AWS's own."""
        value = text(values, name)
        known = value.target if isinstance(value, Ref) else value
        return self._names.get(known, value) if isinstance(known, str) else value


def _looked_up(block: Block) -> str:
    """Return the alias by which a data source looks a key up, if it does; else an empty string."""
    argument = {"aws_kms_alias": "name", "aws_kms_key": "key_id"}.get(block.type, "") if block.mode == "data" else ""
    value = block.values.get(argument)
    return value if isinstance(value, str) else ""
