"""The statements of policies, the names of principals, and whom a role's trust policy lets in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from restore_ready.access._constants import BACKUP_SERVICE
from restore_ready.iam import covers_action, lets_service_assume, matches
from restore_ready.model import (
    DOCUMENT,
    Focus,
    Policy,
    PolicyDocument,
    Principal,
    Statement,
    Str,
    Truth,
    Unresolved,
)


def statements(policies: Iterable[Policy]) -> Iterator[Statement]:
    """Yield every readable statement of *policies*."""
    for policy in policies:
        if isinstance(policy.document, PolicyDocument):
            yield from (entry for entry in policy.document.statements if isinstance(entry, Statement))


def allows(statement: Statement, action: str) -> bool:
    """Return whether *statement* certainly allows *action* on something, under some condition."""
    return statement.effect == "Allow" and covers_action(statement, action) is True


def written(policies: Iterable[Policy], is_meant: Callable[[Statement], bool], *parts: str) -> Focus | None:
    """Return where a statement of *policies* is written that is meant, the first whose place is known.

    That is the first of its *parts* that it has, by the names of its fields, else its actions, else its whole policy.
    """
    places = (
        statement.places.of(*parts) or statement.focus or policy.places.of(DOCUMENT)
        for policy in policies
        for statement in statements([policy])
        if is_meant(statement)
    )
    return next(filter(None, places), None)


def condition_keys(statement: Statement) -> Iterator[str]:
    """Yield the condition keys of *statement* that are known, in lower case."""
    conditions = statement.conditions if isinstance(statement.conditions, tuple) else ()
    return (condition.key.lower() for condition in conditions if isinstance(condition.key, str))


def condition_values(statement: Statement, key: str) -> Iterator[Str]:
    """Yield what *statement* compares the condition key *key*, in lower case, with."""
    conditions = statement.conditions if isinstance(statement.conditions, tuple) else ()
    for condition in conditions:
        named = isinstance(condition.key, str) and condition.key.lower() == key
        if named and isinstance(condition.values, tuple):
            yield from condition.values


def unread_part(policies: Iterable[Policy]) -> Unresolved | None:
    """Return why some part of *policies* could not be read, or ``None``."""
    for policy in policies:
        if isinstance(policy.document, Unresolved):
            return Unresolved(f"the policy of {policy.address} could not be read: {policy.document.why}")
        for entry in policy.document.statements:
            if isinstance(entry, Unresolved):
                return Unresolved(f"a statement of {policy.address} could not be read: {entry.why}")
    return None


def open_grant(policies: Sequence[Policy], action: str) -> Unresolved | None:
    """Return why it is not known whether *policies* allow *action*; ``None`` if every statement tells."""
    covered = (covers_action(statement, action) for statement in statements(policies) if statement.effect == "Allow")
    unread = unread_part(policies)
    return next((answer for answer in covered if isinstance(answer, Unresolved)), None) if unread is None else unread


def called(principal: Principal, patterns: Iterable[str]) -> tuple[str, ...]:
    """Return which of *patterns* the principal's name matches; its address stands in for a name that is not known."""
    return tuple(pattern for pattern in patterns if matches(pattern, principal.label, fold_case=True) is True)


def only_for_backup_service(principal: Principal) -> bool:
    """Return whether only AWS services can act as *principal*, AWS Backup among them: nobody calls an API with it."""
    if not isinstance(principal.trust, PolicyDocument):
        return False
    entries = [entry for statement in principal.trust.statements for entry in trusted_services(statement)]
    return bool(entries) and all(entry == BACKUP_SERVICE for entry in entries)


def only_for_services(principal: Principal) -> bool:
    """Return whether only AWS services can act as *principal*: programs, not people."""
    if not isinstance(principal.trust, PolicyDocument):
        return False
    entries = principal.trust.statements
    allowing = [entry for entry in entries if isinstance(entry, Unresolved) or entry.effect != "Deny"]
    return bool(allowing) and all(_names_services(statement) for statement in allowing)


def _names_services(statement: Statement | Unresolved) -> bool:
    if isinstance(statement, Unresolved) or not isinstance(statement.principals, tuple) or statement.not_principals:
        return False
    return all(entry.kind == "Service" for entry in statement.principals)


def trusted_services(statement: Statement | Unresolved) -> list[Str]:
    if isinstance(statement, Unresolved) or not isinstance(statement.principals, tuple):
        return [Unresolved("the trust policy could not be read")]
    return [entry.value for entry in statement.principals] if statement.effect == "Allow" else []


def trusts_backup(role: Principal) -> Truth:
    """Return whether the role's trust policy lets AWS Backup assume it."""
    if isinstance(role.trust, PolicyDocument):
        return lets_service_assume(role.trust, BACKUP_SERVICE)
    return role.trust if isinstance(role.trust, Unresolved) else False


def trust_focus(role: Principal) -> Focus | None:
    """Return where a trust policy is written that shuts AWS Backup out.

    That is the one statement that names AWS Backup, else the principals of the only statement, else the whole policy.
    """
    entries = role.trust.statements if isinstance(role.trust, PolicyDocument) else ()
    known = [entry for entry in entries if isinstance(entry, Statement)]
    naming = [entry for entry in known if BACKUP_SERVICE in trusted_services(entry)]
    if len(naming) == 1:
        return naming[0].focus or role.places.of("trust")
    return (known[0].places.of("principals") if len(known) == 1 else None) or role.places.of("trust")
