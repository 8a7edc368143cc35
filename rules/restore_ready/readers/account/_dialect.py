"""How the answers of AWS write what field tables read: nearly as CloudFormation does."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from restore_ready.model import Str
from restore_ready.readers._fields import Entry, Values
from restore_ready.readers.account._account_facts import AccountFacts
from restore_ready.readers.cloudformation._dialect import CLOUDFORMATION
from restore_ready.readers.cloudformation._fields import text


class AccountDialect:
    """Reads the answers about one Region of an account."""

    def __init__(self, facts: AccountFacts, own_keys: frozenset[str]) -> None:
        """Take the ARNs of keys that AWS manages, which are as good as none."""
        self._place = facts.place
        self._own_keys = own_keys
        self._dialect = replace(CLOUDFORMATION, key=self._key)

    def entry(self, address: str, values: Mapping[str, object]) -> Entry:
        """Return an answer as field tables read it; what is null or empty in it is not given."""
        given = {name: value for name, value in values.items() if value is not None and value != ""}
        return Entry(self._dialect, given, address, self._place)

    def _key(self, values: Values, name: str) -> Str | None:
        key = text(values, name)
        return None if isinstance(key, str) and key in self._own_keys else key
