"""Are two ARNs the same, where a source may say "this account" or "this Region" instead of a number or name?"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from restore_ready.iam._glob import equals, matches, matches_arn
from restore_ready.model import (
    THIS_ACCOUNT,
    THIS_REGION,
    OtherAccount,
    Ref,
    Str,
    Text,
    Truth,
    Unresolved,
    all_true,
    is_external,
    join_text,
    unresolved_reason,
)

_PARTITION, _REGION, _ACCOUNT, _RESOURCE = 1, 3, 4, 5
_NAMES = frozenset({"FileSystemId", "Ref", "RoleName", "file_system_id", "id", "name"})
_ACCOUNT_DIGITS = 12
_PAIRS_KEPT: Final = 4096
_ARN_ATTRIBUTES = frozenset({"arn", "Arn", "id"})
_IDENTITY_TYPES = frozenset({"aws_iam_role", "aws_iam_user", "awscc_iam_role", "awscc_iam_user"})


@lru_cache(maxsize=_PAIRS_KEPT, typed=True)  # typed: an `OtherAccount` equals the text that it is
def arn_matches(pattern: Str, arn: Str, address: str = "") -> Truth:
    """Return whether an entry of a ``Resource`` element matches the resource with this ARN and this address.

    A reference names exactly one resource. ``this-account`` is any account id and ``this-region`` any Region, because
    whoever writes a number there in the same source means the account it is deployed to. Letter case counts, and
    ``*`` runs over ``:`` and ``/`` (IAM User Guide, "Resource").
    """
    if isinstance(pattern, Ref):
        return _is_resource(pattern, arn, address)
    if isinstance(pattern, Text) and any(isinstance(part, Ref) and part.target == address for part in pattern.parts):
        pattern, arn = _by_name(pattern, address), _name_as_reference(arn, address)
    compare = matches if arn_fields(arn) is None else matches_arn
    return compare(*_align(pattern, arn))


def arn_like(pattern: Str, value: Str) -> Truth:
    """Return what ``ArnLike`` answers: six parts between colons, each matched by itself ("ARN condition operators").

    What fewer parts, such as a mere ``*``, would match is not documented.
    """
    pattern, value = _align(pattern, value)
    wanted, given = arn_fields(pattern), arn_fields(value)
    if wanted is None or given is None:
        whole = matches(pattern, value)
        return Unresolved("its parts can't be told apart") if whole is True and pattern != value else whole
    return all_true(matches(field, given_field) for field, given_field in zip(wanted, given, strict=True))


def string_matches(pattern: Str, value: Str) -> Truth:
    """Return what ``StringLike`` answers."""
    return matches(*_align(pattern, value))


def string_equals(expected: Str, value: Str) -> Truth:
    """Return what ``StringEquals`` answers."""
    return equals(*_align(expected, value))


def string_equals_any_case(expected: Str, value: Str) -> Truth:
    """Return what ``StringEqualsIgnoreCase`` answers."""
    return string_equals(_lower(expected), _lower(value))


def _lower(value: Str) -> Str:
    if isinstance(value, Text):
        return join_text(_lower(part) for part in value.parts)
    return type(value)(value.lower()) if isinstance(value, str) else value


def is_account(value: Str) -> bool:
    """Return whether *value* is certainly an account id, be it "this account"."""
    if not isinstance(value, str):
        return False
    return value == THIS_ACCOUNT or (len(value) == _ACCOUNT_DIGITS and value.isascii() and value.isdigit())


def same_account(account: str, other_account: str) -> bool:
    """Return whether two account ids may be taken for the same account."""
    if account == other_account:
        return True
    if isinstance(account, OtherAccount) or isinstance(other_account, OtherAccount):
        return False
    return THIS_ACCOUNT in (account, other_account) and is_account(account) and is_account(other_account)


def account_of(arn: Str) -> str | None:
    """Return the account field of an ARN where it is known."""
    fields = arn_fields(arn)
    account = fields[_ACCOUNT] if fields else None
    if not isinstance(account, str):
        return None
    return OtherAccount(account) if isinstance(arn, OtherAccount) else account


def names_caller(reference: Ref, address: str) -> Truth:
    """Return whether a reference that stands where an ARN belongs is to the role or user with this address.

    Terraform sources may say ``id`` for whichever attribute, so references to other types of resource stay open.
    """
    if not address or is_external(reference):
        return Unresolved(f"what {reference.target} stands for is not known")
    if reference.target == address:
        known = reference.attribute in _ARN_ATTRIBUTES
        return True if known else Unresolved(f"{reference.attribute} of {address} is not known")
    other_identity = reference.attribute in ("arn", "Arn") or _IDENTITY_TYPES.intersection(reference.target.split("."))
    return False if other_identity else Unresolved(unresolved_reason(reference))


def arn_fields(arn: Str) -> list[Str] | None:
    """Split an ARN at its first five colons; ``None`` unless they stand before anything unknown."""
    first, *rest = arn.parts if isinstance(arn, Text) else (arn,)
    if not isinstance(first, str):
        return None
    fields: list[Str] = [*first.split(":", _RESOURCE)]
    if len(fields) <= _RESOURCE or fields[0] not in ("arn", "*"):
        return None
    return [*fields[:_RESOURCE], join_text([fields[_RESOURCE], *rest])]


def _is_resource(reference: Ref, arn: Str, address: str) -> Truth:
    if reference.target == address or reference == arn:
        return True
    if is_external(reference) or (not address and isinstance(arn, Unresolved)):
        return Unresolved(f"what {reference.target} stands for is not known")
    return False


def _by_name(pattern: Text, address: str) -> Str:
    """Write every reference to the resource's name in *pattern* the same way."""
    return join_text(
        Ref(address, "name") if isinstance(part, Ref) and part.target == address and part.attribute in _NAMES else part
        for part in pattern.parts
    )


