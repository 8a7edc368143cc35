"""Does AWS's own policy simulator say what we say? Its answers beside ours, for each principal, action and resource.

The simulator sees the identity policies of a principal and its permissions boundary. It asks no resource policy, so
vaults are left aside on both sides, and does not weigh the conditions of service control policies. Where one of its
limits or a gap in what we know explains why two answers are not alike, they are not compared, and that is said
(https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from restore_ready.access._constants import PASS_ROLE, START_RESTORE
from restore_ready.access._decisions import deciding, may_do, may_pass, truth_of
from restore_ready.iam import Decision, PolicyType
from restore_ready.index import EstateIndex
from restore_ready.live._verification_rows import SIMULATION
from restore_ready.model import (
    Compared,
    Estate,
    Fact,
    NotVerified,
    Principal,
    Reading,
    Statement,
    Status,
    Truth,
    Unresolved,
    Verification,
)

_ALLOWED: Final = "allowed"
_BY_POINT: Final = ":recovery-point:"


def verification(reading: Reading, facts: Iterable[Fact]) -> Verification | None:
    """Return the simulator's answers among *facts* beside ours by *reading*; ``None`` where it was not asked."""
    asked = [fact for fact in facts if fact.id == SIMULATION.id]
    if not asked or not reading.estates:
        return None
    estate = EstateIndex.of(reading.estates[0])
    total = Verification()
    for fact in asked:
        total += _of_principal(fact, estate)
    return total


def _of_principal(fact: Fact, estate: EstateIndex) -> Verification:
    arn = str(fact.params.get("PolicySourceArn", ""))
    principal = next((found for found in estate.principals if found.arn == arn), None)
    if fact.status is not Status.OK or principal is None:
        why = f"{fact.code}: {fact.message}" if fact.status is not Status.OK else "there is no such principal"
        return Verification(not_verified=(NotVerified(arn, why, fact.action),))
    answers = {(answer.action, answer.resource): answer for answer in _answers(fact.data)}
    compared: list[Compared] = []
    missing: list[NotVerified] = []
    for action, resource in _pairs(fact.params):
        answer = answers.get((action, resource))
        if answer is None:
            missing.append(NotVerified(arn, f"AWS did not answer about {action} on {resource}"))
        else:
            compared.append(_compared(principal, answer, estate))
    doubtful = [found for found in compared if found.note]
    different = [found for found in compared if not found.note and not _alike(found)]
    agreed = len(compared) - len(doubtful) - len(different)
    return Verification(agreed, tuple(different), tuple(doubtful), tuple(missing))


def _pairs(params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the actions and resources that belong together: each action was put to every resource."""
    for resource in map(str, params.get("ResourceArns", ())):
        action = START_RESTORE if _BY_POINT in resource else PASS_ROLE
        if action in params.get("ActionNames", ()):
            yield action, resource


class _Answer(Struct, frozen=True):
    """One answer of the simulator.

    Attributes:
        by_boundary: whether the permissions boundary lets it through; ``None`` where AWS does not say.
        by_organization: likewise of service control policies.
    """

    action: str
    resource: str
    decision: str
    statements: tuple[str, ...]
    missing: tuple[str, ...]
    by_boundary: bool | None
    by_organization: bool | None

    @property
    def allows(self) -> bool:
        """Whether the simulator allows it."""
        return self.decision == _ALLOWED


def _answers(data: Mapping[str, Any]) -> Iterator[_Answer]:
    """Yield an answer for each action and resource, which AWS gives by themselves or below their action."""
    for result in data.get("EvaluationResults", ()):
        specific = result.get("ResourceSpecificResults") or ()
        for found in specific or (result,):
            yield _Answer(
                action=str(result.get("EvalActionName", "")),
                resource=str(found.get("EvalResourceName", "")),
                decision=str(found.get("EvalResourceDecision") or found.get("EvalDecision") or ""),
                statements=tuple(map(_statement, found.get("MatchedStatements") or ())),
                missing=tuple(map(str, found.get("MissingContextValues") or ())),
                by_boundary=_allowed_by(found, result, "PermissionsBoundary"),
                by_organization=_allowed_by(found, result, "Organizations"),
            )


def _statement(matched: Mapping[str, Any]) -> str:
    return f"{matched.get('SourcePolicyId', '?')} ({matched.get('SourcePolicyType', 'policy')})"


def _allowed_by(found: Mapping[str, Any], result: Mapping[str, Any], what: str) -> bool | None:
    detail = found.get(f"{what}DecisionDetail") or result.get(f"{what}DecisionDetail")
    answer = detail.get(f"AllowedBy{what}") if isinstance(detail, Mapping) else None
    return answer if isinstance(answer, bool) else None


def _compared(principal: Principal, answer: _Answer, estate: EstateIndex) -> Compared:
    decision = _our_decision(principal, answer, estate)
    ours, cause = truth_of(decision.outcome), deciding(decision)
    return Compared(
        str(principal.arn),
        answer.action,
        answer.resource,
        _word(ours),
        getattr(decision.outcome, "why", ""),
        "" if cause is None else f"{cause.policy_address}, statement {cause.statement}",
        answer.decision,
        answer.statements,
        _note(decision, answer, estate),
    )


def _our_decision(principal: Principal, answer: _Answer, estate: EstateIndex) -> Decision:
    if answer.action == START_RESTORE:
        return may_do(principal, START_RESTORE, answer.resource, estate)
    role = estate.all_roles.find(answer.resource)
    return may_pass(principal, answer.resource, estate, "" if role is None else role.address)


def _word(answer: Truth) -> str:
    return "open" if isinstance(answer, Unresolved) else _ALLOWED if answer else "denied"


def _alike(found: Compared) -> bool:
    return (found.ours == _ALLOWED) == (found.theirs == _ALLOWED)


def _note(decision: Decision, answer: _Answer, estate: Estate) -> str:
    """Return why two answers that are not alike can't be compared; empty where they can, or are alike."""
    ours = truth_of(decision.outcome)
    if isinstance(ours, Unresolved):
        return f"our answer is open: {ours.why}"
    if ours is answer.allows:
        return ""
    if answer.missing:
        return f"the simulator was not told {', '.join(answer.missing)}"
    return _limit(decision, answer, estate)


def _limit(decision: Decision, answer: _Answer, estate: Estate) -> str:
    """Return which limit of the simulator explains that two answers are not alike; empty where none does."""
    if answer.by_organization is False and _may_depend(estate):
        return "the simulator says that a service control policy forbids it, but does not weigh their conditions"
    limited = decision.policy_type in (PolicyType.SERVICE_CONTROL, PolicyType.RESOURCE_CONTROL)
    if limited and answer.allows and (answer.by_organization is None or _may_depend(estate)):
        return f"the simulator did not weigh the {decision.policy_type.value} that denies it by our answer"
    if decision.policy_type is PolicyType.BOUNDARY and answer.allows and answer.by_boundary is None:
        return "the simulator did not weigh the permissions boundary"
    return ""


def _may_depend(estate: Estate) -> bool:
    """Return whether the control policies in sight have conditions, or are not all in sight."""
    documents = [control.document for control in estate.controls]
    entries = [entry for document in documents if not isinstance(document, Unresolved) for entry in document.statements]
    is_plain = all(isinstance(entry, Statement) and entry.conditions == () for entry in entries)
    return bool(estate.hidden_controls) or not documents or len(entries) == 0 or not is_plain
