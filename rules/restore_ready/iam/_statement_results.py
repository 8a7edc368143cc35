"""Which statements apply to a request, or may apply, and what are they called in front of people?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from restore_ready.iam._caller import Caller
from restore_ready.iam._identity import PolicyType, TracedStatement
from restore_ready.iam._principals import Naming, denied_by_not_principal, namings, principal_entries
from restore_ready.iam._request import Request
from restore_ready.iam._statement import covers_action, statement_applies
from restore_ready.iam._variables import resolved
from restore_ready.model import (
    DOCUMENT,
    Known,
    Policy,
    Statement,
    StatementEntry,
    Str,
    Truth,
    Unresolved,
    all_true,
    any_true,
)

_LONGEST_SHOWN: Final = 200


class RequestContext(Struct, frozen=True):
    """A request with who makes it, as every statement is put to it.

    Attributes:
        caller: ``None`` for policies whose statements name no principal.
        has_boundary: whether the caller has a permissions boundary, which NotPrincipal asks.
    """

    request: Request
    caller: Caller | None = None
    has_boundary: Truth = False


class StatementResult(Struct, frozen=True):
    """A statement that applies or may apply.

    Attributes:
        named: of a resource policy, in which ways its ``Principal`` takes the caller in.
    """

    traced: TracedStatement
    named: Mapping[Naming, Truth] = field(default_factory=dict)

    @property
    def allows(self) -> Truth:
        """Whether it allows the request; open answers name the statement."""
        return self._has_effect("Allow")

    @property
    def denies(self) -> Truth:
        """Whether it denies the request."""
        return self._has_effect("Deny")

    def allows_named(self, naming: Naming) -> Truth:
        """Return whether it allows the request to a caller whom it takes in by this *naming*."""
        answer = all_true([self.allows, self.named.get(naming, False)])
        return why_open(self.traced) if isinstance(answer, Unresolved) else answer

    def _has_effect(self, effect: str) -> Truth:
        if self.traced.effect not in (effect, ""):
            return False
        return True if self.traced.applies is True and self.traced.effect else why_open(self.traced)


def results_of(
    policies: Iterable[Policy], policy_type: PolicyType, context: RequestContext
) -> Iterator[StatementResult]:
    """Yield the statements of *policies* that apply or may apply; one that can't be read may."""
    for policy in policies:
        written = policy.places.of(DOCUMENT)
        whole = TracedStatement(policy_type, policy.address, policy.name, "", "", applies=True, focus=written)
        if isinstance(policy.document, Unresolved):
            yield StatementResult(replace(whole, applies=policy.document), dict.fromkeys(Naming, policy.document))
            continue
        for index, entry in enumerate(policy.document.statements):
            found = _result(entry, index, policy.document.version, whole, context)
            if found is not None:
                yield found


def unread_policy(reason: Unresolved, policy_type: PolicyType) -> StatementResult:
    """Return what a policy answers of which only is known that it may be there, and why."""
    return StatementResult(TracedStatement(policy_type, "", "", "", "", reason), dict.fromkeys(Naming, reason))


def _result(
    entry: StatementEntry, index: int, version: Known[str], whole: TracedStatement, context: RequestContext
) -> StatementResult | None:
    """Return what a statement says of the request; nothing if it does not apply."""
    if isinstance(entry, Unresolved):
        return StatementResult(replace(whole, statement=str(index), applies=entry), dict.fromkeys(Naming, entry))
    if covers_action(entry, context.request.action) is False:  # most don't: all else would be asked in vain
        return None
    effect = "" if isinstance(entry.effect, Unresolved) else entry.effect
    applies = statement_applies(resolved(entry, context.request, version), context.request)
    named: Mapping[Naming, Truth] = {}
    if applies is not False and context.caller is not None:
        named = _named(entry, context.caller, context.has_boundary)
        applies = all_true([applies, any_true(named.values())])
    if applies is False:
        return None
    if applies is True and isinstance(entry.effect, Unresolved):
        applies = entry.effect
    named_as, focus = entry.sid or str(entry.index), entry.focus or whole.focus
    traced = replace(whole, statement=named_as, effect=effect, applies=applies, focus=focus)
    return StatementResult(traced, named)


def _named(statement: Statement, caller: Caller, has_boundary: Truth) -> Mapping[Naming, Truth]:
    entries = principal_entries(statement)
    if isinstance(entries, Unresolved):
        return dict.fromkeys(Naming, entries)
    if not statement.not_principals:
        return namings(entries, caller)
    denied = denied_by_not_principal(entries, caller, has_boundary=has_boundary)
    if statement.effect == "Deny" or denied is False:
        return {Naming.DIRECT: denied}
    return dict.fromkeys(Naming, Unresolved("IAM does not define NotPrincipal with Allow"))


def why_open(traced: TracedStatement) -> Unresolved:
    """Return why it is open what a statement does, naming it."""
    why = traced.applies.why if isinstance(traced.applies, Unresolved) else "its Effect is not known"
    if traced.statement:
        return Unresolved(f"whether {label(traced)} applies is not known: {why}")
    named = traced.policy_address or traced.policy_name
    return Unresolved(f"what {label(traced)} says is not known: {why}" if named else why)


def label(traced: TracedStatement) -> str:
    """Return what names a statement: ``statement DenyRestore of service control policy org-guardrail``."""
    named = policy_label(traced.policy_name, traced.policy_address)
    policy = named if named.endswith(" policy") else f"{traced.policy_type.value} {named}".rstrip()
    return f"statement {traced.statement[:_LONGEST_SHOWN]} of {policy}" if traced.statement else policy


def policy_label(name: Str, address: str) -> str:
    """Return a policy's name, or its address where that is not known."""
    return (name if isinstance(name, str) and name else address)[:_LONGEST_SHOWN]