def _name_as_reference(arn: Str, address: str) -> Str:
    """Put a reference in place of the name that ends *arn*, so that it equals the same reference in a pattern."""
    first = arn.parts[0] if isinstance(arn, Text) else arn
    if not isinstance(first, str) or "/" not in first:
        return arn
    return join_text([first[: first.rindex("/") + 1], Ref(address, "name")])


def _align(pattern: Str, value: Str) -> tuple[Str, Str]:
    """Make the account, Region and partition of two ARNs comparable where one of them is only "this"."""
    if isinstance(pattern, OtherAccount) or isinstance(value, OtherAccount):
        return pattern, value
    wanted, given = arn_fields(pattern), arn_fields(value)
    if wanted is None or given is None:
        return _align_bare(pattern, value)
    if given[_ACCOUNT] == THIS_ACCOUNT and given[_PARTITION] == "aws" and str(wanted[_PARTITION]).startswith("aws-"):
        wanted[_PARTITION] = "aws"
    for place, this in ((_ACCOUNT, THIS_ACCOUNT), (_REGION, THIS_REGION)):
        wanted[place], given[place] = _align_field(wanted[place], given[place], this)
    return _join_fields(wanted), _join_fields(given)


def _align_field(pattern: Str, value: Str, this: str) -> tuple[Str, Str]:
    if this not in (pattern, value) or not isinstance(pattern, str) or not isinstance(value, str):
        return pattern, value
    if pattern == "*":
        return pattern, value
    if any(sign in pattern for sign in "*?$"):
        return pattern, Unresolved(f"{this} is not known")
    concrete = pattern if value == this else value
    known = is_account(concrete) if this == THIS_ACCOUNT else bool(concrete)
    return (value, value) if known else (pattern, value)


def _align_bare(pattern: Str, value: Str) -> tuple[Str, Str]:
    if isinstance(pattern, str) and isinstance(value, str) and same_account(pattern, value):
        return value, value
    return pattern, value


def _join_fields(fields: list[Str]) -> Str:
    pieces: list[Str] = [fields[0]]
    for field in fields[1:]:
        pieces += [":", field]
    return join_text(pieces)
