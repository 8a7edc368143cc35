"""What is kept from a snapshot: secrets in what errors say, and account ids where it is to be shown to others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_ACCOUNT_ID: Final = re.compile(r"(?<!\d)\d{12}(?!\d)", re.ASCII)
_KEPT_BACK: Final = "[left out]"
_SECRETS: Final = (
    re.compile(r"\b(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[A-Z0-9]{16}\b", re.ASCII),
    re.compile(r"(?<=encoded authorization failure message: )\S+", re.IGNORECASE),
    re.compile(
        r"(?<![\w-])(?:x-amz-(?:security-token|signature|credential)|(?:aws_?)?(?:session_?token|secret_?access_?key)|"
        r"signature|credential|authorization|password)[\"']?\s*[=:]\s*(?:AWS4-HMAC-SHA256\s+|Bearer\s+|Basic\s+)?"
        r"[\"']?[^\s\"'&,;<>]+",
        re.IGNORECASE,
    ),
    re.compile(r"(?<=://)[^\s/@]+(?=@)"),
    re.compile(r"(?<![\w/+])(?=[A-Za-z/+_-]*\d)(?=[a-z0-9/+_-]*[A-Z])[A-Za-z0-9/+_-]{80,}={0,2}", re.ASCII),
)
"""Ids of access keys (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes),
encoded authorization messages, named secrets and what signs a request, passwords in addresses of proxies, and what is
too long and dense to be anything but a token."""


def without_secrets(message: str) -> str:
    """Return what an error says without credentials and tokens, such as those of a request that a proxy repeats."""
    for secret in _SECRETS:
        message = secret.sub(_KEPT_BACK, message)
    return message


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
