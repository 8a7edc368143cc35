"""Cases of policy evaluation as data: who asks for what under which policies, and what comes out, where and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from restore_ready import Place, Policy, PrincipalKind, Str, Unresolved
from restore_ready.iam import (
    Allowed,
    Decision,
    Denied,
    Identity,
    Level,
    Outcome,
    PolicyType,
    Request,
    TracedStatement,
    Undecided,
    evaluate,
    parse_document,
)
from restore_ready.iam._statement_results import label, policy_label

HOLE = Unresolved("not known")
ANYWHERE = Place("main.tf", 1, 1)
OWN, OTHER = "111111111111", "222222222222"
ROLE = f"arn:aws:iam::{OWN}:role/ops/restorer"
SESSION = f"arn:aws:sts::{OWN}:assumed-role/restorer/anna"
USER = f"arn:aws:iam::{OWN}:user/staff/anna"
ROOT = f"arn:aws:iam::{OWN}:root"
LINKED = f"arn:aws:iam::{OWN}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
FEDERATED = f"arn:aws:sts::{OWN}:federated-user/anna"
SERVICE = "backup.amazonaws.com"
POINT = f"arn:aws:backup:eu-west-1:{OWN}:recovery-point:1"
FOREIGN = f"arn:aws:backup:eu-west-1:{OTHER}:recovery-point:1"
START = "backup:StartRestoreJob"

KINDS = {
    ROLE: PrincipalKind.ROLE,
    SESSION: PrincipalKind.ROLE,
    LINKED: PrincipalKind.ROLE,
    USER: PrincipalKind.USER,
    FEDERATED: PrincipalKind.USER,
}

Elements = dict[str, object]


def allow(sid: str, action: object = START, resource: object = "*", /, **elements: object) -> Elements:
    return {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource, **elements}


def deny(sid: str, action: object = START, resource: object = "*", /, **elements: object) -> Elements:
    return {**allow(sid, action, resource, **elements), "Effect": "Deny"}


def when(operator: str, key: str, *values: object) -> Elements:
    return {operator: {key: list(values)}}


def to(*arns: object) -> Elements:
    return {"AWS": list(arns)}


def policy(name: str, statements: object, version: object = "2012-10-17") -> Policy:
    return Policy(name, ANYWHERE, name, parse_document({"Version": version, "Statement": statements}))


@dataclass(frozen=True)
class Case:
    """One rule of IAM's: policies as lists of statements; ``None`` where there is no such policy."""

    rule: str
    outcome: type[Outcome]
    policy_type: PolicyType
    by: str | None = None
    who: Str = ROLE
    kind: PrincipalKind | None = None
    identity: Sequence[object] = ()
    unread: Sequence[Unresolved] = ()
    boundary: Sequence[object] | Unresolved | None = None
    service_controls: Sequence[Sequence[object]] = ()
    resource_controls: Sequence[Sequence[object]] = ()
    complete: bool = True
    resource_policy: Sequence[object] | Unresolved | None = None
    action: str = START
    resource: Str = POINT
    context: Mapping[str, tuple[Str, ...]] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    version: object = "2012-10-17"
    address: str = ""

    def identity_asking(self) -> Identity:
        boundary = self.boundary
        return Identity(
            self.who,
            self.kind or (KINDS.get(self.who) if isinstance(self.who, str) else None),
            (policy("identity", self.identity, self.version),) if self.identity else (),
            tuple(self.unread),
            boundary if boundary is None or isinstance(boundary, Unresolved) else policy("boundary", boundary),
            self._levels(self.service_controls),
            address=self.address,
        )

    def _levels(self, levels: Sequence[Sequence[object]]) -> tuple[Level, ...]:
        return tuple(Level((policy("control", one),) if one else (), self.complete) for one in levels)

    def decision(self) -> Decision:
        given = self.resource_policy
        return evaluate(
            self.identity_asking(),
            Request(self.action, self.resource, context=self.context, absent=self.absent),
            resource_policy=given if given is None or isinstance(given, Unresolved) else policy("resource", given),
            resource_controls=self._levels(self.resource_controls),
        )


def explain(decision: Decision) -> tuple[str, ...]:
    """Return a decision in words: what came out, then each statement that was traced."""
    outcome = decision.outcome
    head = "allowed"
    if not isinstance(outcome, Allowed):
        head = f"{'denied' if isinstance(outcome, Denied) else 'not decided'}: {outcome.why}"
    return (head, *map(_line, decision.trace))


def _line(traced: TracedStatement) -> str:
    shown = policy_label(traced.policy_name, traced.policy_address)
    where = f" ({traced.policy_address})" if traced.policy_address not in ("", shown) else ""
    effect = {"Allow": "allows", "Deny": "denies", "": "allows or denies"}[traced.effect]
    verb = f"{effect} it" if traced.applies is True else f"may apply and {effect} it then"
    why = f": {traced.applies.why}" if isinstance(traced.applies, Unresolved) else ""
    return f"{label(traced)}{where} {verb}{why}"


def check(case: Case) -> None:
    """Assert kind, stage and deciding statement: the statement in doubt where it is undecided."""
    found = case.decision()
    assert type(found.outcome) is case.outcome, explain(found)
    assert found.policy_type is case.policy_type, explain(found)
    outcome = found.outcome
    if isinstance(outcome, Undecided):
        assert case.by is None or f"statement {case.by} of {case.policy_type.value}" in outcome.why
    else:
        assert (outcome.by and outcome.by.statement) == case.by
    if isinstance(outcome, Denied):
        assert (outcome.by is not None) == (f"statement {case.by} of {case.policy_type.value}" in outcome.why)


def allowed(rule: str, by: str = "A", policy_type: PolicyType = PolicyType.IDENTITY, **given: object) -> Case:
    return Case(rule, Allowed, policy_type, by, **given)  # type: ignore[arg-type]  # fields of the case


def denied(rule: str, by: str, policy_type: PolicyType, **given: object) -> Case:
    return Case(rule, Denied, policy_type, by, **given)  # type: ignore[arg-type]  # fields of the case


def lacking(rule: str, policy_type: PolicyType = PolicyType.IDENTITY, **given: object) -> Case:
    return Case(rule, Denied, policy_type, None, **given)  # type: ignore[arg-type]  # fields of the case


def undecided(rule: str, by: str | None = "A", policy_type: PolicyType = PolicyType.IDENTITY, **given: object) -> Case:
    return Case(rule, Undecided, policy_type, by, **given)  # type: ignore[arg-type]  # fields of the case


A, D = allow("A"), deny("D")
FULL = allow("Full", "*")
ELSE = allow("Else", "s3:*")
RCP, SCP, RESOURCE = PolicyType.RESOURCE_CONTROL, PolicyType.SERVICE_CONTROL, PolicyType.RESOURCE
BOUNDARY, IDENTITY = PolicyType.BOUNDARY, PolicyType.IDENTITY
KEY = f"arn:aws:kms:eu-west-1:{OWN}:key/1"
DECRYPT = "kms:Decrypt"
USES = allow("A", DECRYPT)
TARGET = f"arn:aws:iam::{OWN}:role/target"
FOREIGN_ROLE = f"arn:aws:iam::{OTHER}:role/target"
ASSUME = "sts:AssumeRole"


def granting(*arns: object, action: str = START, **elements: object) -> dict[str, object]:
    return allow("R", action, Principal=to(*arns), **elements)


YES, NO, OPEN = True, False, None
