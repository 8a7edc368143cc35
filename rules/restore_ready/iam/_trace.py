"""Which statements have a say in a request, and how to tell people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct, field

from restore_ready.iam._caller import Caller
from restore_ready.iam._decision import Allowed, Denied
from restore_ready.iam._identity import Decision, PolicyType, TracedStatement
from restore_ready.iam._principals import Naming, denied_by_not_principal, namings, principal_entries
from restore_ready.iam._request import Request
from restore_ready.iam._statement import statement_applies
from restore_ready.iam._variables import resolved
from restore_ready.model import (
    Known,
    Policy,
    PolicyDocument,
    Statement,
    StatementEntry,
    Str,
    Truth,
    Unresolved,
    all_true,
    any_true,
)

_LONGEST_SHOWN: Final = 200


class Asked(Struct, frozen=True):
    """The question put to every statement.

    Attributes:
        bounded: whether the caller has a permissions boundary, which NotPrincipal asks.
    """

    request: Request
    caller: Caller | None = None
    bounded: Truth = False


class Say(Struct, frozen=True):
    """A step, with what an Allow of a resource policy gives: for each naming whether it applies in that way."""

    step: TracedStatement
    ways: Mapping[Naming, Truth] = field(default_factory=dict)

    @property
    def allows(self) -> Truth:
        """Whether it allows the request; open answers name the statement."""
        return self._as("Allow")

    @property
    def denies(self) -> Truth:
        """Whether it denies the request."""
        return self._as("Deny")

    def allows_as(self, way: Naming) -> Truth:
        """Tell whether it allows the request to who is named in this *way*."""
        answer = all_true([self.allows, self.ways.get(way, False)])
        return doubt(self.step) if isinstance(answer, Unresolved) else answer

    def _as(self, effect: str) -> Truth:
        if self.step.effect not in (effect, ""):
            return False
        return True if self.step.applies is True and self.step.effect else doubt(self.step)


def says_of(policies: Iterable[Policy], policy_type: PolicyType, asked: Asked) -> Iterator[Say]:
    """Give what the statements of *policies* that apply or may apply say."""
    for policy in policies:
        yield from document_says(
            policy.document, TracedStatement(policy_type, policy.address, policy.name, "", "", applies=True), asked
        )


def document_says(document: Known[PolicyDocument], step: TracedStatement, asked: Asked) -> Iterator[Say]:
    """Give what the statements of one document say; *step* names stage and policy."""
    if isinstance(document, Unresolved):
        yield Say(_of(step, "", "", document), dict.fromkeys(Naming, document))
        return
    for index, entry in enumerate(document.statements):
        found = _say(entry, index, document.version, step, asked)
        if found.step.applies is not False:
            yield found


def possible(reason: Unresolved, policy_type: PolicyType) -> Say:
    """Give what a policy says of which only is known that it may be there, and why."""
    return Say(TracedStatement(policy_type, "", "", "", "", reason), dict.fromkeys(Naming, reason))


def _say(entry: StatementEntry, index: int, version: Known[str], step: TracedStatement, asked: Asked) -> Say:
    if isinstance(entry, Unresolved):
        return Say(_of(step, str(index), "", entry), dict.fromkeys(Naming, entry))
    effect = "" if isinstance(entry.effect, Unresolved) else entry.effect
    applies = statement_applies(resolved(entry, asked.request, version), asked.request)
    ways: Mapping[Naming, Truth] = {}
    if applies is not False and asked.caller is not None:
        ways = _ways(entry, asked.caller, asked.bounded)
        applies = all_true([applies, any_true(ways.values())])
    if applies is True and isinstance(entry.effect, Unresolved):
        applies = entry.effect
    return Say(_of(step, entry.sid or str(entry.index), effect, applies), ways)


def _ways(statement: Statement, caller: Caller, bounded: Truth) -> Mapping[Naming, Truth]:
    entries = principal_entries(statement)
    if isinstance(entries, Unresolved):
        return dict.fromkeys(Naming, entries)
    if not statement.not_principals:
        return namings(entries, caller)
    denied = denied_by_not_principal(entries, caller, bounded=bounded)
    if statement.effect == "Deny" or denied is False:
        return {Naming.DIRECT: denied}
    return dict.fromkeys(Naming, Unresolved("IAM does not define NotPrincipal with Allow"))


def _of(step: TracedStatement, statement: str, effect: str, applies: Truth) -> TracedStatement:
    return TracedStatement(step.policy_type, step.policy_address, step.policy_name, statement, effect, applies)


def doubt(step: TracedStatement) -> Unresolved:
    """Say why it is open what a statement does, naming it."""
    why = step.applies.why if isinstance(step.applies, Unresolved) else "its Effect is not known"
    if step.statement:
        return Unresolved(f"whether {label(step)} applies is not known: {why}")
    named = step.policy_address or step.policy_name
    return Unresolved(f"what {label(step)} says is not known: {why}" if named else why)


def label(step: TracedStatement) -> str:
    """Name a statement and its policy: ``statement DenyRestore of service control policy org-guardrail``."""
    policy = f"{step.policy_type.value} {policy_label(step.policy_name, step.policy_address)}".rstrip()
    return f"statement {step.statement[:_LONGEST_SHOWN]} of {policy}" if step.statement else policy


def policy_label(name: Str, address: str) -> str:
    """Return a policy's name, or its address where that is not known."""
    return (name if isinstance(name, str) and name else address)[:_LONGEST_SHOWN]


def explain(decision: Decision) -> tuple[str, ...]:
    """Write a ruling for people: what came out, then each statement that had a say, in the order of the stages."""
    outcome = decision.outcome
    if isinstance(outcome, Allowed):
        head = "allowed"
    else:
        head = f"{'denied' if isinstance(outcome, Denied) else 'not decided'}: {outcome.why}"
    return (head, *(_line(step) for step in decision.trace))


def _line(step: TracedStatement) -> str:
    shown = policy_label(step.policy_name, step.policy_address)
    where = f" ({step.policy_address})" if step.policy_address not in ("", shown) else ""
    effect = {"Allow": "allows", "Deny": "denies", "": "allows or denies"}[step.effect]
    verb = f"{effect} it" if step.applies is True else f"may apply and {effect} it then"
    why = f": {step.applies.why}" if isinstance(step.applies, Unresolved) else ""
    return f"{label(step)}{where} {verb}{why}"
