"""Which customer managed key a reference, an ARN, a key id or an alias means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from restore_ready.model import (
    THIS_ACCOUNT,
    THIS_REGION,
    AwsPlace,
    Key,
    Ref,
    Str,
    Text,
    Unresolved,
    same_place,
    same_region,
    unresolved_reason,
)
from restore_ready.model._why_open import NOT_HERE

_AWS_MANAGED: Final = "alias/aws/"
_REGION, _ACCOUNT, _RESOURCE = 3, 4, 5
"""Where Region, account and resource stand in an ARN."""


class Keys:
    """Customer managed keys by whatever names them: an alias means the key in one Region and account."""

    def __init__(self, keys: Iterable[Key], here: str) -> None:
        """Sort *keys*, which are all there are *here*: in ``this account`` or ``this configuration``."""
        self._here = here
        self._by_address: dict[str, Key] = {}
        self._by_name: dict[str, list[Key]] = {}
        aliases: dict[str, Key] = {}
        for key in keys:
            self._by_address[key.address] = key
            names = [_last(key.arn)] if isinstance(key.arn, str) else []
            for alias in key.aliases:
                if isinstance(alias, Ref):
                    aliases[alias.target] = key
                elif isinstance(alias, str):
                    names.append(alias)
            for name in names:
                self._by_name.setdefault(name, []).append(key)
        self._by_address |= aliases

    def find(self, value: Str, at: AwsPlace) -> Key | Unresolved | None:
        """Return the key that *value* means: ``None`` for one of AWS's own; one that is not in sight is unresolved.

        Args:
            value: a reference, an ARN, a key id or an alias.
            at: where in AWS that lies which names the key, and which no key of another Region can encrypt.
        """
        if isinstance(value, Ref) and value.target in self._by_address:
            return _usable(self._by_address[value.target], at)
        if isinstance(value, Text) and isinstance(value.parts[-1], Ref) and str(value.parts[0]).startswith("arn:"):
            return self.find(value.parts[-1], at)
        if not isinstance(value, str):
            return Unresolved(f"which key is meant is not known: {unresolved_reason(value)}")
        name = _last(value)
        if name.startswith(_AWS_MANAGED):
            return None
        return self._named(name, value, _place(value, at))

    def _named(self, name: str, value: str, place: AwsPlace) -> Key | Unresolved:
        answers = [(key, same_place(key.aws_place, place)) for key in self._by_name.get(name, ())]
        sure = [key for key, answer in answers if answer is True]
        found = sure or [key for key, answer in answers if answer is not False]
        if len(found) > 1:
            return Unresolved(f"which of several keys {value} means is not known")
        return found[0] if found else Unresolved(f"the key {NOT_HERE.said(what=value, here=self._here)}")


def _usable(key: Key, at: AwsPlace) -> Key | Unresolved:
    if same_region(key.aws_place, at) is not False:
        return key
    key_in, used_in = key.aws_place.differs(at)
    return Unresolved(f"{key.address} is in {key_in} and can't be used in {used_in}")


def _place(value: str, at: AwsPlace) -> AwsPlace:
    """Return the Region and account that a name is looked up in: those that an ARN gives, else where it is said."""
    fields = value.split(":", _RESOURCE) if value.startswith("arn:") else []
    if len(fields) <= _RESOURCE:
        return at
    region, account = fields[_REGION], fields[_ACCOUNT]
    return AwsPlace(
        at.region if region in {"", THIS_REGION} else region, at.account if account in {"", THIS_ACCOUNT} else account
    )


def _last(name: str) -> str:
    """Return the alias, or the key id, that an ARN ends in; what is no ARN stays."""
    last = name.split(":", _RESOURCE)[-1] if name.startswith("arn:") else name
    return last.removeprefix("key/")
