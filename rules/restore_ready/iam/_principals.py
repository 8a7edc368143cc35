"""Whom do ``Principal`` and ``NotPrincipal`` take in, and whether by name, as a role, or by account?

That makes a difference to what an Allow gives (IAM User Guide, "How AWS enforcement code logic evaluates requests"):
who is named as user or session, or by ``*``, needs nothing else within the account; who is named as a role stays
within its boundary and session policies; naming the account leaves it to the account's identity policies.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final, TypeAlias

from restore_ready.iam._arns import account_of, is_account, names_caller, same_account, string_equals
from restore_ready.iam._caller import Caller, CallerKind, caller_named, kind_named, last_segment, session_parts
from restore_ready.iam._glob import equals, matches
from restore_ready.model import (
    THIS_ACCOUNT,
    PrincipalEntry,
    Ref,
    Statement,
    Str,
    Truth,
    Unresolved,
    all_true,
    any_true,
    is_external,
    negate,
    show,
    unresolved_reason,
)

_NO_ACCOUNTS: Final = frozenset({"", "aws", "cloudfront"})
"""What AWS itself has for an account in ARNs of principals."""

_ACCOUNT_ROOT: Final = "arn:*:iam::*:root"


class Naming(Enum):
    """How a ``Principal`` element takes somebody in."""

    DIRECT = "as user, session or service, or by an asterisk"
    ROLE = "as role"
    ACCOUNT = "by account"


_Namings: TypeAlias = tuple[Naming, ...]
_ANY: Final[_Namings] = (Naming.DIRECT, Naming.ROLE, Naming.ACCOUNT)
_DIRECT: Final[_Namings] = (Naming.DIRECT,)
_ROLE: Final[_Namings] = (Naming.ROLE,)
_NAMING_OF: Final = {CallerKind.ROLE: _ROLE, CallerKind.UNKNOWN: _ANY}
"""By the kind of ARN that a policy names; by all others it names somebody directly."""
_REFERRED_AS: Final = {**_NAMING_OF, CallerKind.SESSION: _ROLE}
"""By the kind of caller, where a policy refers to the caller as a resource of the estate."""


def covers_everyone(statement: Statement) -> Truth:
    """Return whether ``Principal`` or ``NotPrincipal`` takes in every person and role of the account.

    ``*``, an account id and an account's ``:root`` ARN do (IAM User Guide, "Principal"), and so does a
    ``NotPrincipal`` that spares services only. One that names a role or user without its account may.
    """
    entries = principal_entries(statement)
    if isinstance(entries, Unresolved):
        return entries
    if statement.not_principals:
        return all_true(_without_account(entry, entries) for entry in entries)
    return any_true(_is_everyone(entry) for entry in entries)


def covers_principal(statement: Statement, principal: Str) -> Truth:
    """Return whether ``Principal`` or ``NotPrincipal`` takes in *principal*, an ARN or a service name."""
    entries = principal_entries(statement)
    if isinstance(entries, Unresolved):
        return entries
    listed = any_true(namings(entries, caller_named(principal)).values())
    return negate(listed) if statement.not_principals else listed


def principal_entries(statement: Statement) -> tuple[PrincipalEntry, ...] | Unresolved:
    """Return what ``Principal`` or ``NotPrincipal`` lists."""
    if statement.principals is None:
        return Unresolved("the statement names no principal")
    return statement.principals


def namings(entries: Iterable[PrincipalEntry], caller: Caller) -> dict[Naming, Truth]:
    """Return for each naming whether some entry takes the caller in that way; namings without any are left out."""
    found: dict[Naming, list[Truth]] = {}
    for entry in entries:
        by, answer = _named(entry, caller)
        for naming in by if answer is not False else ():
            found.setdefault(naming, []).append(answer)
    return {naming: any_true(answers) for naming, answers in found.items()}


def denied_by_not_principal(entries: tuple[PrincipalEntry, ...], caller: Caller, *, has_boundary: Truth) -> Truth:
    """Return whether a Deny with ``NotPrincipal`` hits the caller.

    It hits everybody with a permissions boundary, named or not. Others are spared when they are named together with
    their account; named without it, or the account without them, depends on the service (IAM User Guide,
    "NotPrincipal").
    """
    if has_boundary is True:
        return True
    spared = _spared(entries, caller)
    if has_boundary is False or spared is False:
        return negate(spared)
    return Unresolved("whether the caller has a permissions boundary is not known")


def _spared(entries: tuple[PrincipalEntry, ...], caller: Caller) -> Truth:
    named = namings(entries, caller)
    by_account = named.pop(Naming.ACCOUNT, False)
    itself = any_true(named.values())
    asterisk = any(entry.value == "*" for entry in entries)
    if asterisk or caller.kind in (CallerKind.SERVICE, CallerKind.ROOT) or itself == by_account:
        return itself
    return Unresolved("NotPrincipal does not certainly name both the caller and its account")


def _named(entry: PrincipalEntry, caller: Caller) -> tuple[_Namings, Truth]:
    """Return how one entry would take the caller in, and whether it does."""
    if entry.kind == "*" or (entry.kind == "AWS" and entry.value == "*"):
        return _DIRECT, True
    if entry.kind == "Service":
        return _DIRECT, equals(entry.value, caller.arn) if caller.kind is CallerKind.SERVICE else False
    if entry.kind == "CanonicalUser" and caller.kind is not CallerKind.SERVICE:
        return _ANY, Unresolved("whose canonical user id a policy names is not known")
    if entry.kind != "AWS":
        return _DIRECT, False
    if caller.kind is CallerKind.SERVICE:
        return _DIRECT, equals("*", entry.value)
    return _named_in_aws(entry.value, caller)


def _named_in_aws(entry: Str, caller: Caller) -> tuple[_Namings, Truth]:
    if isinstance(entry, Ref):
        return _REFERRED_AS.get(caller.kind, _DIRECT), _is_referred(entry, caller)
    if not isinstance(entry, str):
        return _named_partly(entry, caller)
    if placeholder := _placeholder(entry):
        return _ANY, Unresolved(f"{placeholder[:80]!r} in {entry[:80]!r} is no account id: AWS refuses that")
    if is_account(entry) or (entry.startswith("arn:") and entry.endswith(":root")):
        naming = Naming.DIRECT if caller.kind is CallerKind.ROOT else Naming.ACCOUNT
        return (naming,), _is_in_account(account_of(entry) if entry.startswith("arn:") else entry, caller)
    if not entry.startswith("arn:"):
        return _ANY, Unresolved(f"whether the caller is {entry[:80]!r} is not known")
    return _named_by_arn(entry, caller)


def _placeholder(entry: str) -> str:
    """Return what stands in place of an account in a principal's ARN, such as ``<account>``; empty for an account."""
    account = account_of(entry) if entry.startswith("arn:") else None
    return "" if account is None or is_account(account) or account in _NO_ACCOUNTS else account


