"""Field tables of KMS keys and their aliases."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from restore_ready.model import Key, Known, Str
from restore_ready.readers._fields import Entry, Field, Itself, Table
from restore_ready.readers._kinds import document, known_text, named, switch, text

_IS_ENABLED: Final = "is_enabled"
"""What ``aws_kms_key`` calls what all others call ``enabled``."""


def _enabled(entry: Entry, name: str) -> Known[bool] | None:
    """Return whether a key can be used, as it can by default; of an external one, its key material decides."""
    found = switch(entry, name)
    is_last = (name == _IS_ENABLED) is (entry.type == "aws_kms_key")
    return True if found is None and is_last and "external" not in entry.type else found


KEY: Final = Table(
    Key,
    (
        Field("arn", known_text, Itself("Arn"), ("arn", Itself("arn"))),
        Field("document", document, "KeyPolicy", "policy"),
        Field("enabled", _enabled, "Enabled", (_IS_ENABLED, "enabled")),
    ),
    cloudformation=("AWS::KMS::Key", "AWS::KMS::ReplicaKey"),
    terraform=("aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"),
)

_ALIAS_TYPES: Final = ("AWS::KMS::Alias", "aws_kms_alias")
_ALIAS_NAME: Final[Field[Str]] = Field("name", text, "AliasName", "name")
_ALIAS_TARGET: Final[Field[Str]] = Field("target", text, "TargetKeyId", "target_key_id", required=True)
_ALIAS_ITSELF: Final[Field[Str]] = Field("itself", text, Itself("Ref"), Itself("name"))


def aliases(entries: Iterable[Entry], key_names: Collection[str]) -> tuple[Str, ...]:
    """Return the aliases of the key that goes by *key_names*, each by its name and by reference."""
    found: list[Str] = []
    for entry in entries:
        if entry.type in _ALIAS_TYPES and named(_ALIAS_TARGET.given(entry)) in key_names:
            found += (name for name in (_ALIAS_NAME.given(entry), _ALIAS_ITSELF.given(entry)) if name is not None)
    return tuple(found)