def _named_by_arn(entry: str, caller: Caller) -> tuple[_Namings, Truth]:
    kind = kind_named(entry)
    if kind is CallerKind.SESSION and caller.kind is CallerKind.ROLE:
        return _DIRECT, _is_session_of(entry, caller)
    arn = caller.principal_arn if kind is CallerKind.ROLE else caller.arn
    return _NAMING_OF.get(kind, _DIRECT), string_equals(entry, arn)


def _named_partly(entry: Str, caller: Caller) -> tuple[_Namings, Truth]:
    """Answer for an entry of which some part is not known; it may be an account unless that can be ruled out."""
    if matches(_ACCOUNT_ROOT, entry) is not False:
        return _ANY, Unresolved(unresolved_reason(entry))
    kind = kind_named(entry)
    if kind is CallerKind.SESSION and caller.kind is CallerKind.ROLE:
        return _DIRECT, Unresolved(unresolved_reason(entry))
    arn = caller.principal_arn if kind is CallerKind.ROLE else caller.arn
    return _NAMING_OF.get(kind, _DIRECT), string_equals(entry, arn)


def _is_referred(entry: Ref, caller: Caller) -> Truth:
    if caller.address:
        return names_caller(entry, caller.address)
    if isinstance(caller.arn, Ref) and not is_external(entry):
        return entry.target == caller.arn.target
    return Unresolved(unresolved_reason(entry))


def _is_session_of(session: str, role: Caller) -> Truth:
    """Return whether somebody who acts as *role* acts in this very session: by chance, if it is one of the role's."""
    account, own = account_of(session), role.account
    same_name = equals(session_parts(session)[0], last_segment(role.arn))
    if same_name is False or (account is not None and own is not None and not same_account(account, own)):
        return False
    return Unresolved(f"whether the role's session is {session_parts(session)[1][:80]!r} is not known")


def _is_in_account(account: str | None, caller: Caller) -> Truth:
    own = caller.account
    if own is None or account is None:
        return Unresolved("the principal's account is not known")
    return same_account(account, own)


def _is_everyone(entry: PrincipalEntry) -> Truth:
    if entry.kind not in ("*", "AWS"):
        return False
    if isinstance(entry.value, Ref):
        return Unresolved(unresolved_reason(entry.value)) if is_external(entry.value) else False
    if is_account(entry.value):
        return True
    return any_true([equals("*", entry.value), matches(_ACCOUNT_ROOT, entry.value)])


def _without_account(entry: PrincipalEntry, entries: tuple[PrincipalEntry, ...]) -> Truth:
    """Return whether a ``NotPrincipal`` entry spares nobody, open for a role or user without its account.

    "You must also specify the account ARN of the not-denied principal. Otherwise, the policy might deny access to the
    entire account that contains the principal" (IAM User Guide, "NotPrincipal").
    """
    answer = _spares_nobody(entry)
    if answer is not False or entry.value == "*" or entry.kind != "AWS" or _names_own_account(entry, entries):
        return answer
    return Unresolved(f"NotPrincipal names {show(entry.value)} without its account, which may shut everybody out")


def _spares_nobody(entry: PrincipalEntry) -> Truth:
    """Return whether a ``NotPrincipal`` entry spares no person: services are none, the root user is unclear."""
    if entry.kind not in ("*", "AWS"):
        return entry.kind in ("Service", "CanonicalUser")
    if entry.value == "*" or _is_everyone(entry) is False:
        return False
    return Unresolved("whom NotPrincipal spares is not certain")


def _names_own_account(entry: PrincipalEntry, entries: Iterable[PrincipalEntry]) -> bool:
    """Return whether beside a role or user the account is named that may be its own."""
    own = account_of(entry.value)
    accounts = (_account_named(other.value) for other in entries if other.kind == "AWS")
    return any(account is not None and (own is None or same_account(account, own)) for account in accounts)


def _account_named(value: Str) -> str | None:
    if isinstance(value, str) and is_account(value):
        return value
    root = not isinstance(value, Ref) and matches(_ACCOUNT_ROOT, value) is True
    return (account_of(value) or THIS_ACCOUNT) if root else None
